//! Statements that can never match, and statements that change nothing.

use super::finding::{Finding, LintCode};
use crate::compare::{Comparer, Levels};
use crate::language::{Effect, Kind, Policy};

/// The most statements of a policy for which every one is tried left out.
const MOST: usize = 100;

/// Returns the policy that allows everything.
pub(super) fn full_access() -> Option<Policy> {
    Policy::parse(Kind::Scp, Kind::Scp.full_access()).ok()
}

pub(super) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    let count = policy.statements.len();
    if count > MOST {
        return;
    }
    let without = |index: usize| {
        let mut less = policy.clone();
        if index < less.statements.len() {
            less.statements.remove(index);
        }
        less
    };
    let only = |index: usize| {
        let mut alone = policy.clone();
        alone.statements = policy.statements.get(index).cloned().into_iter().collect();
        alone
    };
    // 0: full access; 1: the policy; then without each statement; then each statement alone.
    let mut policies: Vec<Policy> = full_access().into_iter().collect();
    policies.push(policy.clone());
    policies.extend((0..count).map(without));
    policies.extend((0..count).map(only));
    let mut comparer = Comparer::new(policies);
    let allows = policy.statements.iter().any(|s| s.effect == Effect::Allow) && policy.kind == Kind::Scp;
    let beside = |numbers: &[usize]| -> Levels {
        let full = if allows { &[][..] } else { &[0][..] };
        vec![full.iter().chain(numbers).copied().collect()]
    };
    for (index, statement) in policy.statements.iter().enumerate() {
        let alone = 2 + count + index;
        let nothing = match statement.effect {
            Effect::Deny => comparer.compare(&vec![vec![0]], &vec![vec![0, alone]]),
            Effect::Allow if policy.kind == Kind::Rcp => continue,
            Effect::Allow => comparer.compare(&vec![vec![]], &vec![vec![alone]]),
        };
        if nothing.is_ok_and(|difference| difference.is_equal()) {
            findings.push(Finding::new(
                LintCode::NeverMatches,
                &statement.place,
                "this statement never matches: its conditions or resources exclude each other",
                "correct the conditions, or leave the statement out",
            ));
            continue;
        }
        let same = comparer.compare(&beside(&[1]), &beside(&[2 + index]));
        if count > 1 && same.is_ok_and(|difference| difference.is_equal()) {
            findings.push(Finding::new(
                LintCode::Redundant,
                &statement.place,
                "this statement changes nothing: the others say it already",
                "leave it out",
            ));
        }
    }
}
