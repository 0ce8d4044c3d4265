//! The blocks of Control Tower.

mod controls;
mod zone;

use crate::check::attributes::{Checker, Placed, Reader};
use crate::check::declared::Labelled;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::suggest;
use crate::value::Thing;
use lz_model::address::{Address, Name, OuAddress};
use lz_model::desired::{DesiredAccount, DesiredBaseline, DesiredTower, LandingZone, Origin};
use lz_model::tower::OuBaseline;
use std::collections::BTreeMap;

/// What the blocks of Control Tower are held against.
pub(super) struct Context<'c, 'a> {
    pub(super) checker: &'c Checker<'a>,
    pub(super) zone: Option<&'c LandingZone>,
    pub(super) accounts: &'c BTreeMap<Name, DesiredAccount>,
}

/// Reads the blocks of Control Tower.
pub(super) fn tower(context: &Context<'_, '_>, origins: &mut BTreeMap<Address, Origin>) -> DesiredTower {
    let declared = &context.checker.world.declared;
    let first = declared.control_tower.map(|block| block.header);
    let others = declared.tower_baselines.iter().chain(&declared.tower_controls);
    if let Some(header) = first.or_else(|| others.map(|block| block.header).next()) {
        need_home(context, header);
    }
    DesiredTower {
        zone: zone::zone(context, origins),
        baselines: baselines(context, origins),
        controls: controls::controls(context, origins),
    }
}

/// Control Tower works in one Region, its home, which never changes.
fn need_home(context: &Context<'_, '_>, header: Span) {
    let Some(zone) = context.zone else { return };
    let written = context.checker.world.declared.zone;
    let written = written.is_some_and(|block| block.body.attribute("home_region").is_some());
    if zone.home_region.is_none() && !written {
        let error = SpecDiagnostic::new(Code::MissingAttribute, header, "Control Tower has no home Region")
            .here("which Region is its home?")
            .help("add `home_region = \"...\"` to `landing_zone`");
        context.checker.error(error);
    }
}

type Baselines = BTreeMap<OuBaseline, BTreeMap<OuAddress, DesiredBaseline>>;

fn baselines(context: &Context<'_, '_>, origins: &mut BTreeMap<Address, Origin>) -> Baselines {
    let mut all = Baselines::new();
    let mut places: BTreeMap<(OuBaseline, OuAddress), Span> = BTreeMap::new();
    let Some(kind) = SPEC.block("baseline") else {
        return all;
    };
    for block in &context.checker.world.declared.tower_baselines {
        let reader = context.checker.reader(kind, block.body, None);
        let version = reader.known("version").map(|version| version.value.to_string());
        let targets = targets(&reader);
        let Some(baseline) = baseline(context, block) else {
            continue;
        };
        let origin = context.checker.origin(block.header);
        origins.entry(Address::Baseline(baseline)).or_insert(origin);
        for target in targets {
            claim(
                context.checker,
                &mut places,
                (baseline, target.value.clone()),
                target.span,
            );
            let wanted = DesiredBaseline {
                version: version.clone(),
            };
            all.entry(baseline).or_default().insert(target.value, wanted);
        }
    }
    refuse_two(context.checker, &places);
    all
}

fn baseline(context: &Context<'_, '_>, block: &Labelled<'_>) -> Option<OuBaseline> {
    let name = &block.label.text;
    let found = OuBaseline::from_name(name);
    if found.is_none() {
        let known: Vec<&str> = OuBaseline::ALL.iter().map(|one| one.name()).collect();
        let help = suggest::nearest(name, &known).map_or_else(
            || {
                format!(
                    "OUs can have {}; the others belong to the landing zone",
                    known.join(", ")
                )
            },
            |near| format!("did you mean `{near}`?"),
        );
        let error = SpecDiagnostic::new(
            Code::ControlTower,
            block.label.span,
            format!("OUs cannot have the baseline `{name}`"),
        );
        context.checker.error(error.help(help));
    }
    found
}

/// Reads the OUs of a block, each with its place.
fn targets(reader: &Reader<'_, '_>) -> Vec<Placed<OuAddress>> {
    if !reader.is_given("targets") {
        // Notes it where it is null.
        reader.value("targets");
        return Vec::new();
    }
    let things = reader.references("targets").unwrap_or_default();
    let ous = things.into_iter().filter_map(|found| {
        let Thing::Ou(address) = &*found.value else {
            return None;
        };
        Some(Placed {
            value: address.clone(),
            span: found.span,
        })
    });
    ous.collect()
}

/// An OU is named once for each baseline and control.
fn claim<K>(
    checker: &Checker<'_>,
    places: &mut BTreeMap<(K, OuAddress), Span>,
    key: (K, OuAddress),
    span: Span,
) where
    K: Ord + Clone + std::fmt::Display,
{
    let (what, ou) = (key.0.to_string(), key.1.to_string());
    if let Some(first) = places.insert(key, span) {
        let error = SpecDiagnostic::new(Code::DuplicateTarget, span, format!("`{ou}` has `{what}` twice"))
            .here("again here")
            .also(first, "first here")
            .help("leave one of them out");
        checker.error(error);
    }
}

/// An OU has one baseline that registers it (rule R29).
fn refuse_two(checker: &Checker<'_>, places: &BTreeMap<(OuBaseline, OuAddress), Span>) {
    for ((baseline, ou), span) in places {
        if *baseline != OuBaseline::Config {
            continue;
        }
        let other = places.get(&(OuBaseline::ControlTower, ou.clone()));
        if let Some(first) = other {
            let message =
                format!("`{ou}` cannot have both AWSControlTowerBaseline and ConfigBaseline (rule R29)");
            let error = SpecDiagnostic::new(Code::ControlTower, *span, message)
                .here("this one")
                .also(*first, "and this one")
                .help("keep one of them");
            checker.error(error);
        }
    }
}
