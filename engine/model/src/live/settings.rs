//! An account's own settings as they were found.

use crate::id::Region;
use crate::settings::{Contact, ContactKind, PrimaryContact, RegionState};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was read of an account's settings: only what the spec declares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveSettings {
    /// Alternate contacts that were asked for; `None` where there is none.
    pub contacts: BTreeMap<ContactKind, Option<Contact>>,
    /// The primary contact, if it was asked for and there is one.
    pub primary_contact: Option<PrimaryContact>,
    /// Regions that were asked for.
    pub regions: BTreeMap<Region, RegionState>,
}
