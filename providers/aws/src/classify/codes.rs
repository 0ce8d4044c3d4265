//! AWS's error codes, and the class of each.

use crate::operation::{Effect, Operation};
use crate::patience::Patience;
use lz_provider::Kind;

/// Returns the class of an error code.
pub(super) fn class(operation: Operation, code: &str, reason: Option<&str>, status: u16) -> (Kind, Patience) {
    if let Some(class) = super::own::class(operation, code) {
        return class;
    }
    match code {
        "TooManyRequestsException"
        | "ThrottlingException"
        | "Throttling"
        | "ThrottledException"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "PriorRequestNotComplete"
        | "SlowDown" => (Kind::Throttled, Patience::Throttled),
        // Something else may be under way, or what is asked for is so already: somebody must look.
        "ConflictException" if is_tower(operation) => (Kind::Conflict, Patience::None),
        // A permission set's name is taken.
        "ConflictException" if operation == Operation::CreatePermissionSet => {
            (Kind::AlreadySo, Patience::None)
        }
        // The policy may be attached already; somebody must look.
        "ConflictException"
            if matches!(
                operation,
                Operation::AttachManagedPolicy | Operation::AttachCustomerPolicy
            ) =>
        {
            (Kind::Conflict, Patience::None)
        }
        "ConcurrentModificationException" | "PolicyChangesInProgressException" | "ConflictException" => {
            (Kind::Conflict, Patience::Conflict)
        }
        "FinalizingOrganizationException" => (Kind::Conflict, Patience::Finalizing),
        "PolicyInUseException" | "OrganizationalUnitNotEmptyException" | "OrganizationNotEmptyException" => {
            (Kind::Conflict, Patience::None)
        }
        "ConstraintViolationException" | "HandshakeConstraintViolationException" => constraint(reason),
        "ServiceException"
        | "InternalError"
        | "InternalFailure"
        | "InternalServerException"
        | "InternalServiceException" => failed(operation),
        "OperationInProgressException"
        | "StaleRequestException"
        | "StackSetNotEmptyException"
        | "ConditionalRequestConflict"
        | "OperationAborted" => in_the_way(operation, code),
        "LimitExceededException" | "ServiceQuotaExceededException" | "TooManyBuckets" => {
            (Kind::LimitReached, Patience::None)
        }
        "ServiceUnavailable" | "ServiceUnavailableException" => (Kind::Unavailable, Patience::Unavailable),
        _ if is_denial(code) => (Kind::Denied, Patience::None),
        _ if is_already_so(operation, code) => (Kind::AlreadySo, Patience::None),
        _ if is_absence(code) || names_no_stack(operation, code) => (Kind::NotFound, settling(operation)),
        _ if is_invalid(code) => (Kind::Invalid, Patience::None),
        _ => unlisted(operation, status),
    }
}

/// Returns the class of another operation of a stack set, or what is left of one, being in the way. An operation
/// that carries an id may be in its own way (aws-facts section 3.3), so it is not sent again before somebody has
/// looked.
fn in_the_way(operation: Operation, code: &str) -> (Kind, Patience) {
    let patience = match (operation.effect(), code) {
        // The list of instances may lag behind the operation that took the last one away.
        (_, "StackSetNotEmptyException") => Patience::Settling,
        // Of S3; whoever else does it does the same.
        (_, "ConditionalRequestConflict" | "OperationAborted") => Patience::Conflict,
        (Effect::WritesOnce, _) => Patience::None,
        (Effect::Reads | Effect::WritesOrganization | Effect::WritesAccount, _) => Patience::Conflict,
    };
    (Kind::Conflict, patience)
}

fn is_tower(operation: Operation) -> bool {
    operation.key().starts_with("controltower:")
}

