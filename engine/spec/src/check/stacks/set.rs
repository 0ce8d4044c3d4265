//! The `stack_set` blocks.

use super::common::{Context, check_regions, claim_name, for_each_object, home, name};
use super::depends::{depends_on, named_in};
use super::override_block::{outside, overrides};
use super::permissions::{administrator, is_service_managed, permissions};
use super::reach::Reach;
use super::rollout::rollout;
use super::targets::{targets, written};
use super::template::{Definition, definition};
use crate::check::admins::need_trust;
use crate::check::attributes::{Placed, Reader};
use crate::check::declared::Labelled;
use crate::check::tags::tags;
use crate::check::zone::regions;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::syntax::Block;
use crate::value::Value;
use lz_model::address::{Address, Name};
use lz_model::desired::{DesiredDeployment, DesiredOverride, DesiredStackSet, Origin, StackTarget};
use lz_model::id::Region;
use lz_model::limits::{STACK_SETS, STACKS_PER_SET};
use lz_model::stack::StackSetKey;
use std::collections::{BTreeMap, BTreeSet};

/// Names that are taken, and the sets of each administrator.
#[derive(Default)]
struct Taken {
    names: BTreeMap<StackSetKey, Span>,
    sets: BTreeMap<(Option<Name>, Region), usize>,
}

/// Reads all stack sets.
pub(in crate::check) fn stack_sets(
    context: &Context<'_, '_>,
    origins: &mut BTreeMap<Address, Origin>,
) -> BTreeMap<Name, DesiredStackSet> {
    let checker = context.checker;
    let mut sets = BTreeMap::new();
    let mut taken = Taken::default();
    for_each_object(checker, "stack_set", |block, address, each| {
        if let Some(set) = one(context, block, address, each, &mut taken) {
            count(context, &set, block.label.span, &mut taken);
            origins.insert(Address::StackSet(address.clone()), checker.origin(block.header));
            sets.insert(address.clone(), set);
        }
    });
    sets
}

/// An account administers so many sets in a Region (aws-facts section 3.3).
fn count(context: &Context<'_, '_>, set: &DesiredStackSet, span: Span, taken: &mut Taken) {
    let administrator = set.administrator.as_ref().map(|one| one.account.clone());
    let sets = taken.sets.entry((administrator, set.region.clone())).or_default();
    *sets += 1;
    if *sets == STACK_SETS + 1 {
        let message = format!(
            "there are more than {STACK_SETS} stack sets of one account in `{}`",
            set.region
        );
        context.checker.error(
            SpecDiagnostic::new(Code::TooManyStacks, span, message)
                .help("administer some of them in another Region, or by a delegated administrator"),
        );
    }
}

fn one(
    context: &Context<'_, '_>,
    block: Labelled<'_>,
    address: &Name,
    each: Option<&Value>,
    taken: &mut Taken,
) -> Option<DesiredStackSet> {
    let reader = context.checker.reader(SPEC.block("stack_set")?, block.body, each);
    let name = name(&reader, block, address, "stack set");
    let region = home(context, &reader, block.header);
    if let (Some(name), Some(region)) = (&name, &region) {
        claim_name(&reader, &mut taken.names, name, region, "stack set");
    }
    let service = is_service_managed(&reader);
    if service {
        check_trust(context, block.header);
    }
    let definition = definition(context, &reader, block.header, service);
    let spread = spread(context, &reader, address, &definition, service, block.header);
    let rollout = rollout(&reader, region.as_ref());
    outside(&reader, &rollout.named, &spread.reach(context));
    let depends = depends_on(&reader);
    let mut needs = depends.clone();
    let overrides = spread.overrides.iter().flat_map(|one| one.parameters.values());
    needs.extend(named_in(
        definition.parameters.values().chain(overrides),
        block.header,
    ));
    context
        .needs
        .borrow_mut()
        .add(Address::StackSet(address.clone()), needs);
    Some(DesiredStackSet {
        name: name?.value,
        region: region?,
        administrator: administrator(context, &reader, service),
        description: description(&reader),
        template: definition.source?.template,
        parameters: definition.parameters,
        capabilities: definition.capabilities,
        tags: tags(&reader),
        permissions: permissions(&reader, service, &spread.deploy),
        managed_execution: reader.bool("managed_execution").unwrap_or(false),
        deploy: spread.deploy,
        except: spread.except,
        overrides: spread.overrides,
        rollout: rollout.rollout,
        retain_stacks: reader.bool("retain_stacks").unwrap_or(false),
        depends_on: depends
            .into_iter()
            .filter_map(|(address, _)| set_name(address))
            .collect(),
    })
}

/// Service-managed sets need trusted access (rule R14).
fn check_trust(context: &Context<'_, '_>, header: Span) {
    if let Ok(needed) = "stacksets.cloudformation.amazonaws.com".parse() {
        let who = "a service-managed stack set";
        need_trust(context.checker, &[(needed, header)], who, context.organization);
    }
}

/// Where the stacks of a set are, and how they differ.
struct Spread {
    deploy: Vec<DesiredDeployment>,
    except: BTreeSet<StackTarget>,
    overrides: Vec<DesiredOverride>,
}

impl Spread {
    const fn reach<'r>(&'r self, context: &Context<'r, '_>) -> Reach<'r> {
        Reach {
            accounts: context.accounts,
            deploy: self.deploy.as_slice(),
            except: &self.except,
        }
    }
}

