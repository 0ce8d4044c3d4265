//! The ordering rules about stack sets and stacks: each has a plan that breaks without it.

use crate::build::*;
use lz_model::desired::{AutoDeployment, Permissions, Removal, StackDependency};
use lz_model::id::AccountId;
use lz_model::live::{InstanceStatus, LivePermissions, StackState};
use lz_model::plan::{Action, Plan, StackSetWork};
use lz_model::rule::Rule;
use lz_model::stack::Gate;
use lz_model::text::{Attribute, Text};

fn automatic() -> Permissions {
    Permissions::Service {
        auto_deployment: Some(AutoDeployment { retain_stacks: false }),
    }
}

fn live_automatic() -> LivePermissions {
    LivePermissions::Service {
        auto_deployment: true,
        retain_stacks: false,
        depends_on: Default::default(),
    }
}

/// Two OUs with an account each, and a stack set on both.
fn spec() -> Spec {
    Spec::new()
        .ou("test")
        .ou("prod")
        .account("try", "test")
        .account("shop", "prod")
        .stack_set("base", &["ou.test", "ou.prod"])
}

fn org() -> Org {
    Org::new()
        .ou("test")
        .ou("prod")
        .account("try", "test")
        .account("shop", "prod")
        .stack_set("base", &["ou.test", "ou.prod"])
}

fn bare() -> Org {
    org().edit(|org| org.stack_sets.clear())
}

/// Whether `then` waits for `first`, directly or through others.
fn waits(plan: &Plan, first: &str, then: &str) -> bool {
    let edges = &step(plan, then).after;
    edges
        .iter()
        .any(|edge| edge.step.as_str() == first || waits(plan, first, edge.step.as_str()))
}

#[test]
fn a_stack_set_exists_before_it_is_deployed() {
    let plan = plan(spec(), bare().live());
    assert_edge(
        &plan,
        "stack_set.base:create",
        "stack_set.base:deploy",
        Rule::StackSetFirst,
    );
}

#[test]
fn a_stack_set_is_empty_before_it_is_deleted() {
    let spec = spec().edit(|spec| spec.stack_sets.clear());
    let plan = plan(spec, org().live());
    assert_edge(
        &plan,
        "stack_set.base:undeploy eu-central-1 base",
        "stack_set.base:delete eu-central-1 base",
        Rule::EmptyBeforeDeleteSet,
    );
}

#[test]
fn operations_of_one_set_follow_one_another() {
    let spec = || {
        spec().account("new", "prod").edit_set("base", |set| {
            set.template = lz_model::desired::Template::Body(OTHER_TEMPLATE.into())
        })
    };
    let plan_one = plan(spec(), org().live());
    assert_edge(
        &plan_one,
        "stack_set.base:update",
        "stack_set.base:deploy",
        Rule::OneOperation,
    );
    let managed = || spec().edit_set("base", |set| set.managed_execution = true);
    let live = || org().edit_set("base", |set| set.managed_execution = true);
    let defined = plan(managed(), live().live());
    // New stacks must not be made from the old definition, even where AWS would take both operations.
    assert_edge(
        &defined,
        "stack_set.base:update",
        "stack_set.base:deploy",
        Rule::OneOperation,
    );
    let live = live().edit_set("base", |set| {
        set.template = OTHER_TEMPLATE.to_owned();
        set.instances
            .iter_mut()
            .for_each(|stack| stack.status = InstanceStatus::Outdated);
    });
    let side_by_side = plan(managed(), live.live());
    assert!(!waits(
        &side_by_side,
        "stack_set.base:update",
        "stack_set.base:deploy"
    ));
}

