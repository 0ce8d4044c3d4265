//! Administrators by Region, central root access, the resource policy.

use crate::support::{codes, desired, hcl, rendered, wrong};
use lz_model::desired::Exclusive;
use lz_model::root_access::RootFeature;
use std::collections::BTreeMap;

/// Checks that the first text is right and the second has exactly this error.
fn border(right: &str, outside: &str, code: &str) {
    hcl(right);
    let errors = wrong(outside);
    assert_eq!(codes(&errors), [code], "{}", rendered(&errors));
}

const ACCOUNT: &str = "account \"a\" { email = \"a@example.com\" }\n";

fn admin(service: &str, regions: &str) -> String {
    format!("{ACCOUNT}delegated_admin \"{service}\" {{\n  account = account.a\n  regions = {regions}\n}}\n")
}

#[test]
fn regions_are_for_services_with_an_administrator_in_each() {
    let desired = hcl(&admin("guardduty", "[\"eu-west-1\", \"us-east-1\"]"));
    let admin_of = desired.delegated_admins.values().next().unwrap();
    assert_eq!(admin_of.regions.len(), 2);
    for other in ["sso", "cloudtrail", "fms", "ipam"] {
        border(
            &admin("macie", "[\"eu-west-1\"]"),
            &admin(other, "[\"eu-west-1\"]"),
            "bad_value",
        );
    }
    border(
        &admin("macie", "[\"eu-west-1\"]"),
        &admin("macie", "[\"eu-west-1\", \"eu-west-1\"]"),
        "bad_region",
    );
}

#[test]
fn ipam_needs_no_trusted_access_of_its_own() {
    let with = |service: &str| {
        format!(
            "organization {{ trusted_services = [\"guardduty\"] }}\n{ACCOUNT}delegated_admin \"{service}\" {{ account = account.a }}\n"
        )
    };
    border(&with("ipam"), &with("macie"), "no_trusted_access");
}

#[test]
fn services_without_trusted_access_are_told_at_once() {
    let text = format!(
        "organization {{ trusted_services = [\"ram\"] }}\n{ACCOUNT}{}",
        ["macie", "detective", "ram"]
            .map(|service| format!("delegated_admin \"{service}\" {{ account = account.a }}\n"))
            .concat()
    );
    let errors = wrong(&text);
    assert_eq!(codes(&errors), ["no_trusted_access"]);
    let told = rendered(&errors);
    assert!(
        told.contains("`detective.amazonaws.com`, `macie.amazonaws.com` have no trusted access")
            && told.contains("add \"detective.amazonaws.com\", \"macie.amazonaws.com\" to"),
        "{told}"
    );
}

fn root_access(trusted: &str, body: &str) -> String {
    format!("organization {{\n  trusted_services = [{trusted}]\n  root_access {{\n    {body}\n  }}\n}}\n")
}

#[test]
fn features_of_root_access_that_are_left_out_are_left_alone() {
    let wanted = |body: &str| {
        let desired = hcl(&root_access("\"iam\"", body));
        desired.organization.unwrap().root_access
    };
    assert_eq!(wanted(""), BTreeMap::new());
    let credentials = RootFeature::CredentialsManagement;
    assert_eq!(
        wanted("credentials_management = true"),
        [(credentials, true)].into()
    );
    assert_eq!(
        wanted("sessions = false"),
        [(RootFeature::Sessions, false)].into()
    );
}

#[test]
fn root_access_needs_trusted_access_of_iam() {
    let on = "credentials_management = true";
    border(
        &root_access("\"iam\"", on),
        &root_access("\"ram\"", on),
        "no_trusted_access",
    );
    hcl(&root_access("\"ram\"", "sessions = false"));
    border(
        &root_access("\"iam\"", on),
        &root_access("\"iam\"", "session = true"),
        "unknown_attribute",
    );
}

#[test]
fn a_resource_policy_is_json_or_an_object_of_bounded_size() {
    let of = |content: &str| format!("{ACCOUNT}resource_policy {{ content = {content} }}\n");
    let object = hcl(&of("{ Version = \"2012-10-17\", Statement = [] }"));
    let text = hcl(&of("jsonencode({ Statement = [], Version = \"2012-10-17\" })"));
    assert_eq!(object.resource_policy, text.resource_policy);
    let hole = hcl(&of("{ Principal = account.a.id }")).resource_policy.unwrap();
    assert_eq!(hole.content.known(), None, "an id that AWS assigns is a hole");
    border(&of("{}"), &of("\"not JSON\""), "policy_json");
    let long = |size: usize| of(&format!("{{ Sid = \"{}\" }}", "a".repeat(size - 10)));
    border(&long(40_000), &long(40_001), "policy_size");
    border(&of("{}"), "resource_policy {}\n", "missing_attribute");
    border(
        &of("{}"),
        &format!("{}{}", of("{}"), "resource_policy { content = {} }\n"),
        "duplicate_block",
    );
}

#[test]
fn a_spec_can_claim_the_resource_policy() {
    let desired = hcl("organization { exclusive = [\"resource_policy\"] }\n");
    let claimed = desired.organization.unwrap().exclusive;
    assert_eq!(claimed, [Exclusive::ResourcePolicy].into());
}

#[test]
fn yaml_says_the_same() {
    let text = "
landing_zone: { test: {} }
organization:
  trusted_services: [iam, macie]
  root_access: { credentials_management: true }
account: { a: { email: a@example.com } }
delegated_admin: { macie: { account: \"${account.a}\", regions: [eu-west-1] } }
resource_policy: { content: { Statement: [] } }
";
    let same = format!(
        "organization {{\n  trusted_services = [\"iam\", \"macie\"]\n  root_access {{ credentials_management = true }}\n}}\n{}resource_policy {{ content = {{ Statement = [] }} }}\n",
        admin("macie", "[\"eu-west-1\"]")
    );
    let found = desired(&[("main.lz.yaml", text)]);
    assert_eq!(found.without_origins(), hcl(&same).without_origins());
}