fn spread(
    context: &Context<'_, '_>,
    reader: &Reader<'_, '_>,
    address: &Name,
    definition: &Definition,
    service: bool,
    header: Span,
) -> Spread {
    let deploy = deployments(context, reader, header);
    let except = targets(reader, "except").unwrap_or_default();
    let mut spread = Spread {
        deploy: deploy.iter().map(|one| one.deployment.clone()).collect(),
        except: except.into_iter().map(|one| one.value).collect(),
        overrides: Vec::new(),
    };
    check_reach(context, reader, &deploy, &spread.reach(context), service, header);
    let source = definition.source.as_ref();
    spread.overrides = overrides(context, reader, address, source, &spread.reach(context));
    spread
}

fn set_name(address: Address) -> Option<Name> {
    if let Address::StackSet(name) = address {
        Some(name)
    } else {
        None
    }
}

/// A description has 1 to 1,024 characters (CloudFormation API Reference, "CreateStackSet").
fn description(reader: &Reader<'_, '_>) -> Option<String> {
    let written = reader.known("description")?;
    let size = written.value.chars().count();
    if !(1..=1_024).contains(&size) {
        let message = format!("the description has {size} characters, AWS takes 1 to 1024");
        reader.error(SpecDiagnostic::new(Code::BadName, written.span, message));
    }
    Some(written.value.to_string())
}

/// A `deploy` block with the places of its targets.
struct Deploy {
    deployment: DesiredDeployment,
    targets: Vec<Placed<StackTarget>>,
}

fn deployments(context: &Context<'_, '_>, set: &Reader<'_, '_>, header: Span) -> Vec<Deploy> {
    let blocks: Vec<&Block> = set
        .body
        .blocks
        .iter()
        .filter(|block| &*block.kind.text == "deploy")
        .collect();
    if blocks.is_empty() {
        set.error(
            SpecDiagnostic::new(Code::NoDeployment, header, "the stack set has no `deploy` block")
                .help("add `deploy { targets = [...] }`"),
        );
    }
    blocks
        .into_iter()
        .filter_map(|block| deployment(context, set, block))
        .collect()
}

fn deployment(context: &Context<'_, '_>, set: &Reader<'_, '_>, block: &Block) -> Option<Deploy> {
    let kind = SPEC.block("stack_set")?.block("deploy")?;
    let reader = set.checker.reader(kind, &block.body, set.each);
    let targets = targets(&reader, "targets")?;
    let error = |message: &str, help: &str| {
        reader.error(SpecDiagnostic::new(Code::NoDeployment, block.header, message).help(help));
    };
    let written_out = reader.attribute("targets").is_some_and(|attribute| {
        matches!(&attribute.value.kind, crate::syntax::ExprKind::List(items) if !items.is_empty())
    });
    // A list that names accounts which are wrong, or a `for_each` without elements, is another matter.
    if targets.is_empty() && !written_out {
        error(
            "`targets` is empty",
            "name OUs, accounts, `root` or `tag(\"key\", \"value\")`",
        );
    }
    let regions = if reader.is_given("regions") {
        let regions = regions(&reader, "regions");
        check_regions(context, &reader, &regions);
        regions
    } else {
        context.zone_regions().to_vec()
    };
    if regions.is_empty() {
        let listed = reader.attribute("regions").is_some();
        if !listed || reader.elements("regions").is_some_and(|items| items.is_empty()) {
            error(
                "there is no Region to deploy to",
                "add `regions = [...]` here or to `landing_zone`",
            );
        }
        return None;
    }
    Some(Deploy {
        deployment: DesiredDeployment {
            targets: targets.iter().map(|one| one.value.clone()).collect(),
            regions,
        },
        targets,
    })
}

fn check_reach(
    context: &Context<'_, '_>,
    reader: &Reader<'_, '_>,
    deploy: &[Deploy],
    reach: &Reach<'_>,
    service: bool,
    header: Span,
) {
    if reach.is_nothing_left() {
        let at = reader
            .attribute("except")
            .map_or(header, |except| except.value.span);
        let message = "`except` takes away everything that the stack set is deployed to";
        reader.error(
            SpecDiagnostic::new(Code::NoDeployment, at, message)
                .help("take the block out, or some of the exceptions"),
        );
    }
    let stacks = reach.stacks();
    if stacks > STACKS_PER_SET {
        let message = format!("the stack set has {stacks} stacks, AWS takes {STACKS_PER_SET}");
        reader.error(
            SpecDiagnostic::new(Code::TooManyStacks, header, message)
                .help("divide the accounts between two stack sets of the same template"),
        );
    }
    for target in deploy.iter().flat_map(|one| &one.targets).filter(|_| service) {
        check_management(context, reader, target, reach);
    }
}

/// A service-managed set never reaches the management account (aws-facts section 3.3).
fn check_management(
    context: &Context<'_, '_>,
    reader: &Reader<'_, '_>,
    target: &Placed<StackTarget>,
    reach: &Reach<'_>,
) {
    if let StackTarget::Account(name) = &target.value
        && context
            .accounts
            .get(name)
            .is_some_and(|account| context.is_management(account))
    {
        let message = "a service-managed stack set never reaches the management account";
        reader.error(
            SpecDiagnostic::new(Code::ManagementAccount, target.span, message)
                .help("set `managed_by = \"self\"`, or use a `stack` block, which is a stack of the management account"),
        );
    }
    if let Some(management) = reach.management_in(context, &target.value) {
        let message = format!(
            "`{}` has the management account `account.{management}`, which a service-managed stack set leaves out",
            written(&target.value)
        );
        reader.error(
            SpecDiagnostic::new(Code::ManagementSkipped, target.span, message)
                .help(format!("deploy to it with a `stack` block or a set with `managed_by = \"self\"`; say that it is meant with `except = [account.{management}]`"))
                .warning(),
        );
    }
}