fn is_denial(code: &str) -> bool {
    matches!(
        code,
        "AccessDeniedException"
            | "AccessDenied"
            | "AccessDeniedForDependencyException"
            | "AuthFailure"
            | "ExpiredToken"
            | "ExpiredTokenException"
            | "IncompleteSignature"
            | "InvalidClientTokenId"
            | "InvalidSignatureException"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException"
            | "NotAuthorized"
            | "OptInRequired"
            | "RequestExpired"
            | "SignatureDoesNotMatch"
            | "UnauthorizedOperation"
            | "UnrecognizedClientException"
    )
}

/// Returns whether the code says that what the operation is to bring about is so already. A code can mean
/// this for one operation and a missing premise for another.
fn is_already_so(operation: Operation, code: &str) -> bool {
    match code {
        "AccountAlreadyClosedException"
        | "AccountAlreadyRegisteredException"
        | "AlreadyExistsException"
        | "AlreadyInOrganizationException"
        | "BucketAlreadyOwnedByYou"
        | "CreatedButModifiedException"
        | "DuplicateAccountException"
        | "DuplicateOrganizationalUnitException"
        | "DuplicatePolicyAttachmentException"
        | "DuplicatePolicyException"
        | "EntityAlreadyExists"
        | "NameAlreadyExistsException"
        | "OperationIdAlreadyExistsException"
        | "PolicyNotAttachedException"
        | "PreconditionFailed"
        | "PolicyTypeAlreadyEnabledException"
        | "TokenAlreadyExistsException" => true,
        "AccountNotRegisteredException" => operation == Operation::DeregisterAdmin,
        "AccountNotFoundException" => operation == Operation::RemoveAccount,
        "OrganizationalUnitNotFoundException" => operation == Operation::DeleteOu,
        "PolicyNotFoundException" => operation == Operation::DeletePolicy,
        "PolicyTypeNotEnabledException" => operation == Operation::DisablePolicyType,
        "StackSetNotFoundException" => operation == Operation::DeleteStackSet,
        _ => false,
    }
}

/// Returns whether AWS says, with the code that it has for all invalid input, that a stack is not there
/// (CloudFormation API Reference, "DescribeStacks").
fn names_no_stack(operation: Operation, code: &str) -> bool {
    code == "ValidationError" && matches!(operation, Operation::DescribeStacks | Operation::GetTemplate)
}

fn is_absence(code: &str) -> bool {
    matches!(
        code,
        "AWSOrganizationsNotInUseException"
            | "AccountNotFoundException"
            | "AccountNotRegisteredException"
            | "ChangeSetNotFound"
            | "ChildNotFoundException"
            | "CreateAccountStatusNotFoundException"
            | "DestinationParentNotFoundException"
            | "EffectivePolicyNotFoundException"
            | "HandshakeNotFoundException"
            | "NoSuchBucket"
            | "NoSuchKey"
            | "OperationNotFoundException"
            | "OrganizationalUnitNotFoundException"
            | "ParentNotFoundException"
            | "PolicyNotFoundException"
            | "PolicyTypeNotEnabledException"
            | "ResourceNotFoundException"
            | "ResourcePolicyNotFoundException"
            | "ResponsibilityTransferNotFoundException"
            | "RootNotFoundException"
            | "SourceParentNotFoundException"
            | "StackInstanceNotFoundException"
            | "StackNotFoundException"
            | "StackSetNotFoundException"
            | "TargetNotFoundException"
    )
}

fn is_invalid(code: &str) -> bool {
    matches!(
        code,
        "AccountOwnerNotVerifiedException"
            | "BucketAlreadyExists"
            | "DuplicateHandshakeException"
            | "HandshakeAlreadyInStateException"
            | "InsufficientCapabilitiesException"
            | "InvalidAction"
            | "InvalidHandshakeTransitionException"
            | "InvalidInputException"
            | "InvalidOperationException"
            | "InvalidParameterException"
            | "InvalidParameterValue"
            | "InvalidRequestException"
            | "InvalidResponsibilityTransferTransitionException"
            | "MalformedPolicyDocumentException"
            | "MasterCannotLeaveOrganizationException"
            | "NotImplemented"
            | "NotImplementedException"
            | "PaginationTokenExpiredException"
            | "PolicyTypeNotAvailableForOrganizationException"
            | "RegionDisabledException"
            | "ResponsibilityTransferAlreadyInStatusException"
            | "SerializationException"
            | "UnknownOperationException"
            | "UnsupportedAPIEndpointException"
            | "ValidationError"
            | "ValidationException"
    )
}

