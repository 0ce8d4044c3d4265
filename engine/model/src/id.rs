//! Ids that AWS assigns and names that AWS prescribes: parsed once, never empty.
//!
//! Patterns: botocore model of Organizations, as collected in aws-facts section 1.2.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that is not a valid id: what was expected and what was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not {expected}")]
pub struct IdError {
    /// What the text should have been, with an article: "an account id (12 digits)".
    pub expected: &'static str,
    /// The text as it was given.
    pub given: String,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(String);

        impl $name {
            /// Returns the id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                let check: fn(&str) -> bool = $check;
                if check(&text) {
                    Ok(Self(text))
                } else {
                    Err(IdError { expected: $expected, given: text })
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

id!(
    /// An AWS account id: 12 digits, kept as text because a leading zero counts.
    AccountId, "an account id (12 digits)", |t| t.len() == 12 && t.bytes().all(|b| b.is_ascii_digit())
);
id!(
    /// An organization id, `o-` and 10 to 32 lower-case letters or digits.
    OrganizationId, "an organization id (o-...)", |t| tail(t, "o-", 10, 32)
);
id!(
    /// A root id, `r-` and 4 to 32 lower-case letters or digits.
    RootId, "a root id (r-...)", |t| tail(t, "r-", 4, 32)
);
id!(
    /// An organizational unit id, `ou-<root>-<unit>`.
    OuId, "an organizational unit id (ou-...)", |t| {
        t.strip_prefix("ou-").and_then(|rest| rest.split_once('-')).is_some_and(|(root, unit)| {
            lower_alphanumeric(root, 4, 32) && lower_alphanumeric(unit, 8, 32)
        })
    }
);
id!(
    /// A policy id, `p-` and 8 to 128 letters, digits or underscores.
    PolicyId, "a policy id (p-...)", |t| {
        t.strip_prefix("p-").is_some_and(|rest| {
            (8..=128).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
    }
);
id!(
    /// An Amazon Resource Name, `arn:<partition>:<service>:...` with six parts.
    Arn, "an ARN (arn:partition:service:region:account:resource)", |t| {
        t.starts_with("arn:") && t.splitn(6, ':').count() == 6 && !t.ends_with(':')
    }
);
id!(
    /// An AWS Region code such as `ap-northeast-1`.
    Region, "a Region code (such as eu-west-1)", |t| {
        t.split('-').count() >= 3
            && t.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
            && t.bytes().next_back().is_some_and(|b| b.is_ascii_digit())
    }
);
id!(
    /// A service principal such as `guardduty.amazonaws.com`.
    ServicePrincipal, "a service principal (such as guardduty.amazonaws.com)", |t| {
        t.len() <= 128
            && (t.ends_with(".amazonaws.com") || t.ends_with(".amazon.com") || t.ends_with(".amazonaws.com.cn"))
            && t.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
    }
);

fn tail(text: &str, prefix: &str, least: usize, most: usize) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|rest| lower_alphanumeric(rest, least, most))
}

fn lower_alphanumeric(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// An account's root e-mail address. Compares case-insensitively, hides itself in `Debug`.
///
/// Rules: botocore model, Organizations shape `Email` (aws-facts section 1.2).
#[derive(Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Email(String);

impl Email {
    /// Returns the address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the form that identifies the account: lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl TryFrom<String> for Email {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        if is_email(&text) {
            Ok(Self(text))
        } else {
            Err(IdError {
                expected: "an e-mail address that AWS takes (6 to 64 ASCII characters)",
                given: text,
            })
        }
    }
}

impl std::str::FromStr for Email {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::try_from(text.to_owned())
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(hidden)")
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Email {}

impl PartialOrd for Email {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Email {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    (6..=64).contains(&text.len())
        && !local.is_empty()
        && !local.starts_with('.')
        && local
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"\"'()<>[]:;,\\|%&@`".contains(&b))
        && domain.contains('.')
        && domain
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
        && ![".", "-"]
            .iter()
            .any(|edge| domain.starts_with(edge) || domain.ends_with(edge))
}

/// A sum of ids is written as the id that it holds.
macro_rules! shown_as_text {
    ($name:ident) => {
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// What holds accounts and OUs: the root or an OU.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum ParentId {
    /// The organization's root.
    Root(RootId),
    /// An organizational unit.
    Ou(OuId),
}

impl ParentId {
    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Root(id) => id.as_str(),
            Self::Ou(id) => id.as_str(),
        }
    }
}

impl TryFrom<String> for ParentId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        match RootId::try_from(text) {
            Ok(root) => Ok(Self::Root(root)),
            Err(not_root) => OuId::try_from(not_root.given)
                .map(Self::Ou)
                .map_err(|error| IdError {
                    expected: "a root or OU id",
                    ..error
                }),
        }
    }
}

