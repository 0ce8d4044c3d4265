//! What the end of an operation means: done, to be tried again, or failed.

use super::follow::Ended;
use crate::report::Failure;
use lz_model::id::{AccountId, Region};
use lz_model::stack::Pace;
use lz_provider::{
    InstanceOutcome, InstanceResult, Kind, OperationStatus, SetFilter, SetOperation, SetTargets, SetWork,
};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the stacks that are not what they should be: failed, or not begun because others failed.
pub(super) fn unfinished(results: &[InstanceResult]) -> Vec<&InstanceResult> {
    results
        .iter()
        .filter(|result| result.outcome != InstanceOutcome::Succeeded)
        .collect()
}

/// Returns operations for exactly these stacks: accounts that miss the same Regions share one.
pub(super) fn again(operation: &SetOperation, unfinished: &[&InstanceResult]) -> Vec<SetOperation> {
    let mut regions: BTreeMap<&AccountId, BTreeSet<&Region>> = BTreeMap::new();
    for result in unfinished {
        regions.entry(&result.account).or_default().insert(&result.region);
    }
    let mut groups: BTreeMap<BTreeSet<&Region>, Vec<AccountId>> = BTreeMap::new();
    for (account, regions) in regions {
        groups.entry(regions).or_default().push(account.clone());
    }
    groups
        .into_iter()
        .map(|(missing, accounts)| SetOperation {
            work: work_again(&operation.work),
            targets: match &operation.targets {
                SetTargets::Named(_) => SetTargets::Named(accounts),
                SetTargets::Ous { ous, .. } => SetTargets::Ous {
                    ous: ous.clone(),
                    filter: SetFilter::Only(accounts),
                },
            },
            // The order of Regions stays as the plan has it.
            regions: operation
                .regions
                .iter()
                .filter(|region| missing.contains(region))
                .cloned()
                .collect(),
            ..operation.clone()
        })
        .collect()
}

/// The set keeps a new definition even if the operation fails, and a stack whose creation failed is an outdated
/// instance (aws-facts sections 3.3 and 3.4): updating it without a new definition tries again.
fn work_again(work: &SetWork) -> SetWork {
    match work {
        SetWork::Create { .. } | SetWork::Update { .. } => SetWork::Update { definition: None },
        SetWork::Override { .. } | SetWork::Delete { .. } | SetWork::DetectDrift => work.clone(),
    }
}

/// Returns whether the failures of every Region stay within the tolerance, which counts accounts per Region
/// (CloudFormation API Reference, "StackSetOperationPreferences").
pub(super) fn is_tolerated(pace: Pace, results: &[InstanceResult], status: OperationStatus) -> bool {
    if status != OperationStatus::Succeeded {
        return false;
    }
    let mut regions: BTreeMap<&Region, (usize, usize)> = BTreeMap::new();
    for result in results {
        let (failed, all) = regions.entry(&result.region).or_default();
        *all += 1;
        *failed += usize::from(result.outcome != InstanceOutcome::Succeeded);
    }
    regions
        .values()
        .all(|(failed, all)| *failed <= pace.failure_tolerance.of(*all))
}

/// Returns what failed, stack by stack: `111122223333 eu-west-1: reason`.
pub(super) fn details(unfinished: &[&InstanceResult]) -> Vec<String> {
    unfinished
        .iter()
        .map(|result| {
            let reason = match (&result.reason, result.outcome) {
                (Some(reason), _) => reason.clone(),
                (None, InstanceOutcome::Cancelled | InstanceOutcome::Pending) => "not begun".to_owned(),
                (None, InstanceOutcome::Failed | InstanceOutcome::Running | InstanceOutcome::Succeeded) => {
                    "AWS gave no reason".to_owned()
                }
            };
            format!("{} {}: {reason}", result.account, result.region)
        })
        .collect()
}

