//! Central root access (aws-facts R39), root sessions, and the roles that Control Tower asks for (R28).

use lz_twin::{RoleCheck, RootUser};

use crate::kit::*;
use crate::tower::*;

const AUDIT: &str = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials";
const DELETE: &str = "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials";
const CREATE: &str = "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword";
const UNLOCK: &str = "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy";

type Said = Result<String, (u16, String)>;

fn iam(world: &World, who: &str, fields: &[(&str, &str)]) -> Said {
    query(world, who, "2010-05-08", fields)
}

fn act(world: &World, who: &str, action: &str) -> Said {
    iam(world, who, &[("Action", action)])
}

fn code(said: Said) -> String {
    said.unwrap_err().1
}

fn assume(world: &World, account: &str, task: &str) -> Said {
    let fields = [
        ("Action", "AssumeRoot"),
        ("TargetPrincipal", account),
        ("TaskPolicyArn.arn", task),
    ];
    query(world, MANAGEMENT, "2011-06-15", &fields)
}

/// The access key of a root session.
fn session(world: &World, account: &str, task: &str) -> String {
    inside(&assume(world, account, task).unwrap(), "AccessKeyId").unwrap()
}

/// An organization whose one member has root credentials, with both features on.
fn managed() -> World {
    let world = World::set(|settings| {
        let root = RootUser {
            password: true,
            access_keys: ["AKIAROOTROOTROOTROOT".to_owned()].into(),
            mfa_devices: [format!("arn:aws:iam::{NO_ACCOUNT}:mfa/root")].into(),
            certificates: ["CERTIFICATECERTIFICATE00".to_owned()].into(),
        };
        settings.root_users.insert(NO_ACCOUNT.to_owned(), root);
    });
    world.invite(NO_ACCOUNT);
    world.trust("iam.amazonaws.com");
    act(&world, MANAGEMENT, "EnableOrganizationsRootCredentialsManagement").unwrap();
    act(&world, MANAGEMENT, "EnableOrganizationsRootSessions").unwrap();
    world
}

#[test]
fn features_take_trusted_access_and_the_management_account() {
    let world = World::new();
    let account = world.account("a");
    let enable = "EnableOrganizationsRootCredentialsManagement";
    assert_eq!(
        code(act(&world, MANAGEMENT, enable)),
        "ServiceAccessNotEnabledException"
    );
    world.trust("iam.amazonaws.com");
    assert_eq!(
        code(act(&world, &account, enable)),
        "AccountNotManagementOrDelegatedAdministratorException"
    );
    assert_eq!(
        code(act(&world, NO_ACCOUNT, enable)),
        "OrganizationNotFoundException"
    );
    world.delegate(&account, "iam.amazonaws.com");
    assert_eq!(
        code(act(&world, &account, enable)),
        "CallerIsNotManagementAccountException"
    );
    assert!(act(&world, &account, "ListOrganizationsFeatures").is_ok());
    let billing = World::alone();
    billing.ok(
        "CreateOrganization",
        json!({"FeatureSet": "CONSOLIDATED_BILLING"}),
    );
    assert_eq!(
        code(act(&billing, MANAGEMENT, enable)),
        "OrganizationNotInAllFeaturesModeException"
    );
}

#[test]
fn features_are_switched_on_and_off() {
    let world = World::new();
    world.trust("iam.amazonaws.com");
    let has = |feature: &str| {
        let listed = act(&world, MANAGEMENT, "ListOrganizationsFeatures").unwrap();
        listed.contains(&format!("<member>{feature}</member>"))
    };
    for (feature, name) in [
        (
            "RootCredentialsManagement",
            "OrganizationsRootCredentialsManagement",
        ),
        ("RootSessions", "OrganizationsRootSessions"),
    ] {
        assert!(!has(feature));
        act(&world, MANAGEMENT, &format!("Enable{name}")).unwrap();
        assert!(has(feature));
        act(&world, MANAGEMENT, &format!("Disable{name}")).unwrap();
        assert!(!has(feature));
    }
}

#[test]
fn a_root_session_takes_its_feature() {
    let world = managed();
    act(&world, MANAGEMENT, "DisableOrganizationsRootSessions").unwrap();
    assert!(assume(&world, NO_ACCOUNT, AUDIT).is_ok());
    assert_eq!(code(assume(&world, NO_ACCOUNT, UNLOCK)), "AccessDenied");
    act(
        &world,
        MANAGEMENT,
        "DisableOrganizationsRootCredentialsManagement",
    )
    .unwrap();
    assert_eq!(code(assume(&world, NO_ACCOUNT, AUDIT)), "AccessDenied");
}