shown_as_text!(ParentId);

/// What a policy can be attached to: the root, an OU or an account.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum TargetId {
    /// The organization's root.
    Root(RootId),
    /// An organizational unit.
    Ou(OuId),
    /// An account.
    Account(AccountId),
}

impl TargetId {
    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Root(id) => id.as_str(),
            Self::Ou(id) => id.as_str(),
            Self::Account(id) => id.as_str(),
        }
    }
}

impl From<ParentId> for TargetId {
    fn from(id: ParentId) -> Self {
        match id {
            ParentId::Root(id) => Self::Root(id),
            ParentId::Ou(id) => Self::Ou(id),
        }
    }
}

impl TryFrom<String> for TargetId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        match ParentId::try_from(text) {
            Ok(parent) => Ok(parent.into()),
            Err(not_parent) => AccountId::try_from(not_parent.given)
                .map(Self::Account)
                .map_err(|error| IdError {
                    expected: "a root, OU or account id",
                    ..error
                }),
        }
    }
}

shown_as_text!(TargetId);

/// What can carry tags: the root, an OU, an account or a policy (Organizations shape `TaggableResourceId`).
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum ResourceId {
    /// A root, an OU or an account.
    Target(TargetId),
    /// A policy.
    Policy(PolicyId),
}

impl ResourceId {
    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Target(id) => id.as_str(),
            Self::Policy(id) => id.as_str(),
        }
    }
}

impl TryFrom<String> for ResourceId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        match TargetId::try_from(text) {
            Ok(target) => Ok(Self::Target(target)),
            Err(not_target) => PolicyId::try_from(not_target.given)
                .map(Self::Policy)
                .map_err(|error| IdError {
                    expected: "a root, OU, account or policy id",
                    ..error
                }),
        }
    }
}

shown_as_text!(ResourceId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_id_keeps_its_leading_zero_and_refuses_eleven_digits() {
        assert_eq!(
            "012345678901".parse::<AccountId>().unwrap().as_str(),
            "012345678901"
        );
        let error = "12345678901".parse::<AccountId>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`12345678901` is not an account id (12 digits)"
        );
    }

    #[test]
    fn ids_follow_the_patterns_of_the_service_model() {
        assert!("ou-ab12-abcdefgh".parse::<OuId>().is_ok());
        assert!("ou-ab12-short".parse::<OuId>().is_err());
        assert!("p-FullAWSAccess".parse::<PolicyId>().is_ok());
        assert!("r-ab".parse::<RootId>().is_err());
        assert!("o-abcdefghij".parse::<OrganizationId>().is_ok());
        assert!("eu-west-1".parse::<Region>().is_ok());
        assert!("europe".parse::<Region>().is_err());
        assert!("guardduty.amazonaws.com".parse::<ServicePrincipal>().is_ok());
        assert!("guardduty".parse::<ServicePrincipal>().is_err());
    }

    #[test]
    fn emails_compare_without_case_and_hide_in_debug() {
        let a: Email = "Aws+Audit@Example.com".parse().unwrap();
        let b: Email = "aws+audit@example.com".parse().unwrap();
        assert_eq!(a, b);
        assert_eq!(format!("{a:?}"), "Email(hidden)");
        for bad in [
            "a@b",
            ".a@example.com",
            "a b@example.com",
            "a@example",
            "a@-example.com",
            "é@example.com",
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_target_id_is_told_apart_by_its_form() {
        assert!(matches!(
            TargetId::try_from("r-ab12".to_owned()).unwrap(),
            TargetId::Root(_)
        ));
        assert!(matches!(
            TargetId::try_from("ou-ab12-abcdefgh".to_owned()).unwrap(),
            TargetId::Ou(_)
        ));
        assert!(matches!(
            TargetId::try_from("111122223333".to_owned()).unwrap(),
            TargetId::Account(_)
        ));
        assert!(TargetId::try_from("x".to_owned()).is_err());
    }
}
