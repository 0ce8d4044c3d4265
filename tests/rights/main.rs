//! The rights that `lz explain --iam` prints are those of the calls that lz makes: enough for every call of every
//! example, and none that nothing calls.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on must fail"
)]

use lz_model::desired::{Desired, Notice, ObjectPlace, Occasion, Recipient};
use lz_plan::rights::{self, On, POLICY_CHARACTERS, Role, TABLE, WITHOUT_CALL, WITHOUT_RIGHT};
use lz_policy::evaluate::{Compiled, Decision, Level, Member, Path, Request};
use lz_policy::language::{Kind, Policy};
use lz_provider::{Condition, Objects as _, Topics as _};
use lz_tests::{MANAGEMENT, World, example, runtime};
use lz_twin::{FaultScript, Settings};
use std::collections::BTreeSet;
use std::sync::Arc;

const EXAMPLES: [&str; 5] = [
    "startup",
    "media-group",
    "security-visibility",
    "control-tower",
    "vending",
];

/// The operations that planning and applying a spec from nothing take, and those of planning alone.
fn calls(desired: &Desired) -> (BTreeSet<String>, BTreeSet<String>) {
    runtime().block_on(async {
        let settings = Settings {
            accounts: 1_000,
            ..Settings::default()
        };
        let world = World::new(settings, FaultScript::none()).await;
        world.converge(desired).await;
        let apply = world.provider.stats().calls.into_keys().collect();
        let world = World::over(world.twin).await;
        world
            .plan(desired)
            .await
            .unwrap_or_else(|refusal| panic!("{:#?}", refusal.problems));
        (world.provider.stats().calls.into_keys().collect(), apply)
    })
}

/// The policies of a role, as an evaluator reads them. What they allow together is allowed.
fn allowed(desired: &Desired, role: Role) -> Path {
    let policies = rights::policies(desired, role).into_iter().map(|policy| {
        let policy = Policy::parse(Kind::Scp, &policy.to_string());
        Arc::new(Compiled::new(
            &policy.unwrap_or_else(|problems| panic!("{problems:?}")),
        ))
    });
    let level = Level {
        name: "role".to_owned(),
        policies: policies.collect(),
    };
    Path::new(vec![level], Member::Ordinary)
}

fn region(desired: &Desired) -> String {
    desired
        .zone
        .home_region
        .as_ref()
        .map_or("us-east-1".to_owned(), ToString::to_string)
}

/// What a call of an operation is about, as AWS would say it.
fn resource(desired: &Desired, on: On) -> String {
    let lock = || desired.pipeline.lock.as_ref().unwrap();
    let history = || desired.pipeline.history.as_ref().unwrap();
    match on {
        On::Everything | On::Regions => "*".to_owned(),
        On::Stacks => {
            let stack = desired.stacks.values().next().unwrap();
            format!(
                "arn:aws:cloudformation:{}:{MANAGEMENT}:stack/{}/0",
                stack.region, stack.name
            )
        }
        On::AdministratorRoles => "arn:aws:iam::222233334444:role/lz".to_owned(),
        On::AdministrationRoles => {
            format!("arn:aws:iam::{MANAGEMENT}:role/AWSCloudFormationStackSetAdministrationRole")
        }
        On::TemplateBuckets => format!("arn:aws:s3:::lz-templates-{MANAGEMENT}-eu-west-1"),
        On::Templates => format!("arn:aws:s3:::lz-templates-{MANAGEMENT}-eu-west-1/0a"),
        On::TowerRoles => format!("arn:aws:iam::{MANAGEMENT}:role/service-role/AWSControlTowerAdmin"),
        On::ServiceLinkedRoles => format!("arn:aws:iam::{MANAGEMENT}:role/aws-service-role/x/y"),
        On::Lock => format!("arn:aws:s3:::{}/{}", lock().bucket, lock().key),
        On::LockBucket => format!("arn:aws:s3:::{}", lock().bucket),
        On::History => format!(
            "arn:aws:s3:::{}/{}/20260101-a/run.json",
            history().bucket,
            history().key
        ),
        On::HistoryBucket => format!("arn:aws:s3:::{}", history().bucket),
        On::Topics => TOPIC.to_owned(),
    }
}

fn ask(path: &Path, action: &str, resource: String, context: &[(&str, String)]) -> Decision {
    let principal = format!("arn:aws:iam::{MANAGEMENT}:role/lz");
    let context = context.iter().map(|(key, value)| (*key, [value.clone()]));
    path.evaluate(&Request::new(principal, action, resource, context).unwrap())
        .decision()
}

fn may(desired: &Desired, path: &Path, operation: &str) -> bool {
    let mut rows = TABLE
        .iter()
        .filter(|right| right.operation == operation)
        .peekable();
    assert!(rows.peek().is_some(), "{operation} is in no row of the table");
    let used = rights::features(desired);
    rows.filter(|right| used.contains(&right.feature)).any(|right| {
        let context = [("aws:RequestedRegion", region(desired))];
        ask(path, right.action, resource(desired, right.on), &context) == Decision::Allow
    })
}

