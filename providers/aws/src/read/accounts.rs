//! Accounts with their state and place.

use crate::classify::nonsense;
use crate::connection::Connection;
use crate::fields::{id, required};
use crate::operation::Operation;
use crate::read::organization::PAGE;
use crate::read::progress::Progress;
use crate::read::tree::IN_FLIGHT;
use aws_sdk_organizations::types::{Account, AccountJoinedMethod, AccountState as SdkState, AccountStatus};
use futures_util::{StreamExt, TryStreamExt, stream};
use lz_model::id::{AccountId, OuId, ParentId, RootId};
use lz_model::live::{AccountState, LiveAccount, LiveOu};
use lz_provider::ProviderError;
use std::collections::BTreeMap;

const LIST: Operation = Operation::ListAccounts;

/// Returns every account as ListAccounts shows it.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn list(connection: &Connection) -> Result<Vec<Account>, ProviderError> {
    connection
        .list(
            LIST,
            |token| {
                let request = connection.clients.organizations.list_accounts();
                request.max_results(PAGE).set_next_token(token).send()
            },
            |answer| (answer.accounts, answer.next_token),
        )
        .await
}

/// Returns the accounts, each with its parent: from `Paths` where the answer has it, else by asking.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn place(
    connection: &Connection,
    listed: Vec<Account>,
    root: &RootId,
    ous: &BTreeMap<OuId, LiveOu>,
    progress: &Progress<'_>,
) -> Result<BTreeMap<AccountId, LiveAccount>, ProviderError> {
    let mut placed = BTreeMap::new();
    let mut homeless = BTreeMap::new();
    for account in listed {
        let parent = parent_in_path(&account);
        let account_id: AccountId = id(LIST, "Id", account.id.clone())?;
        match parent {
            Some(parent) => {
                placed.insert(account_id, live(account, parent)?);
            }
            None => {
                homeless.insert(account_id, account);
            }
        }
    }
    let parents = parents(connection, &homeless, root, ous, progress).await?;
    for (account_id, account) in homeless {
        // An account that no parent shows has left meanwhile.
        if let Some(parent) = parents.get(&account_id) {
            placed.insert(account_id, live(account, parent.clone())?);
        }
    }
    Ok(placed)
}

/// Returns the parent of an account: the last but one part of a path `<organization>/<root>/<ou>/<account>/`
/// (aws-facts section 1.2, shape `Path`). Older endpoints give no path.
fn parent_in_path(account: &Account) -> Option<ParentId> {
    let path = account.paths().first()?.trim_end_matches('/');
    ParentId::try_from(path.rsplit('/').nth(1)?.to_owned()).ok()
}

/// Returns the parents of accounts without a path, whichever way takes fewer calls: each account's parent,
/// or each parent's accounts.
async fn parents(
    connection: &Connection,
    homeless: &BTreeMap<AccountId, Account>,
    root: &RootId,
    ous: &BTreeMap<OuId, LiveOu>,
    progress: &Progress<'_>,
) -> Result<BTreeMap<AccountId, ParentId>, ProviderError> {
    if homeless.len() <= ous.len() {
        let asked = stream::iter(homeless.keys()).map(|account| async move {
            let parent = parent_of(connection, account).await?;
            Ok::<_, ProviderError>(parent.map(|parent| (account.clone(), parent)))
        });
        return asked
            .buffer_unordered(IN_FLIGHT)
            .inspect(|_| progress.on("accounts"))
            .try_filter_map(|found| async move { Ok(found) })
            .try_collect()
            .await;
    }
    let all = std::iter::once(ParentId::Root(root.clone())).chain(ous.keys().cloned().map(ParentId::Ou));
    let asked = stream::iter(all).map(|parent| async move {
        let accounts = accounts_in(connection, &parent).await?;
        let placed = accounts.into_iter().map(|account| Ok((account, parent.clone())));
        Ok::<_, ProviderError>(stream::iter(placed.collect::<Vec<Result<_, ProviderError>>>()))
    });
    asked
        .buffer_unordered(IN_FLIGHT)
        .inspect(|_| progress.on("accounts"))
        .try_flatten()
        .try_collect()
        .await
}

/// Returns an account's parent.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn parent_of(
    connection: &Connection,
    account: &AccountId,
) -> Result<Option<ParentId>, ProviderError> {
    let operation = Operation::ListParents;
    let parents = connection
        .list(
            operation,
            |token| {
                let request = connection.clients.organizations.list_parents();
                request
                    .child_id(account.as_str())
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.parents, answer.next_token),
        )
        .await?;
    let parent = parents.into_iter().next();
    parent.map(|parent| id(operation, "Id", parent.id)).transpose()
}

async fn accounts_in(connection: &Connection, parent: &ParentId) -> Result<Vec<AccountId>, ProviderError> {
    let operation = Operation::ListAccountsForParent;
    let accounts = connection
        .list(
            operation,
            |token| {
                let request = connection.clients.organizations.list_accounts_for_parent();
                request
                    .parent_id(parent.as_str())
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.accounts, answer.next_token),
        )
        .await?;
    accounts
        .into_iter()
        .map(|account| id(operation, "Id", account.id))
        .collect()
}

fn live(account: Account, parent: ParentId) -> Result<LiveAccount, ProviderError> {
    Ok(LiveAccount {
        state: state(LIST, &account)?,
        created: account.joined_method == Some(AccountJoinedMethod::Created),
        joined_at_seconds: account.joined_timestamp.map(|at| at.secs()),
        id: id(LIST, "Id", account.id)?,
        arn: id(LIST, "Arn", account.arn)?,
        name: required(LIST, "Name", account.name)?,
        email: id(LIST, "Email", account.email)?,
        parent,
        tags: BTreeMap::new(),
    })
}

/// Returns an account's state. `State` counts; `Status` is its elder, which AWS retires and some endpoints
/// have alone (aws-facts section 1.2).
///
/// # Errors
/// [`lz_provider::Kind::Bug`] where both are missing or unknown.
pub(crate) fn state(operation: Operation, account: &Account) -> Result<AccountState, ProviderError> {
    let state = match (&account.state, &account.status) {
        (Some(SdkState::PendingActivation), _) => Some(AccountState::PendingActivation),
        (Some(SdkState::Active), _) | (None, Some(AccountStatus::Active)) => Some(AccountState::Active),
        (Some(SdkState::Suspended), _) | (None, Some(AccountStatus::Suspended)) => {
            Some(AccountState::Suspended)
        }
        (Some(SdkState::PendingClosure), _) | (None, Some(AccountStatus::PendingClosure)) => {
            Some(AccountState::PendingClosure)
        }
        (Some(SdkState::Closed), _) => Some(AccountState::Closed),
        _ => None,
    };
    state.ok_or_else(|| {
        let account = account.id().unwrap_or("an account");
        nonsense(operation, format!("{account} is in no state that lz knows"))
    })
}
