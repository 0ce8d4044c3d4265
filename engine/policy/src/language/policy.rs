//! The parts of a policy (Organizations User Guide, "SCP syntax" and "RCP syntax").

use super::operator::Operator;
use super::problem::{Place, Problems};
use super::template::{Template, Wildcards};
use crate::json::{self, Node, Value};
use lz_model::policy_type::PolicyType;
use std::fmt;

/// The version of the policy language that has policy variables.
pub(crate) const VERSION: &str = "2012-10-17";

/// The two types of policies that limit what can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Service control policy: binds the principals of accounts.
    Scp,
    /// Resource control policy: binds the resources of accounts.
    Rcp,
}

/// Whether a statement gives or takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies.
    Deny,
}

/// Those that match a list, or all that do not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope<T> {
    /// `Action` or `Resource`.
    Of(T),
    /// `NotAction` or `NotResource`.
    Except(T),
}

/// One text of a list, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// The text as it was written.
    pub text: String,
    /// Where it was written.
    pub place: Place,
}

/// A service control policy or resource control policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its type.
    pub kind: Kind,
    /// `Version`, if it is given.
    pub version: Option<String>,
    /// `Id`, if it is given.
    pub id: Option<String>,
    /// The statements in the order of the text.
    pub statements: Vec<Statement>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// `Sid`, if it is given.
    pub sid: Option<String>,
    /// `Effect`.
    pub effect: Effect,
    /// `Action` or `NotAction`.
    pub actions: Scope<Vec<Item>>,
    /// `Resource` or `NotResource`.
    pub resources: Scope<Vec<Item>>,
    /// The conditions; all must hold.
    pub conditions: Vec<Condition>,
    /// Where the statement stands.
    pub place: Place,
}

/// One key under one operator of `Condition`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The operator.
    pub operator: Operator,
    /// The condition key as it was written.
    pub key: String,
    /// The values; one of them must fit. Booleans and numbers are texts.
    pub values: Vec<Item>,
    /// Where the key stands.
    pub place: Place,
}

impl Kind {
    /// Returns the kind of a document that doesn't say it: a document with a principal is a resource control
    /// policy, because that is what service control policies can't have (Organizations User Guide, "SCP syntax").
    #[must_use]
    pub fn of(document: &Node) -> Self {
        let statements = document.get("Statement");
        let has_principal = |statement: &Node| {
            statement.get("Principal").is_some() || statement.get("NotPrincipal").is_some()
        };
        let found = match statements.map(|node| &node.value) {
            Some(Value::List(list)) => list.iter().any(has_principal),
            Some(Value::Object(_)) => statements.is_some_and(has_principal),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_)) | None => false,
        };
        if found { Self::Rcp } else { Self::Scp }
    }

    /// Returns the policy type of the organization.
    #[must_use]
    pub const fn policy_type(self) -> PolicyType {
        match self {
            Self::Scp => PolicyType::Scp,
            Self::Rcp => PolicyType::Rcp,
        }
    }

    /// Returns the document of AWS's own policy that allows everything: `FullAWSAccess`, which AWS attaches everywhere
    /// when service control policies are switched on, or `RCPFullAWSAccess` (Organizations User Guide, "Service
    /// control policies (SCPs)" and "RCP syntax").
    #[must_use]
    pub const fn full_access(self) -> &'static str {
        match self {
            Self::Scp => {
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
            }
            Self::Rcp => {
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#
            }
        }
    }

    /// Returns the kind of a policy type, if it is one that limits what can be done.
    #[must_use]
    pub fn of_type(policy_type: PolicyType) -> Option<Self> {
        [Self::Scp, Self::Rcp]
            .into_iter()
            .find(|kind| kind.policy_type() == policy_type)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scp => "service control policy",
            Self::Rcp => "resource control policy",
        })
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        })
    }
}

impl<T> Scope<T> {
    /// Returns the list, whichever way it counts.
    pub const fn list(&self) -> &T {
        match self {
            Self::Of(list) | Self::Except(list) => list,
        }
    }

    /// Returns whether the list says what is left out.
    pub const fn is_except(&self) -> bool {
        matches!(self, Self::Except(_))
    }

    /// Returns the scope with another list.
    pub fn map<U>(&self, change: impl FnOnce(&T) -> U) -> Scope<U> {
        match self {
            Self::Of(list) => Scope::Of(change(list)),
            Self::Except(list) => Scope::Except(change(list)),
        }
    }
}

impl Policy {
    /// Reads a policy of a known kind.
    ///
    /// # Errors
    /// The text is not JSON, or breaks the grammar; all faults are listed.
    pub fn parse(kind: Kind, text: &str) -> Result<Self, Problems> {
        let node = json::parse(text).map_err(Problems::from)?;
        Self::from_node(kind, &node, "")
    }

    /// Reads a policy whose kind the document tells; see [`Kind::of`].
    ///
    /// # Errors
    /// The text is not JSON, or breaks the grammar; all faults are listed.
    pub fn detect(text: &str) -> Result<Self, Problems> {
        let node = json::parse(text).map_err(Problems::from)?;
        Self::from_node(Kind::of(&node), &node, "")
    }

    /// Returns whether `${...}` are policy variables: only in version `2012-10-17` of the language
    /// (IAM User Guide, "IAM JSON policy elements: Version").
    #[must_use]
    pub fn has_variables(&self) -> bool {
        self.version.as_deref() == Some(VERSION)
    }

    /// Returns a resource of this policy taken apart.
    #[must_use]
    pub fn resource(&self, text: &str) -> Template {
        Template::parse(text, Wildcards::Yes, self.has_variables())
    }

    /// Returns a condition value of this policy taken apart.
    #[must_use]
    pub fn value(&self, condition: &Condition, text: &str) -> Template {
        let comparison = condition.operator.comparison;
        let wildcards = if comparison.has_wildcards() {
            Wildcards::Yes
        } else {
            Wildcards::No
        };
        Template::parse(
            text,
            wildcards,
            self.has_variables() && comparison.has_variables(),
        )
    }
}

impl Condition {
    /// Returns the key in lower case: keys ignore case (IAM User Guide, "IAM JSON policy elements: Condition").
    #[must_use]
    pub fn lower_key(&self) -> String {
        self.key.to_ascii_lowercase()
    }
}
