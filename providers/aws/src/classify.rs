//! What an error means. The only place that knows AWS's error codes (`codes.rs`); nothing reads a message to decide.
//!
//! Codes and reasons: aws-facts sections 1.3 to 1.5; botocore models of Organizations, Account Management,
//! Resource Groups Tagging, STS and CloudFormation (aws-facts section 3.2); S3 API Reference, "Error responses".

use crate::operation::{Effect, Operation};
use crate::patience::Patience;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_organizations::config::http::HttpResponse;
use aws_sdk_organizations::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_organizations::operation::RequestId;
use lz_model::id::Region;
use lz_provider::{Kind, ProviderError};
use std::error::Error;

mod codes;
mod own;

use codes::{class, failed, remedy, unlisted};

/// An error with its class, and how long the call may be tried again.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: ProviderError,
    pub(crate) patience: Patience,
}

/// Returns the class of what came back instead of an answer.
pub(crate) fn classify<E>(operation: Operation, error: SdkError<E, HttpResponse>) -> Failure
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    if let Some(credentials) = find::<CredentialsError>(&error) {
        let text = credentials_text(credentials);
        return Failure::new(operation, Kind::Denied, "no credentials", text).caused_by(error);
    }
    match &error {
        SdkError::ServiceError(_) => refused(operation, &error),
        SdkError::ConstructionFailure(_) => {
            let text = chain(&error);
            Failure::new(operation, Kind::Bug, "unsendable request", text).caused_by(error)
        }
        SdkError::DispatchFailure(failure) if failure.is_user() => {
            let text = chain(&error);
            Failure::new(operation, Kind::Bug, "unsendable request", text).caused_by(error)
        }
        SdkError::DispatchFailure(_) if never_sent(&error) => {
            let text = format!("{}; check the network, the proxy and the endpoint", chain(&error));
            Failure::new(operation, Kind::Unavailable, "no connection", text)
                .again(Patience::Unavailable)
                .caused_by(error)
        }
        SdkError::ResponseError(answer) if answer.raw().body().bytes().is_some() => {
            unreadable(operation, &error).caused_by(error)
        }
        // A new variant could only be another way of getting no answer.
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) | SdkError::ResponseError(_) | _ => {
            let text = chain(&error);
            lost(operation, "no answer", text).caused_by(error)
        }
    }
}

impl Failure {
    fn new(operation: Operation, kind: Kind, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            error: ProviderError {
                kind,
                operation: operation.key().to_owned(),
                code: code.into(),
                message: message.into(),
                request_id: None,
                source: None,
            },
            patience: Patience::None,
        }
    }

    fn again(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    fn caused_by(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.error.source = Some(Box::new(source));
        self
    }
}

/// Returns the failure of a call that may have reached AWS: what changes nothing, or carries a token, can be
/// repeated.
fn lost(operation: Operation, code: &str, text: String) -> Failure {
    let (kind, patience) = failed(operation);
    Failure::new(operation, kind, code, text).again(patience)
}

