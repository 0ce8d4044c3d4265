//! Measures the evaluator: a path of five levels with the guardrails of a folder, one core.
//!
//! `cargo run --release -p lz-policy --example evaluate -- ../shared/policies/scp`

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock and prints"
)]

use lz_policy::evaluate::{Compiled, Decision, Level, Member, Path, Request};
use lz_policy::language::Policy;
use std::error::Error;
use std::path::{Path as File, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const LEVELS: usize = 5;
const ROUNDS: usize = 200_000;
const FULL: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

fn files(folder: &File, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "json") {
            found.push(path);
        }
    }
    Ok(())
}

fn path(folder: &File) -> Result<(Path, usize), Box<dyn Error>> {
    let mut found = Vec::new();
    files(folder, &mut found)?;
    found.sort();
    let full = Arc::new(Compiled::new(&Policy::detect(FULL)?));
    let mut levels: Vec<Level> = (0..LEVELS)
        .map(|index| Level {
            name: format!("level {index}"),
            policies: vec![Arc::clone(&full)],
        })
        .collect();
    let mut read = 0;
    for (index, file) in found.iter().enumerate() {
        // Placeholders such as `<my-org-id>` stay: they are texts like others.
        if let Ok(policy) = Policy::detect(&std::fs::read_to_string(file)?)
            && let Some(level) = levels.get_mut(index % LEVELS)
        {
            level.policies.push(Arc::new(Compiled::new(&policy)));
            read += 1;
        }
    }
    Ok((Path::new(levels, Member::Ordinary), read))
}

fn requests() -> Result<Vec<Request>, Box<dyn Error>> {
    let account = "111122223333";
    let principals = ["role/lz-admin", "role/dev", "user/ann", "root"];
    let actions = [
        ("s3:GetObject", "arn:aws:s3:::data/report"),
        ("s3:PutBucketPolicy", "arn:aws:s3:::data"),
        (
            "ec2:RunInstances",
            "arn:aws:ec2:eu-west-1:111122223333:instance/*",
        ),
        ("ec2:DescribeRegions", "*"),
        ("iam:CreateUser", "arn:aws:iam::111122223333:user/new"),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/x"),
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/x"),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1"),
        (
            "cloudtrail:StopLogging",
            "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t",
        ),
        (
            "lambda:InvokeFunction",
            "arn:aws:lambda:eu-west-1:111122223333:function:f",
        ),
        ("organizations:LeaveOrganization", "*"),
        (
            "guardduty:DeleteDetector",
            "arn:aws:guardduty:eu-west-1:111122223333:detector/d",
        ),
    ];
    let mut requests = Vec::new();
    for principal in principals {
        for (action, resource) in actions {
            for region in ["eu-west-1", "us-east-1"] {
                let context = [
                    ("aws:RequestedRegion", vec![region]),
                    ("aws:SecureTransport", vec!["true"]),
                    ("aws:SourceIp", vec!["203.0.113.9"]),
                    ("aws:PrincipalOrgID", vec!["o-example123"]),
                    ("aws:PrincipalTag/team", vec!["red"]),
                    ("aws:TagKeys", vec!["team", "cost"]),
                ];
                let principal = format!("arn:aws:iam::{account}:{principal}");
                requests.push(Request::new(principal, action, resource, context)?);
            }
        }
    }
    Ok(requests)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "../shared/policies/scp".to_owned());
    let (path, policies) = path(File::new(&folder))?;
    let requests = requests()?;
    let started = Instant::now();
    let (mut denied, mut count) = (0_usize, 0_usize);
    while count < ROUNDS * 10 {
        for request in &requests {
            let verdict = std::hint::black_box(path.evaluate(std::hint::black_box(request)));
            denied += usize::from(verdict.decision() == Decision::Deny);
            count += 1;
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{policies} policies on {LEVELS} levels, {} requests",
        requests.len()
    );
    println!(
        "{count} evaluations in {seconds:.2} s: {:.0} a second, {denied} denied",
        f64::from(u32::try_from(count)?) / seconds
    );
    Ok(())
}
