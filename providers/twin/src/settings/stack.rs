//! What goes wrong with stacks, and what changes behind their backs.

use serde::{Deserialize, Serialize};

/// What an operation does to a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StackAction {
    /// Creates it.
    Create,
    /// Updates it.
    Update,
    /// Deletes it.
    Delete,
    /// Looks whether it has drifted.
    DetectDrift,
    /// Takes it into a set.
    Import,
}

/// A stack that fails: an instance of a stack set, or a stack of an account's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StackFault {
    /// The name of the set or of the stack; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The account; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The Region; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// What must be going on; none means anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<StackAction>,
    /// The reason that AWS would give.
    pub reason: String,
    /// How often it happens; none means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

impl StackFault {
    /// Returns the fault that makes every stack of an account fail, always.
    #[must_use]
    pub fn of_account(account: &str, reason: &str) -> StackFault {
        StackFault {
            account: Some(account.to_owned()),
            ..StackFault::always(reason)
        }
    }

    /// Returns the fault that makes every stack everywhere fail, always.
    #[must_use]
    pub fn always(reason: &str) -> StackFault {
        StackFault {
            name: None,
            account: None,
            region: None,
            action: None,
            reason: reason.to_owned(),
            times: None,
        }
    }

    /// Returns whether it is about what happens to the stack `name` of an account and Region.
    pub(crate) fn fits(&self, name: &str, account: &str, region: &str, action: StackAction) -> bool {
        let wants = |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|text| text == found);
        wants(&self.name, name)
            && wants(&self.account, account)
            && wants(&self.region, region)
            && self.action.is_none_or(|wanted| wanted == action)
    }
}

/// A resource that somebody has changed by hand, so that drift detection finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StackDrift {
    /// The name of the stack set; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The account; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The Region; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The logical id of the resource.
    pub resource: String,
    /// What has become of it.
    pub change: ResourceChange,
}

/// What has become of a resource behind its stack's back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ResourceChange {
    /// It is gone.
    Deleted,
    /// A property has another value.
    Modified {
        /// The path of the property, for example `/Properties/Name`.
        property: String,
        /// What the template says.
        expected: String,
        /// What it is.
        actual: String,
    },
}

impl StackDrift {
    /// Returns whether it is about an instance of a set.
    pub(crate) fn fits(&self, name: &str, account: &str, region: &str) -> bool {
        let wants = |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|text| text == found);
        wants(&self.name, name) && wants(&self.account, account) && wants(&self.region, region)
    }
}
