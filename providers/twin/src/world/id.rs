//! The ids that AWS assigns, each with the pattern that botocore's model gives it, and how they are made.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

/// Text that is not the id it was taken for.
#[derive(Debug, thiserror::Error)]
#[error("`{text}` is not {what}")]
pub(crate) struct NotAnId {
    text: String,
    what: &'static str,
}

/// Declares one id: a checked text that sorts and prints as itself.
macro_rules! id_type {
    ($name:ident, $what:literal, $check:expr) => {
        #[doc = concat!("The id of ", $what, ".")]
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub(crate) struct $name(Arc<str>);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl $name {
            /// Returns the id if the text has its form.
            pub(crate) fn parse(text: &str) -> Option<$name> {
                let check: fn(&str) -> bool = $check;
                check(text).then(|| $name(Arc::from(text)))
            }

            /// Returns the id as text.
            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<$name, NotAnId> {
                $name::parse(&text).ok_or(NotAnId { text, what: $what })
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
    };
}

id_type!(AccountId, "an account", |t| t.len() == 12
    && t.bytes().all(|b| b.is_ascii_digit()));
id_type!(OrganizationId, "an organization", |t| t
    .strip_prefix("o-")
    .is_some_and(|r| lower(r, 10, 32)));
id_type!(RootId, "a root", |t| t
    .strip_prefix("r-")
    .is_some_and(|r| lower(r, 4, 32)));
id_type!(UnitId, "an organizational unit", |t| t
    .strip_prefix("ou-")
    .and_then(|r| r.split_once('-'))
    .is_some_and(|(root, own)| lower(root, 4, 32) && lower(own, 8, 32)));
id_type!(PolicyId, "a policy", |t| t
    .strip_prefix("p-")
    .is_some_and(|r| word(r, 8, 128)));
id_type!(ResourcePolicyId, "a resource policy", |t| t
    .strip_prefix("rp-")
    .is_some_and(|r| word(r, 4, 128)));
id_type!(RequestId, "an account creation request", |t| t
    .strip_prefix("car-")
    .is_some_and(|r| lower(r, 8, 32)));
id_type!(HandshakeId, "a handshake", |t| t
    .strip_prefix("h-")
    .is_some_and(|r| lower(r, 8, 32)));

fn lower(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

fn word(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A place that holds OUs and accounts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum ParentId {
    /// The root.
    Root(RootId),
    /// An OU.
    Unit(UnitId),
}

impl ParentId {
    /// Returns the parent id if the text has the form of a root's or an OU's.
    pub(crate) fn parse(text: &str) -> Option<ParentId> {
        RootId::parse(text)
            .map(ParentId::Root)
            .or_else(|| UnitId::parse(text).map(ParentId::Unit))
    }

    /// Returns the id as text.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            ParentId::Root(id) => id.as_str(),
            ParentId::Unit(id) => id.as_str(),
        }
    }
}

/// What a policy can be attached to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum TargetId {
    /// The root.
    Root(RootId),
    /// An OU.
    Unit(UnitId),
    /// An account.
    Account(AccountId),
}

impl TargetId {
    /// Returns the target id if the text has the form of a root's, an OU's or an account's.
    pub(crate) fn parse(text: &str) -> Option<TargetId> {
        match ParentId::parse(text) {
            Some(parent) => Some(TargetId::from(parent)),
            None => AccountId::parse(text).map(TargetId::Account),
        }
    }

    /// Returns the id as text.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            TargetId::Root(id) => id.as_str(),
            TargetId::Unit(id) => id.as_str(),
            TargetId::Account(id) => id.as_str(),
        }
    }
}

impl From<ParentId> for TargetId {
    fn from(parent: ParentId) -> TargetId {
        match parent {
            ParentId::Root(id) => TargetId::Root(id),
            ParentId::Unit(id) => TargetId::Unit(id),
        }
    }
}

