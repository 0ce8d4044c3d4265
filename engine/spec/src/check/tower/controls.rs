//! The `control` blocks.

use super::{Context, claim, targets};
use crate::check::attributes::Reader;
use crate::check::declared::Labelled;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::json_text;
use crate::schema::SPEC;
use crate::source::Span;
use lz_model::address::{Address, OuAddress};
use lz_model::desired::{DesiredControl, Origin};
use lz_model::tower::{ControlName, ControlParameters};
use std::collections::BTreeMap;

type Controls = BTreeMap<ControlName, BTreeMap<OuAddress, DesiredControl>>;

pub(super) fn controls(context: &Context<'_, '_>, origins: &mut BTreeMap<Address, Origin>) -> Controls {
    let mut all = Controls::new();
    let mut places: BTreeMap<(ControlName, OuAddress), Span> = BTreeMap::new();
    let Some(kind) = SPEC.block("control") else {
        return all;
    };
    for block in &context.checker.world.declared.tower_controls {
        let reader = context.checker.reader(kind, block.body, None);
        let parameters = parameters(&reader);
        let targets = targets(&reader);
        let Some(control) = control(context, block) else {
            continue;
        };
        let origin = context.checker.origin(block.header);
        origins.entry(Address::Control(control.clone())).or_insert(origin);
        for target in targets {
            claim(
                context.checker,
                &mut places,
                (control.clone(), target.value.clone()),
                target.span,
            );
            let wanted = DesiredControl {
                parameters: parameters.clone(),
            };
            all.entry(control.clone())
                .or_default()
                .insert(target.value, wanted);
        }
    }
    all
}

/// Returns the control that a label names. Mandatory controls and the Region deny control belong to the landing zone
/// (aws-facts section 4.3).
fn control(context: &Context<'_, '_>, block: &Labelled<'_>) -> Option<ControlName> {
    let written = &block.label.text;
    let error = |message: String| SpecDiagnostic::new(Code::Control, block.label.span, message);
    let Ok(control) = written.parse::<ControlName>() else {
        let help = "write its alias (`AWS-GR_ENCRYPTED_VOLUMES`, `CT.S3.PR.1`, `SH.S3.4`), its id in the catalogue, \
                    or its ARN";
        let message = format!("`{written}` has the form of no control");
        context.checker.error(error(message).help(help));
        return None;
    };
    if control.is_mandatory() {
        let message =
            format!("`{control}` is mandatory: the landing zone has it on, and nobody can switch it");
        context.checker.error(error(message).help("take the block out"));
        return None;
    }
    if control.is_region_deny() {
        let message =
            format!("`{control}` belongs to the settings of the landing zone, which no API can change");
        let help =
            "switch it in the Control Tower console, or use `CT.MULTISERVICE.PV.1` with `AllowedRegions`";
        context.checker.error(error(message).help(help));
        return None;
    }
    Some(control)
}

/// Returns the parameters as JSON; all of them must be known now.
fn parameters(reader: &Reader<'_, '_>) -> Option<ControlParameters> {
    let given = reader.value("parameters")?;
    let error = |message: &str| SpecDiagnostic::new(Code::Control, given.span, message.to_owned());
    let text = match json_text(&given.value) {
        Ok(text) => text,
        Err(what) => {
            reader.error(error(&format!("`parameters` cannot hold {what}")));
            return None;
        }
    };
    let Some(known) = text.known() else {
        let help = "write the values out: parameters of controls cannot wait for ids";
        reader.error(error("`parameters` holds a value that is known only after apply").help(help));
        return None;
    };
    let parsed = serde_json::from_str(known);
    if parsed.is_err() {
        reader.error(error("`parameters` is a map").help("write `parameters = { Name = ... }`"));
    }
    parsed.ok()
}
