//! Stack sets: what is created, updated and taken away, and how AWS is told.

use crate::build::*;
use lz_model::address::Name;
use lz_model::desired::*;
use lz_model::live::*;
use lz_model::plan::{AccountFilter, Action, Reach, StackSetWork, StackTargets, TemplateSource, Work};
use lz_model::text::Text;

fn zone() -> (Spec, Org) {
    let spec = Spec::new()
        .ou("work")
        .ou("work.prod")
        .account("shop", "work.prod")
        .account("blog", "work");
    let org = Org::new()
        .ou("work")
        .ou("work.prod")
        .account("shop", "work.prod")
        .account("blog", "work");
    (spec, org)
}

fn with_set() -> (Spec, Org) {
    let (spec, org) = zone();
    (
        spec.stack_set("base", &["ou.work"]),
        org.stack_set("base", &["ou.work"]),
    )
}

fn other_template(set: &mut DesiredStackSet) {
    set.template = Template::Body(OTHER_TEMPLATE.into());
}

fn automatic(set: &mut DesiredStackSet) {
    set.permissions = Permissions::Service {
        auto_deployment: Some(AutoDeployment { retain_stacks: false }),
    };
}

fn live_automatic(set: &mut LiveStackSet) {
    set.permissions = LivePermissions::Service {
        auto_deployment: true,
        retain_stacks: false,
        depends_on: Default::default(),
    };
}

fn filter(reach: &Reach) -> &AccountFilter {
    match &reach.targets {
        StackTargets::Ous { filter, .. } => filter,
        StackTargets::Named { .. } => panic!("named accounts"),
    }
}

fn names(reach: &Reach) -> Vec<&str> {
    let members = match &reach.targets {
        StackTargets::Named { members } => members,
        StackTargets::Ous { filter, .. } => match filter {
            AccountFilter::Only { members } | AccountFilter::Except { members } => members,
            AccountFilter::All {} => return Vec::new(),
        },
    };
    members.iter().map(|member| member.name.as_str()).collect()
}

#[test]
fn what_is_as_declared_needs_nothing() {
    let (spec, org) = with_set();
    let plan = plan(spec, org.live());
    assert!(plan.is_empty(), "{:#?}", ids(&plan));
    assert_eq!(plan.unmanaged.stack_sets, [""; 0]);
}

#[test]
fn a_new_set_is_created_and_deployed_to_whole_ous() {
    let (spec, org) = zone();
    let org = org.trusted("stacksets.cloudformation");
    let plan = plan(spec.stack_set("base", &["ou.work"]), org.live());
    assert_eq!(ids(&plan), ["stack_set.base:create", "stack_set.base:deploy"]);
    let (work, reach, wave) = operation(&plan, "stack_set.base:deploy");
    assert!(matches!(work, Work::Create { overrides } if overrides.is_empty()));
    assert_eq!((reach.accounts, reach.instances, wave), (2, 4, None));
    assert_eq!(*filter(reach), AccountFilter::All {});
}

#[test]
fn templates_are_compared_by_meaning_and_hidden_values_are_taken_for_the_same() {
    let (spec, org) = with_set();
    let spec = spec.edit_set("base", |set| {
        set.template =
            Template::Body("{ \"Resources\": {\"Topic\": {\"Type\": \"AWS::SNS::Topic\"}} }\n".into());
        set.parameters = [("Secret".to_owned(), Text::literal("new"))].into();
    });
    let org = org.edit_set("base", |set| {
        set.parameters = [("Secret".to_owned(), "****".to_owned())].into();
    });
    assert!(plan(spec, org.live()).is_empty());
}

