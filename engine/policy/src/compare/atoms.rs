//! The single facts that decide statements, and statements as formulas of them.

use super::bdd::{Bdd, Store, TooLarge, Var};
use crate::catalogue::Catalogue;
use crate::language::{
    Comparison, Condition, Policy, Quantifier, Scope, Sense, Statement, Template, Wildcards,
};
use std::collections::{BTreeMap, BTreeSet};

/// One fact about a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Atom {
    /// The resource fits a pattern.
    Resource(Template),
    /// A key is there.
    Present(String),
    /// A key has exactly one value; only for keys that can have several.
    Single(String),
    /// A key has a value that compares.
    Some(String, Operand),
    /// A key has a value that compares with none of these.
    Outside(String, Vec<Operand>),
}

/// What a value is compared with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Operand {
    pub(crate) comparison: Comparison,
    pub(crate) value: Template,
}

impl Operand {
    /// Returns the operand in the form that equal comparisons share.
    pub(crate) fn new(comparison: Comparison, value: Template) -> Self {
        let plain = value.literal().map(str::to_owned);
        match (comparison, plain) {
            (Comparison::StringLike, Some(_)) => Self {
                comparison: Comparison::StringEquals,
                value,
            },
            (Comparison::ArnEquals, _) => Self {
                comparison: Comparison::ArnLike,
                value,
            },
            (Comparison::Bool | Comparison::StringEqualsIgnoreCase, Some(text)) => Self {
                comparison,
                value: Template::parse(&text.to_lowercase(), Wildcards::No, false),
            },
            _ => Self { comparison, value },
        }
    }
}

impl Atom {
    /// Returns the condition key, or `None` for the resource.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Self::Resource(_) => None,
            Self::Present(key) | Self::Single(key) | Self::Some(key, _) | Self::Outside(key, _) => Some(key),
        }
    }

    /// Returns the keys whose values the fact depends on besides its own.
    pub(crate) fn variables(&self) -> Vec<&str> {
        match self {
            Self::Resource(template) => template.variables().collect(),
            Self::Present(_) | Self::Single(_) => Vec::new(),
            Self::Some(_, operand) => operand.value.variables().collect(),
            Self::Outside(_, operands) => operands.iter().flat_map(|o| o.value.variables()).collect(),
        }
    }
}

/// A formula.
#[derive(Debug, Clone)]
pub(crate) enum Formula {
    Atom(Atom),
    Not(Box<Formula>),
    And(Vec<Formula>),
    Or(Vec<Formula>),
}

impl Formula {
    const TRUE: Self = Self::And(Vec::new());

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Adds the facts of the formula to a set.
    pub(crate) fn collect(&self, into: &mut BTreeSet<Atom>) {
        match self {
            Self::Atom(atom) => {
                into.insert(atom.clone());
            }
            Self::Not(inner) => inner.collect(into),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.collect(into)),
        }
    }

    /// Returns the formula as a function of numbered facts.
    pub(crate) fn build(&self, store: &mut Store, numbers: &BTreeMap<Atom, Var>) -> Result<Bdd, TooLarge> {
        match self {
            Self::Atom(atom) => store.var(*numbers.get(atom).ok_or(TooLarge)?),
            Self::Not(inner) => {
                let inner = inner.build(store, numbers)?;
                store.not(inner)
            }
            Self::And(parts) => parts.iter().try_fold(Bdd::TRUE, |all, part| {
                let part = part.build(store, numbers)?;
                store.and(all, part)
            }),
            Self::Or(parts) => parts.iter().try_fold(Bdd::FALSE, |any, part| {
                let part = part.build(store, numbers)?;
                store.or(any, part)
            }),
        }
    }
}

/// Which keys can have several values in one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    several: BTreeSet<String>,
}

