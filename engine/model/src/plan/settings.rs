//! What a plan does with an account's own settings.

use super::{Change, Ref};
use crate::id::{AccountId, Region};
use crate::settings::{Contact, ContactKind, PrimaryContact};
use serde::{Deserialize, Serialize};

/// What is done to an account's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "work", rename_all = "snake_case", deny_unknown_fields)]
pub enum SettingsWork {
    /// Sets an alternate contact.
    PutContact {
        /// The account.
        account: Ref<AccountId>,
        /// What the contact is for.
        kind: ContactKind,
        /// The contact; before is `None` where there is none, or where it could not be read yet.
        contact: Change<Option<Contact>>,
    },
    /// Sets the primary contact as a whole.
    PutPrimaryContact {
        /// The account.
        account: Ref<AccountId>,
        /// The contact.
        contact: Change<Option<PrimaryContact>>,
    },
    /// Switches a Region on.
    EnableRegion {
        /// The account.
        account: Ref<AccountId>,
        /// The Region.
        region: Region,
    },
}

impl SettingsWork {
    /// Returns the account.
    #[must_use]
    pub const fn account(&self) -> &Ref<AccountId> {
        match self {
            Self::PutContact { account, .. }
            | Self::PutPrimaryContact { account, .. }
            | Self::EnableRegion { account, .. } => account,
        }
    }
}