/// Returns the class of a violated constraint by its reason (Organizations shape
/// `ConstraintViolationExceptionReason`, aws-facts section 1.5).
fn constraint(reason: Option<&str>) -> (Kind, Patience) {
    match reason.unwrap_or_default() {
        // Three closures at a time; one of them ends within minutes.
        "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED" | "ACCOUNT_CREATION_NOT_COMPLETE" => {
            (Kind::Conflict, Patience::Conflict)
        }
        // Trusted access that was switched on a moment ago may not show yet.
        "SERVICE_ACCESS_NOT_ENABLED" => (Kind::NotFound, Patience::None),
        // Nor may the policy that was attached before its predecessor goes.
        "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED" => (Kind::Invalid, Patience::Settling),
        "CLOSE_ACCOUNT_QUOTA_EXCEEDED"
        | "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE"
        | "OU_DEPTH_LIMIT_EXCEEDED"
        | "WAIT_PERIOD_ACTIVE" => (Kind::LimitReached, Patience::None),
        reason if reason.ends_with("_LIMIT_EXCEEDED") => (Kind::LimitReached, Patience::None),
        _ => (Kind::Invalid, Patience::None),
    }
}

/// Returns the class of AWS failing underway.
pub(super) fn failed(operation: Operation) -> (Kind, Patience) {
    match operation.effect() {
        Effect::Reads => (Kind::Unavailable, Patience::Unavailable),
        Effect::WritesOrganization | Effect::WritesAccount => (Kind::OutcomeUnknown, Patience::None),
        Effect::WritesOnce => (Kind::OutcomeUnknown, Patience::Unavailable),
    }
}

/// Returns how long to wait for something that may only not be visible yet: an account or a creation that
/// AWS has just named to us. Whether anything else can be waited for, the engine knows.
fn settling(operation: Operation) -> Patience {
    if matches!(
        operation,
        Operation::DescribeAccount
            | Operation::DescribeCreateAccountStatus
            // A bucket that was made a moment ago.
            | Operation::PutAccessBlock
            | Operation::PutEncryption
            | Operation::PutVersioning
    ) {
        Patience::Settling
    } else {
        Patience::None
    }
}

/// Returns the class of a code that is in no list, by the HTTP status.
pub(super) fn unlisted(operation: Operation, status: u16) -> (Kind, Patience) {
    match status {
        429 => (Kind::Throttled, Patience::Throttled),
        501 => (Kind::Invalid, Patience::None),
        503 => (Kind::Unavailable, Patience::Unavailable),
        500..=599 => failed(operation),
        401 | 403 => (Kind::Denied, Patience::None),
        _ => (Kind::Invalid, Patience::None),
    }
}

pub(super) fn remedy(code: &str) -> Option<&'static str> {
    match code {
        "ExpiredToken" | "ExpiredTokenException" => {
            Some("sign in again (`aws sso login`) or renew the credentials")
        }
        "RequestExpired" | "InvalidSignatureException" | "SignatureDoesNotMatch" => {
            Some("check this machine's clock and the secret key")
        }
        "InvalidClientTokenId" | "UnrecognizedClientException" => {
            Some("check the access key, and that its partition is the Region's")
        }
        "AccessDeniedException" | "AccessDenied" => {
            Some("use the management account, or a role in it that may do this")
        }
        "UnsupportedAPIEndpointException" => Some("this operation is not offered in the chosen partition"),
        _ => None,
    }
}
