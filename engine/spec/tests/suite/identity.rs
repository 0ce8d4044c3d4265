//! Identity Center and settings of accounts: what the spec says is what is wanted.

use crate::support::{desired, load_files};
use lz_model::address::{Name, OuAddress};
use lz_model::desired::{AccessUnit, Desired, Exclusive};
use lz_model::identity::{Boundary, Principal, PrincipalKind};
use lz_model::settings::{ContactKind, PrimaryMember};

const ZONE: &str = r#"
landing_zone "test" { home_region = "ap-northeast-1" }
ou "workloads" {
  name = "Workloads"
  ou "prod" {}
}
account "audit" { email = "audit@example.com" }
account "team" {
  for_each = toset(["shop", "blog"])
  email    = "${each.key}@example.com"
  ou       = ou.workloads.prod
}
"#;

fn spec(text: &str) -> Desired {
    desired(&[("zone.hcl", ZONE), ("main.hcl", text)])
}

fn found(text: &str) -> Vec<String> {
    let diagnostics = match load_files(&[("zone.hcl", ZONE), ("main.hcl", text)]) {
        Ok(loaded) => loaded.warnings,
        Err(errors) => errors.diagnostics().to_vec(),
    };
    diagnostics
        .iter()
        .map(|one| format!("{}: {}", one.code().name(), one.message()))
        .collect()
}

/// Returns what is wrong with a permission set of this inside.
fn wrong(inside: &str) -> Vec<String> {
    found(&format!("permission_set \"read\" {{\n{inside}\n}}\n"))
}

#[test]
fn a_spec_without_its_blocks_wants_nothing_of_identity_center() {
    assert_eq!(spec("").identity, None);
    let only = spec("identity_center {}").identity.unwrap();
    assert!(only.sets.is_empty() && only.region.as_str() == "ap-northeast-1");
}

