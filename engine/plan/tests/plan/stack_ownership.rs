//! Stack sets and stacks: whose they are, what becomes of those that leave the spec, and what is refused.

use crate::build::*;
use lz_model::address::Name;
use lz_model::desired::*;
use lz_model::live::*;
use lz_model::plan::{Action, StackSetWork, StackTargets, StackWork, Work};
use lz_model::stack::StackSetKey;

fn zone() -> (Spec, Org) {
    let spec = Spec::new().ou("work").account("shop", "work");
    let org = Org::new().ou("work").account("shop", "work");
    (spec, org.stack_set("base", &["ou.work"]))
}

fn declared() -> (Spec, Org) {
    let (spec, org) = zone();
    (spec.stack_set("base", &["ou.work"]), org)
}

#[test]
fn a_set_is_adopted_by_its_name_without_touching_its_stacks() {
    let (spec, org) = declared();
    let plan = plan(spec, org.edit_set("base", |set| set.tags.clear()).live());
    assert!(plan.is_empty(), "{:?}", ids(&plan));
    assert_eq!(plan.unmanaged.stack_sets, [""; 0]);
}

#[test]
fn tags_of_lz_come_with_the_next_change_and_those_of_others_stay() {
    let (spec, org) = declared();
    let spec = spec.edit_set("base", |set| set.template = Template::Body(OTHER_TEMPLATE.into()));
    let org = org.edit_set("base", |set| {
        set.tags = [("cost", "42"), ("aws:x", "y")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
    });
    let plan = plan(spec, org.live());
    let Work::Update {
        definition: Some(change),
    } = operation(&plan, "stack_set.base:update").0
    else {
        panic!("no change")
    };
    let keys: Vec<&str> = change.after.tags.keys().map(String::as_str).collect();
    assert_eq!(keys, ["cost", lz_plan::ADDRESS_TAG, lz_plan::ZONE_TAG]);
}

#[test]
fn a_set_that_leaves_the_spec_loses_its_stacks_and_goes() {
    let (spec, org) = zone();
    let plan = plan(spec, org.live());
    assert_eq!(
        ids(&plan),
        [
            "stack_set.base:undeploy eu-central-1 base",
            "stack_set.base:delete eu-central-1 base"
        ]
    );
    let (work, reach, _) = operation(&plan, "stack_set.base:undeploy eu-central-1 base");
    assert_eq!((work, reach.instances), (&Work::Delete { retain: false }, 2));
    assert!(plan.steps.iter().all(|step| !step.reversible));
}

#[test]
fn a_set_that_is_forgotten_stays_as_it_is() {
    let (spec, org) = zone();
    let plan = plan(spec.removed("stack_set.base", Removal::Forget), org.live());
    assert!(plan.is_empty(), "{:?}", ids(&plan));
}

#[test]
fn what_a_suspended_account_keeps_does_not_hold_a_set_that_goes() {
    let (spec, org) = zone();
    let spec = spec.edit(|spec| spec.accounts.clear());
    let org = org.edit(|org| {
        let shop = org.accounts.get_mut(&account_id("shop")).unwrap();
        shop.state = AccountState::Suspended;
        shop.tags.clear();
    });
    let plan = plan(spec, org.live());
    let (work, ..) = operation(&plan, "stack_set.base:undeploy eu-central-1 base");
    assert_eq!(*work, Work::Delete { retain: true });
}

#[test]
fn sets_of_others_and_of_control_tower_are_left_alone() {
    let (spec, org) = declared();
    let other = |name: &str| StackSetKey {
        region: region(HOME),
        name: name.to_owned(),
    };
    let org = org.edit(|org| {
        let mut set = org.stack_sets[&set_key("base")].clone();
        org.stack_sets.insert(other("AWSControlTowerBP-X"), set.clone());
        set.tags.clear();
        org.stack_sets.insert(other("alien"), set.clone());
        set.tags = [(lz_plan::ZONE_TAG.to_owned(), "elsewhere".to_owned())].into();
        org.stack_sets.insert(other("neighbour"), set);
    });
    let plan = plan(spec, org.live());
    assert!(plan.is_empty(), "{:?}", ids(&plan));
    assert_eq!(
        plan.unmanaged.stack_sets,
        ["eu-central-1 alien", "eu-central-1 neighbour"]
    );
}

#[test]
fn a_name_or_region_cannot_change() {
    let (spec, org) = declared();
    let renamed = spec.edit_set("base", |set| set.name = "other".to_owned());
    let problems = refuse(renamed, org.live());
    assert_eq!(problems[0].0, "stack_set_renamed");
    assert!(
        problems[0].1.contains("`base` in eu-central-1"),
        "{}",
        problems[0].1
    );
    let (spec, org) = declared();
    let elsewhere = spec.edit_set("base", |set| set.region = region(AWAY));
    assert_eq!(refuse(elsewhere, org.live())[0].0, "stack_set_renamed");
}

#[test]
fn names_of_others_are_refused() {
    let (spec, org) = declared();
    let org = org.edit_set("base", |set| {
        set.tags
            .insert(lz_plan::ZONE_TAG.to_owned(), "elsewhere".to_owned());
    });
    assert_eq!(refuse(spec, org.live())[0].0, "foreign_zone");
    let (spec, org) = declared();
    let theirs = spec.edit_set("base", |set| set.name = "AWSControlTowerX".to_owned());
    assert_eq!(refuse(theirs, org.live())[0].0, "control_tower_stack_set");
    let (spec, org) = declared();
    let twice = spec
        .stack_set("again", &["ou.work"])
        .edit_set("again", |set| set.name = "base".to_owned());
    assert_eq!(refuse(twice, org.live())[0].0, "shared_object");
}

#[test]
fn what_stack_sets_need_is_asked_for_by_name() {
    let (spec, org) = declared();
    let untrusted = org.edit(|org| org.trusted_services.clear());
    assert_eq!(refuse(spec, untrusted.live())[0].0, "needs_trusted_access");
    let (spec, org) = declared();
    let administered = spec.edit_set("base", |set| {
        set.administrator = Some(DesiredAdministrator {
            account: Name::new("shop"),
            role: "lz".to_owned(),
        });
    });
    assert_eq!(
        refuse(administered, org.live())[0].0,
        "needs_stack_set_administrator"
    );
    let (spec, org) = declared();
    let own = spec.edit_set("base", |set| {
        set.permissions = Permissions::OwnRoles {
            administration_role: None,
            execution_role: None,
        };
    });
    assert_eq!(refuse(own, org.live())[0].0, "permission_model_changed");
}

#[test]
fn a_set_of_too_many_stacks_is_refused() {
    let mut spec = Spec::new().ou("work").trusted("stacksets.cloudformation");
    for n in 0..60 {
        spec = spec.account(&format!("a{n}"), "work");
    }
    let regions: Vec<String> = (0..1_700).map(|n| format!("xx-test-{n}")).collect();
    let regions: Vec<&str> = regions.iter().map(String::as_str).collect();
    let spec = spec
        .stack_set("base", &[])
        .edit_set("base", |set| set.deploy = vec![deploy(&["ou.work"], &regions)]);
    assert_eq!(refuse(spec, Org::new().live())[0].0, "too_many_stacks");
}

#[test]
fn a_self_managed_set_leaves_accounts_outside_the_organization() {
    let own = Permissions::OwnRoles {
        administration_role: None,
        execution_role: None,
    };
    let (spec, org) = declared();
    let spec = spec.edit_set("base", |set| set.permissions = own);
    let org = org.edit_set("base", |set| {
        set.permissions = LivePermissions::OwnRoles {
            administration_role: None,
            execution_role: None,
        };
        set.ous.clear();
        set.instances.push(LiveStackInstance {
            account: "999999999999".parse().unwrap(),
            region: region(HOME),
            ou: None,
            status: InstanceStatus::Current,
            reason: None,
            overrides: None,
        });
    });
    let plan = plan(spec, org.live());
    let (work, reach, _) = operation(&plan, "stack_set.base:undeploy first");
    assert_eq!(*work, Work::Delete { retain: false });
    assert!(matches!(&reach.targets, StackTargets::Named { members } if members[0].name == "999999999999"));
}

#[test]
fn the_safety_block_bounds_what_is_taken_away() {
    let (spec, org) = zone();
    let spec = spec.edit(|spec| spec.safety.max_removals = Some(1));
    assert_eq!(refuse(spec, org.live())[0].0, "safety_bound");
}

#[test]
fn a_stack_is_created_updated_and_deleted() {
    let (spec, org) = zone();
    let created = plan(spec.stack_set("base", &["ou.work"]).stack("hub"), org.live());
    assert_eq!(ids(&created), ["stack.hub:create"]);
    let updated = Spec::new().stack("hub").edit(|spec| {
        let hub = spec.stacks.get_mut(&Name::new("hub")).unwrap();
        hub.termination_protection = Some(true);
    });
    let updated = plan(updated, Org::new().stack("hub").live());
    assert!(matches!(
        &step(&updated, "stack.hub:update").action,
        Action::Stack(StackWork::Update { .. })
    ));
    let same = plan(Spec::new().stack("hub"), Org::new().stack("hub").live());
    assert!(same.is_empty());
    let deleted = plan(Spec::new(), Org::new().stack("hub").live());
    assert_eq!(ids(&deleted), ["stack.hub:delete eu-central-1 hub"]);
}

#[test]
fn a_stack_that_lz_cannot_help_is_a_question() {
    let in_state = |state| {
        Org::new().stack("hub").edit(|org| {
            org.stacks.values_mut().for_each(|stack| stack.state = state);
        })
    };
    let stuck = refuse(Spec::new().stack("hub"), in_state(StackState::Stuck).live());
    assert_eq!(stuck[0].0, "stack_stuck");
    let protected = Org::new().stack("hub").edit(|org| {
        org.stacks
            .values_mut()
            .for_each(|stack| stack.termination_protection = true);
    });
    assert_eq!(refuse(Spec::new(), protected.live())[0].0, "stack_protected");
}

#[test]
fn going_back_is_as_fast_as_is_safe_and_concerns_one_set() {
    let (spec, org) = declared();
    let spec = spec.ou("later").edit_set("base", |set| {
        set.template = Template::Body(OTHER_TEMPLATE.into());
        let mut canary = wave("canary", &["account.shop"]);
        canary.bake_seconds = 600;
        set.rollout.waves = vec![canary, wave("rest", &[])];
    });
    let back = |waves| {
        let mut desired = spec.0.clone();
        let set = desired.stack_sets.get_mut(&Name::new("base")).unwrap();
        lz_plan::rollback::widest(set, waves);
        desired
    };
    let address = "stack_set.base".parse().unwrap();
    let live = org.live();
    let at_once = lz_plan::only(&back(lz_plan::rollback::Waves::AtOnce), &live, &address).unwrap();
    assert_eq!(ids(&at_once), ["stack_set.base:update"]);
    assert!(at_once.estimate_seconds < 120, "{}", at_once.estimate_seconds);
    let kept = lz_plan::only(&back(lz_plan::rollback::Waves::Kept), &live, &address).unwrap();
    assert_eq!(ids(&kept), ["stack_set.base:update canary"]);
    for plan in [at_once, kept] {
        let Action::StackSet(StackSetWork::Operate { pace, .. }) = &plan.steps[0].action else {
            panic!("no operation")
        };
        assert_eq!(*pace, lz_model::stack::Pace::WIDEST);
    }
}

#[test]
fn a_set_that_waits_for_others_does_not_change_alone() {
    let (spec, org) = declared();
    let spec = spec
        .account("late", "work")
        .policy("unready", "{}", &[])
        .edit_set("base", |set| set.template = Template::Body(OTHER_TEMPLATE.into()));
    let address = "stack_set.base".parse().unwrap();
    let refusal = lz_plan::only(&spec.0, &org.live(), &address).unwrap_err();
    assert_eq!(refusal.problems.len(), 1, "{refusal:?}");
    assert_eq!(refusal.problems[0].code, "needs_other_steps");
    assert!(refusal.problems[0].text.contains("account.late:move"));
}
