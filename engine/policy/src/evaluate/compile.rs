//! Policies made ready for many requests.

use super::condition::Test;
use super::request::Request;
use crate::language::{Effect, Item, Kind, Policy, Scope, Statement, Template};
use crate::pattern::{ResourcePattern, tokens};

/// A policy made ready.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub(crate) kind: Kind,
    pub(crate) statements: Vec<CompiledStatement>,
}

#[derive(Debug, Clone)]
pub(crate) struct CompiledStatement {
    pub(crate) effect: Effect,
    pub(crate) sid: Option<String>,
    /// As texts: the index of a path reads them.
    pub(crate) actions: Scope<Vec<String>>,
    resources: Scope<Vec<Resource>>,
    tests: Vec<Test>,
}

#[derive(Debug, Clone)]
enum Resource {
    Fixed(ResourcePattern),
    Variable(Template),
}

impl Compiled {
    /// Makes a policy ready.
    #[must_use]
    pub fn new(policy: &Policy) -> Self {
        let statements = policy.statements.iter();
        Self {
            kind: policy.kind,
            statements: statements.map(|s| CompiledStatement::new(policy, s)).collect(),
        }
    }

    /// Returns the kind of the policy.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }
}

impl CompiledStatement {
    fn new(policy: &Policy, statement: &Statement) -> Self {
        let texts = |items: &Vec<Item>| items.iter().map(|item| item.text.clone()).collect();
        let resource = |text: &str| {
            let template = policy.resource(text);
            if template.variables().next().is_some() {
                Resource::Variable(template)
            } else {
                Resource::Fixed(ResourcePattern::new(&tokens(template.pieces())))
            }
        };
        Self {
            effect: statement.effect,
            sid: statement.sid.clone(),
            actions: statement.actions.map(texts),
            resources: statement
                .resources
                .map(|items| items.iter().map(|item| resource(&item.text)).collect()),
            tests: statement
                .conditions
                .iter()
                .map(|c| Test::new(policy, c))
                .collect(),
        }
    }

    /// Returns whether the statement speaks of a request whose action it is known to name.
    pub(crate) fn applies(&self, request: &Request) -> bool {
        let named = |list: &Vec<Resource>| list.iter().any(|resource| resource.matches(request));
        let resource = match &self.resources {
            Scope::Of(list) => named(list),
            Scope::Except(list) => !named(list),
        };
        resource && self.tests.iter().all(|test| test.holds(request))
    }
}

impl Resource {
    fn matches(&self, request: &Request) -> bool {
        match self {
            Self::Fixed(pattern) => pattern.matches(request.resource()),
            Self::Variable(template) => template
                .resolve(|key| request.value(key))
                .is_some_and(|pieces| ResourcePattern::new(&tokens(&pieces)).matches(request.resource())),
        }
    }
}