/// Returns the failure of an operation that left stacks behind.
pub(super) fn failure(ended: &Ended, unfinished: &[&InstanceResult], expected: usize) -> Failure {
    let total = ended.results.len().max(expected);
    let (code, words) = if ended.stopped {
        ("stopped", "stopped at your request")
    } else {
        match ended.state.status {
            OperationStatus::Stopped => ("stopped", "somebody stopped the operation"),
            OperationStatus::Succeeded
            | OperationStatus::Failed
            | OperationStatus::Queued
            | OperationStatus::Running
            | OperationStatus::Stopping => ("incomplete", "not every stack is as it should be"),
        }
    };
    let mut message = format!("{words}: {} of {total} stacks are not done", unfinished.len());
    if let Some(reason) = &ended.state.reason {
        message.push_str(&format!(" ({reason})"));
    }
    Failure {
        kind: Kind::Incomplete,
        operation: "cloudformation".to_owned(),
        code: code.to_owned(),
        message,
        request_id: None,
        details: details(unfinished).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lz_model::stack::{Amount, StackSetKey};
    use lz_provider::SetHandle;

    fn result(account: u64, region: &str, outcome: InstanceOutcome) -> InstanceResult {
        InstanceResult {
            account: format!("{account:012}").parse().unwrap(),
            region: region.parse().unwrap(),
            outcome,
            reason: None,
        }
    }

    fn operation(work: SetWork) -> SetOperation {
        SetOperation {
            set: SetHandle::own(StackSetKey {
                region: "eu-west-1".parse().unwrap(),
                name: "detection".to_owned(),
            }),
            token: "t".to_owned(),
            work,
            targets: SetTargets::Ous {
                ous: vec!["ou-ab12-12345678".to_owned().try_into().unwrap()],
                filter: SetFilter::All,
            },
            regions: ["us-east-1", "eu-west-1"].map(|r| r.parse().unwrap()).to_vec(),
            pace: Pace::default(),
        }
    }

    #[test]
    fn only_what_failed_is_tried_again_in_as_few_operations_as_possible() {
        use InstanceOutcome::{Cancelled, Failed, Succeeded};
        let results = [
            result(1, "eu-west-1", Failed),
            result(1, "us-east-1", Succeeded),
            result(2, "eu-west-1", Failed),
            result(3, "eu-west-1", Cancelled),
            result(3, "us-east-1", Failed),
        ];
        let create = operation(SetWork::Create {
            overrides: BTreeMap::new(),
        });
        let again = again(&create, &unfinished(&results));
        let told: Vec<_> = again
            .iter()
            .map(|operation| {
                let SetTargets::Ous {
                    filter: SetFilter::Only(accounts),
                    ..
                } = &operation.targets
                else {
                    panic!("{operation:?}")
                };
                (accounts.len(), operation.regions.len())
            })
            .collect();
        assert_eq!(told, [(2, 1), (1, 2)]);
        assert!(
            again
                .iter()
                .all(|operation| matches!(operation.work, SetWork::Update { definition: None }))
        );
        assert_eq!(
            again[1].regions[0].as_str(),
            "us-east-1",
            "the order of Regions stays"
        );
    }

    #[test]
    fn tolerance_counts_accounts_in_each_region() {
        use InstanceOutcome::{Failed, Succeeded};
        let pace = Pace {
            failure_tolerance: Amount::Count(1),
            ..Pace::default()
        };
        let spread = [
            result(1, "eu-west-1", Failed),
            result(2, "eu-west-1", Succeeded),
            result(1, "us-east-1", Failed),
            result(2, "us-east-1", Succeeded),
        ];
        assert!(is_tolerated(pace, &spread, OperationStatus::Succeeded));
        assert!(!is_tolerated(pace, &spread, OperationStatus::Failed));
        let both = [result(1, "eu-west-1", Failed), result(2, "eu-west-1", Failed)];
        assert!(!is_tolerated(pace, &both, OperationStatus::Succeeded));
    }
}
