//! The `rollout` block: pace, waves, pauses.

use super::gate::gate;
use super::targets::targets;
use crate::check::attributes::{Placed, Reader};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::syntax::Block;
use lz_model::desired::{Rollout, StackTarget, Wave};
use lz_model::id::Region;
use lz_model::stack::{Amount, ConcurrencyMode, Pace, RegionConcurrency};
use std::collections::BTreeMap;

/// The pace of a set that does not say otherwise: a quarter of the accounts of a Region at a time, Region by Region,
/// and no new account after the first failure. AWS's own default, one account at a time, takes a day for 300
/// accounts in eight Regions.
const PACE: Pace = Pace {
    max_concurrent: Amount::Percent(25),
    failure_tolerance: Amount::Count(0),
    mode: ConcurrencyMode::Soft,
    regions: RegionConcurrency::Sequential,
};

/// The longest pause after a wave: longer ones are forgotten, not waited for.
const MAX_BAKE_SECONDS: u64 = 30 * 24 * 3_600;

/// A rollout, and the places of what its waves name.
pub(super) struct Read {
    pub(super) rollout: Rollout,
    pub(super) named: Vec<Placed<StackTarget>>,
}

/// Reads the `rollout` block of a stack set.
pub(super) fn rollout(set: &Reader<'_, '_>, home: Option<&Region>) -> Read {
    let mut read = Read {
        rollout: Rollout {
            pace: PACE,
            ..Rollout::default()
        },
        named: Vec::new(),
    };
    let kind = SPEC.block("stack_set").and_then(|set| set.block("rollout"));
    let block = set
        .body
        .blocks
        .iter()
        .find(|block| &*block.kind.text == "rollout");
    let Some((kind, block)) = kind.zip(block) else {
        return read;
    };
    let reader = set.checker.reader(kind, &block.body, set.each);
    read.rollout.pace = pace(&reader, PACE);
    read.rollout.retries = reader.count("retries").unwrap_or(0);
    if read.rollout.retries > 100 {
        let at = reader
            .attribute("retries")
            .map_or(block.header, |one| one.value.span);
        reader.error(SpecDiagnostic::new(
            Code::BadValue,
            at,
            "`retries` is 100 at most",
        ));
    }
    let waves: Vec<&Block> = block
        .body
        .blocks
        .iter()
        .filter(|inner| &*inner.kind.text == "wave")
        .collect();
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for (at, wave) in waves.iter().enumerate() {
        let Some(label) = wave.labels.first() else {
            continue;
        };
        if let Some(first) = seen.insert(&label.text, label.span) {
            let message = format!("two waves are called `{}`", label.text);
            reader.error(
                SpecDiagnostic::new(Code::DuplicateLabel, label.span, message)
                    .here("again here")
                    .also(first, "first here"),
            );
        }
        let last = at + 1 == waves.len();
        let one = self::wave(&reader, wave, last, home, &mut read);
        read.rollout.waves.extend(one);
    }
    read
}

fn wave(
    rollout: &Reader<'_, '_>,
    block: &Block,
    last: bool,
    home: Option<&Region>,
    read: &mut Read,
) -> Option<Wave> {
    let kind = SPEC.block("stack_set")?.block("rollout")?.block("wave")?;
    let reader = rollout.checker.reader(kind, &block.body, rollout.each);
    let label = block.labels.first()?;
    let error = |at: Span, message: &str, help: &str| {
        reader.error(SpecDiagnostic::new(Code::Wave, at, message).help(help));
    };
    let named = targets(&reader, "targets");
    if !last && named.as_ref().is_none_or(Vec::is_empty) {
        error(
            block.header,
            "the wave has no targets, so it takes all accounts that are left",
            "only the last wave may leave its targets out",
        );
    }
    let bake_seconds = bake(&reader);
    let gate = gate(&reader, home);
    if last {
        let at = reader.attribute("bake").map(|bake| bake.name.span);
        let at = at.filter(|_| bake_seconds.is_some_and(|seconds| seconds > 0));
        if let Some(at) = at.or_else(|| gate.as_ref().map(|(_, span)| *span)) {
            error(
                at,
                "after the last wave there is nothing to wait for",
                "take it out, or add a wave behind this one",
            );
        }
    }
    let wave = Wave {
        name: label.text.to_string(),
        targets: named.iter().flatten().map(|one| one.value.clone()).collect(),
        pace: pace(&reader, read.rollout.pace),
        bake_seconds: bake_seconds.unwrap_or(0),
        gate: gate.and_then(|(gate, _)| gate),
    };
    read.named.extend(named.into_iter().flatten());
    Some(wave)
}

