//! What stack sets and stacks have in common: names, Regions, capabilities.

use super::depends::Needs;
use super::template::Templates;
use crate::check::attributes::{Checker, Placed, Reader};
use crate::check::declared::Labelled;
use crate::check::objects::stack_name;
use crate::check::world::{Instances, each};
use crate::check::zone;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::Scope;
use crate::source::Span;
use crate::value::Value;
use lz_model::address::Name;
use lz_model::desired::{DesiredAccount, DesiredOrganization, LandingZone};
use lz_model::id::Region;
use lz_model::stack::{Capability, StackSetKey};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What stack sets and stacks are held against.
pub(in crate::check) struct Context<'c, 'a> {
    pub(in crate::check) checker: &'c Checker<'a>,
    pub(in crate::check) zone: Option<&'c LandingZone>,
    pub(in crate::check) organization: Option<&'c DesiredOrganization>,
    pub(in crate::check) accounts: &'c BTreeMap<Name, DesiredAccount>,
    pub(in crate::check) templates: Templates,
    /// What waits for what, among stack sets and stacks.
    pub(in crate::check) needs: RefCell<Needs>,
}

impl Context<'_, '_> {
    /// Returns the Regions of the landing zone; none where the spec does not say.
    pub(super) fn zone_regions(&self) -> &[Region] {
        self.zone.map_or(&[], |zone| &zone.regions)
    }

    /// Returns whether a declared account is known to be the management account.
    pub(super) fn is_management(&self, account: &DesiredAccount) -> bool {
        let management = self.zone.and_then(|zone| zone.management_account.as_ref());
        management.is_some() && account.id.as_ref() == management
    }
}

/// Calls `add` for each object of each block of a kind.
pub(in crate::check) fn for_each_object<'a>(
    checker: &Checker<'a>,
    kind: &str,
    mut add: impl FnMut(Labelled<'a>, &Name, Option<&Value>),
) {
    for (label, block) in checker.world.declared.labelled(kind) {
        let instances = checker.world.instances(
            checker.evaluator,
            &format!("{kind}.{label}"),
            block.body,
            &Scope::EMPTY,
            block.label.span,
        );
        match checker.noted(instances) {
            None => {}
            Some(Instances::Single) => add(*block, &Name::new(*label), None),
            Some(Instances::Each(elements)) => {
                for (key, value) in elements.iter() {
                    add(*block, &Name::keyed(*label, &**key), Some(&each(key, value)));
                }
            }
        }
    }
}

/// Returns the name in AWS.
pub(super) fn name(
    reader: &Reader<'_, '_>,
    block: Labelled<'_>,
    address: &Name,
    what: &str,
) -> Option<Placed<String>> {
    let (value, span) = match reader.known("name") {
        Some(name) => (name.value.to_string(), name.span),
        None if reader.is_given("name") => return None,
        None => (stack_name(address), block.label.span),
    };
    if let Some(error) = bad_name(&value, what, span) {
        reader.error(error);
    }
    Some(Placed { value, span })
}

/// What AWS takes as a name (aws-facts section 3.1); Control Tower's own stack sets are never touched.
fn bad_name(name: &str, what: &str, span: Span) -> Option<SpecDiagnostic> {
    let fits = (1..=128).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !fits {
        let message = format!("`{name}` cannot be the name of a {what}");
        let help =
            "a name begins with a letter, then come letters, digits and `-`, up to 128 in all; set `name`";
        return Some(SpecDiagnostic::new(Code::BadName, span, message).help(help));
    }
    (what == "stack set" && name.starts_with("AWSControlTower")).then(|| {
        SpecDiagnostic::new(
            Code::BadName,
            span,
            format!("the stack set `{name}` belongs to Control Tower"),
        )
        .help("choose another name; Control Tower's own stack sets are never touched")
    })
}

/// Names are unique in an account and Region (aws-facts section 3.1).
pub(super) fn claim_name(
    reader: &Reader<'_, '_>,
    taken: &mut BTreeMap<StackSetKey, Span>,
    name: &Placed<String>,
    region: &Region,
    what: &str,
) {
    let key = StackSetKey {
        region: region.clone(),
        name: name.value.clone(),
    };
    let Some(first) = taken.insert(key, name.span) else {
        return;
    };
    let message = format!("two {what}s in `{region}` have the name `{}`", name.value);
    let error = SpecDiagnostic::new(Code::DuplicateName, name.span, message);
    reader.error(if first == name.span {
        error
            .here("the same for each element")
            .help("put `each.key` into it")
    } else {
        error
            .here("again here")
            .also(first, "first here")
            .help("give one of them another `name` or `region`")
    });
}

/// Returns the Region in which a set or stack lives: its own, or the home Region.
pub(in crate::check) fn home(
    context: &Context<'_, '_>,
    reader: &Reader<'_, '_>,
    header: Span,
) -> Option<Region> {
    if let Some(written) = reader.known("region") {
        return zone::region(reader, &written);
    }
    if reader.is_given("region") {
        return None;
    }
    let zone = context.zone?;
    if zone.home_region.is_none() && !home_is_written(context) {
        reader.error(
            SpecDiagnostic::new(Code::MissingAttribute, header, "there is no Region to work in")
                .here("has no `region`")
                .help("add `region = \"...\"`, or `home_region` to `landing_zone`"),
        );
    }
    zone.home_region.clone()
}

/// A home Region that is wrong has an error of its own.
fn home_is_written(context: &Context<'_, '_>) -> bool {
    let zone = context.checker.world.declared.zone;
    zone.is_some_and(|block| block.body.attribute("home_region").is_some())
}

/// Reads `capabilities`.
pub(super) fn capabilities(reader: &Reader<'_, '_>) -> BTreeSet<Capability> {
    let given = reader.choices("capabilities").unwrap_or_default();
    given
        .iter()
        .filter_map(|one| Capability::from_name(&one.value))
        .collect()
}

/// Warns of Regions that the landing zone does not list. Global services have their home in one of those at
/// times, so that it is no error.
pub(super) fn check_regions(context: &Context<'_, '_>, reader: &Reader<'_, '_>, regions: &[Region]) {
    let known = context.zone_regions();
    let Some(attribute) = reader.attribute("regions").filter(|_| !known.is_empty()) else {
        return;
    };
    for region in regions.iter().filter(|region| !known.contains(region)) {
        let message = format!("`{region}` is not among the Regions of the landing zone");
        reader.error(
            SpecDiagnostic::new(Code::OutsideRegions, attribute.value.span, message)
                .help("add it to `regions` of `landing_zone`, if it is meant")
                .warning(),
        );
    }
}
