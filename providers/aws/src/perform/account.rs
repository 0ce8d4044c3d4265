//! Accounts: creation and closure go on after AWS has answered, so they are followed to their end.

use crate::classify::{creation_failed, email_taken, nonsense, still_running, unknown};
use crate::connection::Connection;
use crate::fields::{id, required};
use crate::operation::Operation;
use crate::perform::tags::sdk_tags;
use crate::read;
use aws_sdk_organizations::types::{
    Account, CreateAccountState, CreateAccountStatus, IamUserAccessToBilling,
};
use lz_model::id::{AccountId, Email, ParentId};
use lz_model::live::AccountState;
use lz_provider::{Created, Kind, ProviderError, TagList};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The first pause between two looks; each is half as long again as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The longest pause: five creations in flight stay far below the 2 looks a second that AWS allows.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How long a creation or closure is followed. AWS needs minutes; a new organization up to an hour.
const FOLLOWED: Duration = Duration::from_secs(2 * 60 * 60);

/// An account to make.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) email: &'a Email,
    pub(super) role_name: Option<&'a str>,
    pub(super) billing: Option<bool>,
    pub(super) tags: &'a TagList,
}

/// How a creation has ended.
#[derive(Debug)]
pub(crate) enum Creation {
    /// With an account.
    Made(AccountId),
    /// With AWS's reason why there is none.
    Failed(String),
}

/// Creates an account and waits until it can be used.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn create(connection: &Connection, wanted: Wanted<'_>) -> Result<Created, ProviderError> {
    let operation = Operation::CreateAccount;
    let tags = sdk_tags(operation, wanted.tags)?;
    let billing = wanted.billing.map(|allowed| {
        if allowed {
            IamUserAccessToBilling::Allow
        } else {
            IamUserAccessToBilling::Deny
        }
    });
    let answer = connection
        .send(operation, || {
            let request = connection.clients.organizations.create_account();
            request
                .account_name(wanted.name)
                .email(wanted.email.as_str())
                .set_role_name(wanted.role_name.map(str::to_owned))
                .set_iam_user_access_to_billing(billing.clone())
                .set_tags(tags.clone())
                .send()
        })
        .await?;
    let status = required(operation, "CreateAccountStatus", answer.create_account_status)?;
    let ended = match ended(&status)? {
        Some(ended) => ended,
        None => {
            let request = required(operation, "Id", status.id)?;
            // From here on AWS is at work, whatever keeps us from watching.
            await_creation(connection, &request).await.map_err(unknown)?
        }
    };
    let account = match ended {
        Creation::Made(account) => account,
        Creation::Failed(reason) => return Err(failed(connection, wanted.email, &reason).await),
    };
    let described = describe_account(connection, &account).await.map_err(unknown)?;
    Ok(Created {
        id: account.into(),
        arn: described.arn,
        tags: wanted.tags.clone(),
    })
}

/// Returns why there is no account. An address that is taken means that the account is there only if it
/// is one of this organization's.
async fn failed(connection: &Connection, email: &Email, reason: &str) -> ProviderError {
    let error = creation_failed(reason);
    if error.kind != Kind::AlreadySo {
        return error;
    }
    let taken = |account: &Account| {
        account
            .email()
            .is_some_and(|one| one.eq_ignore_ascii_case(email.as_str()))
    };
    match read::list_accounts(connection).await {
        Ok(accounts) if !accounts.iter().any(taken) => email_taken(error),
        Ok(_) | Err(_) => error,
    }
}

/// Follows a creation to its end.
///
/// # Errors
/// Whatever keeps AWS from answering; [`Kind::OutcomeUnknown`] where it takes longer than anybody waits.
pub(crate) async fn await_creation(
    connection: &Connection,
    request_id: &str,
) -> Result<Creation, ProviderError> {
    let operation = Operation::DescribeCreateAccountStatus;
    let begun = Instant::now();
    let mut pause = FIRST_PAUSE;
    while begun.elapsed() < FOLLOWED {
        sleep(pause).await;
        pause = longer(pause);
        let answer = connection
            .send(operation, || {
                let request = connection.clients.organizations.describe_create_account_status();
                request.create_account_request_id(request_id).send()
            })
            .await?;
        let status = required(operation, "CreateAccountStatus", answer.create_account_status)?;
        if let Some(ended) = ended(&status)? {
            return Ok(ended);
        }
    }
    Err(still_running(
        operation,
        format!("AWS is still creating the account of request {request_id}"),
    ))
}

