//! The root user's credentials, and sessions in its name (aws-facts R39; STS API Reference, AssumeRoot).

use std::collections::BTreeSet;
use std::time::Duration;

use super::feature;
use super::state::Feature;
use super::words::{denied, exists, invalid, no_such, required, result, text};
use crate::settings::RootUser;
use crate::wire::{Answer, Body, Call, Refusal, Xml, empty};
use crate::world::{AccountId, AccountState, Session, World};

/// A task that a root session is for: its policy, the feature that it takes, and what it allows of IAM.
struct Task {
    policy: &'static str,
    feature: Feature,
    allows: &'static [&'static str],
}

const AUDIT: &[&str] = &[
    "GetAccountSummary",
    "GetLoginProfile",
    "ListAccessKeys",
    "ListMFADevices",
    "ListSigningCertificates",
];

const DELETE: &[&str] = &[
    "DeactivateMFADevice",
    "DeleteAccessKey",
    "DeleteLoginProfile",
    "DeleteSigningCertificate",
    "GetAccountSummary",
    "GetLoginProfile",
    "ListAccessKeys",
    "ListMFADevices",
    "ListSigningCertificates",
];

/// The five tasks (IAM User Guide, "Perform a privileged task on a member account").
static TASKS: [Task; 5] = [
    Task {
        policy: "IAMAuditRootUserCredentials",
        feature: Feature::RootCredentialsManagement,
        allows: AUDIT,
    },
    Task {
        policy: "IAMCreateRootUserPassword",
        feature: Feature::RootCredentialsManagement,
        allows: &["CreateLoginProfile", "GetLoginProfile"],
    },
    Task {
        policy: "IAMDeleteRootUserCredentials",
        feature: Feature::RootCredentialsManagement,
        allows: DELETE,
    },
    Task {
        policy: "S3UnlockBucketPolicy",
        feature: Feature::RootSessions,
        allows: &[],
    },
    Task {
        policy: "SQSUnlockQueuePolicy",
        feature: Feature::RootSessions,
        allows: &[],
    },
];

