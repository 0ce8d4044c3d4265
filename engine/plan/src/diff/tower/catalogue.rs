//! What Control Catalog keeps from being planned: controls that do not exist, that are the landing zone's own, or
//! that are declared twice under two of their names.

use crate::context::Context;
use crate::entity::{self, Entity};
use crate::refusal::Problems;
use lz_model::address::Address;
use lz_model::tower::ControlName;
use std::collections::{BTreeMap, BTreeSet};

/// Refuses controls that no call could enable. Nothing of it needs a landing zone, so the first plan tells.
pub(super) fn check(context: &Context<'_>, problems: &mut Problems<'_>) {
    for control in context.desired.tower.controls.keys() {
        refuse_unknown(context, control, problems);
        refuse_own(context, control, problems);
        refuse_parameters(context, control, problems);
    }
    refuse_twice(context, problems);
}

/// Returns whether a control is there to be planned. A name of the first generation that nobody looked up is enabled
/// somewhere, which says the same.
pub(super) fn is_known(context: &Context<'_>, control: &ControlName) -> bool {
    let catalogue = context.catalogue;
    !catalogue.unknown.contains_key(control) && (control.is_legacy() || catalogue.find(control).is_some())
}

/// A control exists (rule R32: only one of the catalogue can be enabled).
fn refuse_unknown(context: &Context<'_>, control: &ControlName, problems: &mut Problems<'_>) {
    let Some(others) = context.catalogue.unknown.get(control) else {
        if !is_known(context, control) {
            problems.add(
                "not_read",
                Address::Control(control.clone()),
                format!("Control Catalog was not asked what `{control}` is: this is a bug in lz"),
                "please report it",
            );
        }
        return;
    };
    let others: Vec<String> = others.iter().map(|name| format!("`{name}`")).collect();
    let help = if others.is_empty() {
        "look it up with `aws controlcatalog list-controls`, and write one of its `Aliases` or its `Arn`"
            .to_owned()
    } else {
        format!("did you mean {}?", others.join(" or "))
    };
    problems.add(
        "unknown_control",
        Address::Control(control.clone()),
        format!("Control Catalog has no control `{control}`, and only what it has can be enabled (rule R32)"),
        help,
    );
}

/// No call switches a mandatory control, by whichever of its names (aws-facts section 4.3).
fn refuse_own(context: &Context<'_>, control: &ControlName, problems: &mut Problems<'_>) {
    if context.catalogue.is_own(control) {
        problems.add(
            "mandatory_control",
            Address::Control(control.clone()),
            format!("`{control}` is a control that the landing zone itself has on, and nobody can switch it"),
            "take the block out",
        );
    }
}

/// A control takes the parameters that the catalogue lists for it (Control Catalog API Reference, "GetControl"). Which of
/// them must be there, only AWS knows.
fn refuse_parameters(context: &Context<'_>, control: &ControlName, problems: &mut Problems<'_>) {
    let known = context.catalogue.find(control);
    let Some(known) = known.and_then(|known| known.parameters.as_ref()) else {
        return;
    };
    let ous = context.desired.tower.controls.get(control);
    let wanted = ous.into_iter().flat_map(|ous| ous.values());
    let given = wanted.filter_map(|one| one.parameters.as_ref());
    let given: BTreeSet<&String> = given.flat_map(|all| all.keys()).collect();
    for name in given.into_iter().filter(|name| !known.contains(*name)) {
        let others: Vec<String> = known.iter().map(|other| format!("`{other}`")).collect();
        let help = if others.is_empty() {
            "take it out: the control has no parameters".to_owned()
        } else {
            format!("it takes {}", others.join(", "))
        };
        problems.add(
            "unknown_parameter",
            Address::Control(control.clone()),
            format!("`{control}` has no parameter `{name}`"),
            help,
        );
    }
}

/// Two names of one control would enable it twice.
fn refuse_twice(context: &Context<'_>, problems: &mut Problems<'_>) {
    let mut seen: BTreeMap<(&str, Entity), &ControlName> = BTreeMap::new();
    for (control, ous) in &context.desired.tower.controls {
        let Some(known) = context.catalogue.find(control) else {
            continue;
        };
        for address in ous.keys() {
            let ou = entity::ou(&context.pairs, address);
            let shown = context.shown(&ou);
            if let Some(other) = seen.insert((known.arn.as_str(), ou), control) {
                problems.add(
                    "control_twice",
                    Address::Control(control.clone()),
                    format!("`{control}` and `{other}` are names of one control, and both are declared on `{shown}`"),
                    "keep one of them",
                );
            }
        }
    }
}
