//! Invitations and the way to all features.

use crate::kit::*;

const GUEST: &str = "444455556666";

fn invitation(id: &str) -> Value {
    json!({"Target": {"Id": id, "Type": "ACCOUNT"}})
}

fn sent(world: &World) -> Value {
    let shake = world.ok("InviteAccountToOrganization", invitation(GUEST));
    json!({"HandshakeId": text(&shake, "/Handshake/Id")})
}

fn state(world: &World, shake: &Value) -> String {
    text(&world.ok("DescribeHandshake", shake.clone()), "/Handshake/State")
}

#[test]
fn an_invitation_shows_both_sides_and_brings_the_guest_in() {
    let world = World::new();
    let mut input = invitation(GUEST);
    input["Notes"] = json!("welcome");
    input["Tags"] = json!([{"Key": "team", "Value": "x"}]);
    let shake = world.ok("InviteAccountToOrganization", input);
    let organization = text(&world.ok("DescribeOrganization", json!({})), "/Organization/Id");
    let id = text(&shake, "/Handshake/Id");
    assert_eq!(
        text(&shake, "/Handshake/Arn"),
        format!("arn:aws:organizations::{MANAGEMENT}:handshake/{organization}/invite/{id}")
    );
    assert_eq!(
        at(&shake, "/Handshake/Parties"),
        &json!([{"Id": organization, "Type": "ORGANIZATION"}, {"Id": GUEST, "Type": "ACCOUNT"}])
    );
    assert_eq!(text(&shake, "/Handshake/State"), "OPEN");
    let days = at(&shake, "/Handshake/ExpirationTimestamp").as_f64().unwrap() - 1_767_225_600.0;
    assert_eq!(days, 15.0 * 86_400.0);
    assert_eq!(
        at(&shake, "/Handshake/Resources/0/Resources/2"),
        &json!({"Type": "ORGANIZATION_FEATURE_SET", "Value": "ALL"})
    );
    assert_eq!(
        at(&shake, "/Handshake/Resources/2"),
        &json!({"Type": "NOTES", "Value": "welcome"})
    );
    let received = world.ok_as(GUEST, "ListHandshakesForAccount", json!({}));
    assert_eq!(ids(&received, "/Handshakes"), [id.as_str()]);
    let given = world.ok("ListHandshakesForOrganization", json!({}));
    assert_eq!(at(&given, "/Handshakes/0"), at(&shake, "/Handshake"));
    let accepted = world.ok_as(GUEST, "AcceptHandshake", json!({"HandshakeId": id}));
    assert_eq!(text(&accepted, "/Handshake/State"), "ACCEPTED");
    let account = world.ok("DescribeAccount", json!({"AccountId": GUEST}));
    assert_eq!(text(&account, "/Account/JoinedMethod"), "INVITED");
    let tags = world.ok("ListTagsForResource", json!({"ResourceId": GUEST}));
    assert_eq!(tags, json!({"Tags": [{"Key": "team", "Value": "x"}]}));
}

#[test]
fn an_invitation_by_address_finds_its_account() {
    let world = World::new();
    world.ok_as(GUEST, "ListHandshakesForAccount", json!({}));
    let address = format!("aws+{GUEST}@example.com");
    let input = json!({"Target": {"Id": address, "Type": "EMAIL"}});
    let shake = world.ok("InviteAccountToOrganization", input);
    world.no(
        "InviteAccountToOrganization",
        invitation(GUEST),
        "DuplicateHandshake",
    );
    world.ok_as(
        GUEST,
        "AcceptHandshake",
        json!({"HandshakeId": text(&shake, "/Handshake/Id")}),
    );
    world.ok("DescribeAccount", json!({"AccountId": GUEST}));
}

#[test]
fn an_address_is_invited_once_whatever_its_case() {
    let world = World::new();
    let to = |address: &str| json!({"Target": {"Id": address, "Type": "EMAIL"}});
    world.ok("InviteAccountToOrganization", to("guest@example.com"));
    let again = to("Guest@Example.com");
    world.no("InviteAccountToOrganization", again, "DuplicateHandshake");
}

