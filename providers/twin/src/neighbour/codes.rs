//! The error codes that every neighbour has, each in its own words (botocore's models).

use super::Neighbour;
use crate::wire::{Arrival, InputError, Refusal, Service};

/// The codes of a service, each with its HTTP status.
struct Codes {
    invalid: (&'static str, u16),
    denied: (&'static str, u16),
    throttled: (&'static str, u16),
}

const REST: Codes = Codes {
    invalid: ("ValidationException", 400),
    denied: ("AccessDeniedException", 403),
    throttled: ("ThrottlingException", 429),
};

/// JSON 1.1 and query services have codes of their own.
const fn words(
    invalid: (&'static str, u16),
    denied: (&'static str, u16),
    throttled: (&'static str, u16),
) -> Codes {
    Codes {
        invalid,
        denied,
        throttled,
    }
}

fn codes(neighbour: Neighbour) -> Codes {
    const THROTTLED: (&str, u16) = ("ThrottlingException", 400);
    match neighbour {
        Neighbour::ControlCatalog
        | Neighbour::ControlTower
        | Neighbour::Macie
        | Neighbour::Inspector
        | Neighbour::AuditManager
        | Neighbour::AccessAnalyzer => REST,
        Neighbour::Detective => words(REST.invalid, REST.denied, ("TooManyRequestsException", 429)),
        Neighbour::GuardDuty => {
            let bad = ("BadRequestException", 400);
            words(bad, bad, THROTTLED)
        }
        Neighbour::SecurityHub => words(
            ("InvalidInputException", 400),
            REST.denied,
            ("LimitExceededException", 429),
        ),
        Neighbour::Ram => {
            let not_permitted = ("OperationNotPermittedException", 400);
            words(not_permitted, not_permitted, THROTTLED)
        }
        Neighbour::Backup => words(
            ("InvalidParameterValueException", 400),
            ("InvalidRequestException", 400),
            THROTTLED,
        ),
        Neighbour::FirewallManager => words(
            ("InvalidInputException", 400),
            ("InvalidOperationException", 400),
            ("LimitExceededException", 400),
        ),
        Neighbour::CloudTrail => words(
            ("InvalidParameterException", 400),
            ("NotOrganizationManagementAccountException", 400),
            THROTTLED,
        ),
        Neighbour::ServiceCatalog => {
            let not_supported = ("OperationNotSupportedException", 400);
            words(("InvalidParametersException", 400), not_supported, THROTTLED)
        }
        Neighbour::SsoAdmin | Neighbour::IdentityStore => words(
            ("ValidationException", 400),
            ("AccessDeniedException", 400),
            THROTTLED,
        ),
        Neighbour::Iam => words(
            ("ValidationError", 400),
            ("AccessDenied", 403),
            ("Throttling", 400),
        ),
        Neighbour::Sns => words(
            ("InvalidParameter", 400),
            ("AuthorizationError", 403),
            ("Throttled", 429),
        ),
        Neighbour::Ec2 => words(
            ("InvalidParameterValue", 400),
            ("UnauthorizedOperation", 403),
            ("RequestLimitExceeded", 503),
        ),
    }
}

fn refusal((code, status): (&'static str, u16), message: impl Into<String>) -> Refusal {
    Refusal::new(code, status, message)
}

impl Neighbour {
    /// Returns the refusal of a request that can't be meant.
    pub(crate) fn invalid(self, message: impl Into<String>) -> Refusal {
        refusal(codes(self).invalid, message)
    }

    /// Returns the refusal of a caller that may not.
    pub(crate) fn denied(self, message: impl Into<String>) -> Refusal {
        refusal(codes(self).denied, message)
    }

    /// Returns the refusal of a member that can't be read.
    pub(crate) fn unreadable(self, error: InputError) -> Refusal {
        match error {
            InputError::Missing(name) => self.invalid(format!("`{name}` is required")),
            InputError::WrongType(name) => self.invalid(format!("`{name}` has a type that it can't have")),
        }
    }
}

/// Returns the refusal of a call beyond the bucket.
pub(crate) fn throttled(neighbour: Neighbour, message: &str) -> Refusal {
    refusal(codes(neighbour).throttled, message)
}

/// Returns the member that says what is wrong, in a REST JSON error of the call's service.
pub(crate) fn message_member(arrival: &Arrival) -> &'static str {
    let service = arrival.operation.as_ref().map(|(operation, _)| operation.service);
    let Ok(Service::Neighbour(neighbour)) = service else {
        return "message";
    };
    match neighbour {
        Neighbour::SecurityHub | Neighbour::Detective | Neighbour::Backup | Neighbour::ControlCatalog => {
            "Message"
        }
        Neighbour::ControlTower
        | Neighbour::GuardDuty
        | Neighbour::Macie
        | Neighbour::Inspector
        | Neighbour::AuditManager
        | Neighbour::AccessAnalyzer
        | Neighbour::Ram
        | Neighbour::FirewallManager
        | Neighbour::CloudTrail
        | Neighbour::ServiceCatalog
        | Neighbour::SsoAdmin
        | Neighbour::IdentityStore
        | Neighbour::Iam
        | Neighbour::Sns
        | Neighbour::Ec2 => "message",
    }
}
