//! The vocabulary of IAM Identity Center that the spec, the live organization and the plan share.

use crate::id::{Arn, Region};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The instance of IAM Identity Center that a landing zone works with.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Center {
    /// The Region that it lives in.
    pub region: Region,
    /// Its ARN.
    pub instance: Arn,
}

/// Who gets access: a user or a group of the identity store, by the name that people know. Prints as `group platform`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Principal {
    /// User or group.
    pub kind: PrincipalKind,
    /// A group's `DisplayName`, a user's `UserName`.
    pub name: String,
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.name)
    }
}

/// A sort of principal (IAM Identity Center API Reference, `PrincipalType`).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// A group.
    Group,
    /// A user.
    User,
}

impl PrincipalKind {
    /// Returns AWS's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Group => "GROUP",
            Self::User => "USER",
        }
    }

    /// Returns the kind with this name of AWS's.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Group, Self::User]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// Returns the word for people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::User => "user",
        }
    }
}

/// A policy that every account must have by itself, under this path and name. Prints as `/ops/name`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct CustomerPolicy {
    /// The path, `/` where it has none of its own.
    pub path: String,
    /// The name.
    pub name: String,
}

impl fmt::Display for CustomerPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "/" => f.write_str(&self.name),
            path => write!(f, "{path}{}", self.name),
        }
    }
}

/// The most that a permission set may allow, whatever its policies say.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// A policy of AWS's, by its ARN.
    Managed(Arn),
    /// A policy of the account's.
    Customer(CustomerPolicy),
}

impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Managed(arn) => f.write_str(short_policy(arn)),
            Self::Customer(policy) => policy.fmt(f),
        }
    }
}

/// Returns the name at the end of a policy's ARN: `ReadOnlyAccess`.
#[must_use]
pub fn short_policy(arn: &Arn) -> &str {
    arn.as_str().rsplit('/').next().unwrap_or(arn.as_str())
}

/// Returns a number of seconds as AWS writes a session's length: `PT8H`, `PT1H30M`.
#[must_use]
pub fn session_text(seconds: u32) -> String {
    let mut text = "PT".to_owned();
    for (unit, letter) in [(3_600, 'H'), (60, 'M'), (1, 'S')] {
        let rest = match unit {
            3_600 => seconds,
            60 => seconds % 3_600,
            _ => seconds % 60,
        };
        if rest / unit > 0 {
            text.push_str(&format!("{}{letter}", rest / unit));
        }
    }
    if seconds == 0 {
        text.push_str("0S");
    }
    text
}

/// Returns the seconds of a session's length as AWS writes it (ISO 8601, hours down to seconds, and days).
#[must_use]
pub fn session_seconds(text: &str) -> Option<u32> {
    let rest = text.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').unwrap_or((rest, ""));
    let mut total: u32 = 0;
    for (part, units) in [
        (days, &[('D', 86_400)][..]),
        (time, &[('H', 3_600), ('M', 60), ('S', 1)][..]),
    ] {
        let mut part = part;
        for (letter, unit) in units {
            let Some((number, after)) = part.split_once(*letter) else {
                continue;
            };
            total = total.checked_add(number.parse::<u32>().ok()?.checked_mul(*unit)?)?;
            part = after;
        }
        if !part.is_empty() {
            return None;
        }
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_read_as_it_is_written() {
        for seconds in [3_600, 5_400, 28_800, 43_200, 3_661, 0] {
            assert_eq!(session_seconds(&session_text(seconds)), Some(seconds));
        }
        assert_eq!(session_text(28_800), "PT8H");
        assert_eq!(session_seconds("P1DT1H"), Some(90_000));
        assert_eq!(session_seconds("PT90M"), Some(5_400));
        for bad in ["", "8h", "PT", "PTxH", "PT1H2X", "PT99999999999H"] {
            assert!(
                session_seconds(bad).is_none_or(|seconds| bad == "PT" && seconds == 0),
                "{bad}"
            );
        }
    }

    #[test]
    fn policies_are_called_by_their_short_names() {
        let arn: Arn = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
            .parse()
            .unwrap();
        assert_eq!(Boundary::Managed(arn).to_string(), "ViewOnlyAccess");
        let plain = CustomerPolicy {
            path: "/".to_owned(),
            name: "deny".to_owned(),
        };
        assert_eq!(plain.to_string(), "deny");
    }
}