/// Gives a composite id its text form in the state file.
macro_rules! id_text {
    ($name:ident, $what:literal) => {
        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<$name, NotAnId> {
                $name::parse(&text).ok_or(NotAnId { text, what: $what })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

id_text!(ParentId, "a root or an organizational unit");
id_text!(TargetId, "a root, an organizational unit or an account");

/// Makes new ids: the same seed gives the same ids in the same order, also across a save and a load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mint {
    seed: u64,
    made: u64,
}

impl Mint {
    /// Returns a mint that has made nothing yet.
    pub(crate) fn new(seed: u64) -> Mint {
        Mint { seed, made: 0 }
    }

    /// Returns the next number of the sequence, evenly spread over 64 bits.
    pub(crate) fn number(&mut self) -> u64 {
        self.made += 1;
        mix(self
            .seed
            .wrapping_add(self.made.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// Returns `length` characters out of `a-z0-9`.
    pub(crate) fn text(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        let mut left = 0u64;
        while text.len() < length {
            if left == 0 {
                left = self.number();
            }
            let digit = u32::try_from(left % 36).unwrap_or(0);
            text.push(char::from_digit(digit, 36).unwrap_or('0'));
            left /= 36;
        }
        text
    }

    /// Returns a fresh account id; the first digit is never zero.
    pub(crate) fn account(&mut self) -> AccountId {
        let number = 100_000_000_000 + self.number() % 900_000_000_000;
        AccountId(Arc::from(number.to_string()))
    }

    /// Returns a fresh organization id.
    pub(crate) fn organization(&mut self) -> OrganizationId {
        OrganizationId(Arc::from(format!("o-{}", self.text(10))))
    }

    /// Returns a fresh root id.
    pub(crate) fn root(&mut self) -> RootId {
        RootId(Arc::from(format!("r-{}", self.text(4))))
    }

    /// Returns a fresh OU id; its first part is the root's id without `r-` (aws-facts 1.2).
    pub(crate) fn unit(&mut self, root: &RootId) -> UnitId {
        let root = root.as_str().trim_start_matches("r-");
        UnitId(Arc::from(format!("ou-{root}-{}", self.text(8))))
    }

    /// Returns a fresh policy id.
    pub(crate) fn policy(&mut self) -> PolicyId {
        PolicyId(Arc::from(format!("p-{}", self.text(10))))
    }

    /// Returns a fresh resource policy id.
    pub(crate) fn resource_policy(&mut self) -> ResourcePolicyId {
        ResourcePolicyId(Arc::from(format!("rp-{}", self.text(8))))
    }

    /// Returns a fresh id of an account creation request.
    pub(crate) fn request(&mut self) -> RequestId {
        RequestId(Arc::from(format!("car-{}", self.text(32))))
    }

    /// Returns a fresh handshake id.
    pub(crate) fn handshake(&mut self) -> HandshakeId {
        HandshakeId(Arc::from(format!("h-{}", self.text(32))))
    }
}

/// Spreads a number over 64 bits so that neighbours look unrelated.
pub(crate) fn mix(number: u64) -> u64 {
    let mut z = number;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_forms_that_the_model_gives() {
        let mut mint = Mint::new(7);
        let root = mint.root();
        assert!(OrganizationId::parse(mint.organization().as_str()).is_some());
        assert!(RootId::parse(root.as_str()).is_some());
        let unit = mint.unit(&root);
        assert!(UnitId::parse(unit.as_str()).is_some());
        assert!(unit.as_str().starts_with(&root.as_str().replacen("r-", "ou-", 1)));
        assert!(PolicyId::parse(mint.policy().as_str()).is_some());
        assert!(RequestId::parse(mint.request().as_str()).is_some());
        assert!(HandshakeId::parse(mint.handshake().as_str()).is_some());
        assert!(ResourcePolicyId::parse(mint.resource_policy().as_str()).is_some());
        assert!(AccountId::parse(mint.account().as_str()).is_some());
    }

    #[test]
    fn text_of_another_form_is_no_id() {
        assert!(AccountId::parse("12345678901").is_none());
        assert!(UnitId::parse("ou-abcd").is_none());
        assert!(RootId::parse("r-ABCD").is_none());
        assert!(PolicyId::parse("p-short").is_none());
        assert!(TargetId::parse("x-1").is_none());
    }

    #[test]
    fn the_same_seed_makes_the_same_ids_across_a_save() {
        let mut mint = Mint::new(3);
        mint.policy();
        let text = serde_json::to_string(&mint).unwrap();
        let mut again: Mint = serde_json::from_str(&text).unwrap();
        assert_eq!(mint.policy(), again.policy());
    }
}
