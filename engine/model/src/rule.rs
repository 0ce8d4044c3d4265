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
    /// Where the old administrator goes first, all that the new one waits for comes before that.
    SuccessorFirst,
    /// A Region is on in an account before a service is told there who administers it.
    RegionFirst,
    /// A new administrator is registered before the old one goes, where the service takes several.
    RegisterBeforeDeregister,
    /// R17, R18: an account gives up its delegated administration before it leaves or closes.
    DeregisterBeforeLeaving,
    /// R19: an account leaves an OU that will be deleted before the account is closed.
    MoveBeforeClose,
    /// R6: policies are deleted before their type is switched off, which detaches what is left.
    DeleteBeforeDisable,
    /// A policy has its new text before it is attached anywhere else.
    UpdateBeforeAttach,
    /// A policy has dropped its old text before it is attached anywhere else.
    LoosenBeforeAttach,
    /// A policy denies the old and the new together before it denies the new alone.
    GrowBeforeShrink,
    /// A place loses a policy before the policy gets a text that never bound that place.
    DetachBeforeUpdate,
    /// R23: a stack set exists before anything is done with it.
    StackSetFirst,
    /// R26: what a stack set depends on is deployed before it.
    StackDependency,
    /// A stack set does one operation at a time.
    OneOperation,
    /// A wave has ended, has baked and has passed its gate before the next begins.
    WaveInTurn,
    /// R24: accounts are in their place before stacks are deployed to the place.
    ArriveBeforeDeploy,
    /// R23: a stack set has no stacks before it is deleted.
    EmptyBeforeDeleteSet,
    /// R24: stacks leave an account or OU before it goes.
    UndeployBeforeLeaving,
    /// R39: credentials management is on before root sessions, and off after them.
    CredentialsBeforeSessions,
    /// Delegated administrators are there before the resource policy gives their accounts rights.
    AdministratorBeforePolicy,
    /// R28: everything that the landing zone is made from is there: accounts in their OU, OUs that it would make, roles; trusted access of Config is off.
    PreparedZone,
    /// R29, R32, R33: the landing zone is what it should be before baselines and controls.
    LandingZoneFirst,
    /// R29, R33: a parent OU is registered and updated before its children.
    ParentBaselineFirst,
    /// R31: a baseline is taken from inner OUs before outer ones.
    ChildBaselinesGoFirst,
    /// R30: an OU is registered before it gets BackupBaseline, and loses that one first.
    BaselineBeforeBackup,
    /// R29: an OU loses the baseline that registers it before it gets another.
    OneBaseline,
    /// R32, R33: an OU is registered and up to date before its controls change, and loses its controls first.
    BaselineBeforeControl,
    /// R35: accounts have come and gone before their OU is registered, reset or let go.
    ArriveBeforeBaseline,
    /// R35: the landing zone enrols by itself, and the OU is up to date, before an account arrives.
    BaselineBeforeArrival,
    /// R35: where Control Tower lets accounts go by itself, the landing zone says so and the OU is up to date before one
    /// leaves.
    BaselineBeforeDeparture,
    /// R35: an OU is let go before accounts come that it would govern for a moment only.
    LetGoBeforeArrival,
    /// R35: one account at a time is enrolled into an OU.
    EnrolInTurn,
    /// R37: accounts are enrolled before controls are switched on.
    EnrolBeforeControl,
    /// R37: an account that is governed already is enrolled elsewhere after controls are switched on.
    ControlBeforeEnrolment,
    /// A control that takes another one's place is on before the other one goes.
    EnableBeforeDisable,
    /// Baselines and controls are taken from an OU before it is deleted.
    UnregisterBeforeDelete,
    /// A control that cannot be reset is disabled before it is enabled again.
    EnableAfterDisable,
    /// A permission set is what it should be before anybody gets it.
    PermissionSetFirst,
    /// A permission set has changed before accounts are given its new state.
    ProvisionAfterChange,
    /// An account is in its place, under its guardrails, before people get access to it.
    ArriveBeforeGrant,
    /// Somebody has new access before the old goes.
    GrantBeforeRevoke,
    /// Somebody who loses a permission set has lost it before its new state arrives.
    RevokeBeforeProvision,
    /// Nobody has a permission set before it is deleted.
    RevokeBeforeDeleteSet,
    /// Access to an account is taken away before the account goes.
    RevokeBeforeLeaving,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 64] = [
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
        Self::SuccessorFirst,
        Self::RegionFirst,
        Self::RegisterBeforeDeregister,
        Self::DeregisterBeforeLeaving,
        Self::MoveBeforeClose,
        Self::DeleteBeforeDisable,
        Self::UpdateBeforeAttach,
        Self::LoosenBeforeAttach,
        Self::GrowBeforeShrink,
        Self::DetachBeforeUpdate,
        Self::StackSetFirst,
        Self::StackDependency,
        Self::OneOperation,
        Self::WaveInTurn,
        Self::ArriveBeforeDeploy,
        Self::EmptyBeforeDeleteSet,
        Self::UndeployBeforeLeaving,
        Self::CredentialsBeforeSessions,
        Self::AdministratorBeforePolicy,
        Self::PreparedZone,
        Self::LandingZoneFirst,
        Self::ParentBaselineFirst,
        Self::ChildBaselinesGoFirst,
        Self::BaselineBeforeBackup,
        Self::OneBaseline,
        Self::BaselineBeforeControl,
        Self::ArriveBeforeBaseline,
        Self::BaselineBeforeArrival,
        Self::BaselineBeforeDeparture,
        Self::LetGoBeforeArrival,
        Self::EnrolInTurn,
        Self::EnrolBeforeControl,
        Self::ControlBeforeEnrolment,
        Self::EnableBeforeDisable,
        Self::UnregisterBeforeDelete,
        Self::EnableAfterDisable,
        Self::PermissionSetFirst,
        Self::ProvisionAfterChange,
        Self::ArriveBeforeGrant,
        Self::GrantBeforeRevoke,
        Self::RevokeBeforeProvision,
        Self::RevokeBeforeDeleteSet,
        Self::RevokeBeforeLeaving,
    ];

    /// Returns what happens when the rule would close a circle.
    #[must_use]
    pub const fn strength(self) -> Strength {
        match self {
            Self::LoosenBeforeArrival
            | Self::LeaveBeforeTighten
            | Self::LoosenBeforeAttach
            | Self::DetachBeforeUpdate
            | Self::ArriveBeforeBaseline
            | Self::BaselineBeforeDeparture
            | Self::LetGoBeforeArrival
            | Self::ControlBeforeEnrolment
            | Self::EnableBeforeDisable
            | Self::GrantBeforeRevoke
            | Self::SuccessorFirst => Strength::Comfort,
            Self::TightenBeforeLoosen
            | Self::GuardBeforeArrival
            | Self::LeaveBeforeLoosen
            | Self::UpdateBeforeAttach
            | Self::ArriveBeforeGrant
            | Self::RevokeBeforeProvision => Strength::Safety,
            Self::OrganizationFirst
            | Self::PolicyTypeFirst
            | Self::PolicyFirst
            | Self::TargetFirst
            | Self::ParentFirst
            | Self::AccountFirst
            | Self::IdFirst
            | Self::AttachBeforeDetach
            | Self::RoomBeforeAttach
            | Self::DetachBeforeDelete
            | Self::EmptyBeforeDelete
            | Self::ChildrenBeforeParent
            | Self::NameFreedFirst
            | Self::TrustedAccessFirst
            | Self::DependentsBeforeTrust
            | Self::OneAdministrator
            | Self::RegionFirst
            | Self::RegisterBeforeDeregister
            | Self::DeregisterBeforeLeaving
            | Self::MoveBeforeClose
            | Self::GrowBeforeShrink
            | Self::DeleteBeforeDisable
            | Self::StackSetFirst
            | Self::StackDependency
            | Self::OneOperation
            | Self::WaveInTurn
            | Self::ArriveBeforeDeploy
            | Self::EmptyBeforeDeleteSet
            | Self::UndeployBeforeLeaving
            | Self::CredentialsBeforeSessions
            | Self::AdministratorBeforePolicy
            | Self::PreparedZone
            | Self::LandingZoneFirst
            | Self::ParentBaselineFirst
            | Self::ChildBaselinesGoFirst
            | Self::BaselineBeforeBackup
            | Self::OneBaseline
            | Self::BaselineBeforeControl
            | Self::BaselineBeforeArrival
            | Self::EnrolInTurn
            | Self::EnrolBeforeControl
            | Self::UnregisterBeforeDelete
            | Self::EnableAfterDisable
            | Self::PermissionSetFirst
            | Self::ProvisionAfterChange
            | Self::RevokeBeforeDeleteSet
            | Self::RevokeBeforeLeaving => Strength::Service,
        }
    }

    /// Returns why the one step waits for the other, for people.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::OrganizationFirst => "the organization must exist first (R1)",
            Self::PolicyTypeFirst => "the policy type must be on first (R2, R3)",
            Self::PolicyFirst => "the policy must exist first (R2)",
            Self::TargetFirst => "the target must exist first (R2)",
            Self::ParentFirst => "the parent must exist first",
            Self::AccountFirst => "the account must exist first (R13)",
            Self::IdFirst => "the id must be known first",
            Self::AttachBeforeDetach => "the new policy is attached before the old one goes (R4)",
            Self::RoomBeforeAttach => "the target is full: one policy goes before another comes (R2)",
            Self::TightenBeforeLoosen => "what denies more comes before what denies less",
            Self::GuardBeforeArrival => "the destination is guarded before the account arrives (R12)",
            Self::LeaveBeforeLoosen => "the account has left before its old place is guarded less",
            Self::LeaveBeforeTighten => "the account has left before its old place is guarded more",
            Self::LoosenBeforeArrival => "the destination loses its old policies before the account arrives",
            Self::DetachBeforeDelete => "a policy in use cannot be deleted (R7)",
            Self::EmptyBeforeDelete => "an OU must be empty before it is deleted (R9)",
            Self::ChildrenBeforeParent => "inner OUs are deleted before outer ones (R9)",
            Self::NameFreedFirst => "the name must be free first",
            Self::TrustedAccessFirst => "the service needs trusted access first (R14, R16)",
            Self::DependentsBeforeTrust => "what needs the trusted access goes first (R15)",
            Self::OneAdministrator => "the service takes one administrator only",
            Self::SuccessorFirst => "the new administrator can follow at once",
            Self::RegionFirst => "the Region must be on first",
            Self::RegisterBeforeDeregister => "the new administrator is there before the old one goes",
            Self::DeregisterBeforeLeaving => "a delegated administrator cannot leave (R17, R18)",
            Self::MoveBeforeClose => "a closed account would block its OU (R19)",
            Self::DeleteBeforeDisable => "policies are deleted while their type is on (R6)",
            Self::UpdateBeforeAttach => "the policy has its new text before it is attached elsewhere",
            Self::LoosenBeforeAttach => "the policy drops its old text before it is attached elsewhere",
            Self::GrowBeforeShrink => "the policy denies old and new together before the new alone",
            Self::DetachBeforeUpdate => "the old place loses the policy before its text changes",
            Self::StackSetFirst => "the stack set must exist first",
            Self::StackDependency => "what it depends on is deployed first (R26)",
            Self::OneOperation => "a stack set does one operation at a time",
            Self::WaveInTurn => "the wave before it must end and pass its gate",
            Self::ArriveBeforeDeploy => "the accounts arrive first (R24)",
            Self::EmptyBeforeDeleteSet => "a stack set with stacks cannot be deleted (R23)",
            Self::UndeployBeforeLeaving => "its stacks are taken away while the account is reachable (R24)",
            Self::CredentialsBeforeSessions => {
                "credentials are managed centrally before root sessions are (R39)"
            }
            Self::AdministratorBeforePolicy => {
                "the account is an administrator before it gets rights over policies"
            }
            Self::PreparedZone => "what the landing zone is made from must be there first (R28)",
            Self::LandingZoneFirst => "the landing zone comes first (R29, R32, R33)",
            Self::ParentBaselineFirst => "the parent OU is registered or updated first (R29, R33)",
            Self::ChildBaselinesGoFirst => "inner OUs lose the baseline before outer ones (R31)",
            Self::BaselineBeforeBackup => "BackupBaseline needs AWSControlTowerBaseline on the OU (R30)",
            Self::OneBaseline => "an OU has one baseline that registers it, so the old one goes first (R29)",
            Self::BaselineBeforeControl => "controls need the OU's baseline (R32, R33)",
            Self::ArriveBeforeBaseline => {
                "the accounts arrive first, so that they are enrolled with the OU (R35)"
            }
            Self::BaselineBeforeArrival => "an OU that needs an update accepts no accounts (R35)",
            Self::BaselineBeforeDeparture => {
                "the landing zone and the OU come first, so that it lets go cleanly (R35)"
            }
            Self::LetGoBeforeArrival => "the OU is let go before the account comes (R35)",
            Self::EnrolInTurn => "an OU enrols one account at a time (R35)",
            Self::ControlBeforeEnrolment => "nobody is enrolled while a control is being enabled (R37)",
            Self::EnableBeforeDisable => "a control is on before the one whose place it takes goes",
            Self::EnrolBeforeControl => "an enrolment fails while a control is being enabled (R37)",
            Self::UnregisterBeforeDelete => "a registered OU is let go before it is deleted",
            Self::EnableAfterDisable => "the control is disabled first, since it cannot be reset (R33)",
            Self::PermissionSetFirst => "the permission set must be what it should be first",
            Self::ProvisionAfterChange => {
                "the permission set changes before accounts are given its new state"
            }
            Self::ArriveBeforeGrant => "the account is under its guardrails before people get in",
            Self::GrantBeforeRevoke => "the new access is there before the old goes",
            Self::RevokeBeforeProvision => "who loses the permission set never gets its new state",
            Self::RevokeBeforeDeleteSet => "a permission set that somebody has cannot be deleted",
            Self::RevokeBeforeLeaving => "access is taken away while the account is reachable",
        }
    }
}

/// What happens when a rule would close a circle of steps that wait for one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// The rule yields: someone may lose a right for a moment.
    Comfort,
    /// The rule yields, and the plan asks for consent: something may be open for a moment.
    Safety,
    /// The rule never yields: AWS would refuse the step.
    Service,
}
