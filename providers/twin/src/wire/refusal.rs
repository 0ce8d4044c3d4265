//! An answer that says no.

/// An error as AWS answers it, whichever the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The error code, for example `ConstraintViolationException`.
    pub(crate) code: String,
    /// The HTTP status.
    pub(crate) status: u16,
    /// What is wrong, in words.
    pub(crate) message: String,
    /// Further members beside the message, for example `Reason`.
    pub(crate) members: Vec<(&'static str, serde_json::Value)>,
}

impl Refusal {
    /// Returns a refusal without further members.
    pub(crate) fn new(code: impl Into<String>, status: u16, message: impl Into<String>) -> Refusal {
        Refusal {
            code: code.into(),
            status,
            message: message.into(),
            members: Vec::new(),
        }
    }

    /// Returns the refusal with one more member.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Refusal {
        self.members.push((name, value.into()));
        self
    }

    /// Returns the refusal of an operation that the service has but the twin has not, or that nobody has.
    pub(crate) fn unknown_operation(service: &str, operation: &str) -> Refusal {
        let message = format!("the twin has no operation `{operation}` of the service `{service}`");
        Refusal::new("UnknownOperationException", 400, message)
    }

    /// Returns the refusal of a service that the twin does not play.
    pub(crate) fn unknown_service(service: &str) -> Refusal {
        let message = format!(
            "the twin does not play the service `{service}`; it plays organizations, account, tagging, sts, \
             cloudformation, cloudwatch, s3, controltower, controlcatalog, iam, identitystore, sns, sso-admin and the calls by which \
             security services name their administrators"
        );
        Refusal::new("UnknownOperationException", 404, message)
    }
}
