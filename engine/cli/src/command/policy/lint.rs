//! `lz policy lint`: what looks wrong.

use super::files::{File, Found, read};
use crate::args::Lint as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;
use lz_model::policy_type::PolicyType;
use lz_policy::json;
use lz_policy::language::Kind;
use lz_policy::lint::{Finding, Options, Role, Severity, lint};

/// Tells every finding.
///
/// # Errors
/// Files that cannot be read, and findings that are errors.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let options = Options {
        role: args.role.as_deref().map(Role::new),
        ..Options::default()
    };
    let (mut problems, mut worst) = (Vec::new(), Exit::Done);
    for file in read(&args.paths)? {
        let policy_type = args.policy_type.unwrap_or_else(|| told_by(&file.text));
        for finding in lint(policy_type, &file.text, &options) {
            if finding.severity == Severity::Error {
                worst = Exit::Error;
            }
            problems.push(problem(&file, &finding));
        }
    }
    if worst == Exit::Done {
        context.warn(&problems)?;
        return Ok(Exit::Done);
    }
    Err(Failure {
        exit: worst,
        problems,
    })
}

fn problem(file: &File, finding: &Finding) -> crate::problem::Problem {
    let severity = match finding.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
        Severity::Note => miette::Severity::Advice,
    };
    Found::new(
        file,
        finding.code.name(),
        severity,
        &finding.message,
        &finding.suggestion,
        &finding.place,
    )
    .problem()
}

/// Returns the type that a document shows by what it holds.
fn told_by(text: &str) -> PolicyType {
    let Ok(node) = json::parse(text) else {
        return PolicyType::Scp;
    };
    let by_member = [
        ("tags", PolicyType::Tag),
        ("plans", PolicyType::Backup),
        ("services", PolicyType::AiOptOut),
        ("ec2_attributes", PolicyType::Ec2),
        ("chatbot", PolicyType::Chat),
        ("securityhub", PolicyType::SecurityHub),
        ("inspector", PolicyType::Inspector),
        ("bedrock", PolicyType::Bedrock),
        ("upgrade_rollout", PolicyType::UpgradeRollout),
        ("s3_attributes", PolicyType::S3),
    ];
    let found = by_member.into_iter().find(|(name, _)| node.get(name).is_some());
    found.map_or_else(|| Kind::of(&node).policy_type(), |(_, policy_type)| policy_type)
}
