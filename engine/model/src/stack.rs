//! The vocabulary of CloudFormation that the spec, the live organization and the plan share.

use crate::id::Region;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a template may do beyond plain resources (CloudFormation shape `Capability`).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub enum Capability {
    /// IAM resources.
    #[serde(rename = "CAPABILITY_IAM")]
    Iam,
    /// IAM resources with names of their own.
    #[serde(rename = "CAPABILITY_NAMED_IAM")]
    NamedIam,
    /// Macros and transforms.
    #[serde(rename = "CAPABILITY_AUTO_EXPAND")]
    AutoExpand,
}

impl Capability {
    /// Every capability.
    pub const ALL: [Self; 3] = [Self::Iam, Self::NamedIam, Self::AutoExpand];

    /// Returns AWS's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Iam => "CAPABILITY_IAM",
            Self::NamedIam => "CAPABILITY_NAMED_IAM",
            Self::AutoExpand => "CAPABILITY_AUTO_EXPAND",
        }
    }

    /// Returns the capability with this name of AWS's.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A number of accounts, or a share of them. Prints and parses as `10` or `25%`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Amount {
    /// So many accounts.
    Count(u32),
    /// So many accounts of a hundred, 0 to 100.
    Percent(u8),
}

/// A text that is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is neither a number of accounts such as 10 nor a share of them such as 25%")]
pub struct AmountError {
    /// The text as it was given.
    pub given: String,
}

impl Amount {
    /// Returns how many accounts of `accounts` are meant. A share is rounded down (CloudFormation API
    /// Reference, "StackSetOperationPreferences").
    #[must_use]
    pub fn of(self, accounts: usize) -> usize {
        match self {
            Self::Count(count) => usize::try_from(count).unwrap_or(usize::MAX),
            Self::Percent(percent) => accounts.saturating_mul(usize::from(percent)) / 100,
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let error = || AmountError {
            given: text.to_owned(),
        };
        match text.strip_suffix('%') {
            Some(percent) => {
                let percent: u8 = percent.parse().map_err(|_| error())?;
                (percent <= 100)
                    .then_some(Self::Percent(percent))
                    .ok_or_else(error)
            }
            None => text.parse().map(Self::Count).map_err(|_| error()),
        }
    }
}

impl TryFrom<String> for Amount {
    type Error = AmountError;

    fn try_from(text: String) -> Result<Self, AmountError> {
        text.parse()
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> String {
        amount.to_string()
    }
}

/// How an operation behaves while accounts fail (CloudFormation shape `ConcurrencyMode`).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ConcurrencyMode {
    /// Never more at a time than may still fail: failures cannot exceed the tolerance.
    #[default]
    Strict,
    /// As many at a time as wanted: failures can exceed the tolerance before the operation stops.
    Soft,
}

/// Whether Regions are worked on one after another.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RegionConcurrency {
    /// One Region at a time, in the order given.
    #[default]
    Sequential,
    /// All at once.
    Parallel,
}

/// How fast an operation goes, and how much may fail. Both amounts are per Region (CloudFormation API
/// Reference, "StackSetOperationPreferences").
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Pace {
    /// The most accounts at a time; a share is at least one account.
    pub max_concurrent: Amount,
    /// The most accounts that may fail.
    pub failure_tolerance: Amount,
    /// What failures do to the concurrency.
    pub mode: ConcurrencyMode,
    /// Whether Regions are worked on at once.
    pub regions: RegionConcurrency,
}

impl Default for Pace {
    /// Returns AWS's own defaults: one account at a time, nothing may fail, Regions in turn.
    fn default() -> Self {
        Self {
            max_concurrent: Amount::Count(1),
            failure_tolerance: Amount::Count(0),
            mode: ConcurrencyMode::Strict,
            regions: RegionConcurrency::Sequential,
        }
    }
}

impl Pace {
    /// The widest pace that is safe for going back: every account of every Region at once, and a failure in
    /// one account does not keep the others from being repaired.
    pub const WIDEST: Self = Self {
        max_concurrent: Amount::Percent(100),
        failure_tolerance: Amount::Percent(100),
        mode: ConcurrencyMode::Soft,
        regions: RegionConcurrency::Parallel,
    };

    /// Returns how many of `accounts` are worked on at a time in one Region, at least 1 (CloudFormation User
    /// Guide, "Choosing the Concurrency Mode": in strict mode never more than may fail, and one).
    #[must_use]
    pub fn at_a_time(&self, accounts: usize) -> usize {
        let wanted = self.max_concurrent.of(accounts).max(1);
        match self.mode {
            ConcurrencyMode::Strict => wanted.min(self.failure_tolerance.of(accounts).saturating_add(1)),
            ConcurrencyMode::Soft => wanted,
        }
    }
}

/// What must hold before the next wave begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Gate {
    /// A command that must end with success; run without a shell, in the spec's directory.
    Command {
        /// The program and its arguments.
        command: Vec<String>,
    },
    /// A CloudWatch alarm that must not be in the state ALARM.
    Alarm {
        /// The alarm's name.
        name: String,
        /// Its Region.
        region: Region,
    },
    /// A person's yes.
    Approval {
        /// What the person is asked.
        question: String,
    },
}

/// What identifies a stack set of the organization: names are unique in the management account and Region,
/// where the sets of delegated administrators live too (aws-facts section 3.2).
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct StackSetKey {
    /// The administration Region.
    pub region: Region,
    /// The name.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_prints_as_it_is_written() {
        for text in ["0", "10", "0%", "25%", "100%"] {
            assert_eq!(text.parse::<Amount>().unwrap().to_string(), text);
        }
        for text in ["", "%", "101%", "-1", "1.5", "ten", "5 %"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_share_of_accounts_is_rounded_down() {
        assert_eq!(Amount::Percent(25).of(303), 75);
        assert_eq!(Amount::Percent(1).of(99), 0);
        assert_eq!(Amount::Count(7).of(3), 7);
    }

    #[test]
    fn strict_concurrency_is_bounded_by_the_tolerance() {
        let strict = Pace {
            max_concurrent: Amount::Percent(50),
            failure_tolerance: Amount::Count(4),
            ..Pace::default()
        };
        assert_eq!(strict.at_a_time(100), 5);
        let soft = Pace {
            mode: ConcurrencyMode::Soft,
            ..strict
        };
        assert_eq!(soft.at_a_time(100), 50);
        assert_eq!(soft.at_a_time(1), 1, "a share is at least one account");
        assert_eq!(Pace::default().at_a_time(100), 1);
    }
}
