//! Policies that are written differently and are the same.

use super::operator::{Comparison, Operator};
use super::policy::{Condition, Effect, Item, Kind, Policy, Scope, Statement};
use std::collections::BTreeSet;

/// A policy without its spelling: the order of members, lists and statements, scalar or list, the case of actions,
/// keys and operators, repetitions and white space are gone. Equal forms mean the same; the reverse needs
/// [`crate::compare`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Canonical {
    kind: Kind,
    variables: bool,
    statements: BTreeSet<CanonicalStatement>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct CanonicalStatement {
    sid: Option<String>,
    body: Body,
}

/// What a statement says, without its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Body {
    pub(crate) effect: Effect,
    pub(crate) actions: Scope<BTreeSet<String>>,
    pub(crate) resources: Scope<BTreeSet<String>>,
    pub(crate) conditions: BTreeSet<CanonicalCondition>,
}

/// A condition without its spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CanonicalCondition {
    pub(crate) key: String,
    pub(crate) operator: Operator,
    pub(crate) values: BTreeSet<String>,
}

impl Policy {
    /// Returns the policy without its spelling.
    #[must_use]
    pub fn canonical(&self) -> Canonical {
        let statements = self.statements.iter().map(|statement| CanonicalStatement {
            sid: statement.sid.clone(),
            body: self.body(statement),
        });
        Canonical {
            kind: self.kind,
            variables: self.has_variables(),
            statements: statements.collect(),
        }
    }

    /// Returns what a statement of this policy says.
    pub(crate) fn body(&self, statement: &Statement) -> Body {
        let lower = |items: &Vec<Item>| items.iter().map(|i| i.text.to_ascii_lowercase()).collect();
        let plain = |items: &Vec<Item>| items.iter().map(|i| i.text.clone()).collect();
        let conditions = statement.conditions.iter().map(CanonicalCondition::new);
        Body {
            effect: statement.effect,
            actions: statement.actions.map(lower),
            resources: statement.resources.map(plain),
            conditions: conditions.collect(),
        }
    }
}

impl CanonicalCondition {
    fn new(condition: &Condition) -> Self {
        let mut operator = condition.operator;
        // `ArnEquals` and `ArnLike` behave identically (IAM User Guide, "ARN condition operators").
        if operator.comparison == Comparison::ArnEquals {
            operator.comparison = Comparison::ArnLike;
        }
        // Truth values ignore case.
        let lower = matches!(operator.comparison, Comparison::Bool | Comparison::Null);
        let values = condition.values.iter().map(|item| {
            if lower {
                item.text.to_ascii_lowercase()
            } else {
                item.text.clone()
            }
        });
        Self {
            key: condition.lower_key(),
            operator,
            values: values.collect(),
        }
    }
}
