//! Writes into the binary which commit it was built from, and when that commit was made.
//!
//! `LZ_COMMIT` and `SOURCE_DATE_EPOCH` win over git, so that a package is built from an archive, or built again, to the
//! same bytes. Debug builds name no commit: they would be linked anew after each one, for nobody's benefit. A checkout
//! without git, or no git at all, is no error; the version is then the number alone.

use std::env;
use std::path::Path;
use std::process::Command;

const SECONDS_A_DAY: i64 = 86_400;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=LZ_COMMIT");
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    let release = variable("PROFILE").as_deref() == Some("release");
    let commit = variable("LZ_COMMIT").or_else(|| release.then(commit).flatten());
    let day = variable("SOURCE_DATE_EPOCH")
        .and_then(|seconds| seconds.parse().ok())
        .map(day)
        .or_else(|| commit.as_deref().and_then(committed));
    let detail: Vec<String> = [commit, day.clone()].into_iter().flatten().collect();
    let version = variable("CARGO_PKG_VERSION").unwrap_or_default();
    let version = match detail.is_empty() {
        true => version,
        false => format!("{version} ({})", detail.join(", ")),
    };
    println!("cargo::rustc-env=LZ_VERSION={version}");
    println!("cargo::rustc-env=LZ_DAY={}", day.unwrap_or_default());
}

/// Returns a variable that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "build scripts are given their inputs in the environment"
)]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Returns the commit that is checked out, and has cargo look again when another one is.
fn commit() -> Option<String> {
    // A crate that cargo has copied elsewhere must not take the commit of a repository that happens to be around it.
    git(&["ls-files", "--error-unmatch", "build.rs"])?;
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    // The log of HEAD grows with every commit, also where the branch itself has no file of its own yet.
    for name in ["HEAD", "logs/HEAD", "packed-refs"]
        .into_iter()
        .chain(branch.as_deref())
    {
        let path = git(&["rev-parse", "--git-path", name])?;
        // Cargo takes a path that is not there for one that has changed, and would run this each time.
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&["rev-parse", "--short=12", "HEAD"])
}

/// Returns the day of a commit, as in 2026-11-30.
fn committed(commit: &str) -> Option<String> {
    let seconds = git(&["log", "-1", "--format=%ct", commit])?;
    seconds.parse().ok().map(day)
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// Returns the day of a moment, in UTC, by the civil calendar.
fn day(seconds: i64) -> String {
    // Years begin in March here, so that a leap day is a year's last; 719,468 days lie between 1 March of year 0 and 1970.
    let days = seconds.div_euclid(SECONDS_A_DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