#[test]
fn a_permission_set_says_all_that_it_grants() {
    let spec = spec(
        r#"
identity_center {
  region   = "us-east-1"
  instance = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
}
permission_set "admin" {
  name              = "AdministratorAccess"
  description       = "Everything"
  session_duration  = "1h30m"
  relay_state       = "https://console.example.com"
  managed_policies  = ["arn:aws:iam::aws:policy/AdministratorAccess"]
  customer_policies = ["plain", { name = "deep", path = "/ops/" }]
  boundary          = { name = "limit" }
  inline_policy     = jsonencode({ Statement = [], Version = "2012-10-17" })
  tags              = { owner = "platform" }
}
permission_set "per_team" {
  for_each = toset(["shop"])
}
"#,
    );
    let identity = spec.identity.unwrap();
    assert_eq!(identity.region.as_str(), "us-east-1");
    assert!(identity.instance.is_some());
    let admin = &identity.sets[&Name::new("admin")];
    assert_eq!(admin.session_seconds, Some(5_400));
    let grants = &admin.grants;
    assert_eq!(grants.managed.len(), 1);
    let customer: Vec<String> = grants.customer.iter().map(ToString::to_string).collect();
    assert_eq!(customer, ["plain", "/ops/deep"]);
    assert!(matches!(&grants.boundary, Some(Boundary::Customer(policy)) if policy.name == "limit"));
    assert_eq!(
        grants.inline.as_ref().unwrap().known(),
        Some(r#"{"Statement":[],"Version":"2012-10-17"}"#)
    );
    let team = &identity.sets[&Name::keyed("per_team", "shop")];
    assert_eq!((team.name.as_str(), team.session_seconds), ("shop", None));
    assert!(team.grants.managed.is_empty() && team.grants.inline.is_none() && team.tags.is_none());
}

#[test]
fn an_assignment_names_people_and_places() {
    let spec = spec(
        r#"
permission_set "read" {
  statement "Look" {
    effect  = "Allow"
    actions = ["ec2:Describe*"]
  }
}
assignment "all" {
  permission_set = permission_set.read
  groups         = ["ops"]
  users          = ["eve"]
  accounts       = [account.audit, account.team]
  ous            = [ou.workloads, root]
}
"#,
    );
    let identity = spec.identity.unwrap();
    let all = &identity.assignments[&Name::new("all")];
    assert_eq!(all.set, Name::new("read"));
    assert!(all.principals.contains(&Principal {
        kind: PrincipalKind::User,
        name: "eve".to_owned()
    }));
    assert_eq!(
        all.accounts.len(),
        3,
        "a block with `for_each` means all of its accounts"
    );
    let workloads = OuAddress::top(Name::new("workloads"));
    assert!(all.units.contains(&AccessUnit::Root) && all.units.contains(&AccessUnit::Ou(workloads)));
    let inline = identity.sets[&Name::new("read")].grants.inline.clone().unwrap();
    assert!(inline.known().unwrap().contains(r#""Sid":"Look""#));
}

#[test]
fn lists_that_are_empty_on_purpose_are_no_error() {
    let text = "permission_set \"read\" {}\nassignment \"none\" {\n  permission_set = permission_set.read\n  \
                groups = []\n  accounts = []\n}\n";
    assert_eq!(found(text), Vec::<String>::new());
}

#[test]
fn what_aws_would_refuse_of_a_permission_set_is_caught() {
    for (inside, code) in [
        ("  name = \"has a blank\"", "bad_name"),
        ("  name = \"a-name-of-more-than-thirty-two-chars\"", "bad_name"),
        ("  session_duration = \"13h\"", "bad_value"),
        ("  session_duration = \"30m\"", "bad_value"),
        ("  description = \"\"", "bad_value"),
        ("  managed_policies = [\"ReadOnlyAccess\"]", "bad_value"),
        (
            "  managed_policies = [\"arn:aws:iam::111122223333:policy/own\"]",
            "bad_value",
        ),
        (
            "  customer_policies = [\"arn:aws:iam::111122223333:policy/own\"]",
            "bad_value",
        ),
        (
            "  customer_policies = [{ name = \"a\", path = \"ops\" }]",
            "bad_value",
        ),
        (
            "  customer_policies = [{ name = \"a\", kind = \"b\" }]",
            "bad_value",
        ),
        ("  customer_policies = [\"a\", \"a\"]", "bad_value"),
        ("  boundary = 7", "bad_value"),
        ("  inline_policy = \"no JSON\"", "policy_json"),
        ("  statement { actions = [\"s3:*\"] }", "missing_attribute"),
        (
            "  inline_policy = \"{}\"\n  statement {\n    effect = \"Allow\"\n    actions = [\"s3:*\"]\n  }",
            "policy_content",
        ),
        (
            "  statement {\n    effect = \"Allow\"\n    actions = [\"s3:*\"]\n    principals = [\"*\"]\n  }",
            "policy_statement",
        ),
    ] {
        let found = wrong(inside);
        assert_eq!(found.len(), 1, "{inside}: {found:#?}");
        assert!(found[0].starts_with(&format!("{code}: ")), "{inside}: {found:#?}");
    }
    let many: Vec<String> = (0..21).map(|number| format!("\"p{number}\"")).collect();
    let found = wrong(&format!("  customer_policies = [{}]", many.join(", ")));
    assert!(found[0].starts_with("too_many_attachments: "), "{found:#?}");
    let long = format!(
        "  inline_policy = jsonencode({{ a = \"{}\" }})",
        "x".repeat(10_240)
    );
    assert!(wrong(&long)[0].starts_with("policy_size: "));
}

#[test]
fn what_an_assignment_lacks_is_caught() {
    let text =
        "permission_set \"read\" {}\nassignment \"none\" {\n  permission_set = permission_set.read\n}\n";
    let found = found(text);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found.iter().all(|one| one.starts_with("empty_assignment: ")));
}

#[test]
fn two_sets_of_one_name_and_references_to_the_wrong_kind_are_caught() {
    let text = "permission_set \"a\" { name = \"x\" }\npermission_set \"b\" { name = \"x\" }\n";
    assert!(found(text)[0].starts_with("duplicate_name: "));
    let text = "permission_set \"a\" {}\nassignment \"b\" {\n  permission_set = account.audit\n  groups = [\"g\"]\n  \
                accounts = [permission_set.a]\n}\n";
    let found = found(text);
    assert_eq!(
        found
            .iter()
            .filter(|one| one.starts_with("wrong_reference: "))
            .count(),
        2,
        "{found:#?}"
    );
}

#[test]
fn a_spec_without_a_region_says_where_to_name_one() {
    let files = [("main.hcl", "landing_zone \"t\" {}\npermission_set \"read\" {}\n")];
    let errors = load_files(&files).unwrap_err();
    assert_eq!(errors.diagnostics()[0].code().name(), "missing_attribute");
}

#[test]
fn assignments_can_be_claimed_as_a_whole() {
    let organization = spec("organization { exclusive = [\"assignments\"] }")
        .organization
        .unwrap();
    assert!(organization.exclusive.contains(&Exclusive::Assignments));
}

const SETTINGS: &str = r#"
account "shop" {
  email           = "shop2@example.com"
  enabled_regions = ["eu-south-1"]
  contact "security" {
    name  = "SOC"
    title = "On call"
    email = "soc@example.com"
    phone = "+81-3-0000-0000"
  }
  primary_contact {
    full_name      = "Acme"
    address_line_1 = "1 Road"
    city           = "Tokyo"
    postal_code    = "100-0001"
    country_code   = "JP"
    phone          = "+81 3 0000 0000"
  }
}
"#;

#[test]
fn settings_of_an_account_are_what_its_blocks_say() {
    let mut spec = spec(SETTINGS);
    let settings = spec.accounts.remove(&Name::new("shop")).unwrap().settings;
    assert_eq!(settings.contacts[&ContactKind::Security].phone, "+81-3-0000-0000");
    let primary = settings.primary_contact.unwrap();
    assert_eq!(primary.members[&PrimaryMember::CountryCode], "JP");
    assert_eq!(primary.members.len(), 6);
    assert_eq!(settings.enabled_regions.len(), 1);
    assert!(spec.accounts[&Name::new("audit")].settings.is_empty());
}

#[test]
fn settings_that_aws_would_refuse_are_caught() {
    for (from, to, code) in [
        ("\"security\"", "\"secruity\"", "bad_value"),
        ("soc@example.com", "soc", "bad_email"),
        ("+81-3-0000-0000", "call us", "bad_value"),
        ("\"+81 3", "\"81 3", "bad_value"),
        ("\"JP\"", "\"Japan\"", "bad_value"),
        ("\"JP\"", "\"jp\"", "bad_value"),
        ("  full_name      = \"Acme\"\n", "", "missing_attribute"),
        ("\"SOC\"", "\"\"", "bad_value"),
        ("[\"eu-south-1\"]", "[\"moon-1\", \"moon-1\"]", "bad_region"),
    ] {
        let found = found(&SETTINGS.replacen(from, to, 1));
        assert!(!found.is_empty(), "{to}");
        assert!(
            found.iter().all(|one| one.starts_with(&format!("{code}: "))),
            "{to}: {found:#?}"
        );
    }
    let (before, after) = SETTINGS.split_once("  primary_contact").unwrap();
    let contact = before.split_once("  contact").unwrap().1;
    let twice = format!("{before}  contact{contact}  primary_contact{after}");
    assert!(found(&twice)[0].starts_with("duplicate_block: "));
}

#[test]
fn yaml_says_the_same() {
    let yaml = "permission_set:\n  read:\n    managed_policies: [arn:aws:iam::aws:policy/ReadOnlyAccess]\nassignment:\n  \
                all:\n    permission_set: ${permission_set.read}\n    groups: [ops]\n    ous: ['${ou.workloads}']\naccount:\n  \
                shop:\n    email: shop2@example.com\n    contact:\n      security: {name: SOC, title: On call, email: \
                soc@example.com, phone: '+81'}\n";
    let spec = desired(&[("zone.hcl", ZONE), ("main.lz.yaml", yaml)]);
    let identity = spec.identity.unwrap();
    assert_eq!(identity.assignments[&Name::new("all")].principals.len(), 1);
    assert_eq!(spec.accounts[&Name::new("shop")].settings.contacts.len(), 1);
}
