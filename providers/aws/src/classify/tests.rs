use super::*;

/// Every error of the Organizations model that a call of lz can get, and those of the services beside it.
const MODELED: &[(&str, Operation, Kind)] = &[
    (
        "AWSOrganizationsNotInUseException",
        Operation::DescribeOrganization,
        Kind::NotFound,
    ),
    ("AccessDeniedException", Operation::ListRoots, Kind::Denied),
    (
        "AccessDeniedForDependencyException",
        Operation::CreateOrganization,
        Kind::Denied,
    ),
    (
        "AccountAlreadyClosedException",
        Operation::CloseAccount,
        Kind::AlreadySo,
    ),
    (
        "AccountAlreadyRegisteredException",
        Operation::RegisterAdmin,
        Kind::AlreadySo,
    ),
    (
        "AccountNotFoundException",
        Operation::CloseAccount,
        Kind::NotFound,
    ),
    (
        "AccountNotFoundException",
        Operation::RemoveAccount,
        Kind::AlreadySo,
    ),
    (
        "AccountNotRegisteredException",
        Operation::DeregisterAdmin,
        Kind::AlreadySo,
    ),
    (
        "AccountNotRegisteredException",
        Operation::ListDelegatedServices,
        Kind::NotFound,
    ),
    (
        "AlreadyInOrganizationException",
        Operation::CreateOrganization,
        Kind::AlreadySo,
    ),
    ("ChildNotFoundException", Operation::ListParents, Kind::NotFound),
    (
        "ConcurrentModificationException",
        Operation::MoveAccount,
        Kind::Conflict,
    ),
    ("ConflictException", Operation::CloseAccount, Kind::Conflict),
    (
        "CreateAccountStatusNotFoundException",
        Operation::DescribeCreateAccountStatus,
        Kind::NotFound,
    ),
    (
        "DestinationParentNotFoundException",
        Operation::MoveAccount,
        Kind::NotFound,
    ),
    (
        "DuplicateAccountException",
        Operation::MoveAccount,
        Kind::AlreadySo,
    ),
    (
        "DuplicateOrganizationalUnitException",
        Operation::CreateOu,
        Kind::AlreadySo,
    ),
    (
        "DuplicatePolicyAttachmentException",
        Operation::AttachPolicy,
        Kind::AlreadySo,
    ),
    (
        "DuplicatePolicyException",
        Operation::CreatePolicy,
        Kind::AlreadySo,
    ),
    (
        "FinalizingOrganizationException",
        Operation::CreateAccount,
        Kind::Conflict,
    ),
    ("InvalidInputException", Operation::TagResource, Kind::Invalid),
    (
        "MalformedPolicyDocumentException",
        Operation::CreatePolicy,
        Kind::Invalid,
    ),
    (
        "MasterCannotLeaveOrganizationException",
        Operation::RemoveAccount,
        Kind::Invalid,
    ),
    (
        "OrganizationalUnitNotEmptyException",
        Operation::DeleteOu,
        Kind::Conflict,
    ),
    (
        "OrganizationalUnitNotFoundException",
        Operation::DeleteOu,
        Kind::AlreadySo,
    ),
    (
        "OrganizationalUnitNotFoundException",
        Operation::UpdateOu,
        Kind::NotFound,
    ),
    ("ParentNotFoundException", Operation::CreateOu, Kind::NotFound),
    (
        "PolicyChangesInProgressException",
        Operation::AttachPolicy,
        Kind::Conflict,
    ),
    ("PolicyInUseException", Operation::DeletePolicy, Kind::Conflict),
    (
        "PolicyNotAttachedException",
        Operation::DetachPolicy,
        Kind::AlreadySo,
    ),
    ("PolicyNotFoundException", Operation::AttachPolicy, Kind::NotFound),
    (
        "PolicyNotFoundException",
        Operation::DeletePolicy,
        Kind::AlreadySo,
    ),
    (
        "PolicyTypeAlreadyEnabledException",
        Operation::EnablePolicyType,
        Kind::AlreadySo,
    ),
    (
        "PolicyTypeNotAvailableForOrganizationException",
        Operation::EnablePolicyType,
        Kind::Invalid,
    ),
    (
        "PolicyTypeNotEnabledException",
        Operation::AttachPolicy,
        Kind::NotFound,
    ),
    (
        "PolicyTypeNotEnabledException",
        Operation::DisablePolicyType,
        Kind::AlreadySo,
    ),
    (
        "RootNotFoundException",
        Operation::EnablePolicyType,
        Kind::NotFound,
    ),
    ("ServiceException", Operation::ListAccounts, Kind::Unavailable),
    ("ServiceException", Operation::CreatePolicy, Kind::OutcomeUnknown),
    (
        "SourceParentNotFoundException",
        Operation::MoveAccount,
        Kind::NotFound,
    ),
    ("TargetNotFoundException", Operation::AttachPolicy, Kind::NotFound),
    (
        "TooManyRequestsException",
        Operation::ListAccounts,
        Kind::Throttled,
    ),
    (
        "UnsupportedAPIEndpointException",
        Operation::CreateAccount,
        Kind::Invalid,
    ),
    (
        "InternalServerException",
        Operation::PutAccountName,
        Kind::OutcomeUnknown,
    ),
    ("ValidationException", Operation::PutAccountName, Kind::Invalid),
    (
        "ResourceNotFoundException",
        Operation::PutAccountName,
        Kind::NotFound,
    ),
    ("ThrottledException", Operation::GetResources, Kind::Throttled),
    (
        "InternalServiceException",
        Operation::GetResources,
        Kind::Unavailable,
    ),
    (
        "PaginationTokenExpiredException",
        Operation::GetResources,
        Kind::Invalid,
    ),
    ("AlreadyExistsException", Operation::CreateStack, Kind::AlreadySo),
    ("ChangeSetNotFound", Operation::GetTemplate, Kind::NotFound),
    (
        "CreatedButModifiedException",
        Operation::CreateStackSet,
        Kind::AlreadySo,
    ),
    (
        "InsufficientCapabilitiesException",
        Operation::CreateStack,
        Kind::Invalid,
    ),
    (
        "InvalidOperationException",
        Operation::CreateInstances,
        Kind::Invalid,
    ),
    (
        "LimitExceededException",
        Operation::CreateInstances,
        Kind::LimitReached,
    ),
    (
        "NameAlreadyExistsException",
        Operation::CreateStackSet,
        Kind::AlreadySo,
    ),
    (
        "OperationIdAlreadyExistsException",
        Operation::UpdateStackSet,
        Kind::AlreadySo,
    ),
    (
        "OperationInProgressException",
        Operation::UpdateStackSet,
        Kind::Conflict,
    ),
    (
        "OperationNotFoundException",
        Operation::DescribeOperationOfSet,
        Kind::NotFound,
    ),
    (
        "StackInstanceNotFoundException",
        Operation::UpdateInstances,
        Kind::NotFound,
    ),
    (
        "StackNotFoundException",
        Operation::DescribeStacks,
        Kind::NotFound,
    ),
    (
        "StackSetNotEmptyException",
        Operation::DeleteStackSet,
        Kind::Conflict,
    ),
    (
        "StackSetNotFoundException",
        Operation::DeleteStackSet,
        Kind::AlreadySo,
    ),
    (
        "StackSetNotFoundException",
        Operation::DescribeStackSet,
        Kind::NotFound,
    ),
    ("StaleRequestException", Operation::UpdateStackSet, Kind::Conflict),
    ("Throttling", Operation::ListStackInstances, Kind::Throttled),
    (
        "TokenAlreadyExistsException",
        Operation::UpdateStack,
        Kind::AlreadySo,
    ),
    ("ValidationError", Operation::DescribeStacks, Kind::NotFound),
    ("ValidationError", Operation::UpdateStack, Kind::Invalid),
    ("BucketAlreadyExists", Operation::CreateBucket, Kind::Invalid),
    (
        "BucketAlreadyOwnedByYou",
        Operation::CreateBucket,
        Kind::AlreadySo,
    ),
    ("ConditionalRequestConflict", Operation::PutObject, Kind::Conflict),
    ("InternalError", Operation::PutObject, Kind::OutcomeUnknown),
    ("NoSuchBucket", Operation::PutObject, Kind::NotFound),
    ("OperationAborted", Operation::CreateBucket, Kind::Conflict),
    ("PreconditionFailed", Operation::PutObject, Kind::AlreadySo),
    ("SlowDown", Operation::PutObject, Kind::Throttled),
    ("TooManyBuckets", Operation::CreateBucket, Kind::LimitReached),
    ("ExpiredToken", Operation::GetCallerIdentity, Kind::Denied),
    (
        "RegionDisabledException",
        Operation::GetCallerIdentity,
        Kind::Invalid,
    ),
];

