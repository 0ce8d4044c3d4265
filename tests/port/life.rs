//! The life of stack sets and stacks through the port on the twin: every change, and what becomes of it.

use crate::everything;
use crate::stacks::{HOME, TEMPLATE, deployed, deployed_with, region, regions, stack_scope};
use lz_model::event::Silent;
use lz_model::id::{AccountId, ParentId};
use lz_model::live::{InstanceStatus, Live, LivePermissions, StackState};
use lz_model::stack::{Pace, StackSetKey};
use lz_provider::{
    Administrator, Call, Created, InstanceOutcome, Natural, OperationStatus, Provider, SetConduct,
    SetDefinition, SetFilter, SetHandle, SetOperation, SetPermissions, SetTargets, SetWork, StackCall,
    StackSets, TagList, TemplateText,
};
use lz_tests::{World, runtime};
use lz_twin::{ResourceChange, Settings, StackAction, StackDrift, StackFault};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

fn handle() -> SetHandle {
    SetHandle {
        key: StackSetKey {
            region: region(HOME),
            name: "detection".to_owned(),
        },
        administrator: None,
    }
}

fn tags() -> TagList {
    TagList::from([
        ("lz:zone".to_owned(), "acme".to_owned()),
        ("lz:address".to_owned(), "stack_set.detection".to_owned()),
    ])
}

fn definition(template: String) -> SetDefinition {
    SetDefinition {
        description: "Topics".to_owned(),
        template: TemplateText::Body(template),
        parameters: BTreeMap::from([("Mode".to_owned(), "on".to_owned())]),
        capabilities: BTreeSet::new(),
        tags: tags(),
        permissions: SetPermissions::Service,
    }
}

fn conduct() -> SetConduct {
    SetConduct {
        auto_deployment: Some(true),
        retain_stacks: false,
        depends_on: BTreeSet::new(),
        managed_execution: false,
    }
}

/// A set on its way through its life.
struct Life {
    world: World,
    targets: SetTargets,
    accounts: Vec<AccountId>,
    root: ParentId,
}

impl Life {
    async fn begun() -> Self {
        Self::on(deployed(4, 0).await).await
    }

    async fn on(world: World) -> Self {
        let live = world.provider.read(&everything(), &Silent).await.unwrap();
        let organization = live.organization.unwrap();
        let root = ParentId::Root(organization.root.id);
        let management = organization.management_account;
        let accounts = organization.accounts.into_keys();
        let life = Self {
            world,
            targets: SetTargets::Ous {
                ous: vec![root.clone()],
                filter: SetFilter::All,
            },
            accounts: accounts.filter(|account| *account != management).collect(),
            root,
        };
        let trusted = "stacksets.cloudformation.amazonaws.com".parse().unwrap();
        life.done(Call::EnableTrustedService(trusted)).await;
        life
    }

    async fn done(&self, call: Call) -> Option<Created> {
        self.world.provider.perform(&call).await.unwrap()
    }

    /// Starts an operation and waits until it has ended.
    async fn worked(&self, token: &str, work: SetWork, all: &[&str]) -> OperationStatus {
        let call = Call::StackSetOperation(Box::new(SetOperation {
            set: handle(),
            token: token.to_owned(),
            work,
            targets: self.targets.clone(),
            regions: regions(all),
            pace: Pace::WIDEST,
        }));
        let started = self.done(call.clone()).await.unwrap();
        assert_eq!(started.id, token);
        assert_eq!(
            self.done(call).await.unwrap().id,
            token,
            "sent again, it is the same operation"
        );
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            let state = self.world.provider.operation(&handle(), token).await.unwrap();
            if state.status.is_over() {
                return state.status;
            }
        }
    }

    async fn live(&self) -> Live {
        self.world.provider.read(&stack_scope(), &Silent).await.unwrap()
    }
}

