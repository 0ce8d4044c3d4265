//! Error codes of the services' own calls for administrators, trusted access and root access.

use super::codes::failed;
use crate::operation::Operation;
use crate::patience::Patience;
use lz_provider::Kind;

/// Returns the class of a code that means something else, or something more, for these calls.
pub(super) fn class(operation: Operation, code: &str) -> Option<(Kind, Patience)> {
    Some(match code {
        // Security Hub forwards that Organizations is busy under this name
        // (awslabs/landing-zone-accelerator-on-aws#370).
        "LimitExceededException" if is_security_hub(operation) => (Kind::Conflict, Patience::Conflict),
        // Another administrator, or another change: whoever asked looks, and then knows.
        "ConflictException" if names_one(operation) => (Kind::Conflict, Patience::None),
        // Trusted access that was switched on a moment ago may not show yet; these services have no code for it.
        "BadRequestException" | "ValidationException" | "InvalidInputException" if names_one(operation) => {
            (Kind::Invalid, Patience::Settling)
        }
        "CloudTrailAccessNotEnabledException" | "ServiceAccessNotEnabledException" => {
            (Kind::NotFound, Patience::Settling)
        }
        "AccountRegisteredException" => (Kind::AlreadySo, Patience::None),
        "AccountNotRegisteredException" if operation == Operation::CloudTrailDisable => {
            (Kind::AlreadySo, Patience::None)
        }
        "ServiceQuotaExceededException" | "DelegatedAdminAccountLimitExceededException" => {
            (Kind::LimitReached, Patience::None)
        }
        "InternalErrorException" | "InternalException" | "InternalServerErrorException" => failed(operation),
        "NoSuchEntity" => (Kind::NotFound, Patience::None),
        _ => return None,
    })
}

fn is_security_hub(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::SecurityHubEnable | Operation::SecurityHubDisable
    )
}

/// Returns whether a call names a service's one administrator.
fn names_one(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::AuditManagerEnable
            | Operation::DetectiveEnable
            | Operation::GuardDutyEnable
            | Operation::InspectorEnable
            | Operation::MacieEnable
            | Operation::SecurityHubEnable
    )
}
