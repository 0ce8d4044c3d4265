//! The errors of Organizations. Every code and Reason here is one of botocore's model (aws-facts 1.1, 1.5).

use crate::wire::{InputError, Refusal};

/// Declares an enum whose variants have the names that AWS gives them.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name {
            $(#[doc = $text] $variant),+
        }

        impl $name {
            /// Returns the name on the wire.
            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $text),+
                }
            }
        }
    };
}

names! {
    /// An error code without a Reason.
    Code {
        AccessDenied = "AccessDeniedException",
        AccountAlreadyClosed = "AccountAlreadyClosedException",
        AccountAlreadyRegistered = "AccountAlreadyRegisteredException",
        AccountNotFound = "AccountNotFoundException",
        AccountNotRegistered = "AccountNotRegisteredException",
        AlreadyInOrganization = "AlreadyInOrganizationException",
        ChildNotFound = "ChildNotFoundException",
        ConcurrentModification = "ConcurrentModificationException",
        Conflict = "ConflictException",
        CreateAccountStatusNotFound = "CreateAccountStatusNotFoundException",
        DestinationParentNotFound = "DestinationParentNotFoundException",
        DuplicateAccount = "DuplicateAccountException",
        DuplicateHandshake = "DuplicateHandshakeException",
        DuplicateOrganizationalUnit = "DuplicateOrganizationalUnitException",
        DuplicatePolicy = "DuplicatePolicyException",
        DuplicatePolicyAttachment = "DuplicatePolicyAttachmentException",
        EffectivePolicyNotFound = "EffectivePolicyNotFoundException",
        FinalizingOrganization = "FinalizingOrganizationException",
        HandshakeAlreadyInState = "HandshakeAlreadyInStateException",
        HandshakeNotFound = "HandshakeNotFoundException",
        InvalidHandshakeTransition = "InvalidHandshakeTransitionException",
        MalformedPolicyDocument = "MalformedPolicyDocumentException",
        MasterCannotLeaveOrganization = "MasterCannotLeaveOrganizationException",
        NotInUse = "AWSOrganizationsNotInUseException",
        OrganizationalUnitNotEmpty = "OrganizationalUnitNotEmptyException",
        OrganizationalUnitNotFound = "OrganizationalUnitNotFoundException",
        OrganizationNotEmpty = "OrganizationNotEmptyException",
        ParentNotFound = "ParentNotFoundException",
        PolicyChangesInProgress = "PolicyChangesInProgressException",
        PolicyInUse = "PolicyInUseException",
        PolicyNotAttached = "PolicyNotAttachedException",
        PolicyNotFound = "PolicyNotFoundException",
        PolicyTypeAlreadyEnabled = "PolicyTypeAlreadyEnabledException",
        PolicyTypeNotAvailable = "PolicyTypeNotAvailableForOrganizationException",
        PolicyTypeNotEnabled = "PolicyTypeNotEnabledException",
        ResourcePolicyNotFound = "ResourcePolicyNotFoundException",
        RootNotFound = "RootNotFoundException",
        SourceParentNotFound = "SourceParentNotFoundException",
        TargetNotFound = "TargetNotFoundException",
        TooManyRequests = "TooManyRequestsException",
    }
}

names! {
    /// A Reason of `ConstraintViolationException`.
    Constraint {
        AccountCreationRateLimit = "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
        AccountNumberLimit = "ACCOUNT_NUMBER_LIMIT_EXCEEDED",
        CannotCloseManagement = "CANNOT_CLOSE_MANAGEMENT_ACCOUNT",
        CannotRegisterManagement = "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
        CannotRegisterSuspended = "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
        CannotRemoveDelegate = "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
        CloseAccountQuota = "CLOSE_ACCOUNT_QUOTA_EXCEEDED",
        CloseAccountRequestsLimit = "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED",
        DelegateExists = "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
        MaxAttachments = "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        MaxDelegates = "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
        MaxTags = "MAX_TAG_LIMIT_EXCEEDED",
        MemberPaymentRequired = "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED",
        MinAttachments = "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        NotAllFeatures = "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
        PolicyContentLimit = "POLICY_CONTENT_LIMIT_EXCEEDED",
        PolicyNumberLimit = "POLICY_NUMBER_LIMIT_EXCEEDED",
        PolicyTypeEnabledForService = "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE",
        ServiceAccessNotEnabled = "SERVICE_ACCESS_NOT_ENABLED",
        TagPolicyViolation = "TAG_POLICY_VIOLATION",
        UnitDepthLimit = "OU_DEPTH_LIMIT_EXCEEDED",
        UnitNumberLimit = "OU_NUMBER_LIMIT_EXCEEDED",
        WaitPeriodActive = "WAIT_PERIOD_ACTIVE",
    }
}

