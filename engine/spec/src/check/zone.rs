//! The `landing_zone` and `safety` blocks.

use super::attributes::{Checker, Placed, Reader};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::syntax::{Body, ExprKind};
use lz_model::desired::{LandingZone, Safety};
use lz_model::id::{AccountId, Region};
use std::sync::Arc;

/// Reads the `landing_zone` block.
pub(super) fn zone(checker: &Checker<'_>) -> Option<LandingZone> {
    let Some(block) = checker.world.declared.zone else {
        checker.error(
            SpecDiagnostic::without_place(Code::MissingZone, "the spec has no `landing_zone` block")
                .help("add `landing_zone \"<name>\" {}`; the name marks what belongs to this spec"),
        );
        return None;
    };
    check_zone_name(checker, &block.label.text, block.label.span);
    let reader = checker.reader(SPEC.block("landing_zone")?, block.body, None);
    Some(LandingZone {
        name: block.label.text.to_string(),
        management_account: account_id(&reader, "management_account").map(|id| id.value),
        home_region: reader
            .known("home_region")
            .and_then(|region| self::region(&reader, &region)),
        regions: regions(&reader, "regions"),
        administration_regions: regions(&reader, "administration_regions").into_iter().collect(),
    })
}

/// The name is the value of a tag, so it must be one (aws-facts section 1.2).
fn check_zone_name(checker: &Checker<'_>, name: &str, span: Span) {
    let fits = (1..=128).contains(&name.chars().count())
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if !fits {
        let message = format!("`{name}` cannot be the name of a landing zone");
        checker.error(
            SpecDiagnostic::new(Code::BadLabel, span, message)
                .help("use 1 to 128 letters, digits, `_`, `-` and `.`"),
        );
    }
}

/// Reads a list of Regions, each of them once.
pub(super) fn regions(reader: &Reader<'_, '_>, name: &str) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for written in reader.texts(name).unwrap_or_default() {
        let Some(region) = region(reader, &written) else {
            continue;
        };
        if regions.contains(&region) {
            let message = format!("the Region `{region}` stands twice");
            reader.error(
                SpecDiagnostic::new(Code::BadRegion, written.span, message).help("leave one of them out"),
            );
        } else {
            regions.push(region);
        }
    }
    regions
}

/// Reads a Region.
pub(super) fn region(reader: &Reader<'_, '_>, written: &Placed<Arc<str>>) -> Option<Region> {
    let region = written.value.parse().ok();
    if region.is_none() {
        let message = format!("`{}` is not a Region", written.value);
        reader.error(SpecDiagnostic::new(Code::BadRegion, written.span, message).help("such as `eu-west-1`"));
    }
    region
}

/// Reads an account id. A number that lost its leading zero is told apart from a typing error.
pub(super) fn account_id(reader: &Reader<'_, '_>, name: &str) -> Option<Placed<AccountId>> {
    let attribute = reader.attribute(name)?;
    let found = if let ExprKind::Number { written, .. } = &attribute.value.kind {
        Placed {
            value: Arc::clone(written),
            span: attribute.value.span,
        }
    } else {
        reader.known(name)?
    };
    if let Ok(id) = found.value.parse() {
        return Some(Placed {
            value: id,
            span: found.span,
        });
    }
    let written = &*found.value;
    let message = format!("`{written}` is not an account id: it has 12 digits");
    let error = SpecDiagnostic::new(Code::AccountId, found.span, message);
    let digits = written.bytes().all(|b| b.is_ascii_digit());
    reader.error(if digits && (1..12).contains(&written.len()) {
        let number = matches!(attribute.value.kind, ExprKind::Number { .. });
        error.help(if number {
            format!("quote it: a number loses its leading zeros, perhaps \"{written:0>12}\"")
        } else {
            format!("it has {} digits", written.len())
        })
    } else if written.len() == 14 && written.split('-').count() == 3 {
        error.help(format!(
            "write it without dashes: \"{}\"",
            written.replace('-', "")
        ))
    } else {
        error.help("write the 12 digits in quotes")
    });
    None
}

/// Reads the `safety` block.
pub(super) fn safety(checker: &Checker<'_>) -> Safety {
    let Some((block, kind)) = checker.world.declared.safety.zip(SPEC.block("safety")) else {
        return Safety::default();
    };
    let body: &Body = &block.body;
    let reader = checker.reader(kind, body, None);
    Safety {
        max_removals: reader.count("max_removals"),
        max_closures: reader.count("max_closures"),
        max_moves: reader.count("max_moves"),
    }
}