#[test]
fn a_set_lives_from_its_creation_to_its_end() {
    runtime().block_on(async {
        let life = Life::begun().await;
        let provider = &life.world.provider;
        assert_eq!(provider.find(&Natural::StackSet(handle())).await.unwrap(), None);
        let made = life
            .done(create_set(handle(), TEMPLATE.to_owned()))
            .await
            .unwrap();
        assert_eq!(
            provider.find(&Natural::StackSet(handle())).await.unwrap(),
            Some(made.clone())
        );
        assert!(made.arn.unwrap().ends_with(&made.id));

        let overrides = BTreeMap::new();
        let status = life
            .worked("deploy", SetWork::Create { overrides }, &[HOME, "eu-west-1"])
            .await;
        assert_eq!(status, OperationStatus::Succeeded);
        let results = provider.results(&handle(), "deploy").await.unwrap();
        assert_eq!(results.len(), 2 * life.accounts.len());
        assert!(
            results
                .iter()
                .all(|one| one.outcome == InstanceOutcome::Succeeded)
        );

        let definition = Some(Box::new(definition(TEMPLATE.replace("Topic:", "Other:"))));
        let change = SetWork::Update { definition };
        assert_eq!(
            life.worked("change", change, &[HOME]).await,
            OperationStatus::Succeeded
        );
        let again = SetWork::Update { definition: None };
        assert_eq!(
            life.worked("again", again, &["eu-west-1"]).await,
            OperationStatus::Succeeded
        );
        let overrides = BTreeMap::from([("Mode".to_owned(), "off".to_owned())]);
        assert_eq!(
            life.worked("differ", SetWork::Override { overrides }, &[HOME])
                .await,
            OperationStatus::Succeeded
        );
        let configure = Call::ConfigureStackSet {
            set: handle(),
            conduct: SetConduct {
                retain_stacks: true,
                managed_execution: true,
                ..conduct()
            },
            auto_deployment: true,
            token: "configure".to_owned(),
        };
        life.done(configure).await;
        tokio::time::sleep(Duration::from_secs(300)).await;
        check(&life).await;

        assert_eq!(
            life.worked("remove", SetWork::Delete { retain: false }, &[HOME, "eu-west-1"])
                .await,
            OperationStatus::Succeeded
        );
        assert_eq!(provider.instances(&handle(), None).await.unwrap(), []);
        life.done(Call::DeleteStackSet(handle())).await;
        assert_eq!(provider.find(&Natural::StackSet(handle())).await.unwrap(), None);
    });
}

fn create_set(set: SetHandle, template: String) -> Call {
    Call::CreateStackSet {
        set,
        definition: Box::new(definition(template)),
        conduct: conduct(),
        token: "make".to_owned(),
    }
}

#[test]
fn stacks_that_fail_or_drift_are_told_one_by_one() {
    runtime().block_on(async {
        let settings = Settings {
            stack_faults: vec![StackFault {
                action: Some(StackAction::Create),
                region: Some("eu-west-1".to_owned()),
                ..StackFault::always("no role")
            }],
            stack_drifts: vec![StackDrift {
                name: None,
                account: None,
                region: None,
                resource: "Topic".to_owned(),
                change: ResourceChange::Deleted,
            }],
            ..Settings::default()
        };
        let life = Life::on(deployed_with(settings, 4, 0).await).await;
        let provider = &life.world.provider;
        life.done(create_set(handle(), TEMPLATE.to_owned())).await;
        let overrides = BTreeMap::new();
        let status = life
            .worked("deploy", SetWork::Create { overrides }, &[HOME, "eu-west-1"])
            .await;
        assert_eq!(status, OperationStatus::Succeeded, "within the tolerance");
        let state = provider.operation(&handle(), "deploy").await.unwrap();
        assert_eq!(state.failed, life.accounts.len());
        let results = provider.results(&handle(), "deploy").await.unwrap();
        let failed: Vec<_> = results
            .iter()
            .filter(|one| one.outcome == InstanceOutcome::Failed)
            .collect();
        assert_eq!(failed.len(), life.accounts.len());
        for one in failed {
            assert_eq!(one.region.as_str(), "eu-west-1");
            assert!(one.reason.as_ref().unwrap().contains("no role"), "{one:?}");
        }
        let instances = provider.instances(&handle(), None).await.unwrap();
        let outdated = instances
            .iter()
            .filter(|one| one.status == InstanceStatus::Outdated);
        assert_eq!(outdated.count(), life.accounts.len());

        life.worked("detect", SetWork::DetectDrift, &[]).await;
        let drifted = provider.drift(&handle(), "detect").await.unwrap();
        assert!(!drifted.is_empty());
        for stack in drifted {
            assert_eq!(stack.resources.len(), 1, "{stack:?}");
            assert!(stack.resources[0].deleted && stack.resources[0].logical_id == "Topic");
        }
    });
}

#[test]
fn an_operation_is_stopped_and_says_so() {
    runtime().block_on(async {
        let life = Life::begun().await;
        let provider = &life.world.provider;
        life.done(create_set(handle(), TEMPLATE.to_owned())).await;
        let slowly = Call::StackSetOperation(Box::new(SetOperation {
            set: handle(),
            token: "slowly".to_owned(),
            work: SetWork::Create {
                overrides: BTreeMap::new(),
            },
            targets: life.targets.clone(),
            regions: regions(&[HOME, "eu-west-1"]),
            pace: Pace::default(),
        }));
        life.done(slowly).await;
        let running = provider.running(&handle()).await.unwrap();
        assert_eq!((running.len(), running[0].id.as_str()), (1, "slowly"));
        provider.stop(&handle(), "slowly").await.unwrap();
        tokio::time::sleep(Duration::from_secs(300)).await;
        let state = provider.operation(&handle(), "slowly").await.unwrap();
        assert_eq!(state.status, OperationStatus::Stopped);
        assert_eq!(provider.running(&handle()).await.unwrap(), []);
        provider.stop(&handle(), "slowly").await.unwrap();
        let results = provider.results(&handle(), "slowly").await.unwrap();
        assert!(
            results
                .iter()
                .any(|one| one.outcome == InstanceOutcome::Cancelled)
        );
    });
}

