//! Stacks of the management account: create, update, delete.

use crate::context::Context;
use crate::draft::{Draft, Drafts};
use crate::refusal::Problems;
use crate::stacks::definition;
use lz_model::address::{Address, Name};
use lz_model::desired::DesiredStack;
use lz_model::id::Region;
use lz_model::live::{LiveStack, StackState};
use lz_model::plan::{Action, Change, Reason, StackWork};

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    for (name, wanted) in &context.desired.stacks {
        let found = context.pairs.stacks.get(name);
        let live = found.and_then(|key| context.live.and_then(|live| live.stacks.get(key)));
        declared(context, name, wanted, live, drafts, problems);
    }
    for (key, address) in &context.pairs.retired_stacks {
        let live = context.live.and_then(|live| live.stacks.get(key));
        if let Some(live) = live
            && !super::removed::is_forgotten(context, address)
        {
            retired(context, key, address, live, drafts, problems);
        }
    }
}

fn declared(
    context: &Context<'_>,
    name: &Name,
    wanted: &DesiredStack,
    live: Option<&LiveStack>,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
) {
    let address = Address::Stack(name.clone());
    let after = Box::new(definition::of_stack(context, &address, wanted, live));
    let (name, region) = (wanted.name.clone(), wanted.region.clone());
    let create = StackWork::Create {
        name: name.clone(),
        region: region.clone(),
        definition: after.clone(),
    };
    let Some(live) = live else {
        push(context, drafts, &address, "create", create, Reason::Missing {});
        return;
    };
    match live.state {
        StackState::Settled | StackState::RolledBack => {
            if definition::stack_differs(context, wanted, live) {
                let before = Box::new(definition::of_live_stack(live));
                let definition = Box::new(Change {
                    before: *before,
                    after: *after,
                });
                let update = StackWork::Update {
                    name,
                    region,
                    definition,
                };
                push(context, drafts, &address, "update", update, Reason::Differs {});
            }
        }
        // A stack whose creation failed can only be deleted (CloudFormation User Guide, "Stack status codes":
        // ROLLBACK_COMPLETE).
        StackState::NeverMade => {
            let reason = Reason::Replaced { by: address.clone() };
            let delete = StackWork::Delete { name, region };
            push(context, drafts, &address, "delete", delete, reason);
            push(context, drafts, &address, "create", create, Reason::Missing {});
        }
        StackState::Stuck => stuck(&address, &wanted.name, &wanted.region, problems),
    }
}

fn retired(
    context: &Context<'_>,
    (region, name): &(Region, String),
    address: &Address,
    live: &LiveStack,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
) {
    if live.state == StackState::Stuck {
        stuck(address, name, region, problems);
        return;
    }
    if live.termination_protection {
        problems.add(
            "stack_protected",
            address.clone(),
            format!("the stack `{name}` in {region} would go, and its termination protection forbids it"),
            "declare it with `termination_protection = false` and apply, then take it out; or let lz forget it",
        );
        return;
    }
    let delete = StackWork::Delete {
        name: name.clone(),
        region: region.clone(),
    };
    let verb = format!("delete {region} {name}");
    push(context, drafts, address, &verb, delete, Reason::LeftSpec {});
}

fn stuck(address: &Address, name: &str, region: &Region, problems: &mut Problems<'_>) {
    problems.add(
        "stack_stuck",
        address.clone(),
        format!("the stack `{name}` in {region} is in a state that only a person can end"),
        "open it in the CloudFormation console, continue its update roll-back or delete it, then plan again",
    );
}

fn push(
    context: &Context<'_>,
    drafts: &mut Drafts,
    address: &Address,
    verb: &str,
    work: StackWork,
    reason: Reason,
) {
    let action = Action::Stack(work);
    drafts.push(Draft::new(context.desired, address.clone(), verb, action, reason));
}