fn assert_enough(name: &str, desired: &Desired) {
    let (plan, apply) = calls(desired);
    for (role, calls) in [(Role::Plan, plan), (Role::Apply, apply)] {
        let path = allowed(desired, role);
        for operation in calls
            .iter()
            .filter(|call| !WITHOUT_RIGHT.contains(&call.as_str()))
        {
            assert!(
                may(desired, &path, operation),
                "{name}: {role:?} may not call {operation}"
            );
        }
    }
}

#[test]
fn the_rights_of_the_start_up_are_enough_for_its_calls() {
    assert_enough("startup", &example("startup"));
}

#[test]
fn the_rights_of_the_media_group_are_enough_for_its_calls() {
    assert_enough("media-group", &example("media-group"));
}

#[test]
fn the_rights_of_security_in_one_place_are_enough_for_its_calls() {
    assert_enough("security-visibility", &example("security-visibility"));
}

#[test]
fn the_rights_of_control_tower_are_enough_for_its_calls() {
    assert_enough("control-tower", &example("control-tower"));
}

#[test]
fn the_rights_of_vending_are_enough_for_its_calls() {
    assert_enough("vending", &example("vending"));
}

#[test]
fn an_invitation_needs_rights_that_other_accounts_do_not() {
    let mut desired = example("vending");
    let may_invite = |desired: &Desired| {
        let context = [("aws:RequestedRegion", region(desired))];
        let path = allowed(desired, Role::Apply);
        let action = "organizations:InviteAccountToOrganization";
        ask(&path, action, "*".to_owned(), &context) == Decision::Allow
    };
    assert!(!may_invite(&desired));
    let account = desired.accounts.values_mut().next().unwrap();
    account.invite = Some("444455556666".parse().unwrap());
    assert!(may_invite(&desired));
}

#[test]
fn who_plans_may_change_nothing() {
    let changes = [
        "organizations:CreateAccount",
        "organizations:AttachPolicy",
        "cloudformation:CreateStackSet",
        "guardduty:EnableOrganizationAdminAccount",
        "controltower:CreateLandingZone",
        "iam:CreateRole",
    ];
    for name in EXAMPLES {
        let desired = example(name);
        let path = allowed(&desired, Role::Plan);
        for action in changes {
            let context = [("aws:RequestedRegion", region(&desired))];
            assert_ne!(
                ask(&path, action, "*".to_owned(), &context),
                Decision::Allow,
                "{name}: {action}"
            );
        }
    }
}

#[test]
fn a_spec_gets_no_rights_of_features_that_it_does_not_use() {
    let startup = example("startup");
    let path = allowed(&startup, Role::Apply);
    let context = [("aws:RequestedRegion", region(&startup))];
    for action in [
        "controltower:CreateLandingZone",
        "organizations:CloseAccount",
        "s3:PutObject",
        "sns:Publish",
        "iam:EnableOrganizationsRootSessions",
        "inspector2:EnableDelegatedAdminAccount",
    ] {
        assert_ne!(
            ask(&path, action, "*".to_owned(), &context),
            Decision::Allow,
            "{action}"
        );
    }
    let elsewhere = [("aws:RequestedRegion", "sa-east-1".to_owned())];
    assert_ne!(
        ask(&path, "cloudformation:CreateStackSet", "*".to_owned(), &elsewhere),
        Decision::Allow
    );
}