names! {
    /// A Reason of `InvalidInputException`.
    InputProblem {
        DuplicateTagKey = "DUPLICATE_TAG_KEY",
        ImmutablePolicy = "IMMUTABLE_POLICY",
        InputRequired = "INPUT_REQUIRED",
        InvalidEmailTarget = "INVALID_EMAIL_ADDRESS_TARGET",
        InvalidEnum = "INVALID_ENUM",
        InvalidEnumPolicyType = "INVALID_ENUM_POLICY_TYPE",
        InvalidNextToken = "INVALID_NEXT_TOKEN",
        InvalidPartyType = "INVALID_PARTY_TYPE_TARGET",
        InvalidPattern = "INVALID_PATTERN",
        InvalidPatternTargetId = "INVALID_PATTERN_TARGET_ID",
        InvalidPrincipal = "INVALID_PRINCIPAL",
        InvalidResourcePolicyJson = "INVALID_RESOURCE_POLICY_JSON",
        InvalidRoleName = "INVALID_ROLE_NAME",
        InvalidSyntaxPolicyId = "INVALID_SYNTAX_POLICY_ID",
        InvalidSystemTags = "INVALID_SYSTEM_TAGS_PARAMETER",
        MaxFilterLimit = "MAX_LIMIT_EXCEEDED_FILTER",
        MaxLength = "MAX_LENGTH_EXCEEDED",
        MaxValue = "MAX_VALUE_EXCEEDED",
        MinLength = "MIN_LENGTH_EXCEEDED",
        MinValue = "MIN_VALUE_EXCEEDED",
        MovingBetweenRoots = "MOVING_ACCOUNT_BETWEEN_DIFFERENT_ROOTS",
        NonDetachablePolicy = "NON_DETACHABLE_POLICY",
        TargetNotSupported = "TARGET_NOT_SUPPORTED",
        UnrecognizedServicePrincipal = "UNRECOGNIZED_SERVICE_PRINCIPAL",
        UnsupportedActionInResourcePolicy = "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY",
    }
}

names! {
    /// A Reason of `HandshakeConstraintViolationException`.
    HandshakeProblem {
        AccountNumberLimit = "ACCOUNT_NUMBER_LIMIT_EXCEEDED",
        AlreadyAllFeatures = "ORGANIZATION_ALREADY_HAS_ALL_FEATURES",
        AlreadyInOrganization = "ALREADY_IN_AN_ORGANIZATION",
        AlreadyPendingAllFeatures = "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION",
        InviteDisabled = "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES",
        RateLimit = "HANDSHAKE_RATE_LIMIT_EXCEEDED",
    }
}

impl Code {
    /// Returns the refusal with this code. All are HTTP 400 (aws-facts 1.1).
    pub(crate) fn because(self, message: impl Into<String>) -> Refusal {
        Refusal::new(self.as_str(), 400, message)
    }
}

/// Returns a `ConstraintViolationException`.
pub(crate) fn constraint(reason: Constraint, message: impl Into<String>) -> Refusal {
    Refusal::new("ConstraintViolationException", 400, message).with("Reason", reason.as_str())
}

/// Returns an `InvalidInputException`.
pub(crate) fn invalid(reason: InputProblem, message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidInputException", 400, message).with("Reason", reason.as_str())
}

/// Returns a `HandshakeConstraintViolationException`.
pub(crate) fn handshake_constraint(reason: HandshakeProblem, message: impl Into<String>) -> Refusal {
    Refusal::new("HandshakeConstraintViolationException", 400, message).with("Reason", reason.as_str())
}

impl From<InputError> for Refusal {
    fn from(error: InputError) -> Refusal {
        match error {
            InputError::Missing(name) => invalid(
                InputProblem::InputRequired,
                format!("`{name}` is required, but the request lacks it"),
            ),
            InputError::WrongType(name) => Refusal::new(
                "SerializationException",
                400,
                format!("`{name}` has a JSON type that it can't have"),
            ),
        }
    }
}