impl Keys {
    /// Returns what the catalogue says of the keys of these policies; a key under a quantifier has several values,
    /// whatever the catalogue says.
    pub(crate) fn of<'p>(policies: impl IntoIterator<Item = &'p Policy>) -> Self {
        let catalogue = Catalogue::built_in();
        let mut several = BTreeSet::new();
        for condition in policies.into_iter().flat_map(conditions) {
            let key = condition.lower_key();
            let quantified = condition.operator.quantifier != Quantifier::One;
            if quantified || catalogue.key(&key).is_some_and(|kind| kind.several) {
                several.insert(key);
            }
        }
        Self { several }
    }

    pub(crate) fn several(&self, key: &str) -> bool {
        self.several.contains(key)
    }
}

fn conditions(policy: &Policy) -> impl Iterator<Item = &Condition> {
    policy
        .statements
        .iter()
        .flat_map(|statement| &statement.conditions)
}

/// The keys that every request of an IAM principal has.
pub(crate) fn is_always_present(key: &str) -> bool {
    matches!(key, "aws:principalarn" | "aws:principalaccount")
}

/// Returns when a statement applies to a request whose action it names.
pub(crate) fn formula(policy: &Policy, statement: &Statement, keys: &Keys) -> Formula {
    let resource = |text: &str| {
        let template = policy.resource(text);
        let everything = Template::parse("*", Wildcards::Yes, false);
        if template == everything {
            Formula::TRUE
        } else {
            Formula::Atom(Atom::Resource(template))
        }
    };
    let any =
        |items: &Vec<crate::language::Item>| Formula::Or(items.iter().map(|i| resource(&i.text)).collect());
    let resources = match &statement.resources {
        Scope::Of(items) => any(items),
        Scope::Except(items) => any(items).not(),
    };
    let conditions = statement.conditions.iter().map(|c| condition(policy, c, keys));
    Formula::And(std::iter::once(resources).chain(conditions).collect())
}

/// Returns when a condition holds; see `evaluate::condition` for the rules.
fn condition(policy: &Policy, condition: &Condition, keys: &Keys) -> Formula {
    let key = condition.lower_key();
    let operator = condition.operator;
    let present = if is_always_present(&key) {
        Formula::TRUE
    } else {
        Formula::Atom(Atom::Present(key.clone()))
    };
    if operator.comparison == Comparison::Null {
        let asks = |item: &crate::language::Item| match item.text.to_ascii_lowercase().as_str() {
            "true" => present.clone().not(),
            "false" => present.clone(),
            _ => Formula::Or(Vec::new()),
        };
        return Formula::Or(condition.values.iter().map(asks).collect());
    }
    let operands: BTreeSet<Operand> = condition
        .values
        .iter()
        .map(|item| Operand::new(operator.comparison, policy.value(condition, &item.text)))
        .collect();
    let some = operands
        .iter()
        .map(|o| Formula::Atom(Atom::Some(key.clone(), o.clone())));
    let some = Formula::Or(some.collect());
    let several = keys.several(&key);
    let outside = || {
        let list: Vec<Operand> = operands.iter().cloned().collect();
        Formula::Atom(Atom::Outside(key.clone(), list))
    };
    let single = || Formula::Atom(Atom::Single(key.clone()));
    let holds = match (operator.quantifier, operator.sense) {
        (Quantifier::One, Sense::Is) if several => Formula::And(vec![single(), some]),
        (Quantifier::One | Quantifier::Any, Sense::Is) => some,
        (Quantifier::One, Sense::IsNot) if several => {
            let one = Formula::And(vec![single(), some.not()]);
            Formula::Or(vec![present.clone().not(), one])
        }
        (Quantifier::One | Quantifier::All, Sense::IsNot) => some.not(),
        (Quantifier::Any, Sense::IsNot) => outside(),
        (Quantifier::All, Sense::Is) => outside().not(),
    };
    if operator.if_exists {
        Formula::Or(vec![present.not(), holds])
    } else {
        holds
    }
}
