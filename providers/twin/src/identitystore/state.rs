//! What an identity store keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::AwsTime;

/// A user or a group: its attributes as the API names them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) attributes: Map<String, Value>,
    pub(crate) created_at: AwsTime,
    pub(crate) updated_at: AwsTime,
}

impl Entry {
    /// Returns a text attribute.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)?.as_str()
    }
}

/// A user in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Membership {
    pub(crate) group: String,
    pub(crate) user: String,
    pub(crate) created_at: AwsTime,
}

/// An identity store.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Directory {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) users: BTreeMap<String, Entry>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) groups: BTreeMap<String, Entry>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) memberships: BTreeMap<String, Membership>,
}

impl Directory {
    /// Returns whether it holds nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty() && self.memberships.is_empty()
    }

    /// Returns whether there is a principal: a USER or a GROUP.
    pub(crate) fn has(&self, kind: &str, id: &str) -> bool {
        match kind {
            "USER" => self.users.contains_key(id),
            _ => self.groups.contains_key(id),
        }
    }

    /// Returns whether a user is in a group.
    pub(crate) fn is_member(&self, group: &str, user: &str) -> bool {
        let mut all = self.memberships.values();
        all.any(|membership| membership.group == group && membership.user == user)
    }
}
