//! What looks wrong in the spec's policies, once for each finding.

use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Level, Place, Problem};
use lz_model::address::Address;
use lz_model::desired::{Desired, Origin};
use lz_model::plan::{Action, Plan, Step};
use lz_model::policy_type::PolicyType;
use lz_plan::future::Future;
use lz_policy::lint::{Finding, Options, Role, Severity, lint};
use std::collections::{BTreeMap, BTreeSet};

/// The most documents whose statements are compared with each other: it takes tens of milliseconds for each.
const MOST_COMPARED: usize = 100;

/// Shows everything that looks wrong in the policies and packs of a spec.
///
/// # Errors
/// What AWS would refuse.
pub(crate) fn check(context: &Context<'_>, desired: &Desired) -> Result<(), Failure> {
    tell(context, documents(desired), Notes::Told)
}

/// Shows what looks wrong in the policies that a plan writes; the others are in force as they are.
///
/// # Errors
/// What AWS would refuse.
pub(crate) fn check_plan(context: &Context<'_>, desired: &Desired, plan: &Plan) -> Result<(), Failure> {
    let writes = |step: &&Step| {
        matches!(
            step.action,
            Action::CreatePolicy { .. } | Action::UpdatePolicy { content: Some(_), .. }
        )
    };
    let written: BTreeSet<&Address> = plan
        .steps
        .iter()
        .filter(writes)
        .map(|step| &step.address)
        .collect();
    if written.is_empty() {
        return Ok(());
    }
    // The policies of a pack have its label.
    let packs: BTreeSet<&str> = written
        .iter()
        .filter_map(|address| {
            let Address::Policy(name) = address else {
                return None;
            };
            Some(name.label.as_str())
        })
        .collect();
    let mut documents = documents(desired);
    documents.retain(|document| match (&document.address, document.guardrail) {
        (Address::Policy(name), Some(_)) => packs.contains(name.label.as_str()),
        (address, _) => written.contains(address),
    });
    tell(context, documents, Notes::LeftOut)
}

/// Whether notes are told beside errors and warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notes {
    Told,
    LeftOut,
}

fn tell(context: &Context<'_>, documents: Vec<Document>, notes: Notes) -> Result<(), Failure> {
    let options = Options {
        role: context.global.role_arn.as_deref().map(Role::new),
        compare: documents.len() <= MOST_COMPARED,
        ..Options::default()
    };
    let (errors, others): (Vec<Problem>, Vec<Problem>) = problems(documents, &options)
        .into_iter()
        .filter(|problem| notes == Notes::Told || problem.level != Level::Advice)
        .partition(|problem| problem.level == Level::Error);
    if !others.is_empty() {
        context.warn(&others)?;
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(Failure {
        exit: Exit::SpecWrong,
        problems: errors,
    })
}

/// A document of the spec, and what it is called.
struct Document {
    address: Address,
    origin: Option<Origin>,
    policy_type: PolicyType,
    text: String,
    /// Which guardrail of a pack it is, from 1.
    guardrail: Option<usize>,
}

/// Returns the documents as they are written: packing leaves names out and merges statements.
fn documents(desired: &Desired) -> Vec<Document> {
    // Ids that are not known yet are made up, in AWS's forms.
    let future = Future::of_spec(desired);
    let policies = desired.policies.iter().map(|(name, policy)| {
        let address = Address::Policy(name.clone());
        Document {
            origin: desired.origin(&address).cloned(),
            address,
            policy_type: policy.policy_type,
            text: future.ids().filled(&policy.content),
            guardrail: None,
        }
    });
    let packs = desired.packs.iter().flat_map(|(name, pack)| {
        let ids = future.ids();
        pack.guardrails
            .iter()
            .enumerate()
            .map(move |(index, content)| Document {
                address: Address::Policy(name.clone()),
                origin: pack.origin.clone(),
                policy_type: pack.policy_type,
                text: ids.filled(content),
                guardrail: Some(index + 1),
            })
    });
    policies.chain(packs).collect()
}

/// Objects of one `for_each` have the same faults at the same places: the first is told, and how many more there are.
fn problems(documents: Vec<Document>, options: &Options) -> Vec<Problem> {
    let mut told: Vec<(Problem, usize)> = Vec::new();
    let mut known: BTreeMap<(&'static str, Option<Origin>, String), usize> = BTreeMap::new();
    let mut linted: BTreeMap<(PolicyType, String), Vec<Finding>> = BTreeMap::new();
    for document in documents {
        let text = (document.policy_type, document.text.clone());
        let findings = linted
            .entry(text)
            .or_insert_with(|| lint(document.policy_type, &document.text, options));
        let address = document.address.to_string();
        for finding in findings.iter() {
            let place = format!("{:?}{}", document.guardrail, finding.place.pointer);
            let key = (finding.code.name(), document.origin.clone(), place);
            let first = known.get(&key).and_then(|at| told.get_mut(*at));
            match first {
                Some((first, more)) if first.address.as_ref() != Some(&address) => *more += 1,
                Some(_) | None => {
                    known.insert(key, told.len());
                    told.push((problem(&document, finding), 0));
                }
            }
        }
    }
    let counted = |(mut problem, more): (Problem, usize)| {
        if more > 0 {
            problem.message.push_str(&format!(" (and so in {more} more)"));
        }
        problem
    };
    told.into_iter().map(counted).collect()
}

fn problem(document: &Document, finding: &Finding) -> Problem {
    let level = match finding.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Note => Level::Advice,
    };
    let guardrail = document.guardrail.map(|number| format!("guardrail {number}: "));
    let place = |origin: &Origin| Place {
        file: origin.file.clone(),
        line: origin.line,
        column: origin.column,
    };
    let message = format!(
        "{}{}{}",
        guardrail.unwrap_or_default(),
        statement(&document.text, &finding.place.pointer),
        finding.message
    );
    Problem {
        level,
        address: Some(document.address.to_string()),
        place: document.origin.as_ref().map(place),
        ..Problem::new(finding.code.name(), message).help(finding.suggestion.as_str())
    }
}

/// Returns which statement a place lies in: by its name, or by its number from 1.
fn statement(text: &str, pointer: &str) -> String {
    let mut steps = pointer.split('/').skip(1);
    if steps.next() != Some("Statement") {
        return String::new();
    }
    let number: usize = steps
        .next()
        .and_then(|step| step.parse().ok())
        .unwrap_or_default();
    let sid = serde_json::from_str::<serde_json::Value>(text)
        .ok()
        .and_then(|document| {
            let sid = document
                .pointer(&format!("/Statement/{number}/Sid"))
                .or_else(|| document.pointer("/Statement/Sid"));
            sid.and_then(|sid| sid.as_str().map(str::to_owned))
        });
    match sid {
        Some(sid) => format!("statement `{sid}`: "),
        None => format!("statement {}: ", number + 1),
    }
}