/// Returns how a creation has ended, if it has.
fn ended(status: &CreateAccountStatus) -> Result<Option<Creation>, ProviderError> {
    let operation = Operation::DescribeCreateAccountStatus;
    match &status.state {
        Some(CreateAccountState::InProgress) => Ok(None),
        Some(CreateAccountState::Succeeded) => {
            let account = status
                .account_id
                .clone()
                .or_else(|| status.gov_cloud_account_id.clone());
            Ok(Some(Creation::Made(id(operation, "AccountId", account)?)))
        }
        Some(CreateAccountState::Failed) => {
            let reason = status
                .failure_reason
                .as_ref()
                .map_or("no reason given", |reason| reason.as_str());
            Ok(Some(Creation::Failed(reason.to_owned())))
        }
        _ => Err(nonsense(operation, "the creation is in no state that lz knows")),
    }
}

fn longer(pause: Duration) -> Duration {
    (pause + pause / 2).min(LONGEST_PAUSE)
}

/// Moves an account.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn relocate(
    connection: &Connection,
    account: &AccountId,
    from: &ParentId,
    to: &ParentId,
) -> Result<(), ProviderError> {
    connection
        .send(Operation::MoveAccount, || {
            let request = connection.clients.organizations.move_account();
            request
                .account_id(account.as_str())
                .source_parent_id(from.as_str())
                .destination_parent_id(to.as_str())
                .send()
        })
        .await
        .map(drop)
}

/// Renames an account. The account that calls is named by leaving the id out (Account Management
/// Reference, `PutAccountName`).
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn rename(
    connection: &Connection,
    account: &AccountId,
    name: &str,
) -> Result<(), ProviderError> {
    let own = connection.caller().await?.account == *account;
    let other = (!own).then(|| account.as_str().to_owned());
    connection
        .send(Operation::PutAccountName, || {
            let request = connection.clients.account.put_account_name();
            request.account_name(name).set_account_id(other.clone()).send()
        })
        .await
        .map(drop)
}

/// Closes an account and waits until AWS is done with it, so that no more than three are under way
/// (aws-facts section 1.4).
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn close(connection: &Connection, account: &AccountId) -> Result<(), ProviderError> {
    let sent = connection
        .send(Operation::CloseAccount, || {
            let request = connection.clients.organizations.close_account();
            request.account_id(account.as_str()).send()
        })
        .await;
    let operation = Operation::DescribeAccount;
    match sent {
        Ok(_) => {}
        // The change in the way may be the account's own closure, begun by a call whose answer was lost.
        Err(error) if error.kind == Kind::Conflict => {
            let described = describe_account(connection, account).await?;
            if !read::state(operation, &described)?.is_leaving() {
                return Err(error);
            }
        }
        Err(error) => return Err(error),
    }
    let begun = Instant::now();
    let mut pause = FIRST_PAUSE;
    while begun.elapsed() < FOLLOWED {
        let described = match describe_account(connection, account).await {
            // Gone from the list altogether.
            Err(error) if error.kind == Kind::NotFound => return Ok(()),
            other => other.map_err(unknown)?,
        };
        match read::state(operation, &described)? {
            AccountState::Closed | AccountState::Suspended => return Ok(()),
            AccountState::PendingActivation | AccountState::Active | AccountState::PendingClosure => {}
        }
        sleep(pause).await;
        pause = longer(pause);
    }
    Err(still_running(
        Operation::CloseAccount,
        format!("AWS is still closing {account}"),
    ))
}

/// Takes an account out of the organization.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn release(connection: &Connection, account: &AccountId) -> Result<(), ProviderError> {
    connection
        .send(Operation::RemoveAccount, || {
            let request = connection
                .clients
                .organizations
                .remove_account_from_organization();
            request.account_id(account.as_str()).send()
        })
        .await
        .map(drop)
}

/// Returns an account as AWS shows it.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn describe_account(
    connection: &Connection,
    account: &AccountId,
) -> Result<Account, ProviderError> {
    let operation = Operation::DescribeAccount;
    let answer = connection
        .send(operation, || {
            let request = connection.clients.organizations.describe_account();
            request.account_id(account.as_str()).send()
        })
        .await?;
    required(operation, "Account", answer.account)
}
