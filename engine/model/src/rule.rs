//! The names of the ordering rules: why one step waits for another.

use serde::{Deserialize, Serialize};

/// Why a step comes after another. Each edge of a plan names one rule.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// R1: an organization before everything that lives in it.
    OrganizationFirst,
    /// R2, R3: a policy type is on before policies of that type are created or attached.
    PolicyTypeFirst,
    /// R2: a policy exists before it is attached.
    PolicyFirst,
    /// R2: a target exists before a policy is attached to it.
    TargetFirst,
    /// A parent exists before its child is created or an account moves into it.
    ParentFirst,
    /// R13: an account exists before anything is done with it.
    AccountFirst,
    /// An id is known before a text that contains it is written.
    IdFirst,
    /// R4: the new policy is attached before the old one goes: never unguarded, never below one SCP.
    AttachBeforeDetach,
    /// R2: a target that is full loses a policy before it gets another.
    RoomBeforeAttach,
    /// What denies more comes before what denies less, for the same accounts.
    TightenBeforeLoosen,
    /// R12: a destination is guarded before the account arrives.
    GuardBeforeArrival,
    /// An account has left before the place that it leaves is guarded less.
    LeaveBeforeLoosen,
    /// An account has left before the place that it leaves is guarded more than its own future.
    LeaveBeforeTighten,
    /// A destination has lost its old policies before an account arrives that they never bound.
    LoosenBeforeArrival,
    /// R7: a policy is attached nowhere before it is deleted.
    DetachBeforeDelete,
    /// R9: accounts have left before their OU is deleted.
    EmptyBeforeDelete,
    /// R9: children are deleted before their parent.
    ChildrenBeforeParent,
    /// A name is free before another object takes it.
    NameFreedFirst,
    /// R14, R16: a service has trusted access before an administrator is delegated or its policy type is on.
    TrustedAccessFirst,
    /// R15: administrators are deregistered and policy types off before trusted access goes.
    DependentsBeforeTrust,
    /// A service that takes one administrator loses the old one before it gets the new one.
    OneAdministrator,
    /// A new administrator is registered before the old one goes, where the service takes several.
    RegisterBeforeDeregister,
    /// R17, R18: an account gives up its delegated administration before it leaves or closes.
    DeregisterBeforeLeaving,
    /// R19: an account leaves an OU that will be deleted before the account is closed.
    MoveBeforeClose,
    /// R6: policies are deleted before their type is switched off, which detaches what is left.
    DeleteBeforeDisable,
    /// A rename or an adoption comes before what relies on it.
    AdoptFirst,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 26] = [
        Self::OrganizationFirst,
        Self::PolicyTypeFirst,
        Self::PolicyFirst,
        Self::TargetFirst,
        Self::ParentFirst,
        Self::AccountFirst,
        Self::IdFirst,
        Self::AttachBeforeDetach,
        Self::RoomBeforeAttach,
        Self::TightenBeforeLoosen,
        Self::GuardBeforeArrival,
        Self::LeaveBeforeLoosen,
        Self::LeaveBeforeTighten,
        Self::LoosenBeforeArrival,
        Self::DetachBeforeDelete,
        Self::EmptyBeforeDelete,
        Self::ChildrenBeforeParent,
        Self::NameFreedFirst,
        Self::TrustedAccessFirst,
        Self::DependentsBeforeTrust,
        Self::OneAdministrator,
        Self::RegisterBeforeDeregister,
        Self::DeregisterBeforeLeaving,
        Self::MoveBeforeClose,
        Self::DeleteBeforeDisable,
        Self::AdoptFirst,
    ];

    /// Returns whether the rule serves comfort only and yields where it would close a circle.
    ///
    /// All others are refusals of AWS or keep accounts guarded; they never yield.
    #[must_use]
    pub const fn yields(self) -> bool {
        matches!(self, Self::LoosenBeforeArrival | Self::LeaveBeforeTighten)
    }
}
