//! OUs and accounts, so that every parent that is named is present.

use crate::classify::in_motion;
use crate::connection::Connection;
use crate::fields::{id, required};
use crate::operation::Operation;
use crate::read::accounts;
use crate::read::organization::PAGE;
use crate::read::progress::Progress;
use futures_util::StreamExt;
use futures_util::future::try_join;
use futures_util::stream::FuturesUnordered;
use lz_model::id::{AccountId, OuId, ParentId, RootId};
use lz_model::limits::OU_DEPTH;
use lz_model::live::{LiveAccount, LiveOu};
use lz_provider::ProviderError;
use std::collections::{BTreeMap, VecDeque};

/// Requests under way at a time within one bucket: enough for the rate at any latency, and few to hold.
pub(crate) const IN_FLIGHT: usize = 16;
/// Reads of a tree that changes meanwhile.
const TRIES: usize = 3;

/// OUs and accounts. Every parent names the root or an OU that is present.
#[derive(Debug)]
pub(crate) struct Entities {
    pub(crate) ous: BTreeMap<OuId, LiveOu>,
    pub(crate) accounts: BTreeMap<AccountId, LiveAccount>,
}

/// Reads all OUs and accounts, once more if they do not fit together: somebody may be building.
///
/// # Errors
/// The first call that fails for good, or a tree that never stands still.
pub(crate) async fn read(
    connection: &Connection,
    root: &RootId,
    progress: &Progress<'_>,
) -> Result<Entities, ProviderError> {
    let mut stray = None;
    for _ in 0..TRIES {
        let (ous, listed) = try_join(ous(connection, root, progress), accounts::list(connection)).await?;
        let accounts = accounts::place(connection, listed, root, &ous, progress).await?;
        let entities = Entities { ous, accounts };
        match entities.stray() {
            None => return Ok(entities),
            some => stray = some,
        }
    }
    let stray = stray.unwrap_or_default();
    Err(in_motion(
        Operation::ListOus,
        format!("the parent of {stray} is not in the organization; try again when nobody moves things"),
    ))
}

impl Entities {
    /// Returns an entity whose parent is missing.
    fn stray(&self) -> Option<String> {
        let missing = |parent: &ParentId| match parent {
            ParentId::Root(_) => false,
            ParentId::Ou(ou) => !self.ous.contains_key(ou),
        };
        let ou = self
            .ous
            .values()
            .find(|ou| missing(&ou.parent))
            .map(|ou| ou.id.to_string());
        ou.or_else(|| {
            let account = self.accounts.values().find(|account| missing(&account.parent));
            account.map(|account| account.id.to_string())
        })
    }
}

/// Reads the OUs from the root down. An OU on the deepest level that AWS allows is not asked for children.
async fn ous(
    connection: &Connection,
    root: &RootId,
    progress: &Progress<'_>,
) -> Result<BTreeMap<OuId, LiveOu>, ProviderError> {
    let mut found = BTreeMap::new();
    let mut waiting = VecDeque::from([(ParentId::Root(root.clone()), 0)]);
    let mut running = FuturesUnordered::new();
    loop {
        while running.len() < IN_FLIGHT
            && let Some((parent, depth)) = waiting.pop_front()
        {
            running.push(async move { Ok((children(connection, &parent).await?, depth + 1)) });
        }
        let Some(answer) = running.next().await else {
            return Ok(found);
        };
        let (children, depth): (Vec<LiveOu>, usize) = answer?;
        progress.on("organizational units");
        for ou in children {
            if depth < OU_DEPTH {
                waiting.push_back((ParentId::Ou(ou.id.clone()), depth));
            }
            found.insert(ou.id.clone(), ou);
        }
    }
}

/// Returns the OUs directly in a parent, without their tags.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn children(
    connection: &Connection,
    parent: &ParentId,
) -> Result<Vec<LiveOu>, ProviderError> {
    let operation = Operation::ListOus;
    let units = connection
        .list(
            operation,
            |token| {
                let request = connection
                    .clients
                    .organizations
                    .list_organizational_units_for_parent();
                request
                    .parent_id(parent.as_str())
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.organizational_units, answer.next_token),
        )
        .await?;
    units
        .into_iter()
        .map(|unit| {
            Ok(LiveOu {
                id: id(operation, "Id", unit.id)?,
                arn: id(operation, "Arn", unit.arn)?,
                name: required(operation, "Name", unit.name)?,
                parent: parent.clone(),
                tags: BTreeMap::new(),
            })
        })
        .collect()
}
