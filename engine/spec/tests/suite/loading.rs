//! Whole specs.

use crate::support::{codes, desired, hcl, load_files, rendered, wrong};
use lz_model::address::{Address, Name, OuAddress};

const STARTUP_HCL: &str = r#"
landing_zone "acme" {
  management_account = "111122223333"
  home_region        = "ap-northeast-1"
  regions            = ["ap-northeast-1", "us-east-1"]
}

variable "mail_domain" { default = "aws.example.com" }
locals { teams = yamldecode(file("teams.yaml")) }

organization {
  policy_types     = ["scp", "rcp", "tag"]
  trusted_services = ["guardduty.amazonaws.com", "account.amazonaws.com", "stacksets"]
}

ou "security" { name = "Security" }
ou "workloads" {
  name = "Workloads"
  ou "prod" { name = "Prod" }
  ou "sdlc" { name = "SDLC" }
}

account "audit" {
  name  = "Audit"
  email = "aws+audit@${var.mail_domain}"
  ou    = ou.security
  tags  = { owner = "security" }
}

account "team" {
  for_each = local.teams
  name     = "${each.value.title} Prod"
  email    = "aws+${each.key}-prod@${var.mail_domain}"
  ou       = ou.workloads.prod
}

policy "protect_guardrails" {
  type   = "scp"
  attach = [ou.workloads, ou.security]
  statement "KeepTrails" {
    effect    = "Deny"
    actions   = ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"]
    resources = ["*"]
    condition "ArnNotLike" "aws:PrincipalArn" { values = ["arn:aws:iam::*:role/lz-*"] }
  }
}

policy "regions" {
  type    = "scp"
  content = file("policies/regions.json")
  attach  = [ou.workloads]
}

delegated_admin "guardduty.amazonaws.com" { account = account.audit }

moved {
  from = account.shop
  to   = account.team["shop"]
}
removed {
  from   = account.old
  action = "close"
}
safety { max_closures = 1 }
"#;

const STARTUP_YAML: &str = r#"
landing_zone:
  acme:
    management_account: 111122223333
    home_region: ap-northeast-1
    regions: [ap-northeast-1, us-east-1]
variable:
  mail_domain: { default: aws.example.com }
locals:
  teams: ${yamldecode(file("teams.yaml"))}
organization:
  policy_types: [scp, rcp, tag]
  trusted_services: [guardduty.amazonaws.com, account.amazonaws.com, stacksets]
ou:
  security: { name: Security }
  workloads:
    name: Workloads
    ou:
      prod: { name: Prod }
      sdlc: { name: SDLC }
account:
  audit:
    name: Audit
    email: aws+audit@${var.mail_domain}
    ou: ${ou.security}
    tags: { owner: security }
  team:
    for_each: ${local.teams}
    name: ${each.value.title} Prod
    email: aws+${each.key}-prod@${var.mail_domain}
    ou: ${ou.workloads.prod}
policy:
  protect_guardrails:
    type: scp
    attach:
      - ${ou.workloads}
      - ${ou.security}
    statement:
      KeepTrails:
        effect: Deny
        actions: [cloudtrail:StopLogging, cloudtrail:DeleteTrail]
        resources: ["*"]
        condition:
          ArnNotLike:
            aws:PrincipalArn: arn:aws:iam::*:role/lz-*
  regions:
    type: scp
    content: ${file("policies/regions.json")}
    attach:
      - ${ou.workloads}
delegated_admin:
  guardduty.amazonaws.com: { account: "${account.audit}" }
moved:
  - from: ${account.shop}
    to: ${account.team["shop"]}
removed:
  - from: account.old
    action: close
safety:
  max_closures: 1
"#;

const TEAMS: (&str, &str) = ("teams.yaml", "shop: { title: Shop }\nblog:\n  title: Blög\n");
const TEAMS_ASCII: (&str, &str) = ("teams.yaml", "shop: { title: Shop }\nblog:\n  title: Blog\n");
const REGIONS: (&str, &str) = (
    "policies/regions.json",
    "{ \"Version\": \"2012-10-17\", \"Statement\": [ {\"Effect\": \"Deny\", \"NotAction\": \"iam:*\", \"Resource\": \"*\"} ] }",
);