#[test]
fn a_hidden_value_goes_along_with_another_change() {
    let (spec, org) = with_set();
    let spec = spec.edit_set("base", |set| {
        set.parameters = [("Secret", "new"), ("Mode", "hot")]
            .map(|(key, value)| (key.to_owned(), Text::literal(value)))
            .into();
    });
    let org = org.edit_set("base", |set| {
        set.parameters = [("Secret", "****"), ("Mode", "cold")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
    });
    let plan = plan(spec, org.live());
    let (work, ..) = operation(&plan, "stack_set.base:update");
    let Work::Update {
        definition: Some(change),
    } = work
    else {
        panic!("{work:?}")
    };
    assert_eq!(change.after.parameters["Secret"], Text::literal("new"));
    assert_eq!(change.before.parameters["Secret"], Text::literal("****"));
}

#[test]
fn a_template_at_an_address_is_as_old_as_the_address() {
    let (spec, org) = with_set();
    let at =
        |url: &'static str| move |set: &mut DesiredStackSet| set.template = Template::Url(url.to_owned());
    let first = plan(spec.edit_set("base", at("https://x/1")), org.live());
    let (work, ..) = operation(&first, "stack_set.base:update");
    let Work::Update {
        definition: Some(change),
    } = work
    else {
        panic!("{work:?}")
    };
    assert_eq!(
        change.after.template,
        TemplateSource::Url("https://x/1".to_owned())
    );
    let remembered: LiveTags = change
        .after
        .tags
        .iter()
        .map(|(key, value)| (key.clone(), value.to_string()))
        .collect();
    let done = || with_set().1.edit_set("base", |set| set.tags = remembered.clone());
    let (spec, _) = with_set();
    assert!(plan(spec.edit_set("base", at("https://x/1")), done().live()).is_empty());
    let (spec, _) = with_set();
    assert!(!plan(spec.edit_set("base", at("https://x/2")), done().live()).is_empty());
}

#[test]
fn the_first_wave_carries_the_change_and_the_others_follow_it() {
    let (spec, org) = with_set();
    let spec = spec.edit_set("base", |set| {
        other_template(set);
        set.rollout.waves = vec![wave("canary", &["account.blog"]), wave("rest", &[])];
    });
    let plan = plan(spec, org.live());
    let (first, reach, wave) = operation(&plan, "stack_set.base:update canary");
    assert!(matches!(first, Work::Update { definition: Some(_) }));
    assert_eq!((names(reach), wave), (vec!["Blog"], Some("canary")));
    let (second, reach, wave) = operation(&plan, "stack_set.base:update rest");
    assert_eq!(*second, Work::Update { definition: None });
    assert_eq!((reach.accounts, wave), (1, Some("rest")));
}

#[test]
fn only_what_failed_is_tried_again() {
    let (spec, org) = with_set();
    let org = org.edit_set("base", |set| {
        let broken = set
            .instances
            .iter_mut()
            .find(|stack| stack.account == account_id("shop") && stack.region == region(AWAY));
        broken.unwrap().status = InstanceStatus::Outdated;
    });
    let plan = plan(spec, org.live());
    assert_eq!(ids(&plan), ["stack_set.base:update"]);
    let (work, reach, _) = operation(&plan, "stack_set.base:update");
    assert_eq!(*work, Work::Update { definition: None });
    assert_eq!(
        (names(reach), reach.regions.as_slice()),
        (vec!["Shop"], &[region(AWAY)][..])
    );
}

#[test]
fn a_roll_out_that_was_interrupted_between_two_waves_still_owes_the_gate() {
    let spec = || {
        with_set().0.edit_set("base", |set| {
            let mut canary = wave("canary", &["account.blog"]);
            canary.bake_seconds = 600;
            set.rollout.waves = vec![canary, wave("rest", &[])];
        })
    };
    let outdated = |accounts: &'static [&'static str]| {
        with_set().1.edit_set("base", |set| {
            let is_one =
                |stack: &LiveStackInstance| accounts.iter().any(|one| stack.account == account_id(one));
            set.instances
                .iter_mut()
                .filter(|stack| is_one(stack))
                .for_each(|stack| stack.status = InstanceStatus::Outdated);
        })
    };
    let owed = plan(spec(), outdated(&["shop"]).live());
    assert_eq!(
        ids(&owed),
        ["stack_set.base:gate canary", "stack_set.base:update rest"]
    );
    let begun = outdated(&["shop"]).edit_set("base", |set| {
        let one = set
            .instances
            .iter_mut()
            .find(|stack| stack.account == account_id("shop"));
        one.unwrap().status = InstanceStatus::Current;
    });
    let begun = plan(spec(), begun.live());
    assert_eq!(ids(&begun), ["stack_set.base:update rest"]);
}

