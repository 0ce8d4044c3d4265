//! The `override` blocks: other values of parameters for some stacks.

use super::common::{Context, check_regions};
use super::parameters::{given, parameters};
use super::reach::Reach;
use super::targets::{targets, written};
use super::template::{Source, check_override};
use crate::check::attributes::{Placed, Reader};
use crate::check::world::{Instances, each, with_each};
use crate::check::zone::regions;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::syntax::Block;
use crate::value::Value;
use lz_model::address::Name;
use lz_model::desired::{DesiredOverride, StackTarget};

/// Reads all overrides of a set. Those of one block come in the order of their keys.
pub(super) fn overrides(
    context: &Context<'_, '_>,
    set: &Reader<'_, '_>,
    address: &Name,
    source: Option<&Source>,
    reach: &Reach<'_>,
) -> Vec<DesiredOverride> {
    let mut all = Vec::new();
    let blocks = set
        .body
        .blocks
        .iter()
        .filter(|block| &*block.kind.text == "override");
    for (at, block) in blocks.enumerate() {
        let full = match at {
            0 => format!("stack_set.{address}.override"),
            at => format!("stack_set.{address}.override#{}", at + 1),
        };
        let world = context.checker.world;
        let instances = with_each(set.each, |scope| {
            world.instances(context.checker.evaluator, &full, &block.body, scope, block.header)
        });
        match context.checker.noted(instances) {
            None => {}
            Some(Instances::Single) => all.extend(one(context, set, block, set.each, source, reach, true)),
            Some(Instances::Each(elements)) => {
                for (key, value) in elements.iter() {
                    let each = each(key, value);
                    all.extend(one(context, set, block, Some(&each), source, reach, false));
                }
            }
        }
    }
    all
}

/// An override for each of many accounts may name some that the set does not reach; one written for itself may not.
fn one(
    context: &Context<'_, '_>,
    set: &Reader<'_, '_>,
    block: &Block,
    each: Option<&Value>,
    source: Option<&Source>,
    reach: &Reach<'_>,
    alone: bool,
) -> Option<DesiredOverride> {
    let kind = SPEC.block("stack_set")?.block("override")?;
    let reader = set.checker.reader(kind, &block.body, each);
    let named = targets(&reader, "targets");
    let regions = regions(&reader, "regions");
    check_regions(context, &reader, &regions);
    let parameters = parameters(&reader)?;
    if let Some(source) = source {
        check_override(
            &context.templates,
            &reader,
            source,
            &given(&parameters),
            block.header,
        );
    }
    let empty = |what: &str| {
        let message = format!("the override has no {what}");
        reader.error(
            SpecDiagnostic::new(Code::OutsideDeployment, block.header, message).help("take the block out"),
        );
    };
    if named.as_ref().is_some_and(Vec::is_empty) && alone {
        empty("targets");
    }
    if parameters.is_empty() && alone {
        empty("parameters");
    }
    if alone {
        outside(&reader, named.as_deref().unwrap_or_default(), reach);
        for region in regions.iter().filter(|region| !reach.has_region(region)) {
            let at = reader
                .attribute("regions")
                .map_or(block.header, |one| one.value.span);
            let message = format!("the stack set is not deployed to `{region}`");
            reader.error(SpecDiagnostic::new(Code::OutsideDeployment, at, message));
        }
    }
    // Empty targets mean all accounts in the model: a list that came out empty must not.
    if named.as_ref().is_some_and(Vec::is_empty) || parameters.is_empty() {
        return None;
    }
    Some(DesiredOverride {
        targets: named.into_iter().flatten().map(|one| one.value).collect(),
        regions: regions.into_iter().collect(),
        parameters,
    })
}

/// Notes targets that the set does not reach.
pub(super) fn outside(reader: &Reader<'_, '_>, named: &[Placed<StackTarget>], reach: &Reach<'_>) {
    for target in named.iter().filter(|target| !reach.may_have(&target.value)) {
        let message = format!("the stack set is not deployed to `{}`", written(&target.value));
        reader.error(
            SpecDiagnostic::new(Code::OutsideDeployment, target.span, message)
                .help("add it to `targets` of `deploy`, or take it out here; `except` counts as well"),
        );
    }
}
