//! All actions, in classes that the same statements name.

use super::strings::{Found, Steps, find};
use crate::catalogue::Catalogue;
use crate::evaluate::ActionIndex;
use crate::language::{Policy, Scope};
use crate::pattern::{Glob, Token};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The number of a class.
pub(crate) type ClassId = usize;

/// Actions that the same statements name.
#[derive(Debug)]
pub(crate) struct Class {
    /// The statements, by number, in order.
    pub(crate) statements: Vec<u32>,
    /// The actions, by number in the universe.
    pub(crate) actions: Vec<u32>,
    /// Whether resource control policies leave it alone.
    pub(crate) retires_grants: bool,
}

/// One action.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    /// As it is shown.
    pub(crate) name: String,
    /// In lower case.
    pub(crate) lower: String,
    /// Whether it is made up to stand for those that nobody lists.
    pub(crate) made_up: bool,
}

/// Every action that can make a difference.
#[derive(Debug)]
pub(crate) struct Universe {
    pub(crate) actions: Vec<Action>,
    pub(crate) classes: Vec<Class>,
    /// The classes that each statement names.
    pub(crate) of_statement: Vec<Vec<ClassId>>,
    /// Patterns of the policies, in lower case, with the spelling of the first.
    pub(crate) patterns: BTreeMap<String, String>,
}

/// The most pairs of patterns for which an action that fits both is made up.
const MAX_PAIRS: usize = 400;

impl Universe {
    /// Sorts all actions into classes. Statements are numbered through all policies.
    pub(crate) fn new<'p>(policies: impl Iterator<Item = &'p Policy> + Clone) -> Self {
        let statements = || policies.clone().flat_map(|policy| &policy.statements);
        let mut patterns = BTreeMap::new();
        let (mut named, mut excepted, mut excepting) =
            (ActionIndex::default(), ActionIndex::default(), Vec::new());
        let mut count = 0_u32;
        for statement in statements() {
            for item in statement.actions.list() {
                patterns
                    .entry(item.text.to_ascii_lowercase())
                    .or_insert_with(|| item.text.clone());
            }
            match &statement.actions {
                Scope::Of(items) => items.iter().for_each(|i| named.add(&i.text, count)),
                Scope::Except(items) => {
                    excepting.push(count);
                    items.iter().for_each(|i| excepted.add(&i.text, count));
                }
            }
            count = count.saturating_add(1);
        }
        let actions = every_action(&patterns);
        let mut classes: Vec<Class> = Vec::new();
        let mut known: HashMap<(Vec<u32>, bool), ClassId> = HashMap::new();
        for (number, action) in (0_u32..).zip(&actions) {
            let mut left_out = Vec::new();
            excepted.visit(&action.lower, |statement| left_out.push(statement));
            left_out.sort_unstable();
            let mut statements: Vec<u32> = Vec::new();
            named.visit(&action.lower, |statement| statements.push(statement));
            let not_left_out = excepting.iter().filter(|s| left_out.binary_search(s).is_err());
            statements.extend(not_left_out);
            statements.sort_unstable();
            statements.dedup();
            let retires_grants = action.lower == "kms:retiregrant";
            let class = *known
                .entry((statements, retires_grants))
                .or_insert_with_key(|key| {
                    classes.push(Class {
                        statements: key.0.clone(),
                        actions: Vec::new(),
                        retires_grants,
                    });
                    classes.len() - 1
                });
            if let Some(class) = classes.get_mut(class) {
                class.actions.push(number);
            }
        }
        let mut of_statement = vec![Vec::new(); usize::try_from(count).unwrap_or_default()];
        for (id, class) in classes.iter().enumerate() {
            for statement in &class.statements {
                let slot = usize::try_from(*statement)
                    .ok()
                    .and_then(|s| of_statement.get_mut(s));
                slot.into_iter().for_each(|slot| slot.push(id));
            }
        }
        Self {
            actions,
            classes,
            of_statement,
            patterns,
        }
    }
}

/// The catalogue's actions, those that policies name, and made-up ones.
fn every_action(patterns: &BTreeMap<String, String>) -> Vec<Action> {
    let mut all: BTreeMap<String, (String, bool)> = BTreeMap::new();
    for service in Catalogue::built_in().services() {
        for name in &service.actions {
            let name = format!("{}:{name}", service.prefix);
            all.insert(name.to_ascii_lowercase(), (name, false));
        }
        let other = format!("{}:unlisted", service.prefix);
        all.insert(other.clone(), (other, true));
    }
    all.insert(
        "unlisted:unlisted".to_owned(),
        ("unlisted:unlisted".to_owned(), true),
    );
    let is_wild = |text: &str| text.contains(['*', '?']);
    for (lower, written) in patterns.iter().filter(|(lower, _)| lower.contains(':')) {
        if is_wild(lower) {
            for made in [lower.replace('*', "unlisted"), lower.replace('*', "")] {
                let made = made.replace('?', "x");
                let whole = made
                    .split_once(':')
                    .is_some_and(|(s, n)| !s.is_empty() && !n.is_empty());
                if whole {
                    all.entry(made.clone()).or_insert((made, true));
                }
            }
        } else {
            all.entry(lower.clone())
                .or_insert_with(|| (written.clone(), false));
            let service = lower.split_once(':').map_or("", |(service, _)| service);
            let other = format!("{service}:unlisted");
            all.entry(other.clone()).or_insert((other, true));
        }
    }
    for made in overlaps(patterns) {
        all.entry(made.clone()).or_insert((made, true));
    }
    let action = |(lower, (name, made_up))| Action { name, lower, made_up };
    all.into_iter().map(action).collect()
}