#[test]
fn deletions_of_one_set_follow_one_another_even_where_aws_would_take_them_together() {
    // The last deletion names the whole OU, and must not let go of stacks that the others are to delete.
    let live = org().account("second", "prod").stack_set("base", &["ou.prod"]);
    let live = live.edit_set("base", |set| {
        set.managed_execution = true;
        let stack = set
            .instances
            .iter_mut()
            .find(|stack| stack.account == account_id("second") && stack.region == region(AWAY));
        stack.unwrap().status = InstanceStatus::Inoperable;
    });
    let spec = spec().account("second", "prod").edit_set("base", |set| {
        set.managed_execution = true;
        set.deploy = vec![deploy(&["ou.test"], &[HOME])];
    });
    let plan = plan(spec, live.live());
    let undeploys: Vec<&str> = ids(&plan)
        .into_iter()
        .filter(|id| id.contains(":undeploy"))
        .collect();
    assert_eq!(undeploys.len(), 3, "{undeploys:?}");
    for pair in undeploys.windows(2) {
        assert_edge(&plan, pair[0], pair[1], Rule::OneOperation);
    }
}

fn waves() -> Spec {
    spec().edit_set("base", |set| {
        set.template = lz_model::desired::Template::Body(OTHER_TEMPLATE.into());
        set.rollout.waves = vec![wave("canary", &["ou.test"]), wave("rest", &[])];
    })
}

#[test]
fn a_wave_ends_and_passes_its_gate_before_the_next() {
    let without_gate = plan(waves(), org().live());
    assert_edge(
        &without_gate,
        "stack_set.base:update canary",
        "stack_set.base:update rest",
        Rule::WaveInTurn,
    );
    let gated = waves().edit_set("base", |set| {
        let canary = set.rollout.waves.first_mut().unwrap();
        canary.bake_seconds = 1_800;
        canary.gate = Some(Gate::Approval {
            question: "all well?".to_owned(),
        });
    });
    let gated = plan(gated, org().live());
    let gate = "stack_set.base:gate canary";
    assert_edge(&gated, "stack_set.base:update canary", gate, Rule::WaveInTurn);
    assert_edge(&gated, gate, "stack_set.base:update rest", Rule::WaveInTurn);
    assert!(gated.estimate_seconds > 1_800);
}

#[test]
fn accounts_arrive_before_stacks_are_deployed_to_their_place() {
    let spec = || spec().ou("new").account("late", "new");
    let named = plan(
        spec().edit_set("base", |set| set.deploy.push(deploy(&["ou.new"], &[HOME]))),
        org().live(),
    );
    for first in ["ou.new:create", "account.late:move"] {
        assert_edge(&named, first, "stack_set.base:deploy", Rule::ArriveBeforeDeploy);
    }
    // One that is left out is named as well: its id must be known.
    let left_out = spec()
        .account("early", "new")
        .account("third", "new")
        .edit_set("base", |set| {
            set.managed_execution = true;
            set.deploy.push(deploy(&["ou.new"], &[HOME]));
            set.except = stack_targets(&["account.late"]);
        });
    assert_edge(
        &plan(left_out, org().live()),
        "account.late:move",
        "stack_set.base:deploy",
        Rule::ArriveBeforeDeploy,
    );
    let by_aws = plan(
        spec()
            .account("late", "prod")
            .edit_set("base", |set| set.permissions = automatic()),
        org()
            .edit_set("base", |set| set.permissions = live_automatic())
            .live(),
    );
    assert_edge(
        &by_aws,
        "account.late:move",
        "stack_set.base:await",
        Rule::ArriveBeforeDeploy,
    );
}

#[test]
fn an_account_that_leaves_the_place_has_left_before_the_place_is_worked_on() {
    let spec = spec()
        .ou("old")
        .account("shop", "old")
        .account("new", "prod")
        .edit_set("base", |set| set.retain_stacks = true);
    let plan = plan(spec, org().live());
    let (_, reach, _) = operation(&plan, "stack_set.base:deploy");
    assert_eq!(reach.accounts, 1);
    assert_edge(
        &plan,
        "account.shop:move",
        "stack_set.base:deploy",
        Rule::ArriveBeforeDeploy,
    );
}

