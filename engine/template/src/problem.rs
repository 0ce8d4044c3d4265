//! What AWS would refuse about a template and the way it is used.

use crate::check;
use crate::parameter::is_secret_reference;
use crate::template::Template;
use lz_model::stack::Capability;
use std::collections::{BTreeMap, BTreeSet};

/// How a template is used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// Values of its parameters; lists have commas between their elements.
    pub parameters: BTreeMap<String, Given>,
    /// What it is allowed to do.
    pub capabilities: BTreeSet<Capability>,
    /// Whether a service-managed stack set uses it.
    pub service_managed: bool,
}

/// The value that a parameter is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// This text.
    Known(String),
    /// A text that AWS has yet to assign.
    Later,
}

/// Something that AWS would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it is about.
    pub kind: ProblemKind,
    /// The line in the template, from 1; `None` where the usage is wrong rather than the template.
    pub line: Option<usize>,
    /// What is wrong, for people: lower case, no final stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// What a problem is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The text is no template, or has parts that templates do not have.
    Malformed,
    /// The template is too large, or has too many of something.
    Limit,
    /// The template names something that it does not declare.
    UnknownName,
    /// AWS takes it or not depending on its own reader; its documentation says that it does not.
    Doubtful,
    /// A parameter without default is given no value. Its name.
    MissingParameter(String),
    /// A value is given for a parameter that the template does not declare. Its name.
    UnknownParameter(String),
    /// A parameter does not take the value that it is given. Its name.
    Value(String),
    /// A parameter that AWS hides is given its value in plain text. Its name.
    Secret(String),
    /// A service-managed stack set does not take the template.
    ServiceManaged,
    /// The template does more than it is allowed to.
    Capabilities(BTreeSet<Capability>),
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, line: Option<usize>, message: impl Into<String>) -> Self {
        Self {
            kind,
            line,
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Returns everything that AWS would refuse about a template's text and the way it is used. Text that is no
/// template has one problem.
#[must_use]
pub fn problems(text: &str, usage: &Usage) -> Vec<Problem> {
    match Template::parse(text) {
        Ok(template) => {
            let mut found = template.problems();
            found.extend(template.usage_problems(usage));
            found
        }
        Err(error) => vec![Problem::new(
            ProblemKind::Malformed,
            Some(error.line),
            error.message,
        )],
    }
}

impl Template {
    /// Returns everything that AWS would refuse about the template, however it is used.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        check::template(self)
    }

    /// Returns everything that AWS would refuse about this use of the template.
    #[must_use]
    pub fn usage_problems(&self, usage: &Usage) -> Vec<Problem> {
        let mut found = self.value_problems(&usage.parameters);
        for (name, ready) in self.ready_parameters() {
            if ready.parameter.default.is_none() && !usage.parameters.contains_key(name) {
                let message = format!("the parameter `{name}` of the template has no value");
                let help = format!("add `{name}` to `parameters`, or a `Default` to the template");
                let kind = ProblemKind::MissingParameter(name.clone());
                found.push(Problem::new(kind, None, message).help(help));
            }
        }
        if usage.service_managed
            && let Some((line, words)) = self.unfit_for_service_managed()
        {
            let message = format!("{words}, which a service-managed stack set does not take");
            found.push(
                Problem::new(ProblemKind::ServiceManaged, Some(line), message)
                    .help("expand the template before lz reads it, or set `managed_by = \"self\"`"),
            );
        }
        found.extend(self.missing_capabilities(&usage.capabilities));
        found
    }

    /// Returns what is wrong with values of some of the parameters, as an override gives them.
    #[must_use]
    pub fn value_problems(&self, values: &BTreeMap<String, Given>) -> Vec<Problem> {
        let parameters = self.ready_parameters();
        let mut found = Vec::new();
        for (name, value) in values {
            let Some(ready) = parameters.get(name) else {
                let message = format!("the template has no parameter `{name}`");
                let known: Vec<String> = parameters.keys().cloned().collect();
                let help = match known.as_slice() {
                    [] => "it has none at all".to_owned(),
                    known => format!(
                        "it has {}",
                        crate::parameter::any_of(known).replace(" or ", " and ")
                    ),
                };
                found.push(
                    Problem::new(ProblemKind::UnknownParameter(name.clone()), None, message).help(help),
                );
                continue;
            };
            let Given::Known(value) = value else { continue };
            if ready.parameter.no_echo && !value.is_empty() && !is_secret_reference(value) {
                let message = format!("the parameter `{name}` is secret, but its value stands in the spec");
                found.push(
                    Problem::new(ProblemKind::Secret(name.clone()), None, message).help(
                        "give a reference: `{{resolve:secretsmanager:...}}` or `{{resolve:ssm-secure:...}}`",
                    ),
                );
                continue;
            }
            if let Some(refusal) = ready.refusal(value) {
                let shown: String = value.chars().take(60).collect();
                let message = format!("the parameter `{name}` does not take `{shown}`: {refusal}");
                found.push(Problem::new(ProblemKind::Value(name.clone()), None, message));
            }
        }
        found
    }

    /// `CAPABILITY_NAMED_IAM` includes `CAPABILITY_IAM` (CloudFormation API Reference, "CreateStackSet").
    fn missing_capabilities(&self, given: &BTreeSet<Capability>) -> Option<Problem> {
        let missing: BTreeSet<Capability> = self
            .needs()
            .into_iter()
            .filter(|needed| {
                let wider = *needed == Capability::Iam && given.contains(&Capability::NamedIam);
                !given.contains(needed) && !wider
            })
            .collect();
        if missing.is_empty() {
            return None;
        }
        let names: Vec<&str> = missing.iter().map(|one| one.name()).collect();
        let message = format!("the template needs {}", names.join(" and "));
        let all: Vec<String> = given
            .union(&missing)
            .map(|one| format!("\"{}\"", one.name()))
            .collect();
        let help = format!("add `capabilities = [{}]`", all.join(", "));
        Some(Problem::new(ProblemKind::Capabilities(missing), None, message).help(help))
    }
}