#[test]
fn an_invitation_ends_once() {
    let world = World::new();
    let shake = sent(&world);
    world.no(
        "InviteAccountToOrganization",
        invitation(GUEST),
        "DuplicateHandshake",
    );
    world.ok_as(GUEST, "DeclineHandshake", shake.clone());
    assert_eq!(state(&world, &shake), "DECLINED");
    world.no_as(
        GUEST,
        "DeclineHandshake",
        shake.clone(),
        "HandshakeAlreadyInState",
    );
    world.no_as(
        GUEST,
        "AcceptHandshake",
        shake.clone(),
        "InvalidHandshakeTransition",
    );
    world.no("CancelHandshake", shake, "InvalidHandshakeTransition");
    let again = sent(&world);
    let canceled = world.ok("CancelHandshake", again.clone());
    assert_eq!(text(&canceled, "/Handshake/State"), "CANCELED");
    world.no("CancelHandshake", again, "HandshakeAlreadyInState");
}

#[test]
fn an_invitation_expires_and_is_forgotten_a_month_later() {
    let world = World::new();
    let shake = sent(&world);
    world.wait(15 * DAY);
    assert_eq!(state(&world, &shake), "EXPIRED");
    world.no_as(
        GUEST,
        "AcceptHandshake",
        shake.clone(),
        "InvalidHandshakeTransition",
    );
    world.wait(30 * DAY);
    world.no("DescribeHandshake", shake, "HandshakeNotFound");
}

#[test]
fn only_its_two_sides_touch_a_handshake() {
    let world = World::new();
    let shake = sent(&world);
    let stranger = "777788889999";
    for operation in [
        "AcceptHandshake",
        "DeclineHandshake",
        "CancelHandshake",
        "DescribeHandshake",
    ] {
        world.no_as(stranger, operation, shake.clone(), "AccessDenied");
        world.no(
            operation,
            json!({"HandshakeId": NO_HANDSHAKE}),
            "HandshakeNotFound",
        );
        world.no(
            operation,
            json!({"HandshakeId": "x"}),
            "InvalidInput/INVALID_PATTERN",
        );
    }
    world.no("AcceptHandshake", shake.clone(), "AccessDenied");
    world.no("DeclineHandshake", shake.clone(), "AccessDenied");
    world.no_as(GUEST, "CancelHandshake", shake.clone(), "AccessDenied");
    world.ok_as(GUEST, "DescribeHandshake", shake);
}

#[test]
fn members_of_an_organization_are_not_invited_or_let_in_again() {
    let world = World::new();
    let again = "HandshakeConstraintViolation/ALREADY_IN_AN_ORGANIZATION";
    world.no("InviteAccountToOrganization", invitation(MANAGEMENT), again);
    let shake = sent(&world);
    world.ok_as(GUEST, "CreateOrganization", json!({}));
    world.no_as(GUEST, "AcceptHandshake", shake, again);
}

#[test]
fn invitations_have_a_daily_quota() {
    let world = World::set(|settings| settings.invitations_per_day = Some(1));
    sent(&world);
    let refusal = "HandshakeConstraintViolation/HANDSHAKE_RATE_LIMIT_EXCEEDED";
    world.no("InviteAccountToOrganization", invitation("777788889999"), refusal);
    world.wait(DAY);
    world.ok("InviteAccountToOrganization", invitation("777788889999"));
}

#[test]
fn targets_out_of_shape_are_refused() {
    let world = World::new();
    for (id, kind, reason) in [
        ("1", "ACCOUNT", "INVALID_PATTERN"),
        ("nobody", "EMAIL", "INVALID_EMAIL_ADDRESS_TARGET"),
        ("o-0123456789", "ORGANIZATION", "INVALID_PARTY_TYPE_TARGET"),
        ("1", "PERSON", "INVALID_ENUM"),
    ] {
        let input = json!({"Target": {"Id": id, "Type": kind}});
        world.no(
            "InviteAccountToOrganization",
            input,
            &format!("InvalidInput/{reason}"),
        );
    }
}

