//! The whole spec, in the order in which its blocks need each other.

use super::attributes::Checker;
use super::constants::Constants;
use super::declared::Declared;
use super::references::Walk;
use super::world::{Instances, World};
use super::{
    accounts, admins, features, identity, moves, organization, ous, packs, pipeline, policies, shape, stacks,
    templates, test_blocks, tower, variables, vending, zone,
};
use crate::codes::Code;
use crate::diagnostic::{Errors, SpecDiagnostic};
use crate::eval::{Evaluator, Scope};
use crate::load::Inputs;
use crate::schema::SPEC;
use crate::source::Sources;
use crate::syntax::{Body, Word};
use lz_model::address::{Address, Name};
use lz_model::desired::{Desired, Origin};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The syntax trees of a spec.
#[derive(Clone)]
pub(crate) struct Read {
    /// Files of blocks.
    pub(crate) bodies: Vec<Body>,
    /// Account requests with their labels.
    pub(crate) requests: Vec<(Word, Body)>,
    /// Variable files, the strongest last.
    pub(crate) variables: Vec<Body>,
}

/// What checking a spec yields.
pub(crate) struct Checked {
    pub(crate) desired: Option<Desired>,
    pub(crate) diagnostics: Errors,
    /// The account templates, by label.
    pub(crate) templates: Vec<vending::TemplateInfo>,
    /// Digests of the data files that were read.
    pub(crate) data: BTreeMap<String, Vec<u8>>,
}

/// Checks a spec. There is a result only if there is no error.
pub(crate) fn check(read: &Read, sources: &Sources, inputs: &Inputs) -> Checked {
    let mut errors = Errors::new();
    let read = &*templates::expand(read, &mut errors);
    let mut declared = Declared::default();
    for body in &read.bodies {
        shape::check_body(body, &SPEC, body.span, &mut errors);
        declared.add(body, &mut errors);
    }
    if let Some(account) = SPEC.block("account") {
        for (label, body) in &read.requests {
            shape::check_body(body, account, label.span, &mut errors);
            declared.add_request(label, body, &mut errors);
        }
    }
    let given = variables::given(&declared, inputs, &read.variables, &mut errors);

    let mut world = World::new(&declared);
    world.variables = {
        let evaluator = Evaluator::new(&Constants, sources.data());
        let nothing = World::new(&declared);
        let checker = Checker::new(&evaluator, &nothing, sources);
        let values = variables::values(&checker, &declared, &given);
        errors.append(&mut checker.errors.borrow_mut());
        values
    };
    let evaluator = Evaluator::new(&world, sources.data());
    let checker = Checker::new(&evaluator, &world, sources);
    variables::validate(&checker);
    for (name, attribute) in &declared.locals {
        checker.noted(world.local(&evaluator, name, attribute.name.span));
    }
    let desired = desired(&checker);
    let templates = vending::check_templates(&checker);
    let mut walk = Walk::new(&declared);
    for body in &read.bodies {
        walk.body(body, &SPEC);
    }
    if let Some(account) = SPEC.block("account") {
        read.requests
            .iter()
            .for_each(|(_, body)| walk.body(body, account));
    }
    let unused = walk.unused();
    errors.append(&mut walk.errors);
    errors.append(&mut checker.errors.borrow_mut());
    let data = evaluator.read.borrow().clone();
    let desired = desired.filter(|_| errors.are_warnings() && !checker.lost.get());
    // INVARIANT: what has no value has an error. A spec that lost something must never pass for a smaller one.
    if desired.is_none() && errors.are_warnings() {
        let message = "the spec has no result, but no error was found: this is a bug in lz";
        errors
            .push(SpecDiagnostic::without_place(Code::Bug, message).help("please report it, with the spec"));
    }
    // Beside an error they would be noise: the error may be the reason.
    if desired.is_some() {
        errors.extend(unused);
    }
    Checked {
        desired,
        diagnostics: errors,
        templates,
        data,
    }
}