#[test]
fn a_first_wave_without_stacks_gets_some_before_the_definition_changes() {
    let (spec, org) = with_set();
    let spec = spec.ou("new").account("try", "new").edit_set("base", |set| {
        other_template(set);
        set.deploy.push(deploy(&["ou.new"], &[HOME, AWAY]));
        set.rollout.waves = vec![wave("canary", &["ou.new"]), wave("rest", &[])];
    });
    let plan = plan(spec, org.ou("new").account("try", "new").live());
    assert_eq!(
        ids(&plan),
        [
            "stack_set.base:deploy canary",
            "stack_set.base:update canary",
            "stack_set.base:update rest"
        ]
    );
    let (work, ..) = operation(&plan, "stack_set.base:update canary");
    assert!(matches!(work, Work::Update { definition: Some(_) }));
}

#[test]
fn values_of_their_own_are_merged_and_the_last_block_wins() {
    let (spec, org) = with_set();
    let set_to = |targets: &[&str], regions: &[&str], values: &[(&str, &str)]| DesiredOverride {
        targets: stack_targets(targets),
        regions: regions.iter().map(|name| region(name)).collect(),
        parameters: values
            .iter()
            .map(|(key, value)| ((*key).to_owned(), Text::literal(*value)))
            .collect(),
    };
    let spec = spec.edit_set("base", |set| {
        set.overrides = vec![
            set_to(&["ou.work.prod"], &[], &[("Mode", "slow"), ("Size", "1")]),
            set_to(&[], &[AWAY], &[("Mode", "fast")]),
        ];
    });
    let org = org.edit_set("base", |set| {
        for stack in &mut set.instances {
            stack.overrides = Some(Default::default());
        }
        let shop = set
            .instances
            .iter_mut()
            .find(|stack| stack.account == account_id("shop"));
        shop.unwrap().overrides = Some(
            [("Mode", "slow"), ("Size", "1")]
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .into(),
        );
    });
    let plan = plan(spec, org.live());
    let mut found: Vec<(Vec<&str>, String)> = Vec::new();
    for step in &plan.steps {
        let (work, reach, _) = operation(&plan, step.id.as_str());
        let Work::Override { overrides } = work else {
            panic!("{work:?}")
        };
        assert_eq!(reach.regions, [region(AWAY)]);
        let values: Vec<String> = overrides
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        found.push((names(reach), values.join(" ")));
    }
    found.sort();
    assert_eq!(
        found,
        [
            (vec!["Blog"], "Mode=fast".to_owned()),
            (vec!["Shop"], "Mode=fast Size=1".to_owned())
        ]
    );
}

#[test]
fn most_of_an_ou_is_told_as_all_but_a_few() {
    let mut spec = Spec::new().ou("work").trusted("stacksets.cloudformation");
    let mut org = Org::new().ou("work").trusted("stacksets.cloudformation");
    for n in 0..9 {
        spec = spec.account(&format!("a{n}"), "work");
        org = org.account(&format!("a{n}"), "work");
    }
    let spec = spec
        .stack_set("base", &["ou.work"])
        .edit_set("base", |set| set.except = stack_targets(&["account.a3"]));
    let plan = plan(spec, org.live());
    let (_, reach, _) = operation(&plan, "stack_set.base:deploy");
    assert!(matches!(filter(reach), AccountFilter::Except { members } if members.len() == 1));
    assert_eq!((names(reach), reach.accounts), (vec!["A3"], 8));
}

#[test]
fn fifty_ous_fit_into_one_operation() {
    let mut spec = Spec::new().trusted("stacksets.cloudformation");
    let mut targets = Vec::new();
    for n in 0..101 {
        spec = spec
            .ou(&format!("o{n}"))
            .account(&format!("a{n}"), &format!("o{n}"));
        targets.push(format!("ou.o{n}"));
    }
    let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
    let plan = plan(spec.stack_set("base", &targets), Org::new().live());
    let sizes: Vec<usize> = ["deploy", "deploy 2", "deploy 3"]
        .iter()
        .map(|verb| operation(&plan, &format!("stack_set.base:{verb}")).1.accounts)
        .collect();
    assert_eq!(sizes, [50, 50, 1]);
}

