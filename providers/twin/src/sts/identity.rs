//! GetCallerIdentity and AssumeRole.

use std::time::Duration;

use crate::wire::{Answer, Body, Call, InputError, Refusal, Xml};
use crate::world::{AccountId, AccountState, DAY, Session, World};

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationError", 400, message)
}

fn unreadable(error: InputError) -> Refusal {
    match error {
        InputError::Missing(name) | InputError::WrongType(name) => invalid(format!("`{name}` is required")),
    }
}

/// Answers with a result; the protocol wraps the response around it.
fn answer(operation: &str, result: Xml) -> Answer {
    Ok(Body::new(
        Xml::default()
            .inside(&format!("{operation}Result"), result)
            .into_bytes(),
    ))
}

/// GetCallerIdentity: an account's own key is a user called `twin`.
pub(crate) fn get_caller_identity(_: &World, call: &Call<'_>) -> Answer {
    let (partition, account) = (call.settings.partition.as_str(), call.caller.as_str());
    let (arn, user) = match call.session {
        Some(session) if session.task.is_some() => {
            (format!("arn:{partition}:iam::{account}:root"), account.to_owned())
        }
        Some(session) => (
            session_arn(partition, session),
            format!("{}:{}", session.role_id, session.name),
        ),
        None => (
            format!("arn:{partition}:iam::{account}:user/twin"),
            format!("AIDATWIN{account}"),
        ),
    };
    let result = Xml::default()
        .text("Arn", &arn)
        .text("UserId", &user)
        .text("Account", account);
    answer("GetCallerIdentity", result)
}

fn session_arn(partition: &str, session: &Session) -> String {
    format!(
        "arn:{partition}:sts::{}:assumed-role/{}/{}",
        session.account, session.role, session.name
    )
}

/// The parts of a role's ARN: its account and its name without the path.
fn role_of(arn: &str) -> Option<(AccountId, String)> {
    let mut parts = arn.splitn(6, ':');
    let (scheme, _, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let name = resource
        .strip_prefix("role/")?
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty())?;
    let fits = scheme == "arn" && service == "iam" && region.is_empty();
    fits.then(|| AccountId::parse(account).map(|id| (id, name.to_owned())))
        .flatten()
}

/// AssumeRole: any role of an active account, because the twin knows no IAM policies.
pub(crate) fn assume_role(world: &mut World, call: &Call<'_>) -> Answer {
    let arn = call.input.required_text("RoleArn").map_err(unreadable)?;
    let name = call.input.required_text("RoleSessionName").map_err(unreadable)?;
    let seconds = match call.input.text("DurationSeconds").map_err(unreadable)? {
        None => 3600,
        Some(text) => text
            .parse::<u64>()
            .ok()
            .filter(|seconds| (900..=43_200).contains(seconds))
            .ok_or_else(|| invalid("`DurationSeconds` is 900 to 43200"))?,
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !(2..=64).contains(&name.chars().count()) || !name.chars().all(fits) {
        return Err(invalid(
            "`RoleSessionName` has 2 to 64 letters, digits or _+=,.@-",
        ));
    }
    let (account, role) = role_of(arn).ok_or_else(|| invalid(format!("`{arn}` is not the ARN of a role")))?;
    refuse_unknown_account(world, &account, arn, call.caller)?;
    let role_id = format!("AROA{}", key_text(world));
    let key = format!("ASIA{}", key_text(world));
    let (secret, token) = (world.mint.text(40), world.mint.text(64));
    let expires_at = call.now.after(Duration::from_secs(seconds));
    let session = Session {
        account,
        role,
        name: name.to_owned(),
        role_id,
        expires_at,
        task: None,
    };
    let credentials = Xml::default()
        .text("AccessKeyId", &key)
        .text("SecretAccessKey", &secret)
        .text("SessionToken", &token)
        .text("Expiration", &expires_at.iso8601());
    let user = Xml::default()
        .text("AssumedRoleId", &format!("{}:{}", session.role_id, session.name))
        .text("Arn", &session_arn(call.settings.partition.as_str(), &session));
    // A key that expired a short while ago is still recognized, to be refused as expired.
    let forgotten = call.now.before(DAY);
    world.sessions.retain(|_, session| session.expires_at > forgotten);
    world.sessions.insert(key, session);
    answer(
        "AssumeRole",
        Xml::default()
            .inside("Credentials", credentials)
            .inside("AssumedRoleUser", user),
    )
}

/// 16 characters as they follow the prefix of a key or a role id.
fn key_text(world: &mut World) -> String {
    world.mint.text(16).to_ascii_uppercase()
}

/// A role is in an account that exists and is not closed (AccessDenied).
fn refuse_unknown_account(
    world: &World,
    id: &AccountId,
    arn: &str,
    caller: &AccountId,
) -> Result<(), Refusal> {
    match world.accounts.get(id).map(|account| account.state) {
        Some(AccountState::Active | AccountState::PendingClosure { .. }) => Ok(()),
        Some(AccountState::Closed { .. } | AccountState::Suspended) | None => {
            let message =
                format!("account {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}");
            Err(Refusal::new("AccessDenied", 403, message))
        }
    }
}
