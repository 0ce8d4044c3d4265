//! Looks at the root users of all member accounts.

use futures_util::{StreamExt, stream};
use lz_model::event::{Event, Observer};
use lz_provider::{Member, ProviderError, RootSummary, RootUsers};

/// Accounts that are looked at side by side.
const SIDE_BY_SIDE: usize = 8;

/// What was found in one account.
#[derive(Debug)]
pub struct RootAudit {
    /// The account.
    pub member: Member,
    /// What its root user has, or why nobody knows.
    pub found: Result<RootSummary, ProviderError>,
}

/// Returns what the root user of each active member account can sign in with, by account id. An account that cannot
/// be looked at does not keep the others from it.
///
/// # Errors
/// Whatever keeps the accounts from being listed.
pub async fn audit_root_users<P: RootUsers>(
    provider: &P,
    observer: &dyn Observer,
) -> Result<Vec<RootAudit>, ProviderError> {
    let members = provider.members().await?;
    let mut looked_at = 0_u64;
    let audits = stream::iter(members)
        .map(|member| async move {
            let found = provider.root_summary(&member.id).await;
            RootAudit { member, found }
        })
        .buffered(SIDE_BY_SIDE)
        .inspect(|_| {
            looked_at += 1;
            observer.on(Event::ReadProgress {
                part: "root users".to_owned(),
                calls: looked_at,
            });
        });
    Ok(audits.collect().await)
}
