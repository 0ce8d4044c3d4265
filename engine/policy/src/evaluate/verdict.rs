//! The answer to a request.

use crate::language::Effect;
use std::fmt;

/// Whether a request is allowed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What each level says, from the root down.
    pub levels: Vec<LevelVerdict>,
    /// Why no policy counts, if none does.
    pub exemption: Option<Exemption>,
}

/// What one level says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelVerdict {
    /// The answer.
    pub outcome: Outcome,
    /// The statement that decides; none where no statement speaks.
    pub by: Option<StatementRef>,
}

/// A statement of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementRef {
    /// The number of the level, from the root down.
    pub level: usize,
    /// The number of the policy on its level.
    pub policy: usize,
    /// The number of the statement in its policy.
    pub statement: usize,
    /// What the statement does.
    pub effect: Effect,
}

/// Whether a request may go on to the permissions of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// No level stands in its way.
    Allow,
    /// A level denies it, or does not allow it.
    Deny,
}

/// The answer of one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// A statement allows it and none denies it.
    Allow,
    /// No statement allows it.
    ImplicitDeny,
    /// A statement denies it.
    ExplicitDeny,
}

/// Why no policy of the organization binds a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exemption {
    /// The account is the management account.
    ManagementAccount,
    /// The principal is a service-linked role.
    ServiceLinkedRole,
}

impl Verdict {
    /// Returns the decision: every level must allow (Organizations User Guide, "SCP evaluation").
    #[must_use]
    pub fn decision(&self) -> Decision {
        let open = self.levels.iter().all(|level| level.outcome == Outcome::Allow);
        if self.exemption.is_some() || open {
            Decision::Allow
        } else {
            Decision::Deny
        }
    }

    /// Returns the number of the level that decides and what it says: the first that denies, else the first that
    /// doesn't allow, else the last.
    #[must_use]
    pub fn deciding(&self) -> Option<(usize, LevelVerdict)> {
        let first = |outcome: Outcome| {
            let found = self.levels.iter().enumerate().find(|(_, l)| l.outcome == outcome);
            found.map(|(index, level)| (index, *level))
        };
        let last = || Some((self.levels.len().checked_sub(1)?, *self.levels.last()?));
        first(Outcome::ExplicitDeny)
            .or_else(|| first(Outcome::ImplicitDeny))
            .or_else(last)
    }
}

impl Decision {
    /// Returns the decision as data, such as `allow`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}

impl Outcome {
    /// Returns the answer as data, such as `explicit_deny`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::ImplicitDeny => "implicit_deny",
            Self::ExplicitDeny => "explicit_deny",
        }
    }
}

impl Exemption {
    /// Returns the reason as data, such as `service_linked_role`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ManagementAccount => "management_account",
            Self::ServiceLinkedRole => "service_linked_role",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
