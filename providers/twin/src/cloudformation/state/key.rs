//! What sets, operations and instances are found by.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::world::{AccountId, mix};

/// Declares a text that is cheap to clone and sorts as itself.
macro_rules! shared_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(Arc<str>);

        impl $name {
            /// Returns the text as this kind of name.
            pub(crate) fn new(text: &str) -> $name {
                $name(Arc::from(text))
            }

            /// Returns the name as text.
            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                String::deserialize(deserializer).map(|text| $name(Arc::from(text)))
            }
        }
    };
}

shared_text! {
    /// A Region, for example `eu-west-1`.
    Region
}
shared_text! {
    /// The id of a stack set: `name:uuid` (aws-facts 3.1).
    SetId
}
shared_text! {
    /// The id of an operation on a stack set (aws-facts 3.1).
    OperationId
}

impl SetId {
    /// Returns the id of a set with that name.
    pub(crate) fn of(name: &str, number: u64) -> SetId {
        SetId::new(&format!("{name}:{}", uuid(number)))
    }

    /// Returns the name of the set.
    pub(crate) fn name(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(name, _)| name)
    }
}

/// An account and a Region: where an instance of a set lies. Sorts by account first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
}

impl Place {
    /// Returns the place.
    pub(crate) fn new(account: &AccountId, region: &Region) -> Place {
        Place {
            account: account.clone(),
            region: region.clone(),
        }
    }

    /// Returns the place that a text like `111122223333/eu-west-1` names.
    pub(crate) fn parse(text: &str) -> Option<Place> {
        let (account, region) = text.split_once('/')?;
        Some(Place {
            account: AccountId::parse(account)?,
            region: Region::new(region),
        })
    }

    /// Returns a number that is the same for the same place.
    pub(crate) fn number(&self) -> u64 {
        crate::wire::scope_of(&[self.account.as_str(), self.region.as_str()])
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.region)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Place, D::Error> {
        let text = String::deserialize(deserializer)?;
        Place::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not an account and a Region")))
    }
}

/// Returns a UUID that is made of a number; other numbers give other UUIDs.
pub(crate) fn uuid(number: u64) -> String {
    let (high, low) = (mix(number), mix(!number));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0xfff,
        low & 0xffff_ffff_ffff
    )
}