#[test]
fn a_wave_of_many_accounts_is_told_by_the_ous_inside() {
    let mut spec = Spec::new().trusted("stacksets.cloudformation");
    for ou in ["dev", "prod"] {
        spec = spec.ou(ou);
        for n in 0..150 {
            spec = spec.account(&format!("{ou}{n}"), ou);
        }
    }
    let mut org = Org::new();
    for ou in ["dev", "prod"] {
        org = org.ou(ou);
        for n in 0..150 {
            org = org.account(&format!("{ou}{n}"), ou);
        }
    }
    let org = org.stack_set("base", &["root"]);
    let spec = spec.stack_set("base", &["root"]).edit_set("base", |set| {
        other_template(set);
        set.rollout.waves = vec![wave("canary", &["ou.dev"]), wave("rest", &[])];
    });
    let plan = plan(spec, org.live());
    for (id, ou) in [("canary", "Dev"), ("rest", "Prod")] {
        let (_, reach, _) = operation(&plan, &format!("stack_set.base:update {id}"));
        let StackTargets::Ous { ous, filter } = &reach.targets else {
            panic!("named")
        };
        assert_eq!(*filter, AccountFilter::All {});
        assert_eq!((ous[0].name.as_str(), ous.len(), reach.accounts), (ou, 1, 150));
    }
    assert!(lz_plan::file::save(&plan).unwrap().len() < 20_000);
}

#[test]
fn an_empty_ou_is_made_known_to_automatic_deployment_once() {
    let (_, org) = with_set();
    let spec = || {
        with_set().0.ou("new").edit_set("base", |set| {
            automatic(set);
            set.deploy.push(deploy(&["ou.new"], &[HOME]));
        })
    };
    let org = org.ou("new").edit_set("base", live_automatic);
    let plan_once = plan(spec(), org.live());
    let (work, reach, _) = operation(&plan_once, "stack_set.base:deploy");
    assert!(matches!(work, Work::Create { .. }));
    assert_eq!(
        (reach.accounts, reach.regions.as_slice()),
        (0, &[region(HOME)][..])
    );
    let known = with_set().1.ou("new").edit_set("base", |set| {
        live_automatic(set);
        set.ous.insert(stack_parent("ou.new"), [region(HOME)].into());
    });
    assert!(plan(spec(), known.live()).is_empty());
}

#[test]
fn nobody_waits_for_stacks_of_the_management_account() {
    let (spec, org) = with_set();
    let spec = spec
        .account("management", "work")
        .edit(|desired| {
            let management = desired
                .accounts
                .values_mut()
                .find(|account| account.name == "Management");
            management.unwrap().id = Some(MANAGEMENT.parse().unwrap());
        })
        .edit_set("base", automatic);
    let plan = plan(spec, org.edit_set("base", live_automatic).live());
    assert!(
        ids(&plan).contains(&"account.management:move"),
        "{:?}",
        ids(&plan)
    );
    assert!(
        !ids(&plan).iter().any(|id| id.starts_with("stack_set.base")),
        "{:?}",
        ids(&plan)
    );
}

#[test]
fn automatic_deployment_follows_an_account_and_the_plan_waits_for_it() {
    let (spec, org) = with_set();
    let spec = spec
        .ou("old")
        .account("shop", "old")
        .account("late", "work")
        .edit_set("base", automatic);
    let org = org.ou("old").edit_set("base", live_automatic);
    let plan = plan(spec, org.live());
    let Action::StackSet(StackSetWork::Await {
        gains,
        loses,
        regions,
        ..
    }) = &step(&plan, "stack_set.base:await").action
    else {
        panic!("no waiting")
    };
    let names = |refs: &[lz_model::plan::Ref<_>]| refs.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        (names(gains), names(loses)),
        (vec!["Late".to_owned()], vec!["Shop".to_owned()])
    );
    assert_eq!(regions.len(), 2);
    let note = plan
        .notes
        .iter()
        .find(|note| note.code == "stacks_follow_move")
        .unwrap();
    assert_eq!(note.text, "account.shop: loses 2 stacks of stack_set.base");
}

