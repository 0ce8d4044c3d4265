//! The `stack` blocks.

use super::common::{Context, claim_name, for_each_object, home, name};
use super::depends::{depends_on, named_in};
use super::template::definition;
use crate::check::declared::Labelled;
use crate::check::tags::tags;
use crate::schema::SPEC;
use crate::source::Span;
use crate::value::Value;
use lz_model::address::{Address, Name};
use lz_model::desired::{DesiredStack, Origin, StackDependency};
use lz_model::stack::StackSetKey;
use std::collections::BTreeMap;

/// Reads all stacks of the management account.
pub(in crate::check) fn stacks(
    context: &Context<'_, '_>,
    origins: &mut BTreeMap<Address, Origin>,
) -> BTreeMap<Name, DesiredStack> {
    let checker = context.checker;
    let mut stacks = BTreeMap::new();
    let mut taken = BTreeMap::new();
    for_each_object(checker, "stack", |block, address, each| {
        if let Some(stack) = one(context, block, address, each, &mut taken) {
            origins.insert(Address::Stack(address.clone()), checker.origin(block.header));
            stacks.insert(address.clone(), stack);
        }
    });
    stacks
}

fn one(
    context: &Context<'_, '_>,
    block: Labelled<'_>,
    address: &Name,
    each: Option<&Value>,
    taken: &mut BTreeMap<StackSetKey, Span>,
) -> Option<DesiredStack> {
    let reader = context.checker.reader(SPEC.block("stack")?, block.body, each);
    let name = name(&reader, block, address, "stack");
    let region = home(context, &reader, block.header);
    if let (Some(name), Some(region)) = (&name, &region) {
        claim_name(&reader, taken, name, region, "stack");
    }
    let definition = definition(context, &reader, block.header, false);
    let depends = depends_on(&reader);
    let mut all = depends.clone();
    all.extend(named_in(definition.parameters.values(), block.header));
    context
        .needs
        .borrow_mut()
        .add(Address::Stack(address.clone()), all);
    Some(DesiredStack {
        name: name?.value,
        region: region?,
        template: definition.source?.template,
        parameters: definition.parameters,
        capabilities: definition.capabilities,
        tags: tags(&reader),
        termination_protection: reader.bool("termination_protection"),
        depends_on: depends
            .into_iter()
            .filter_map(|(address, _)| dependency(address))
            .collect(),
    })
}

fn dependency(address: Address) -> Option<StackDependency> {
    match address {
        Address::Stack(name) => Some(StackDependency::Stack(name)),
        Address::StackSet(name) => Some(StackDependency::StackSet(name)),
        Address::Organization
        | Address::Root
        | Address::PolicyType(_)
        | Address::TrustedService(_)
        | Address::Ou(_)
        | Address::Account(_)
        | Address::Policy(_)
        | Address::DelegatedAdmin(_)
        | Address::ControlTower
        | Address::Baseline(_)
        | Address::Control(_)
        | Address::PermissionSet(_)
        | Address::Assignment(_) => None,
    }
}