#[test]
fn lists_are_filtered_by_action_or_parent() {
    let world = World::new();
    sent(&world);
    let count = |filter: Value| {
        let answer = world.ok("ListHandshakesForOrganization", json!({"Filter": filter}));
        ids(&answer, "/Handshakes").len()
    };
    assert_eq!(count(json!({"ActionType": "INVITE"})), 1);
    assert_eq!(count(json!({"ActionType": "APPROVE_ALL_FEATURES"})), 0);
    assert_eq!(count(json!({"ParentHandshakeId": NO_HANDSHAKE})), 0);
    let both = json!({"Filter": {"ActionType": "INVITE", "ParentHandshakeId": NO_HANDSHAKE}});
    world.no(
        "ListHandshakesForOrganization",
        both,
        "InvalidInput/MAX_LIMIT_EXCEEDED_FILTER",
    );
    let odd = json!({"Filter": {"ActionType": "SHAKE"}});
    world.no("ListHandshakesForAccount", odd, "InvalidInput/INVALID_ENUM");
}

fn billing_only() -> World {
    let world = World::alone();
    world.ok(
        "CreateOrganization",
        json!({"FeatureSet": "CONSOLIDATED_BILLING"}),
    );
    world
}

fn feature_set(world: &World) -> String {
    text(
        &world.ok("DescribeOrganization", json!({})),
        "/Organization/FeatureSet",
    )
}

#[test]
fn all_features_wait_for_every_invited_account() {
    let world = billing_only();
    world.invite(GUEST);
    let created = world.account("created");
    let parent = world.ok("EnableAllFeatures", json!({}));
    let parent = json!({"HandshakeId": text(&parent, "/Handshake/Id")});
    assert_eq!(state(&world, &parent), "REQUESTED");
    world.no("AcceptHandshake", parent.clone(), "InvalidHandshakeTransition");
    let asked = world.ok_as(&created, "ListHandshakesForAccount", json!({}));
    assert_eq!(
        at(&asked, "/Handshakes"),
        &json!([]),
        "a created account is not asked"
    );
    let asked = world.ok_as(
        GUEST,
        "ListHandshakesForAccount",
        json!({"Filter": {"ActionType": "APPROVE_ALL_FEATURES"}}),
    );
    world.ok_as(
        GUEST,
        "AcceptHandshake",
        json!({"HandshakeId": text(&asked, "/Handshakes/0/Id")}),
    );
    assert_eq!(state(&world, &parent), "OPEN");
    assert_eq!(feature_set(&world), "CONSOLIDATED_BILLING");
    world.ok("AcceptHandshake", parent);
    assert_eq!(feature_set(&world), "ALL");
    world.enable(SCP);
    assert_eq!(world.attached(GUEST, SCP), ["p-FullAWSAccess"]);
}

#[test]
fn an_account_that_leaves_is_not_waited_for() {
    let world = billing_only();
    world.invite(GUEST);
    let parent = world.ok("EnableAllFeatures", json!({}));
    let parent = json!({"HandshakeId": text(&parent, "/Handshake/Id")});
    world.ok("RemoveAccountFromOrganization", json!({"AccountId": GUEST}));
    assert_eq!(state(&world, &parent), "OPEN");
    world.ok("AcceptHandshake", parent);
    assert_eq!(feature_set(&world), "ALL");
}

#[test]
fn one_request_for_all_features_at_a_time_and_no_invitations_meanwhile() {
    let world = billing_only();
    world.invite(GUEST);
    let parent = world.ok("EnableAllFeatures", json!({}));
    let pending = "HandshakeConstraintViolation/ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION";
    world.no("EnableAllFeatures", json!({}), pending);
    let disabled = "HandshakeConstraintViolation/INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES";
    world.no(
        "InviteAccountToOrganization",
        invitation("777788889999"),
        disabled,
    );
    world.ok(
        "CancelHandshake",
        json!({"HandshakeId": text(&parent, "/Handshake/Id")}),
    );
    world.ok("InviteAccountToOrganization", invitation("777788889999"));
    let done = "HandshakeConstraintViolation/ORGANIZATION_ALREADY_HAS_ALL_FEATURES";
    World::new().no("EnableAllFeatures", json!({}), done);
}
