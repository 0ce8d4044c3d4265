//! Faults on demand: which call goes wrong, and how.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::settings::{Seconds, StackFault};

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The call is refused as throttled, whatever its bucket holds.
    Throttle,
    /// The call is answered with this error and has no effect.
    Fail {
        /// The error code, for example `ServiceException`.
        code: String,
        /// The HTTP status, for example 500.
        status: u16,
    },
    /// The call takes effect, then the connection drops before the answer.
    LoseReply,
    /// The call takes longer.
    Delay {
        /// By how much, in AWS seconds.
        seconds: Seconds,
    },
    /// The caller is gone before the call takes effect.
    Crash,
    /// The call takes effect, then the caller is gone.
    CrashAfter,
}

/// Which call goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    /// The call with this number; the first one is 1.
    Call(u64),
    /// The call of one operation with this number among the calls of that operation.
    Operation {
        /// `service:Operation`, or only the operation.
        name: String,
        /// The first one is 1.
        nth: u64,
    },
    /// Every call whose number is a multiple of this.
    Every(u64),
}

/// One fault and its moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which call.
    pub at: When,
    /// What happens.
    pub fault: Fault,
}

/// A list of faults; calls are counted from the moment the twin gets the script.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultScript {
    /// The rules; of several that fit a call, the first applies.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Stacks that fail, whoever's call has set them off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stacks: Vec<StackFault>,
}

/// Text that is no fault script.
#[derive(Debug, thiserror::Error)]
#[error("the fault script is not usable: {0}")]
pub struct FaultScriptError(#[from] serde_json::Error);

impl FaultScript {
    /// Returns the script that a JSON object describes.
    ///
    /// # Errors
    /// When the text is not JSON, or has an unknown name or a wrong type.
    pub fn from_json(text: &str) -> Result<FaultScript, FaultScriptError> {
        Ok(serde_json::from_str(text)?)
    }

    /// Returns the script with nothing in it.
    #[must_use]
    pub fn none() -> FaultScript {
        FaultScript::default()
    }

    /// Returns the script that makes call number `n` go wrong; the first call is 1.
    #[must_use]
    pub fn at_call(n: u64, fault: Fault) -> FaultScript {
        FaultScript {
            rules: vec![Rule {
                at: When::Call(n),
                fault,
            }],
            stacks: Vec::new(),
        }
    }

    /// Returns the fault of a call: its number among all calls, its operation, its number among those.
    pub(crate) fn fault_of(&self, call: u64, operation: &str, nth: u64) -> Option<&Fault> {
        self.rules
            .iter()
            .find(|rule| rule.at.fits(call, operation, nth))
            .map(|rule| &rule.fault)
    }
}

impl When {
    fn fits(&self, call: u64, operation: &str, number: u64) -> bool {
        match self {
            When::Call(n) => *n == call,
            When::Every(n) => *n > 0 && call.is_multiple_of(*n),
            When::Operation { name, nth } => {
                let bare = operation.split_once(':').map_or(operation, |(_, bare)| bare);
                (name == operation || name == bare) && *nth == number
            }
        }
    }
}

/// Why a call has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionLost {
    /// The call took effect, but its answer was lost on the way.
    #[error("the connection was closed before the answer arrived")]
    Reply,
    /// The fault script ended the caller at this call.
    #[error("the fault script ended the caller at this call")]
    Crashed,
}

/// What a call must do about its fault, apart from refusals.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    pub(crate) delay: Duration,
    pub(crate) before: Option<Fault>,
    pub(crate) after: Option<ConnectionLost>,
}

impl Plan {
    /// Returns what to do about a fault, sorted by before and after the effect.
    pub(crate) fn of(fault: Option<&Fault>) -> Plan {
        let mut plan = Plan {
            delay: Duration::ZERO,
            before: None,
            after: None,
        };
        match fault {
            None => {}
            Some(Fault::Delay { seconds }) => plan.delay = seconds.duration(),
            Some(Fault::LoseReply) => plan.after = Some(ConnectionLost::Reply),
            Some(Fault::CrashAfter) => plan.after = Some(ConnectionLost::Crashed),
            Some(before @ (Fault::Throttle | Fault::Fail { .. } | Fault::Crash)) => {
                plan.before = Some(before.clone());
            }
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_as_json() {
        let script = FaultScript::from_json(
            r#"{"rules": [
                {"at": {"call": 3}, "fault": "throttle"},
                {"at": {"operation": {"name": "CreateAccount", "nth": 2}}, "fault": "lose_reply"},
                {"at": {"every": 10}, "fault": {"fail": {"code": "ServiceException", "status": 500}}},
                {"at": {"call": 5}, "fault": {"delay": {"seconds": 2.5}}}
            ]}"#,
        )
        .unwrap();
        assert_eq!(
            script.fault_of(3, "organizations:ListRoots", 1),
            Some(&Fault::Throttle)
        );
        assert_eq!(
            script.fault_of(4, "organizations:CreateAccount", 2),
            Some(&Fault::LoseReply)
        );
        assert!(matches!(
            script.fault_of(20, "sts:AssumeRole", 1),
            Some(Fault::Fail { .. })
        ));
        assert!(matches!(
            script.fault_of(5, "sts:AssumeRole", 1),
            Some(Fault::Delay { .. })
        ));
        assert_eq!(script.fault_of(6, "organizations:CreateAccount", 1), None);
    }

    #[test]
    fn an_unknown_fault_is_refused() {
        let error = FaultScript::from_json(r#"{"rules": [{"at": {"call": 1}, "fault": "explode"}]}"#);
        assert!(error.unwrap_err().to_string().contains("explode"));
    }

    #[test]
    fn of_two_rules_that_fit_the_first_applies() {
        let rule = |fault| Rule {
            at: When::Call(1),
            fault,
        };
        let script = FaultScript {
            rules: vec![rule(Fault::Crash), rule(Fault::Throttle)],
            stacks: Vec::new(),
        };
        assert_eq!(script.fault_of(1, "x", 1), Some(&Fault::Crash));
    }
}
