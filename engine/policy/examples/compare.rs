//! Measures the comparison: 10,000 accounts, 5 levels, 200 policies, one of them changed.
//!
//! `cargo run --release -p lz-policy --example compare -- ../shared/policies/scp`

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock and prints"
)]

use lz_policy::compare::{Comparer, Levels, sentences};
use lz_policy::language::Policy;
use std::error::Error;
use std::path::{Path as File, PathBuf};
use std::time::Instant;

const POLICIES: usize = 200;
const ACCOUNTS: usize = 10_000;
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

/// Full access, then 199 policies: the published ones again and again, each time with other exceptions.
fn policies(folder: &File) -> Result<Vec<Policy>, Box<dyn Error>> {
    let mut found = Vec::new();
    files(folder, &mut found)?;
    found.sort();
    let texts: Vec<String> = found
        .iter()
        .map(std::fs::read_to_string)
        .collect::<Result<_, _>>()?;
    let mut policies = vec![Policy::detect(FULL)?];
    let mut round = 0;
    while policies.len() < POLICIES {
        for text in &texts {
            let text = text
                .replace("[PRIVILEGED_ROLE]", &format!("admin-{round}-*"))
                .replace("${Account}", "*")
                .replace(
                    "eu-central-1",
                    if round % 2 == 0 {
                        "eu-central-1"
                    } else {
                        "us-east-1"
                    },
                );
            if policies.len() < POLICIES
                && let Ok(policy) = Policy::detect(&text)
            {
                policies.push(policy);
            }
        }
        round += 1;
    }
    Ok(policies)
}

/// A tree of five levels: ten OUs on each level below the root, one level below the other, each with policies of its own.
fn levels(account: usize, changed: usize) -> Levels {
    let mut levels = vec![vec![0, 1, 2, changed]];
    let mut unit = account % 200;
    for depth in 1..4 {
        levels.push(vec![
            0,
            3 + (unit * 7 + depth) % 190,
            3 + (unit * 13 + depth * 5) % 190,
        ]);
        unit /= 4;
    }
    levels.push(if account.is_multiple_of(10) {
        vec![0, 3 + account / 10 % 190]
    } else {
        vec![0]
    });
    levels
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "../shared/policies/scp".to_owned());
    let mut policies = policies(File::new(&folder))?;
    let which: usize = std::env::args().nth(2).unwrap_or_default().parse().unwrap_or(20);
    let old = policies.get(which).ok_or("no such policy")?.to_text();
    let new = Policy::detect(&old.replacen("admin-0-*", "other-*", 1))?;
    policies.push(new);
    let started = Instant::now();
    let mut comparer = Comparer::new(policies);
    println!("made ready in {:.2} s", started.elapsed().as_secs_f64());
    let accounts = (0..ACCOUNTS).map(|n| (n, levels(n, which), levels(n, POLICIES)));
    let groups = comparer.compare_all(accounts)?;
    println!(
        "{ACCOUNTS} accounts in {:.2} s, {} different answers",
        started.elapsed().as_secs_f64(),
        groups.len()
    );
    for group in groups.iter().take(3) {
        println!("{} accounts:", group.accounts.len());
        for sentence in sentences(&group.difference).iter().take(4) {
            println!("  {sentence}");
        }
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status")
        && let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM"))
    {
        println!("{peak}");
    }
    Ok(())
}