#[test]
fn each_error_of_the_models_has_the_class_that_the_engine_needs() {
    for (code, operation, kind) in MODELED {
        // A status that would give another class away if the code were not known.
        assert_eq!(
            class(*operation, code, None, 418).0,
            *kind,
            "{code} of {}",
            operation.key()
        );
        assert!(
            *kind == Kind::Invalid || class(*operation, code, None, 418).0 != unlisted(*operation, 418).0,
            "{code} is in no list"
        );
    }
}

#[test]
fn each_violated_constraint_has_its_class() {
    let of = |reason| {
        class(
            Operation::AttachPolicy,
            "ConstraintViolationException",
            Some(reason),
            400,
        )
    };
    for (reason, kind) in [
        ("ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED", Kind::LimitReached),
        ("ACCOUNT_NUMBER_LIMIT_EXCEEDED", Kind::LimitReached),
        ("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", Kind::Invalid),
        ("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR", Kind::Invalid),
        (
            "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
            Kind::Invalid,
        ),
        ("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", Kind::Invalid),
        ("CLOSE_ACCOUNT_QUOTA_EXCEEDED", Kind::LimitReached),
        ("CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED", Kind::Conflict),
        (
            "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
            Kind::LimitReached,
        ),
        (
            "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
            Kind::LimitReached,
        ),
        ("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", Kind::LimitReached),
        ("MAX_TAG_LIMIT_EXCEEDED", Kind::LimitReached),
        ("MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED", Kind::Invalid),
        ("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", Kind::Invalid),
        ("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", Kind::Invalid),
        ("OU_DEPTH_LIMIT_EXCEEDED", Kind::LimitReached),
        ("OU_NUMBER_LIMIT_EXCEEDED", Kind::LimitReached),
        ("POLICY_CONTENT_LIMIT_EXCEEDED", Kind::LimitReached),
        ("POLICY_NUMBER_LIMIT_EXCEEDED", Kind::LimitReached),
        ("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", Kind::Invalid),
        ("SERVICE_ACCESS_NOT_ENABLED", Kind::NotFound),
        ("TAG_POLICY_VIOLATION", Kind::Invalid),
        ("WAIT_PERIOD_ACTIVE", Kind::LimitReached),
    ] {
        assert_eq!(of(reason).0, kind, "{reason}");
    }
    assert_eq!(
        of("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED").1,
        Patience::Settling
    );
    assert_eq!(of("CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED").1, Patience::Conflict);
}