/// Returns the task that the policy of a call names.
fn task(call: &Call<'_>) -> Result<&'static Task, Refusal> {
    let given = call.input.object("TaskPolicyArn").ok().flatten();
    let arn = given.as_ref().and_then(|given| given.text("arn").ok().flatten());
    let arn = arn.ok_or_else(|| invalid("`TaskPolicyArn.arn` is required"))?;
    let prefix = format!(
        "arn:{}:iam::aws:policy/root-task/",
        call.settings.partition.as_str()
    );
    let name = arn.strip_prefix(&prefix);
    TASKS
        .iter()
        .find(|task| Some(task.policy) == name)
        .ok_or_else(|| invalid(format!("`{arn}` is not the policy of a root task")))
}

/// Reads an account id, or the ARN of its root.
fn target(call: &Call<'_>) -> Result<AccountId, Refusal> {
    let given = required(call, "TargetPrincipal")?;
    let prefix = format!("arn:{}:iam::", call.settings.partition.as_str());
    let id = given
        .strip_prefix(&prefix)
        .and_then(|rest| rest.strip_suffix(":root"))
        .unwrap_or(given);
    AccountId::parse(id).ok_or_else(|| {
        invalid(format!(
            "`{given}` is neither an account id nor the ARN of a root"
        ))
    })
}

/// A root session is for an active member account, and not for the management account.
fn refuse_target(world: &World, call: &Call<'_>, account: &AccountId) -> Result<(), Refusal> {
    let refused = || {
        denied(format!(
            "account {} is not authorized to perform: sts:AssumeRoot on account {account}",
            call.caller
        ))
    };
    let org = world.organization_of(call.caller).ok_or_else(refused)?;
    let active = world
        .accounts
        .get(account)
        .is_some_and(|found| found.state == AccountState::Active);
    if org.member(account).is_none() || org.management == *account || !active {
        return Err(refused());
    }
    Ok(())
}

/// AssumeRoot: a session of at most 15 minutes in the name of a member account's root user.
pub(crate) fn assume_root(world: &mut World, call: &Call<'_>) -> Answer {
    let (task, account) = (task(call)?, target(call)?);
    let seconds = match text(call, "DurationSeconds")? {
        None => 900,
        Some(given) => given
            .parse::<u64>()
            .ok()
            .filter(|seconds| *seconds <= 900)
            .ok_or_else(|| invalid("`DurationSeconds` is 0 to 900"))?,
    };
    let org = feature::admitted(world, call).map_err(|refusal| denied(refusal.message))?;
    if !feature::is_on(world, org, task.feature) {
        let (policy, feature) = (task.policy, task.feature.as_str());
        return Err(denied(format!(
            "root task `{policy}` takes feature `{feature}`, which is off"
        )));
    }
    refuse_target(world, call, &account)?;
    let key = format!("ASIA{}", world.mint.text(16).to_ascii_uppercase());
    let (secret, token) = (world.mint.text(40), world.mint.text(64));
    let expires_at = call.now.after(Duration::from_secs(seconds));
    let credentials = Xml::default()
        .text("AccessKeyId", &key)
        .text("SecretAccessKey", &secret)
        .text("SessionToken", &token)
        .text("Expiration", &expires_at.iso8601());
    world.sessions.insert(
        key,
        Session {
            role: "root".to_owned(),
            name: "root".to_owned(),
            role_id: account.as_str().to_owned(),
            account,
            expires_at,
            task: Some(task.policy.to_owned()),
        },
    );
    let body = Xml::default().inside("Credentials", credentials);
    Ok(Body::new(
        Xml::default().inside("AssumeRootResult", body).into_bytes(),
    ))
}

/// Returns the root user of the caller's account.
fn seen(world: &World, call: &Call<'_>) -> RootUser {
    let kept = world
        .neighbours
        .iam
        .get(call.caller)
        .and_then(|iam| iam.root.clone());
    kept.or_else(|| call.settings.root_users.get(call.caller.as_str()).cloned())
        .unwrap_or_default()
}

fn keep(world: &mut World, call: &Call<'_>, root: RootUser) {
    let iam = world.neighbours.iam.entry(call.caller.clone()).or_default();
    iam.root = Some(root);
}

/// The root user is there for a root session with the right task; the twin has no other users.
fn refuse_other_user(call: &Call<'_>) -> Result<(), Refusal> {
    if let Some(name) = text(call, "UserName")? {
        return Err(no_such(format!("the user with name {name} cannot be found")));
    }
    let task = call.session.and_then(|session| session.task.as_deref());
    let Some(task) = task.and_then(|name| TASKS.iter().find(|task| task.policy == name)) else {
        return Err(denied(format!(
            "{} takes a root session of AssumeRoot, or a user name",
            call.operation
        )));
    };
    if task.allows.contains(&call.operation) {
        return Ok(());
    }
    Err(denied(format!(
        "root task `{}` does not allow iam:{}",
        task.policy, call.operation
    )))
}

/// GetAccountSummary: the caller's own account.
pub(super) fn summary(world: &World, call: &Call<'_>) -> Answer {
    if let Some(task) = call.session.and_then(|session| session.task.as_deref()) {
        let known = TASKS.iter().find(|known| known.policy == task);
        if !known.is_some_and(|known| known.allows.contains(&"GetAccountSummary")) {
            return Err(denied(format!(
                "root task `{task}` does not allow iam:GetAccountSummary"
            )));
        }
    }
    let root = seen(world, call);
    let roles = world
        .neighbours
        .iam
        .get(call.caller)
        .map_or(0, |iam| iam.roles.len());
    let numbers = [
        (
            "AccountAccessKeysPresent",
            usize::from(!root.access_keys.is_empty()),
        ),
        ("AccountMFAEnabled", usize::from(!root.mfa_devices.is_empty())),
        ("AccountPasswordPresent", usize::from(root.password)),
        (
            "AccountSigningCertificatesPresent",
            usize::from(!root.certificates.is_empty()),
        ),
        ("Groups", 0),
        ("MFADevices", root.mfa_devices.len()),
        ("MFADevicesInUse", root.mfa_devices.len()),
        ("Policies", 0),
        ("Roles", roles),
        ("Users", 0),
    ];
    let entries = numbers.iter().fold(Xml::default(), |map, (key, value)| {
        let entry = Xml::default().text("key", key).text("value", &value.to_string());
        map.inside("entry", entry)
    });
    result(call, Xml::default().inside("SummaryMap", entries))
}

/// The name under which lists show the root user.
const ROOT: &str = "root";

/// GetLoginProfile.
pub(super) fn login_profile(world: &World, call: &Call<'_>) -> Answer {
    refuse_other_user(call)?;
    if !seen(world, call).password {
        return Err(no_such("the root user has no login profile"));
    }
    let profile = Xml::default()
        .text("UserName", ROOT)
        .text("CreateDate", &call.now.iso8601())
        .truth("PasswordResetRequired", false);
    result(call, Xml::default().inside("LoginProfile", profile))
}

/// CreateLoginProfile: lets the root user set a password again.
pub(super) fn create_login_profile(world: &mut World, call: &Call<'_>) -> Answer {
    refuse_other_user(call)?;
    let mut root = seen(world, call);
    if root.password {
        return Err(exists("the root user has a login profile already"));
    }
    root.password = true;
    keep(world, call, root);
    let profile = Xml::default()
        .text("UserName", ROOT)
        .text("CreateDate", &call.now.iso8601());
    result(call, Xml::default().inside("LoginProfile", profile))
}

/// DeleteLoginProfile.
pub(super) fn delete_login_profile(world: &mut World, call: &Call<'_>) -> Answer {
    refuse_other_user(call)?;
    let mut root = seen(world, call);
    if !root.password {
        return Err(no_such("the root user has no login profile"));
    }
    root.password = false;
    keep(world, call, root);
    empty()
}

fn rows(call: &Call<'_>, list: &str, items: impl IntoIterator<Item = Xml>) -> Answer {
    result(call, Xml::default().list(list, items).truth("IsTruncated", false))
}

/// ListAccessKeys.
pub(super) fn access_keys(world: &World, call: &Call<'_>) -> Answer {
    refuse_other_user(call)?;
    let root = seen(world, call);
    let keys = root.access_keys.iter().map(|id| {
        Xml::default()
            .text("AccessKeyId", id)
            .text("Status", "Active")
            .text("CreateDate", &call.now.iso8601())
    });
    rows(call, "AccessKeyMetadata", keys)
}

/// ListMFADevices.
pub(super) fn mfa_devices(world: &World, call: &Call<'_>) -> Answer {
    refuse_other_user(call)?;
    let root = seen(world, call);
    let devices = root.mfa_devices.iter().map(|serial| {
        Xml::default()
            .text("UserName", ROOT)
            .text("SerialNumber", serial)
            .text("EnableDate", &call.now.iso8601())
    });
    rows(call, "MFADevices", devices)
}

/// ListSigningCertificates.
pub(super) fn certificates(world: &World, call: &Call<'_>) -> Answer {
    refuse_other_user(call)?;
    let root = seen(world, call);
    let certificates = root.certificates.iter().map(|id| {
        Xml::default()
            .text("UserName", ROOT)
            .text("CertificateId", id)
            .text("CertificateBody", "-----BEGIN CERTIFICATE-----")
            .text("Status", "Active")
    });
    rows(call, "Certificates", certificates)
}

fn remove(
    world: &mut World,
    call: &Call<'_>,
    member: &'static str,
    of: impl Fn(&mut RootUser) -> &mut BTreeSet<String>,
) -> Answer {
    let id = required(call, member)?;
    refuse_other_user(call)?;
    let mut root = seen(world, call);
    if !of(&mut root).remove(id) {
        return Err(no_such(format!("the root user has no `{id}`")));
    }
    keep(world, call, root);
    empty()
}

/// DeleteAccessKey.
pub(super) fn delete_access_key(world: &mut World, call: &Call<'_>) -> Answer {
    remove(world, call, "AccessKeyId", |root| &mut root.access_keys)
}

/// DeactivateMFADevice.
pub(super) fn deactivate_mfa_device(world: &mut World, call: &Call<'_>) -> Answer {
    remove(world, call, "SerialNumber", |root| &mut root.mfa_devices)
}

/// DeleteSigningCertificate.
pub(super) fn delete_certificate(world: &mut World, call: &Call<'_>) -> Answer {
    remove(world, call, "CertificateId", |root| &mut root.certificates)
}
