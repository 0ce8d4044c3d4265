//! What the spec wants of an account's own settings.

use crate::id::Region;
use crate::settings::{Contact, ContactKind, PrimaryContact};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Contacts and Regions of an account. What is left out is left alone, and not even read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredSettings {
    /// Alternate contacts.
    pub contacts: BTreeMap<ContactKind, Contact>,
    /// The primary contact.
    pub primary_contact: Option<PrimaryContact>,
    /// Regions that are switched on; none is ever switched off.
    pub enabled_regions: BTreeSet<Region>,
}

impl DesiredSettings {
    /// Returns whether nothing is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