#[test]
fn stacks_leave_before_their_account_goes_or_moves_away() {
    let closing = spec()
        .edit(|spec| {
            spec.accounts.remove(&lz_model::address::Name::new("shop"));
        })
        .removed("account.shop", Removal::Close);
    let closing = plan(closing, org().live());
    assert_edge(
        &closing,
        "stack_set.base:undeploy first",
        "account.shop:close",
        Rule::UndeployBeforeLeaving,
    );
    let moving = plan(spec().ou("old").account("shop", "old"), org().live());
    assert_edge(
        &moving,
        "stack_set.base:undeploy first",
        "account.shop:move",
        Rule::UndeployBeforeLeaving,
    );
}

#[test]
fn stacks_leave_an_ou_before_it_goes() {
    let spec = spec()
        .edit(|spec| {
            spec.ous.remove(&ou("prod"));
            spec.accounts.remove(&lz_model::address::Name::new("shop"));
        })
        .removed("account.shop", Removal::Close)
        .edit_set("base", |set| {
            set.deploy = vec![deploy(&["ou.test"], &[HOME, AWAY])]
        });
    let plan = plan(spec, org().live());
    let delete = format!("ou.prod:delete {}", ou_id("prod"));
    let undeploy = "stack_set.base:undeploy first";
    assert_edge(&plan, undeploy, &delete, Rule::UndeployBeforeLeaving);
    assert_edge(&plan, undeploy, "account.shop:close", Rule::UndeployBeforeLeaving);
}

#[test]
fn what_a_set_depends_on_is_deployed_first_and_goes_last() {
    let with = |template: &'static str| {
        move |spec: Spec| {
            let spec = spec.stack_set("app", &["ou.prod"]).edit_set("app", |set| {
                set.depends_on.insert(lz_model::address::Name::new("base"));
            });
            ["app", "base"].into_iter().fold(spec, |spec, label| {
                spec.edit_set(label, |set| {
                    set.template = lz_model::desired::Template::Body(template.into());
                })
            })
        }
    };
    let org = || org().stack_set("app", &["ou.prod"]);
    let updating = plan(with(OTHER_TEMPLATE)(spec()), org().live());
    assert_edge(
        &updating,
        "stack_set.base:update",
        "stack_set.app:update",
        Rule::StackDependency,
    );
    let fewer = ["app", "base"]
        .into_iter()
        .fold(with(TEMPLATE)(spec()), |spec, label| {
            spec.edit_set(label, |set| {
                set.deploy = vec![deploy(&["ou.test"], &[HOME, AWAY])]
            })
        });
    let removing = plan(fewer, org().live());
    assert_edge(
        &removing,
        "stack_set.app:undeploy",
        "stack_set.base:undeploy",
        Rule::StackDependency,
    );
}

#[test]
fn sets_that_leave_the_spec_go_in_the_order_that_aws_knows() {
    let base = "arn:aws:cloudformation:eu-central-1:111122223333:stackset/base:1";
    let org = org().stack_set("app", &["ou.prod"]).edit_set("app", |set| {
        set.permissions = LivePermissions::Service {
            auto_deployment: true,
            retain_stacks: false,
            depends_on: [base.to_owned()].into(),
        };
    });
    let plan = plan(spec().edit(|spec| spec.stack_sets.clear()), org.live());
    assert_edge(
        &plan,
        "stack_set.app:undeploy eu-central-1 app",
        "stack_set.base:undeploy eu-central-1 base",
        Rule::StackDependency,
    );
}

#[test]
fn a_stack_waits_for_what_it_depends_on() {
    let spec = spec().stack("hub").edit(|spec| {
        spec.stacks.values_mut().for_each(|stack| {
            stack
                .depends_on
                .insert(StackDependency::StackSet(lz_model::address::Name::new("base")));
        });
    });
    let plan = plan(spec, bare().live());
    assert_edge(
        &plan,
        "stack_set.base:deploy",
        "stack.hub:create",
        Rule::StackDependency,
    );
}