#[test]
fn an_unknown_code_is_classified_by_its_status() {
    for (status, read, change) in [
        (400, Kind::Invalid, Kind::Invalid),
        (403, Kind::Denied, Kind::Denied),
        (404, Kind::Invalid, Kind::Invalid),
        (429, Kind::Throttled, Kind::Throttled),
        (500, Kind::Unavailable, Kind::OutcomeUnknown),
        (501, Kind::Invalid, Kind::Invalid),
        (502, Kind::Unavailable, Kind::OutcomeUnknown),
        (503, Kind::Unavailable, Kind::Unavailable),
    ] {
        assert_eq!(
            class(Operation::ListRoots, "Tomorrow", None, status).0,
            read,
            "{status}"
        );
        assert_eq!(
            class(Operation::CreateOu, "Tomorrow", None, status).0,
            change,
            "{status}"
        );
    }
}

#[test]
fn an_absent_organization_is_an_answer_but_a_creation_that_was_just_begun_is_awaited() {
    let patience = |operation, code| class(operation, code, None, 400).1;
    assert_eq!(
        patience(
            Operation::DescribeOrganization,
            "AWSOrganizationsNotInUseException"
        ),
        Patience::None
    );
    let status = (
        Operation::DescribeCreateAccountStatus,
        "CreateAccountStatusNotFoundException",
    );
    assert_eq!(patience(status.0, status.1), Patience::Settling);
    assert_eq!(
        patience(Operation::AttachPolicy, "TargetNotFoundException"),
        Patience::None
    );
}

#[test]
fn what_is_in_the_way_is_awaited_only_where_it_cannot_be_the_call_itself() {
    let patience = |operation, code| class(operation, code, None, 409).1;
    let busy = "OperationInProgressException";
    assert_eq!(patience(Operation::UpdateStackSet, busy), Patience::None);
    assert_eq!(patience(Operation::DeleteStackSet, busy), Patience::Conflict);
    assert_eq!(
        patience(Operation::DeleteStackSet, "StackSetNotEmptyException"),
        Patience::Settling
    );
    assert_eq!(
        patience(Operation::PutObject, "OperationAborted"),
        Patience::Conflict
    );
    assert_eq!(patience(Operation::PutObject, "NoSuchBucket"), Patience::None);
    assert_eq!(
        patience(Operation::PutVersioning, "NoSuchBucket"),
        Patience::Settling
    );
}

#[test]
fn a_cause_that_repeats_is_told_once() {
    #[derive(Debug, thiserror::Error)]
    #[error("outer: inner")]
    struct Outer(#[source] Inner);
    #[derive(Debug, thiserror::Error)]
    #[error("inner")]
    struct Inner(#[source] std::io::Error);
    let error = Outer(Inner(std::io::Error::other("deep")));
    assert_eq!(chain(&error), "outer: inner: deep");
}