/// The operations that the port knows, read from its table.
fn known_operations() -> BTreeSet<String> {
    let table = include_str!("../../providers/aws/src/operation.rs");
    let table = table.split("#[cfg(test)]\nmod tests").next().unwrap();
    let table = table.split("\noperations! {").nth(1).unwrap();
    let words = table.split('"').skip(1).step_by(2);
    words
        .filter(|word| word.contains(':'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_operation_has_a_right_and_every_right_an_operation() {
    // `lz root` is for people; its calls are made as members' root users by the rights of a short session.
    let by_people = [
        "sts:AssumeRoot",
        "iam:GetAccountSummary",
        "iam:GetLoginProfile",
        "iam:ListAccessKeys",
        "iam:ListMFADevices",
        "iam:ListSigningCertificates",
        "iam:DeactivateMFADevice",
        "iam:DeleteAccessKey",
        "iam:DeleteSigningCertificate",
        "iam:DeleteLoginProfile",
    ];
    let known = known_operations();
    assert!(known.len() > 130, "{}", known.len());
    let in_table: BTreeSet<&str> = TABLE.iter().map(|right| right.operation).collect();
    for operation in &known {
        let fine = in_table.contains(operation.as_str())
            || WITHOUT_RIGHT.contains(&operation.as_str())
            || by_people.contains(&operation.as_str());
        assert!(fine, "{operation} has no right");
    }
    for right in TABLE {
        // The SDK takes roles on by itself.
        let called = known.contains(right.operation) || right.operation == "sts:AssumeRole";
        assert!(called, "nothing calls {}", right.operation);
        let (service, name) = right.operation.split_once(':').unwrap();
        let same = right.action == right.operation;
        let renamed = (service == "monitoring" && right.action == format!("cloudwatch:{name}"))
            || matches!(
                right.action,
                "s3:PutBucketPublicAccessBlock" | "s3:PutEncryptionConfiguration"
            );
        let excepted = WITHOUT_CALL
            .iter()
            .any(|(action, reason)| *action == right.action && !reason.is_empty());
        assert!(
            same || renamed || excepted,
            "{} for {}",
            right.action,
            right.operation
        );
    }
    for (action, _) in WITHOUT_CALL {
        assert!(
            TABLE.iter().any(|right| right.action == *action),
            "{action} is printed nowhere"
        );
    }
}

const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:landing-zone";

fn with_pipeline() -> Desired {
    let mut desired = example("startup");
    let place = |key: &str| ObjectPlace {
        bucket: "acme-lz".to_owned(),
        key: key.to_owned(),
        region: "eu-west-1".parse().unwrap(),
    };
    desired.pipeline.lock = Some(place("lock"));
    desired.pipeline.history = Some(place("runs"));
    desired.pipeline.notices = vec![Notice {
        name: "topic".to_owned(),
        on: [Occasion::Apply].into(),
        to: Recipient::Topic {
            arn: TOPIC.to_owned(),
            region: "eu-west-1".parse().unwrap(),
        },
    }];
    desired
}

#[test]
fn lock_history_and_topics_are_allowed_by_name_only() {
    let desired = with_pipeline();
    let calls = runtime().block_on(async {
        let world = World::new(Settings::default(), FaultScript::none()).await;
        let lock = desired.pipeline.lock.as_ref().unwrap();
        let history = desired.pipeline.history.as_ref().unwrap();
        world.provider.make_bucket(lock).await.unwrap();
        let before: BTreeSet<String> = world.provider.stats().calls.into_keys().collect();
        world
            .provider
            .put_object(lock, "{}", &Condition::Absent)
            .await
            .unwrap();
        world.provider.object(lock).await.unwrap();
        world
            .provider
            .delete_object(lock, &Condition::Always)
            .await
            .unwrap();
        world.provider.names_below(history).await.unwrap();
        // Whether there is such a topic does not matter here.
        let _ = world.provider.publish(TOPIC, &lock.region, "s", "m").await;
        let after: BTreeSet<String> = world.provider.stats().calls.into_keys().collect();
        &after - &before
    });
    assert!(
        calls.contains("s3:GetObject") && calls.contains("sns:Publish"),
        "{calls:?}"
    );
    let path = allowed(&desired, Role::Apply);
    let listing = |prefix: &str| [("s3:prefix", prefix.to_owned())];
    for operation in calls {
        for right in TABLE.iter().filter(|right| right.operation == operation) {
            if !rights::features(&desired).contains(&right.feature) {
                continue;
            }
            let context = if right.on == On::LockBucket {
                listing("lock")
            } else {
                listing("runs/")
            };
            let decision = ask(&path, right.action, resource(&desired, right.on), &context);
            assert_eq!(decision, Decision::Allow, "{} on {:?}", right.action, right.on);
        }
    }
    let others = [
        ("s3:DeleteObject", "arn:aws:s3:::acme-lz/runs/a/run.json"),
        ("s3:PutObject", "arn:aws:s3:::acme-lz/other"),
        ("s3:ListBucket", "arn:aws:s3:::acme-lz"),
        ("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:other"),
    ];
    for (action, resource) in others {
        let decision = ask(&path, action, resource.to_owned(), &listing("secrets/"));
        assert_ne!(decision, Decision::Allow, "{action} on {resource}");
    }
}

#[test]
fn policies_fit_into_iam_however_much_a_spec_uses() {
    let mut desired = with_pipeline();
    let (first, stack) = desired
        .stacks
        .first_key_value()
        .map(|(name, stack)| (name.clone(), stack.clone()))
        .unwrap();
    for number in 0..150 {
        let mut more = stack.clone();
        more.name = format!("a-stack-with-a-rather-long-name-{number}");
        desired
            .stacks
            .insert(lz_model::address::Name::keyed("more", number.to_string()), more);
    }
    desired.stacks.remove(&first);
    let policies = rights::policies(&desired, Role::Apply);
    assert!(policies.len() > 1);
    for policy in &policies {
        let size = policy.to_string().chars().filter(|c| !c.is_whitespace()).count();
        assert!(size <= POLICY_CHARACTERS, "{size}");
    }
    let many: usize = policies
        .iter()
        .map(|policy| policy["Statement"].as_array().unwrap().len())
        .sum();
    assert!(many > 5);
}