fn pace(reader: &Reader<'_, '_>, base: Pace) -> Pace {
    let mode = reader.choice("concurrency_mode");
    let regions = reader.choice("region_concurrency");
    let pace = Pace {
        max_concurrent: at_least_one(reader).unwrap_or(base.max_concurrent),
        failure_tolerance: amount(reader, "failure_tolerance")
            .map_or(base.failure_tolerance, |found| found.value),
        mode: mode.as_ref().map_or(base.mode, |mode| match &*mode.value {
            "strict" => ConcurrencyMode::Strict,
            _ => ConcurrencyMode::Soft,
        }),
        regions: regions.map_or(base.regions, |regions| match &*regions.value {
            "parallel" => RegionConcurrency::Parallel,
            _ => RegionConcurrency::Sequential,
        }),
    };
    if let Some(mode) = mode {
        check_strict(reader, &pace, mode.span);
    }
    pace
}

/// In strict mode never more accounts are worked on than may fail, and one (aws-facts section 3.3).
fn check_strict(reader: &Reader<'_, '_>, pace: &Pace, span: Span) {
    let bound = match (pace.failure_tolerance, pace.max_concurrent) {
        (Amount::Count(tolerated), Amount::Count(wanted)) => wanted > tolerated.saturating_add(1),
        (Amount::Count(0) | Amount::Percent(0), Amount::Percent(_)) => true,
        (Amount::Percent(tolerated), Amount::Percent(wanted)) => wanted > tolerated.saturating_add(1),
        (Amount::Count(_), Amount::Percent(_)) | (Amount::Percent(_), Amount::Count(_)) => false,
    };
    if pace.mode == ConcurrencyMode::Strict && bound {
        let message = format!(
            "in strict mode no more accounts are worked on at a time than may fail, and one: {} is never reached with a tolerance of {}",
            pace.max_concurrent, pace.failure_tolerance
        );
        reader.error(
            SpecDiagnostic::new(Code::Pace, span, message)
                .help("raise `failure_tolerance`, or use `soft`")
                .warning(),
        );
    }
}

fn at_least_one(reader: &Reader<'_, '_>) -> Option<Amount> {
    let found = amount(reader, "max_concurrent")?;
    if matches!(found.value, Amount::Count(0) | Amount::Percent(0)) {
        let message = "`max_concurrent` is 1 or `1%` at least";
        reader.error(SpecDiagnostic::new(Code::BadValue, found.span, message));
    }
    Some(found.value)
}

fn amount(reader: &Reader<'_, '_>, name: &str) -> Option<Placed<Amount>> {
    let written = reader.known(name)?;
    match written.value.parse() {
        Ok(value) => Some(Placed {
            value,
            span: written.span,
        }),
        Err(_) => {
            let message = format!("`{}` is not a value of `{name}`", written.value);
            reader.error(
                SpecDiagnostic::new(Code::BadValue, written.span, message)
                    .help("it is a number of accounts such as `10`, or a share of them such as `\"25%\"`"),
            );
            None
        }
    }
}

fn bake(reader: &Reader<'_, '_>) -> Option<u64> {
    let written = reader.known("bake")?;
    let seconds = seconds(&written.value).filter(|seconds| *seconds <= MAX_BAKE_SECONDS);
    if seconds.is_none() {
        let message = format!("`{}` is not a value of `bake`", written.value);
        reader.error(
            SpecDiagnostic::new(Code::BadValue, written.span, message)
                .help("it is a time up to 30 days, such as `\"30m\"`, `\"1h30m\"` or `\"2d\"`"),
        );
    }
    seconds
}

/// Returns the seconds of a time such as `1h30m`: numbers, each with d, h, m or s behind it, in this order.
pub(in crate::check) fn seconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut sum: u64 = 0;
    for (unit, size) in [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)] {
        let Some((number, after)) = rest.split_once(unit) else {
            continue;
        };
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number: u64 = number.parse().ok()?;
        sum = sum.checked_add(number.checked_mul(size)?)?;
        rest = after;
    }
    (rest.is_empty() && !text.is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_numbers_with_units_from_the_longest_to_the_shortest() {
        assert_eq!(seconds("30m"), Some(1_800));
        assert_eq!(seconds("1h30m"), Some(5_400));
        assert_eq!(seconds("2d"), Some(172_800));
        assert_eq!(seconds("0s"), Some(0));
        for wrong in [
            "",
            "30",
            "m",
            "30 m",
            "1m1h",
            "1.5h",
            "-1h",
            "1h1",
            "99999999999999999999d",
            "1w",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