#[test]
fn a_delegated_administrator_makes_sets_that_the_management_account_sees() {
    runtime().block_on(async {
        let life = Life::begun().await;
        let account = life.accounts[0].clone();
        let principal = "member.org.stacksets.cloudformation.amazonaws.com"
            .parse()
            .unwrap();
        life.done(Call::RegisterAdmin(principal, account.clone())).await;
        let set = SetHandle {
            administrator: Some(Administrator {
                account: account.clone(),
                role: "OrganizationAccountAccessRole".to_owned(),
            }),
            ..handle()
        };
        let long = format!("{TEMPLATE}{}", "# baseline\n".repeat(6_000));
        life.done(create_set(set.clone(), long.clone())).await;
        let found = life.world.provider.find(&Natural::StackSet(set)).await.unwrap();
        let live = life.live().await.organization.unwrap();
        let seen = &live.stack_sets[&handle().key];
        assert_eq!(
            (&seen.template, Some(&seen.id)),
            (&long, found.as_ref().map(|set| &set.id))
        );
    });
}

/// Checks what the changes have made of the set.
async fn check(life: &Life) {
    let mut scope = stack_scope();
    scope.stacks.overrides = BTreeSet::from([handle().key]);
    let live = life.world.provider.read(&scope, &Silent).await.unwrap();
    let set = live
        .organization
        .unwrap()
        .stack_sets
        .remove(&handle().key)
        .unwrap();
    assert!(set.template.contains("Other:"));
    assert_eq!((set.description.as_str(), &set.tags), ("Topics", &tags()));
    assert_eq!((set.managed_execution, &set.running), (true, &Vec::new()));
    assert!(matches!(
        set.permissions,
        LivePermissions::Service {
            retain_stacks: true,
            ..
        }
    ));
    assert_eq!(
        set.ous,
        BTreeMap::from([(
            life.root.clone(),
            regions(&[HOME, "eu-west-1"]).into_iter().collect()
        )])
    );
    assert_eq!(set.instances.len(), 2 * life.accounts.len());
    for instance in &set.instances {
        assert_eq!(instance.status, InstanceStatus::Current, "{instance:?}");
        let overrides = instance.overrides.as_ref().unwrap();
        assert_eq!(
            overrides.is_empty(),
            instance.region.as_str() != HOME,
            "{instance:?}"
        );
    }
    let one = life
        .world
        .provider
        .instances(&handle(), life.accounts.first())
        .await
        .unwrap();
    assert_eq!(one.len(), 2);
}

fn stack(template: String) -> StackCall {
    StackCall {
        name: "baseline".to_owned(),
        region: region(HOME),
        template: TemplateText::Body(template),
        parameters: BTreeMap::new(),
        capabilities: BTreeSet::new(),
        tags: TagList::from([
            ("lz:zone".to_owned(), "acme".to_owned()),
            ("lz:address".to_owned(), "stack.baseline".to_owned()),
        ]),
        termination_protection: Some(false),
        token: "make".to_owned(),
    }
}

#[test]
fn a_stack_of_the_management_account_lives_from_its_creation_to_its_end() {
    runtime().block_on(async {
        let life = Life::begun().await;
        let key = (region(HOME), "baseline".to_owned());
        let made = life
            .done(Call::CreateStack(Box::new(stack(TEMPLATE.to_owned()))))
            .await
            .unwrap();
        let found = life
            .live()
            .await
            .organization
            .unwrap()
            .stacks
            .remove(&key)
            .unwrap();
        assert_eq!((found.id, found.state), (made.id, StackState::Settled));
        assert_eq!(found.template, TEMPLATE);
        assert!(!found.termination_protection);

        let long = format!("{TEMPLATE}{}", "# baseline\n".repeat(6_000));
        let mut update = stack(long.clone());
        update.token = "change".to_owned();
        update.termination_protection = Some(true);
        life.done(Call::UpdateStack(Box::new(update.clone()))).await;
        let found = life
            .live()
            .await
            .organization
            .unwrap()
            .stacks
            .remove(&key)
            .unwrap();
        assert_eq!(found.template, long, "it went through S3");
        assert!(found.termination_protection);
        update.token = "again".to_owned();
        update.termination_protection = Some(false);
        life.done(Call::UpdateStack(Box::new(update))).await;
        assert_eq!(life.world.provider.stats().calls["s3:CreateBucket"], 1);

        life.done(Call::DeleteStack(region(HOME), "baseline".to_owned()))
            .await;
        assert!(life.live().await.organization.unwrap().stacks.is_empty());
    });
}