#[test]
fn a_landing_zone_reads_the_same_from_both_languages() {
    let from_hcl = desired(&[("main.hcl", STARTUP_HCL), TEAMS_ASCII, REGIONS]);
    let from_yaml = desired(&[("main.lz.yaml", STARTUP_YAML), TEAMS_ASCII, REGIONS]);
    assert_eq!(from_hcl.clone().without_origins(), from_yaml.without_origins());
    assert_eq!(from_hcl.accounts.len(), 3);
    let shop = &from_hcl.accounts[&Name::keyed("team", "shop")];
    assert_eq!(shop.name, "Shop Prod");
    assert_eq!(shop.email.as_str(), "aws+shop-prod@aws.example.com");
    let regions = &from_hcl.policies[&Name::new("regions")];
    assert_eq!(
        regions.content.known(),
        Some(
            r#"{"Statement":[{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}],"Version":"2012-10-17"}"#
        )
    );
    let prod = OuAddress::top(Name::new("workloads")).child(Name::new("prod"));
    assert_eq!(
        from_hcl.origin(&Address::Ou(prod)).unwrap().to_string(),
        "main.hcl:19"
    );
}

#[test]
fn a_name_that_aws_refuses_is_shown_where_it_comes_from() {
    let errors = load_files(&[("main.hcl", STARTUP_HCL), TEAMS, REGIONS]).unwrap_err();
    assert_eq!(codes(&errors), ["bad_name"], "{}", rendered(&errors));
    assert_eq!(errors.diagnostics()[0].place(), Some(("main.hcl", 32, 14)));
}

#[test]
fn ids_that_aws_will_assign_stay_holes_in_strings_and_json() {
    let desired = hcl(r#"
account "audit" { email = "a@example.com" }
policy "p" {
  type    = "scp"
  content = jsonencode({ Statement = [{ Effect = "Deny", Action = "*", Resource = "arn:aws:iam::${account.audit.id}:role/x" }] })
}
policy "q" {
  type = "tag"
  description = join("-", ["for", account.audit.id])
  content = "{\"a\": \"${account.audit.arn}\"}"
}
"#);
    let p = &desired.policies[&Name::new("p")];
    assert_eq!(
        p.content.to_string(),
        r#"{"Statement":[{"Action":"*","Effect":"Deny","Resource":"arn:aws:iam::${account.audit.id}:role/x"}]}"#
    );
    let q = &desired.policies[&Name::new("q")];
    assert_eq!(q.content.to_string(), r#"{"a":"${account.audit.arn}"}"#);
    assert_eq!(
        q.description.as_ref().unwrap().to_string(),
        "for-${account.audit.id}"
    );
}

#[test]
fn computing_with_an_id_that_is_not_known_is_refused() {
    for expression in [
        "upper(account.a.id)",
        "length(account.a.id)",
        "account.a.id == \"1\"",
        "account.a.id + 1",
        "{ (account.a.id) = 1 }",
    ] {
        let errors = wrong(&format!(
            "account \"a\" {{ email = \"a@example.com\" }}\nlocals {{ x = {expression} }}\n"
        ));
        assert_eq!(
            codes(&errors),
            ["known_after_apply"],
            "{expression}: {}",
            rendered(&errors)
        );
    }
}

#[test]
fn all_errors_are_reported_in_one_go() {
    let errors = wrong(
        r#"
ou "a" { nam = "A" }
account "x" {
  email = "nope"
  ou    = ou.b
}
acount "y" {}
locals {
  one = local.two
  two = local.one
  sum = 1 + "x"
}
"#,
    );
    assert_eq!(
        codes(&errors),
        [
            "unknown_attribute",
            "bad_email",
            "unknown_ou",
            "unknown_block",
            "cycle",
            "type"
        ],
        "{}",
        rendered(&errors)
    );
}