#[test]
fn a_root_session_is_for_member_accounts_and_known_tasks() {
    let world = managed();
    for account in [MANAGEMENT, "123456789012"] {
        assert_eq!(code(assume(&world, account, AUDIT)), "AccessDenied", "{account}");
    }
    assert_eq!(code(assume(&world, "root", AUDIT)), "ValidationError");
    let magic = "arn:aws:iam::aws:policy/root-task/Magic";
    assert_eq!(code(assume(&world, NO_ACCOUNT, magic)), "ValidationError");
    assert!(assume(&world, &format!("arn:aws:iam::{NO_ACCOUNT}:root"), AUDIT).is_ok());
    let fields = [
        ("Action", "AssumeRoot"),
        ("TargetPrincipal", NO_ACCOUNT),
        ("TaskPolicyArn.arn", AUDIT),
        ("DurationSeconds", "901"),
    ];
    assert_eq!(
        code(query(&world, MANAGEMENT, "2011-06-15", &fields)),
        "ValidationError"
    );
}

#[test]
fn an_audit_shows_what_the_root_user_has() {
    let world = managed();
    let key = session(&world, NO_ACCOUNT, AUDIT);
    let who = query(&world, &key, "2011-06-15", &[("Action", "GetCallerIdentity")]).unwrap();
    assert_eq!(
        inside(&who, "Arn").unwrap(),
        format!("arn:aws:iam::{NO_ACCOUNT}:root")
    );
    let summary = act(&world, &key, "GetAccountSummary").unwrap();
    for name in [
        "AccountPasswordPresent",
        "AccountAccessKeysPresent",
        "AccountMFAEnabled",
    ] {
        assert!(
            summary.contains(&format!("<key>{name}</key><value>1</value>")),
            "{name}: {summary}"
        );
    }
    assert!(act(&world, &key, "GetLoginProfile").is_ok());
    assert!(
        act(&world, &key, "ListAccessKeys")
            .unwrap()
            .contains("AKIAROOTROOTROOTROOT")
    );
    assert!(act(&world, &key, "ListMFADevices").unwrap().contains("mfa/root"));
    assert!(
        act(&world, &key, "ListSigningCertificates")
            .unwrap()
            .contains("CERTIFICATE")
    );
    assert_eq!(
        code(act(&world, &key, "DeleteLoginProfile")),
        "AccessDenied",
        "an audit only looks"
    );
}

#[test]
fn credentials_are_removed_one_by_one() {
    let world = managed();
    let key = session(&world, NO_ACCOUNT, DELETE);
    let serial = format!("arn:aws:iam::{NO_ACCOUNT}:mfa/root");
    let steps: [&[(&str, &str)]; 4] = [
        &[("Action", "DeleteLoginProfile")],
        &[
            ("Action", "DeleteAccessKey"),
            ("AccessKeyId", "AKIAROOTROOTROOTROOT"),
        ],
        &[("Action", "DeactivateMFADevice"), ("SerialNumber", &serial)],
        &[
            ("Action", "DeleteSigningCertificate"),
            ("CertificateId", "CERTIFICATECERTIFICATE00"),
        ],
    ];
    for fields in steps {
        iam(&world, &key, fields).unwrap();
        assert_eq!(code(iam(&world, &key, fields)), "NoSuchEntity", "{fields:?}");
    }
    assert_eq!(code(act(&world, &key, "GetLoginProfile")), "NoSuchEntity");
    let summary = act(&world, &key, "GetAccountSummary").unwrap();
    assert!(
        summary.contains("<key>AccountPasswordPresent</key><value>0</value>"),
        "{summary}"
    );
    let again = session(&world, NO_ACCOUNT, CREATE);
    act(&world, &again, "CreateLoginProfile").unwrap();
    assert_eq!(
        code(act(&world, &again, "CreateLoginProfile")),
        "EntityAlreadyExists"
    );
    assert_eq!(code(act(&world, &again, "ListAccessKeys")), "AccessDenied");
}

#[test]
fn a_root_session_ends_after_a_quarter_of_an_hour() {
    let world = managed();
    let key = session(&world, NO_ACCOUNT, AUDIT);
    world.wait(900);
    assert_eq!(
        code(act(&world, &key, "GetAccountSummary")),
        "ExpiredTokenException"
    );
}

#[test]
fn without_a_root_session_there_is_no_root_user() {
    let world = managed();
    assert_eq!(
        code(act(&world, NO_ACCOUNT, "DeleteLoginProfile")),
        "AccessDenied"
    );
    let named = [("Action", "ListAccessKeys"), ("UserName", "ann")];
    assert_eq!(code(iam(&world, NO_ACCOUNT, &named)), "NoSuchEntity");
    assert!(act(&world, NO_ACCOUNT, "GetAccountSummary").is_ok());
}

fn make_role(world: &World, name: &str, path: &str) -> Said {
    let fields = [
        ("Action", "CreateRole"),
        ("RoleName", name),
        ("Path", path),
        ("AssumeRolePolicyDocument", ALLOW),
        ("Tags.member.1.Key", "a"),
        ("Tags.member.1.Value", "b"),
    ];
    iam(world, MANAGEMENT, &fields)
}