/// Returns the failure of an answer that arrived whole and is none of AWS's: a proxy's page, or an
/// emulator that lacks the operation. Its HTTP status still tells something.
fn unreadable<E>(operation: Operation, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: Error + 'static,
{
    let status = error.raw_response().map_or(0, |answer| answer.status().as_u16());
    if (400..600).contains(&status) {
        let (kind, patience) = unlisted(operation, status);
        return Failure::new(operation, kind, format!("HTTP status {status}"), NO_MESSAGE).again(patience);
    }
    let kind = match operation.effect() {
        Effect::Reads => Kind::Bug,
        Effect::WritesOrganization | Effect::WritesAccount | Effect::WritesOnce => Kind::OutcomeUnknown,
    };
    let text = format!("{}; does the endpoint belong to AWS?", chain(error));
    Failure::new(operation, kind, "unreadable answer", text)
}

const NO_MESSAGE: &str = "no message; does the endpoint offer this operation?";

/// Returns the failure of a call that AWS has answered with an error.
fn refused<E>(operation: Operation, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let status = error.raw_response().map_or(0, |answer| answer.status().as_u16());
    let reason = error.raw_response().and_then(reason_of);
    let code = error.code().unwrap_or_default();
    let (kind, patience) = class(operation, code, reason.as_deref(), status);
    let shown = match (code, &reason) {
        ("", _) => format!("HTTP status {status}"),
        (code, Some(reason)) => format!("{code} ({reason})"),
        (code, None) => code.to_owned(),
    };
    let mut message = error.message().unwrap_or(NO_MESSAGE).to_owned();
    if let Some(remedy) = remedy(code) {
        message = format!("{}; {remedy}", message.trim_end_matches('.'));
    }
    let mut failure = Failure::new(operation, kind, shown, message).again(patience);
    failure.error.request_id = error.request_id().map(str::to_owned);
    failure
}

/// Returns the member `Reason` of an error, which the SDK offers per operation only.
fn reason_of(answer: &HttpResponse) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(answer.body().bytes()?).ok()?;
    let reason = body.get("Reason").or_else(|| body.get("reason"))?;
    reason.as_str().map(str::to_owned)
}

/// Returns whether AWS refused to update a stack because nothing would change. AWS has no code for it, only the
/// one for all invalid input, so this is the one place that reads a message (CloudFormation User Guide,
/// "Troubleshooting CloudFormation": no updates to perform).
pub(crate) fn is_no_update(error: &ProviderError) -> bool {
    error.code == "ValidationError" && error.message.starts_with("No updates are to be performed")
}

/// Returns the error with what it may mean if it comes from a Region's own endpoint. Where a Region is off for an
/// account, AWS knows no credentials (Account Management Reference Guide, "Enable or disable AWS Regions").
pub(crate) fn in_region(error: ProviderError, region: &Region) -> ProviderError {
    let may_be_off = matches!(
        error.code.as_str(),
        "AuthFailure" | "InvalidClientTokenId" | "OptInRequired" | "UnrecognizedClientException"
    );
    let message = if may_be_off {
        format!(
            "the Region `{region}` seems to be off for this account; switch it on, or name another \
             administration Region ({})",
            error.message
        )
    } else {
        format!("{} (in {region})", error.message.trim_end_matches('.'))
    };
    ProviderError { message, ..error }
}

/// Returns the class of an account creation that AWS has given up, by its `FailureReason` (aws-facts
/// section 1.4). AWS has made nothing in any of these cases.
pub(crate) fn creation_failed(reason: &str) -> ProviderError {
    let kind = match reason {
        "EMAIL_ALREADY_EXISTS" | "GOVCLOUD_ACCOUNT_ALREADY_EXISTS" => Kind::AlreadySo,
        "ACCOUNT_LIMIT_EXCEEDED" => Kind::LimitReached,
        "CONCURRENT_ACCOUNT_MODIFICATION" => Kind::Conflict,
        "INTERNAL_FAILURE" => Kind::Unavailable,
        _ => Kind::Invalid,
    };
    let message = match reason {
        "EMAIL_ALREADY_EXISTS" => "an AWS account with this e-mail address exists already",
        "ACCOUNT_LIMIT_EXCEEDED" => "the organization may hold no more accounts; ask AWS for a higher quota",
        "CONCURRENT_ACCOUNT_MODIFICATION" => "another account operation was running",
        "INTERNAL_FAILURE" => "AWS failed to create the account",
        "INVALID_EMAIL" => "AWS takes this e-mail address for no account",
        "MISSING_PAYMENT_INSTRUMENT" | "INVALID_PAYMENT_INSTRUMENT" => {
            "the management account has no valid way of payment; add one in the billing console"
        }
        _ => "AWS refused to create the account",
    };
    Failure::new(Operation::CreateAccount, kind, reason, message).error
}

