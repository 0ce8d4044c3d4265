//! Whom stack sets reach: trusted access, OUs, account filters.

use crate::kit::*;
use crate::stack_kit::*;

#[test]
fn units_inside_a_target_are_reached_and_the_management_account_never_is() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    let inner = world.ou(&fleet.unit, "Inner");
    let deep = world.account("deep");
    world.relocate(&deep, &world.root(), &inner);
    world.stack_set("base");
    let input = json!({
        "StackSetName": "base",
        "DeploymentTargets": {"OrganizationalUnitIds": [world.root()]},
        "Regions": [HOME],
    });
    world.carry_out("CreateStackInstances", input);
    let found: Vec<String> = world.instances("base");
    let mut wanted = vec![fleet.accounts[0].clone(), deep];
    wanted.sort();
    let accounts: Vec<String> = found.iter().map(|row| row[..12].to_owned()).collect();
    assert_eq!(accounts, wanted);
}

#[test]
fn account_filters_narrow_what_units_reach() {
    for (filter, expected) in [("INTERSECTION", vec![0]), ("DIFFERENCE", vec![1, 2])] {
        let fleet = Fleet::new(3);
        fleet.world.stack_set("base");
        let input = json!({
            "StackSetName": "base",
            "DeploymentTargets": {
                "OrganizationalUnitIds": [fleet.unit],
                "Accounts": [fleet.accounts[0]],
                "AccountFilterType": filter,
            },
            "Regions": [HOME],
        });
        fleet.world.carry_out("CreateStackInstances", input);
        let found: Vec<String> = fleet.world.instances("base");
        let found: Vec<&str> = found.iter().map(|row| &row[..12]).collect();
        let expected: Vec<&str> = expected.iter().map(|at| fleet.accounts[*at].as_str()).collect();
        assert_eq!(found, expected, "{filter}");
    }
}

#[test]
fn accounts_may_be_listed_in_a_file_in_s3() {
    let fleet = Fleet::new(2);
    let world = &fleet.world;
    world.bucket("lists");
    world.put_object("lists", "accounts.csv", &format!("{},\n", fleet.accounts[1]));
    world.stack_set("base");
    let targets = |url: &str| {
        json!({
            "StackSetName": "base",
            "DeploymentTargets": {
                "OrganizationalUnitIds": [fleet.unit],
                "AccountsUrl": url,
                "AccountFilterType": "INTERSECTION",
            },
            "Regions": [HOME],
        })
    };
    world.cfn_no(
        "CreateStackInstances",
        targets("s3://lists/none.csv"),
        400,
        "ValidationError",
    );
    world.carry_out("CreateStackInstances", targets("s3://lists/accounts.csv"));
    let found = world.instances("base");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with(&fleet.accounts[1]));
}

#[test]
fn targets_out_of_shape_are_refused() {
    let fleet = Fleet::new(1);
    let world = &fleet.world;
    world.stack_set("base");
    world.own_set_with("own", json!({}));
    let (unit, account) = (fleet.unit.clone(), fleet.accounts[0].clone());
    let base =
        |targets: Value| json!({"StackSetName": "base", "DeploymentTargets": targets, "Regions": [HOME]});
    let many: Vec<String> = (0..51).map(|n| format!("ou-abcd-{n:08}")).collect();
    for (why, input) in [
        (
            "no regions",
            json!({"StackSetName": "base", "DeploymentTargets": {"OrganizationalUnitIds": [unit]}}),
        ),
        (
            "an unknown region",
            fleet.targets("base", &["eu-west-9"], json!({})),
        ),
        ("no targets", json!({"StackSetName": "base", "Regions": [HOME]})),
        (
            "accounts",
            json!({"StackSetName": "base", "Accounts": [account], "Regions": [HOME]}),
        ),
        (
            "no units",
            base(json!({"Accounts": [account], "AccountFilterType": "INTERSECTION"})),
        ),
        (
            "a unit that is not there",
            base(json!({"OrganizationalUnitIds": [NO_OU]})),
        ),
        ("an odd unit", base(json!({"OrganizationalUnitIds": ["ou-1"]}))),
        ("too many units", base(json!({"OrganizationalUnitIds": many}))),
        (
            "a union",
            base(
                json!({"OrganizationalUnitIds": [unit], "Accounts": [account], "AccountFilterType": "UNION"}),
            ),
        ),
        (
            "a filter without accounts",
            base(json!({"OrganizationalUnitIds": [unit], "AccountFilterType": "DIFFERENCE"})),
        ),
        (
            "accounts without a filter",
            base(json!({"OrganizationalUnitIds": [unit], "Accounts": [account]})),
        ),
        (
            "accounts with NONE",
            base(
                json!({"OrganizationalUnitIds": [unit], "Accounts": [account], "AccountFilterType": "NONE"}),
            ),
        ),
        (
            "an odd filter",
            base(json!({"OrganizationalUnitIds": [unit], "AccountFilterType": "SOME"})),
        ),
        (
            "an odd account",
            json!({"StackSetName": "own", "Accounts": ["1"], "Regions": [HOME]}),
        ),
        (
            "units for a self-managed set",
            fleet.targets("own", &[HOME], json!({})),
        ),
        (
            "both",
            json!({"StackSetName": "own", "Accounts": [account], "Regions": [HOME],
                   "DeploymentTargets": {"OrganizationalUnitIds": [unit]}}),
        ),
        (
            "an override of what the template lacks",
            fleet.targets(
                "base",
                &[HOME],
                json!({"ParameterOverrides": [{"ParameterKey": "X", "ParameterValue": "1"}]}),
            ),
        ),
    ] {
        let no = world.cfn_no("CreateStackInstances", input, 400, "ValidationError");
        assert!(!no.message.is_empty(), "{why}");
    }
    assert!(world.instances("base").is_empty());
}

#[test]
fn trusted_access_alone_can_be_made_enough() {
    let world = World::set(|settings| settings.stack_sets_need_activation = false);
    world.trust("stacksets.cloudformation.amazonaws.com");
    world.stack_set("base");
}

#[test]
fn access_is_switched_by_the_management_account_and_shows_in_organizations() {
    let world = World::new();
    let status = || one(&world.cfn("DescribeOrganizationsAccess", json!({})), "Status");
    assert_eq!(status(), "DISABLED");
    world.cfn("ActivateOrganizationsAccess", json!({}));
    world.cfn("ActivateOrganizationsAccess", json!({}));
    assert_eq!(status(), "ENABLED");
    let services = world.ok("ListAWSServiceAccessForOrganization", json!({}));
    let principal = text(&services, "/EnabledServicePrincipals/0/ServicePrincipal");
    assert_eq!(principal, "stacksets.cloudformation.amazonaws.com");
    world.cfn("DeactivateOrganizationsAccess", json!({}));
    assert_eq!(status(), "DISABLED");
    let account = world.account("a");
    for operation in [
        "ActivateOrganizationsAccess",
        "DeactivateOrganizationsAccess",
        "DescribeOrganizationsAccess",
    ] {
        world.cfn_no_as(&account, operation, json!({}), 400, "InvalidOperation");
    }
}

#[test]
fn access_stays_while_somebody_is_delegated() {
    let fleet = Fleet::new(1);
    let input = json!({
        "AccountId": fleet.accounts[0],
        "ServicePrincipal": "member.org.stacksets.cloudformation.amazonaws.com",
    });
    fleet.world.ok("RegisterDelegatedAdministrator", input);
    fleet.world.cfn_no(
        "DeactivateOrganizationsAccess",
        json!({}),
        400,
        "InvalidOperation",
    );
}