#[test]
fn roles_live() {
    let world = World::alone();
    let made = make_role(&world, "x", "/service-role/").unwrap();
    assert_eq!(
        inside(&made, "Arn").unwrap(),
        "arn:aws:iam::111122223333:role/service-role/x"
    );
    assert_eq!(code(make_role(&world, "x", "/")), "EntityAlreadyExists");
    assert_eq!(code(make_role(&world, "a b", "/")), "ValidationError");
    let with = |action: &str, more: &[(&str, &str)]| {
        let mut fields = vec![("Action", action), ("RoleName", "x")];
        fields.extend(more);
        iam(&world, MANAGEMENT, &fields)
    };
    assert!(with("GetRole", &[]).unwrap().contains("<Key>a</Key>"));
    let policy = [("PolicyArn", "arn:aws:iam::aws:policy/ReadOnlyAccess")];
    with("AttachRolePolicy", &policy).unwrap();
    assert!(
        with("ListAttachedRolePolicies", &[])
            .unwrap()
            .contains("ReadOnlyAccess")
    );
    with("PutRolePolicy", &[("PolicyName", "p"), ("PolicyDocument", ALLOW)]).unwrap();
    assert!(
        with("GetRolePolicy", &[("PolicyName", "p")])
            .unwrap()
            .contains("%22Version%22")
    );
    let malformed = [("PolicyName", "p"), ("PolicyDocument", "[]")];
    assert_eq!(code(with("PutRolePolicy", &malformed)), "MalformedPolicyDocument");
    assert!(
        with("ListRolePolicies", &[])
            .unwrap()
            .contains("<member>p</member>")
    );
    with("UpdateAssumeRolePolicy", &[("PolicyDocument", ALLOW)]).unwrap();
    assert_eq!(code(with("DeleteRole", &[])), "DeleteConflict");
    with("DetachRolePolicy", &policy).unwrap();
    assert_eq!(code(with("DetachRolePolicy", &policy)), "NoSuchEntity");
    with("DeleteRolePolicy", &[("PolicyName", "p")]).unwrap();
    assert!(
        act(&world, MANAGEMENT, "ListRoles")
            .unwrap()
            .contains("<RoleName>x</RoleName>")
    );
    with("ListInstanceProfilesForRole", &[]).unwrap();
    with("DeleteRole", &[]).unwrap();
    assert_eq!(code(with("GetRole", &[])), "NoSuchEntity");
}

const ROLES: [&str; 4] = [
    "AWSControlTowerAdmin",
    "AWSControlTowerCloudTrailRole",
    "AWSControlTowerStackSetRole",
    "AWSControlTowerConfigAggregatorRoleForOrganizations",
];

#[test]
fn a_landing_zone_takes_its_roles() {
    let tower = Tower::set(|settings| settings.control_tower.roles = RoleCheck::Required);
    let (new, old) = (
        json!({"version": "4.0", "manifest": tower.manifest()}),
        json!({"version": "3.3", "manifest": tower.manifest_3()}),
    );
    for role in &ROLES[..3] {
        tower.no("create-landingzone", new.clone(), INVALID, role);
        make_role(&tower.world, role, "/service-role/").unwrap();
    }
    tower.no("create-landingzone", old, INVALID, ROLES[3]);
    tower.ok("create-landingzone", new);
}

#[test]
fn a_role_counts_under_its_path_only() {
    let tower = Tower::set(|settings| settings.control_tower.roles = RoleCheck::Required);
    for role in ROLES {
        make_role(&tower.world, role, "/").unwrap();
    }
    let input = json!({"version": "4.0", "manifest": tower.manifest()});
    tower.no(
        "create-landingzone",
        input,
        INVALID,
        "/service-role/AWSControlTowerAdmin",
    );
}

#[test]
fn the_cloudtrail_role_takes_a_managed_policy_before_4_0() {
    let tower = Tower::set(|settings| settings.control_tower.roles = RoleCheck::Required);
    for role in ROLES {
        make_role(&tower.world, role, "/service-role/").unwrap();
    }
    tower.set_up("3.3", tower.manifest_3(), false);
    let mut manifest = tower.manifest();
    manifest["governedRegions"] = json!(["us-east-1"]);
    let input = json!({
        "version": "4.0", "manifest": manifest, "landingZoneIdentifier": tower.zone_arn(),
    });
    tower.no("update-landingzone", input.clone(), INVALID, "managed policy");
    let fields = [
        ("Action", "AttachRolePolicy"),
        ("RoleName", ROLES[1]),
        (
            "PolicyArn",
            "arn:aws:iam::aws:policy/service-role/AWSControlTowerCloudTrailRolePolicy",
        ),
    ];
    iam(&tower.world, MANAGEMENT, &fields).unwrap();
    tower.ok("update-landingzone", input);
}
