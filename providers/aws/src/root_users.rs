//! Root users of member accounts: a short session for each task (STS API Reference, "AssumeRoot"; IAM User Guide,
//! "Perform a privileged task on an AWS Organizations member account").

use crate::answer::texts;
use crate::classify::nonsense;
use crate::connection::Connection;
use crate::fields::{id, required};
use crate::operation::Operation;
use crate::own::{Iam, encoded};
use crate::pace::Place;
use crate::read::{describe, list_accounts, state};
use crate::signed::{Request, Signer};
use aws_credential_types::Credentials;
use aws_sdk_sts::types::PolicyDescriptorType;
use futures_util::future::try_join4;
use lz_model::id::AccountId;
use lz_model::live::AccountState;
use lz_provider::{Kind, Member, ProviderError, RootCredentials, RootSummary};
use std::time::SystemTime;

/// Seconds that a session lasts, the most that AWS gives.
const SESSION_SECONDS: i32 = 900;

/// A task that a root session is for, by the name of its policy.
#[derive(Debug, Clone, Copy)]
enum Task {
    Audit,
    Delete,
}

impl Task {
    const fn policy(self) -> &'static str {
        match self {
            Self::Audit => "IAMAuditRootUserCredentials",
            Self::Delete => "IAMDeleteRootUserCredentials",
        }
    }
}

/// Returns the active member accounts by id.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn members(connection: &Connection) -> Result<Vec<Member>, ProviderError> {
    let described = describe(connection).await?;
    let management = described.map(|described| described.management_account);
    let operation = Operation::ListAccounts;
    let mut members = Vec::new();
    for account in list_accounts(connection).await? {
        let is_active = state(operation, &account)? == AccountState::Active;
        let member = Member {
            id: id(operation, "Id", account.id)?,
            name: required(operation, "Name", account.name)?,
            email: id(operation, "Email", account.email)?,
        };
        if is_active && management.as_ref() != Some(&member.id) {
            members.push(member);
        }
    }
    members.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(members)
}

/// A session as an account's root user, for one task.
struct Session<'a> {
    connection: &'a Connection,
    iam: Iam<'a>,
    signer: Signer,
}

impl<'a> Session<'a> {
    async fn open(
        connection: &'a Connection,
        account: &AccountId,
        task: Task,
    ) -> Result<Self, ProviderError> {
        let operation = Operation::AssumeRoot;
        let iam = Iam::of(connection, operation).await?;
        let policy = PolicyDescriptorType::builder()
            .arn(format!(
                "arn:{}:iam::aws:policy/root-task/{}",
                iam.partition(),
                task.policy()
            ))
            .build();
        let answer = connection
            .send(operation, || {
                let request = connection.clients.sts.assume_root();
                request
                    .target_principal(account.as_str())
                    .task_policy_arn(policy.clone())
                    .duration_seconds(SESSION_SECONDS)
                    .send()
            })
            .await?;
        let given = required(operation, "Credentials", answer.credentials)?;
        let credentials = Credentials::new(
            given.access_key_id,
            given.secret_access_key,
            Some(given.session_token),
            SystemTime::try_from(given.expiration).ok(),
            "AssumeRoot",
        );
        let signer = connection.clients.sites.signer(iam.region(), credentials);
        Ok(Self {
            connection,
            iam,
            signer,
        })
    }

    async fn send(
        &self,
        operation: Operation,
        member: Option<(&str, &str)>,
    ) -> Result<String, ProviderError> {
        let mut request: Request = self.iam.request(operation);
        if let Some((name, value)) = member {
            let more = format!("&{name}={}", encoded(value));
            request.body.extend_from_slice(more.as_bytes());
        }
        let send = || self.signer.send(request.clone());
        self.connection.send_at(Place::HOME, operation, send).await
    }

    /// Returns the texts of a member in a list of the root user's.
    async fn list(&self, operation: Operation, member: &str) -> Result<Vec<String>, ProviderError> {
        let answer = self.send(operation, None).await?;
        Ok(texts(&answer, member))
    }

    async fn password(&self) -> Result<bool, ProviderError> {
        match self.send(Operation::GetLoginProfile, None).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind == Kind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What is gone already is taken away.
    async fn remove(&self, operation: Operation, member: Option<(&str, &str)>) -> Result<(), ProviderError> {
        match self.send(operation, member).await {
            Err(error) if error.kind != Kind::NotFound => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

/// Returns which sorts of credentials an account's root user has: two calls an account.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn summary(
    connection: &Connection,
    account: &AccountId,
) -> Result<RootSummary, ProviderError> {
    let operation = Operation::GetAccountSummary;
    let session = Session::open(connection, account, Task::Audit).await?;
    let answer = session.send(operation, None).await?;
    let (keys, values) = (texts(&answer, "key"), texts(&answer, "value"));
    let has = |name: &str| {
        let mut pairs = keys.iter().zip(&values);
        let found = pairs.find(|(key, _)| *key == name).map(|(_, value)| value != "0");
        found.ok_or_else(|| nonsense(operation, format!("the answer has no `{name}`")))
    };
    Ok(RootSummary {
        password: has("AccountPasswordPresent")?,
        access_keys: has("AccountAccessKeysPresent")?,
        mfa: has("AccountMFAEnabled")?,
        certificates: has("AccountSigningCertificatesPresent")?,
    })
}

/// Returns the credentials of an account's root user, one by one.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn credentials(
    connection: &Connection,
    account: &AccountId,
) -> Result<RootCredentials, ProviderError> {
    let session = Session::open(connection, account, Task::Audit).await?;
    let (password, access_keys, mfa_devices, certificates) = try_join4(
        session.password(),
        session.list(Operation::ListAccessKeys, "AccessKeyId"),
        session.list(Operation::ListMfaDevices, "SerialNumber"),
        session.list(Operation::ListSigningCertificates, "CertificateId"),
    )
    .await?;
    Ok(RootCredentials {
        password,
        access_keys,
        mfa_devices,
        certificates,
    })
}

/// Takes these credentials away: what signs in first, the second factor last, so that a run that ends in between
/// leaves nothing less guarded.
///
/// # Errors
/// Whatever keeps AWS from doing it; what came before is done.
pub(crate) async fn remove(
    connection: &Connection,
    account: &AccountId,
    held: &RootCredentials,
) -> Result<(), ProviderError> {
    let session = Session::open(connection, account, Task::Delete).await?;
    for key in &held.access_keys {
        let member = Some(("AccessKeyId", key.as_str()));
        session.remove(Operation::DeleteAccessKey, member).await?;
    }
    for certificate in &held.certificates {
        let member = Some(("CertificateId", certificate.as_str()));
        session.remove(Operation::DeleteCertificate, member).await?;
    }
    if held.password {
        session.remove(Operation::DeleteLoginProfile, None).await?;
    }
    for device in &held.mfa_devices {
        let member = Some(("SerialNumber", device.as_str()));
        session.remove(Operation::DeactivateMfaDevice, member).await?;
    }
    Ok(())
}