#[test]
fn stack_sets_are_trusted_before_a_set_comes_and_as_long_as_one_is_there() {
    let trusted = "organization.trusted_services[\"member.org.stacksets.cloudformation.amazonaws.com\"]";
    let untrusted = || bare().edit(|org| org.trusted_services.clear());
    let coming = plan(
        spec().trusted("member.org.stacksets.cloudformation"),
        untrusted().live(),
    );
    assert_edge(
        &coming,
        &format!("{trusted}:enable"),
        "stack_set.base:create",
        Rule::TrustedAccessFirst,
    );
    let going = spec()
        .edit(|spec| spec.stack_sets.clear())
        .exclusive(lz_model::desired::Exclusive::TrustedServices);
    let going = plan(going, org().live());
    assert_edge(
        &going,
        "stack_set.base:delete eu-central-1 base",
        &format!("{trusted}:disable"),
        Rule::DependentsBeforeTrust,
    );
}

#[test]
fn an_administrator_is_registered_before_its_set_is_touched() {
    let spec = spec()
        .admin("member.org.stacksets.cloudformation", "try")
        .edit_set("base", |set| {
            set.administrator = Some(lz_model::desired::DesiredAdministrator {
                account: lz_model::address::Name::new("try"),
                role: "lz-stacks".to_owned(),
            });
        });
    let plan = plan(spec, bare().trusted("stacksets.cloudformation").live());
    assert_edge(
        &plan,
        "delegated_admin[\"member.org.stacksets.cloudformation.amazonaws.com\"]:register",
        "stack_set.base:create",
        Rule::TrustedAccessFirst,
    );
    let Action::StackSet(StackSetWork::Create { set, .. }) = &step(&plan, "stack_set.base:create").action
    else {
        panic!("no creation")
    };
    let account: Option<&AccountId> = set.administrator.as_ref().unwrap().account.id.now();
    assert_eq!(account, Some(&account_id("try")));
}

#[test]
fn a_parameter_waits_for_the_id_that_it_holds() {
    let spec = spec()
        .stack("hub")
        .account("audit", "root")
        .edit_set("base", |set| {
            let id = |address: &str| Text::hole(address.parse().unwrap(), Attribute::Id);
            set.parameters.insert("Admin".to_owned(), id("account.audit"));
            set.parameters.insert("Hub".to_owned(), id("stack.hub"));
        });
    let plan = plan(spec, bare().live());
    for first in ["account.audit:create", "stack.hub:create"] {
        assert_edge(&plan, first, "stack_set.base:create", Rule::IdFirst);
    }
}

#[test]
fn a_stack_that_was_never_made_goes_before_it_is_made() {
    let org = Org::new().stack("hub").edit(|org| {
        org.stacks
            .values_mut()
            .for_each(|stack| stack.state = StackState::NeverMade);
    });
    let plan = plan(Spec::new().stack("hub"), org.live());
    assert_edge(
        &plan,
        "stack.hub:delete",
        "stack.hub:create",
        Rule::NameFreedFirst,
    );
}

#[test]
fn automatic_deployment_waits_for_the_sets_it_depends_on() {
    let spec = spec()
        .stack_set("app", &["ou.prod"])
        .edit_set("base", |set| set.permissions = automatic())
        .edit_set("app", |set| {
            set.permissions = automatic();
            set.depends_on.insert(lz_model::address::Name::new("base"));
        });
    let plan = plan(spec, bare().live());
    assert_edge(
        &plan,
        "stack_set.base:create",
        "stack_set.app:create",
        Rule::IdFirst,
    );
    let Action::StackSet(StackSetWork::Create { conduct, set, .. }) =
        &step(&plan, "stack_set.app:create").action
    else {
        panic!("no creation")
    };
    assert_eq!(conduct.depends_on.len(), 1);
    assert_eq!(set.administrator, None);
}