#[test]
fn the_management_account_is_never_silently_left_out() {
    let (spec, org) = zone();
    let org = org.trusted("stacksets.cloudformation");
    let service = plan(spec.stack_set("base", &["root"]), org.live());
    assert!(codes(&service).contains(&"management_account_not_reached"));
    let boss = |spec: Spec| {
        spec.account("management", "root").edit(|spec| {
            let boss = spec.accounts.get_mut(&Name::new("management")).unwrap();
            boss.email = "aws+management@example.com".parse().unwrap();
            boss.id = Some(MANAGEMENT.parse().unwrap());
        })
    };
    let (spec, org) = zone();
    let named = boss(spec).stack_set("base", &["account.management"]);
    let org = org.trusted("stacksets.cloudformation");
    assert_eq!(refuse(named, org.live())[0].0, "management_account_by_service");
    let (spec, org) = zone();
    let own = boss(spec).stack_set("base", &["root"]).edit_set("base", |set| {
        set.permissions = Permissions::OwnRoles {
            administration_role: None,
            execution_role: None,
        };
    });
    let own = plan(own, org.live());
    let (_, reach, _) = operation(&own, "stack_set.base:deploy");
    assert!(names(reach).contains(&"Management"));
    assert_eq!(reach.accounts, 3);
}

#[test]
fn stacks_that_aws_cannot_work_on_are_named_and_left() {
    let (spec, org) = with_set();
    let org = org.edit_set("base", |set| set.instances[0].status = InstanceStatus::Inoperable);
    let broken = plan(spec, org.live());
    assert!(broken.is_empty());
    let note = broken
        .notes
        .iter()
        .find(|note| note.code == "inoperable_stacks")
        .unwrap();
    assert!(note.text.contains("--retain-stacks"), "{}", note.text);
    let (spec, org) = with_set();
    let spec = spec.edit(|spec| {
        spec.accounts.remove(&Name::new("shop"));
    });
    let org = org.edit(|org| {
        let shop = org.accounts.get_mut(&account_id("shop")).unwrap();
        shop.state = AccountState::Suspended;
        shop.tags.clear();
    });
    let suspended = plan(spec, org.live());
    assert!(suspended.is_empty(), "{:?}", ids(&suspended));
    let note = suspended
        .notes
        .iter()
        .find(|note| note.code == "suspended_accounts")
        .unwrap();
    assert!(note.text.starts_with("2 stacks"), "{}", note.text);
}

#[test]
fn an_unwanted_stack_that_cannot_be_deleted_is_let_go() {
    let (spec, org) = with_set();
    let spec = spec.edit_set("base", |set| set.except = stack_targets(&["account.shop"]));
    let org = org.edit_set("base", |set| {
        let shop = set
            .instances
            .iter_mut()
            .find(|stack| stack.account == account_id("shop"));
        shop.unwrap().status = InstanceStatus::Inoperable;
    });
    let plan = plan(spec, org.live());
    let works: Vec<&Work> = plan
        .steps
        .iter()
        .map(|step| operation(&plan, step.id.as_str()).0)
        .collect();
    assert_eq!(
        works,
        [&Work::Delete { retain: false }, &Work::Delete { retain: true }]
    );
    assert!(codes(&plan).contains(&"orphaned_stacks"));
}

#[test]
fn automatic_deployment_warns_that_it_ignores_exceptions() {
    let (spec, org) = with_set();
    let spec = spec.edit_set("base", |set| {
        automatic(set);
        set.except = stack_targets(&["account.shop"]);
    });
    assert!(codes(&plan(spec, org.live())).contains(&"auto_deployment_ignores_filters"));
}

#[test]
fn a_running_operation_is_told() {
    let (spec, org) = with_set();
    let org = org.edit_set("base", |set| {
        set.running = vec![LiveOperation {
            id: "op-1".to_owned(),
            action: "UPDATE".to_owned(),
        }];
    });
    assert_eq!(codes(&plan(spec, org.live())), ["operation_running"]);
}