/// Returns an error about an e-mail address whose account is in another organization or in none.
pub(crate) fn email_taken(error: ProviderError) -> ProviderError {
    ProviderError {
        kind: Kind::Invalid,
        message: "the e-mail address belongs to an AWS account outside this organization; choose another one"
            .to_owned(),
        ..error
    }
}

/// Returns an error about an answer that lz cannot make sense of.
pub(crate) fn nonsense(operation: Operation, message: impl Into<String>) -> ProviderError {
    Failure::new(operation, Kind::Bug, "unexpected answer", message).error
}

/// Returns an error about a request that the SDK does not take.
pub(crate) fn unsendable(operation: Operation, source: impl Error + Send + Sync + 'static) -> ProviderError {
    let text = chain(&source);
    Failure::new(operation, Kind::Bug, "unsendable request", text)
        .caused_by(source)
        .error
}

/// Returns an error about an organization that changed faster than it could be read.
pub(crate) fn in_motion(operation: Operation, message: impl Into<String>) -> ProviderError {
    Failure::new(operation, Kind::Conflict, "changed while it was read", message).error
}

/// Returns an error about a request that AWS took and that failed later; the code is its status.
pub(crate) fn ended_badly(operation: Operation, status: &str, reason: &str) -> ProviderError {
    Failure::new(operation, Kind::Invalid, status, reason).error
}

/// Returns an error about a question with several answers.
pub(crate) fn ambiguous(operation: Operation, message: impl Into<String>) -> ProviderError {
    Failure::new(operation, Kind::Invalid, "ambiguous", message).error
}

/// Returns an error about a stack that AWS could not bring to where it was to be; the code is the stack's status.
pub(crate) fn stack_failed(operation: Operation, status: &str, reason: &str) -> ProviderError {
    Failure::new(operation, Kind::Invalid, status, reason).error
}

/// Returns an error about a call that would do something else than it says.
pub(crate) fn misdirected(operation: Operation, message: impl Into<String>) -> ProviderError {
    Failure::new(operation, Kind::Bug, "misdirected request", message).error
}

/// Returns an error about something that AWS began and that lz no longer waits for.
pub(crate) fn still_running(operation: Operation, message: impl Into<String>) -> ProviderError {
    Failure::new(operation, Kind::OutcomeUnknown, "still running", message).error
}

/// Returns the error of somebody who cannot see what AWS has begun.
pub(crate) fn unknown(error: ProviderError) -> ProviderError {
    ProviderError {
        kind: Kind::OutcomeUnknown,
        ..error
    }
}

/// Returns whether the request cannot have reached AWS: no connection came about.
fn never_sent(error: &(dyn Error + 'static)) -> bool {
    find::<hyper_util::client::legacy::Error>(error)
        .is_some_and(hyper_util::client::legacy::Error::is_connect)
}

fn credentials_text(error: &CredentialsError) -> String {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => {
            let why = error
                .source()
                .map(|why| format!(" ({})", chain(why)))
                .unwrap_or_default();
            format!(
                "none found{why}; name a profile, sign in (`aws sso login`), or set AWS_ACCESS_KEY_ID and \
                 AWS_SECRET_ACCESS_KEY"
            )
        }
        CredentialsError::ProviderTimedOut(_) => {
            format!("{}; is the place that they come from reachable?", chain(error))
        }
        CredentialsError::InvalidConfiguration(_) => {
            format!("{}; check the profile in ~/.aws/config", chain(error))
        }
        CredentialsError::ProviderError(_) | CredentialsError::Unhandled(_) | _ => {
            let why = chain(error);
            let why = why.trim_end_matches([' ', ':', ';', '.']);
            format!(
                "{why}; sign in (`aws sso login`), name another profile, or check that the role may be assumed"
            )
        }
    }
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    sources(error).find_map(|error| error.downcast_ref())
}

fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

/// Returns an error and its causes in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in sources(error).map(ToString::to_string) {
        // Many errors repeat their cause in their own text.
        if !parts.iter().any(|known| known.contains(&part)) {
            parts.push(part);
        }
    }
    parts.join(": ")
}

#[cfg(test)]
mod tests;
