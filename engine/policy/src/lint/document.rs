//! All rules for one document.

use super::finding::{Finding, LintCode};
use super::{meaning, names, region, role, values};
use crate::document::minify;
use crate::inherit::Settings;
use crate::language::{Kind, Place, Policy};
use crate::limits::Limits;
use lz_model::policy_type::PolicyType;
use std::collections::BTreeSet;

/// What the rules need to know besides the document.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long policies may be.
    pub limits: Limits,
    /// The role that lz runs under, if it runs in an account that policies bind.
    pub role: Option<role::Role>,
    /// Whether statements are compared with each other, to find those without effect: that takes tens of
    /// milliseconds for each policy.
    pub compare: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::current(),
            role: None,
            compare: true,
        }
    }
}

/// Returns what looks wrong in a document, in the order of the text.
#[must_use]
pub fn lint(policy_type: PolicyType, text: &str, options: &Options) -> Vec<Finding> {
    let mut findings: Vec<Finding> = size(policy_type, text, options).into_iter().collect();
    match Kind::of_type(policy_type) {
        Some(kind) => match Policy::parse(kind, text) {
            Ok(policy) => findings.extend(policy_findings(&policy, options)),
            Err(problems) => findings.extend(problems.list().iter().map(Finding::from)),
        },
        None => {
            if let Err(problems) = Settings::parse(policy_type, text) {
                findings.extend(problems.list().iter().map(Finding::from));
            }
        }
    }
    findings.sort_by(|a, b| (a.place.start, a.code, &a.message).cmp(&(b.place.start, b.code, &b.message)));
    findings
}

fn policy_findings(policy: &Policy, options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(version(policy));
    sids(policy, &mut findings);
    names::check(policy, &mut findings);
    values::check(policy, &mut findings);
    region::check(policy, &mut findings);
    if options.compare {
        meaning::check(policy, &mut findings);
    }
    if let Some(role) = &options.role {
        role.check(policy, &mut findings);
    }
    findings
}

/// All characters of a document count (aws-facts section 5), so it is measured as lz sends it: minified.
fn size(policy_type: PolicyType, text: &str, options: &Options) -> Option<Finding> {
    let count = minify(text).ok()?.chars().count();
    let most = options.limits.of(policy_type).characters;
    let place = Place::default();
    if count > most {
        let message = format!("the policy has {count} characters without white space; {most} is the limit");
        let suggestion = "split it, shorten lists with wildcards, or let lz pack it";
        return Some(Finding::new(LintCode::TooLong, &place, message, suggestion));
    }
    if count * 10 > most * 9 {
        let message = format!("the policy has {count} of {most} characters");
        let suggestion = "plan for a second policy before the next statement";
        return Some(Finding::new(LintCode::NearlyFull, &place, message, suggestion));
    }
    None
}

/// Every policy must say its version, or `${...}` is plain text (Organizations User Guide, "SCP syntax").
fn version(policy: &Policy) -> Option<Finding> {
    policy.version.is_none().then(|| {
        Finding::new(
            LintCode::NoVersion,
            &Place::default(),
            "`Version` is missing, so `${...}` is plain text",
            "add `\"Version\": \"2012-10-17\"`",
        )
    })
}

/// Names of statements are letters and digits, each once (IAM User Guide, "IAM JSON policy elements: Sid").
fn sids(policy: &Policy, findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for statement in &policy.statements {
        let Some(sid) = &statement.sid else {
            continue;
        };
        if !sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let message = format!("the statement name `{sid}` has other characters than letters and digits");
            let suggestion = "use A-Z, a-z and 0-9 only";
            findings.push(Finding::new(
                LintCode::BadSid,
                &statement.place,
                message,
                suggestion,
            ));
        }
        if !seen.insert(sid) {
            let message = format!("two statements are called `{sid}`");
            let suggestion = "give each statement its own name, or none";
            findings.push(Finding::new(
                LintCode::DuplicateSid,
                &statement.place,
                message,
                suggestion,
            ));
        }
    }
}