/// Actions that fit two patterns of one service at once.
fn overlaps(patterns: &BTreeMap<String, String>) -> Vec<String> {
    let wild: Vec<&String> = patterns
        .keys()
        .filter(|p| p.contains(':') && p.contains(['*', '?']) && !p.ends_with(":*"))
        .collect();
    let steps = |pattern: &str| Steps {
        tokens: pattern
            .chars()
            .map(|c| match c {
                '*' => Token::Any,
                '?' => Token::One,
                c => Token::Char(c),
            })
            .collect(),
        fold: false,
    };
    let mut made = Vec::new();
    let pairs = wild.iter().enumerate().flat_map(|(i, one)| {
        let later = wild.get(i + 1..).unwrap_or_default();
        later.iter().map(move |other| (*one, *other))
    });
    for (one, other) in pairs.take(MAX_PAIRS) {
        if let Found::Text(text) = find(&[steps(one), steps(other)], &[])
            && text
                .split_once(':')
                .is_some_and(|(s, n)| !s.is_empty() && !n.is_empty())
        {
            made.push(text);
        }
    }
    made
}

impl Universe {
    /// Returns the fewest patterns found that name exactly these actions: all, whole services, patterns that policies
    /// use, then single actions. A made-up action stands for the pattern `service:*` without its listed actions.
    pub(crate) fn patterns_for(&self, wanted: &BTreeSet<u32>) -> Vec<String> {
        if wanted.len() == self.actions.len() {
            return vec!["*".to_owned()];
        }
        let mut rest = wanted.clone();
        let mut found: Vec<String> = Vec::new();
        let mut candidates: Vec<(String, Vec<u32>)> = self
            .candidates(wanted)
            .into_iter()
            .map(|pattern| (self.named_by(&pattern), pattern))
            .filter(|(named, _)| named.len() > 1 && named.iter().all(|action| wanted.contains(action)))
            .map(|(named, pattern)| (pattern, named))
            .collect();
        candidates.sort_by(|a, b| (b.1.len(), &a.0).cmp(&(a.1.len(), &b.0)));
        for (pattern, named) in candidates {
            if named.iter().any(|action| rest.contains(action)) {
                named.iter().for_each(|action| {
                    rest.remove(action);
                });
                found.push(self.patterns.get(&pattern).cloned().unwrap_or(pattern));
            }
        }
        let singles = rest.iter().filter_map(|number| self.action(*number));
        found.extend(singles.map(|action| action.name.clone()));
        found.sort_by_key(|pattern| (!pattern.contains('*'), pattern.to_ascii_lowercase()));
        found
    }

    /// Patterns that could name part of a set: those of policies, and the services of its actions.
    fn candidates(&self, wanted: &BTreeSet<u32>) -> BTreeSet<String> {
        let names = wanted.iter().filter_map(|number| self.action(*number));
        let services = names.map(|action| action.lower.split(':').next().unwrap_or_default().to_owned());
        let services: BTreeSet<String> = services.collect();
        let of_policies = self.patterns.keys().filter(|p| p.contains(['*', '?']));
        services
            .iter()
            .map(|s| format!("{s}:*"))
            .chain(of_policies.cloned())
            .collect()
    }

    pub(crate) fn action(&self, number: u32) -> Option<&Action> {
        self.actions.get(usize::try_from(number).ok()?)
    }

    /// The actions of a pattern in lower case. Actions are sorted, so those of one service lie together.
    fn named_by(&self, pattern: &str) -> Vec<u32> {
        let glob = Glob::of_text(pattern);
        let prefix: String = pattern.chars().take_while(|c| !matches!(c, '*' | '?')).collect();
        let start = self.actions.partition_point(|action| action.lower < prefix);
        let from = self.actions.get(start..).unwrap_or_default();
        (0_u32..)
            .skip(start)
            .zip(from)
            .take_while(|(_, action)| action.lower.starts_with(&prefix))
            .filter(|(_, action)| glob.matches(&action.lower))
            .map(|(number, _)| number)
            .collect()
    }
}