fn desired(checker: &Checker<'_>) -> Option<Desired> {
    let mut origins = BTreeMap::new();
    let zone = zone::zone(checker);
    let organization = organization::organization(checker, &mut origins);
    let management = zone.as_ref().and_then(|zone| zone.management_account.as_ref());
    let ous = ous::ous(checker, &mut origins);
    let accounts = accounts::accounts(checker, management, &mut origins);
    let policies = policies::policies(checker, organization.as_ref(), &mut origins);
    let packs = packs::packs(checker, organization.as_ref());
    let delegated_admins = admins::admins(
        checker,
        organization.as_ref(),
        &accounts,
        management,
        &mut origins,
    );
    features::check_root_access(checker, organization.as_ref());
    let resource_policy = features::resource_policy(checker);
    let context = stacks::Context {
        checker,
        zone: zone.as_ref(),
        organization: organization.as_ref(),
        accounts: &accounts,
        templates: stacks::Templates::default(),
        needs: RefCell::default(),
    };
    let stack_sets = stacks::stack_sets(&context, &mut origins);
    let stacks = stacks::stacks(&context, &mut origins);
    context.needs.borrow().check(checker);
    let identity = identity::identity(&context, &mut origins);
    let tower = tower::Context {
        checker,
        zone: zone.as_ref(),
        accounts: &accounts,
    };
    let tower = tower::tower(&tower, &mut origins);
    let moved = moves::moved(checker, &origins);
    let removed = moves::removed(checker, &origins);
    let safety = zone::safety(checker);
    let tests = test_blocks::tests(checker);
    let pipeline = pipeline::pipeline(checker, zone.as_ref());
    check_addresses(checker, &origins);
    check_complete(checker, &origins);
    Some(Desired {
        zone: zone?,
        organization,
        ous,
        accounts,
        policies,
        packs,
        delegated_admins,
        resource_policy,
        stack_sets,
        stacks,
        tower,
        identity,
        left_out: BTreeSet::new(),
        moved,
        removed,
        safety,
        tests,
        pipeline,
        origins,
    })
}

/// INVARIANT: a block makes its objects, or there is an error. None may be lost on the way: what a spec does not
/// mention any more is removed.
fn check_complete(checker: &Checker<'_>, origins: &BTreeMap<Address, Origin>) {
    type MakeAddress = fn(Name) -> Address;
    let kinds: [(&str, MakeAddress); 6] = [
        ("account", Address::Account),
        ("policy", Address::Policy),
        ("stack_set", Address::StackSet),
        ("stack", Address::Stack),
        ("permission_set", Address::PermissionSet),
        ("assignment", Address::Assignment),
    ];
    for (kind, address) in kinds {
        let is_lost = |name: Name| !origins.contains_key(&address(name));
        for (label, block) in checker.world.declared.labelled(kind) {
            let full = format!("{kind}.{label}");
            let span = block.label.span;
            let evaluator = checker.evaluator;
            let lost = match checker
                .world
                .instances(evaluator, &full, block.body, &Scope::EMPTY, span)
            {
                Ok(Instances::Single) => is_lost(Name::new(*label)),
                Ok(Instances::Each(elements)) => {
                    elements.keys().any(|key| is_lost(Name::keyed(*label, &**key)))
                }
                Err(_) => true,
            };
            if lost {
                checker.lost.set(true);
            }
        }
    }
}

/// A tag finds an object again, and its value has at most 256 characters (aws-facts section 1.2).
fn check_addresses(checker: &Checker<'_>, origins: &BTreeMap<Address, Origin>) {
    for (address, origin) in origins {
        let size = address.to_tag().chars().count();
        if size > 256 {
            let message = format!(
                "the labels and keys of `{address}` ({origin}) need {size} characters as a tag, AWS takes 256"
            );
            checker.error(
                SpecDiagnostic::without_place(Code::BadLabel, message).help("use shorter labels or keys"),
            );
        }
    }
}
