//! Account templates, requests that name one, and wrong requests that are left out.

use crate::support::{codes, desired, load_files, rendered, rendered_one, sources};
use lz_model::address::{Address, Name};
use lz_model::desired::{Desired, DesiredAccount, Removal};
use lz_spec::{Inputs, Loaded, SpecErrors, load};

const ZONE: (&str, &str) = (
    "main.hcl",
    r#"landing_zone "acme" {}
variable "domain" { default = "example.com" }
ou "workloads" {
  ou "sdlc" {}
  ou "prod" {}
}
ou "security" {}
account_template "workload" {
  name          = "${title(request.team)} ${request.label}"
  email         = "aws+${request.label}@${var.domain}"
  ou            = ou.workloads.sdlc
  ous           = [ou.workloads]
  tags          = { team = request.team, channel = request.channel }
  required_tags = ["owner"]
  name_pattern  = "[A-Z][A-Za-z0-9 -]*"
  expires       = request.expires
  field "team" {
    description = "who answers for the account"
    pattern     = "[a-z]+"
  }
  field "channel" { default = "cloud" }
  field "stage" {
    default = "dev"
    values  = ["dev", "prod"]
  }
  field "expires" { default = null }
}
"#,
);

fn with(requests: &[(&str, &str)]) -> Vec<(String, String)> {
    let zone = [(ZONE.0.to_owned(), ZONE.1.to_owned())].into_iter();
    let files = requests
        .iter()
        .map(|(label, text)| (format!("accounts/{label}.yaml"), (*text).to_owned()));
    zone.chain(files).collect()
}

fn named(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect()
}

fn wanted(requests: &[(&str, &str)]) -> Desired {
    desired(&named(&with(requests)))
}

fn refused(requests: &[(&str, &str)]) -> SpecErrors {
    match load_files(&named(&with(requests))) {
        Ok(loaded) => panic!("no error: {:?}", loaded.desired.accounts),
        Err(errors) => errors,
    }
}

fn going_on(requests: &[(&str, &str)]) -> Result<Loaded, SpecErrors> {
    let files = with(requests);
    let inputs = Inputs {
        keep_going: true,
        ..Inputs::default()
    };
    load(sources(&named(&files)), &inputs)
}

fn account<'d>(desired: &'d Desired, label: &str) -> &'d DesiredAccount {
    &desired.accounts[&Name::new(label)]
}

fn tag(account: &DesiredAccount, key: &str) -> String {
    account.tags.as_ref().unwrap()[key].to_string()
}

const SHOP: &str = "template: workload\nfields:\n  team: shop\n  expires: 2027-01-31\ntags:\n  owner: ann\n";

#[test]
fn a_request_gets_from_its_template_what_it_does_not_say() {
    let desired = wanted(&[("shop-1", SHOP)]);
    let shop = account(&desired, "shop-1");
    assert_eq!(shop.name, "Shop shop-1");
    assert_eq!(shop.email.to_string(), "aws+shop-1@example.com");
    assert_eq!(
        shop.parent.as_ref().unwrap().address().to_string(),
        "ou.workloads.sdlc"
    );
    assert_eq!(shop.expires.unwrap().to_string(), "2027-01-31");
    assert_eq!(tag(shop, "team"), "shop");
    assert_eq!(tag(shop, "channel"), "cloud");
    assert_eq!(tag(shop, "owner"), "ann");
    let origin = desired.origin(&Address::Account(Name::new("shop-1"))).unwrap();
    assert_eq!(origin.file, "accounts/shop-1.yaml");
}

#[test]
fn what_a_request_says_itself_wins_over_its_template() {
    let desired = wanted(&[(
        "shop",
        "template: workload\nname: Web\nemail: web@example.com\nou: ${ou.workloads.prod}\nfields: {team: shop}\n\
         tags: {owner: bob, team: other}\n",
    )]);
    let shop = account(&desired, "shop");
    assert_eq!((shop.name.as_str(), &*tag(shop, "team")), ("Web", "other"));
    assert_eq!(shop.email.to_string(), "web@example.com");
    assert_eq!(
        shop.parent.as_ref().unwrap().address().to_string(),
        "ou.workloads.prod"
    );
    assert_eq!(shop.expires, None);
}

#[test]
fn blocks_use_templates_too_and_fields_may_be_computed() {
    let text = format!(
        "{}locals {{ teams = {{ blue = {{ team = \"blue\" }}, red = {{ team = \"red\", channel = \"c\" }} }} }}\n\
         account \"team\" {{\n  for_each = local.teams\n  template = \"workload\"\n  fields = each.value\n  \
         email = \"${{each.key}}@example.com\"\n  tags = {{ owner = each.key }}\n}}\n",
        ZONE.1
    );
    let desired = desired(&[("main.hcl", &text)]);
    let red = &desired.accounts[&Name::keyed("team", "red")];
    let blue = &desired.accounts[&Name::keyed("team", "blue")];
    assert_eq!((red.name.as_str(), &*tag(red, "channel")), ("Red team", "c"));
    assert_eq!((blue.name.as_str(), &*tag(blue, "owner")), ("Blue team", "blue"));
}

#[test]
fn other_blocks_see_the_account_as_its_template_makes_it() {
    let text = format!(
        "{}policy \"p\" {{\n  type = \"scp\"\n  attach = [account.shop]\n  content = jsonencode({{ Version = \
         \"2012-10-17\", Statement = {{ Effect = \"Deny\", Action = \"s3:*\", Resource = \"*\", Sid = \
         account.shop.tags.team }} }})\n}}\norganization {{ policy_types = [\"scp\"] }}\n",
        ZONE.1
    );
    let desired = desired(&[("main.hcl", &text), ("accounts/shop.yaml", SHOP)]);
    let content = desired.policies[&Name::new("p")].content.to_string();
    assert!(content.contains("\"Sid\":\"shop\""), "{content}");
}

#[test]
fn each_broken_rule_is_named_with_the_file_and_the_rule() {
    for (request, message, place) in [
        (
            "template: workload\ntags: {owner: a}\n",
            "`account.shop` does not give the field `team`",
            1,
        ),
        (
            "template: workload\nfields: {team: shop}\ntags: {a: b}\n",
            "`account.shop` has no tag `owner`",
            3,
        ),
        (
            "template: workload\nfields:\n  team: Shop\ntags: {owner: a}\n",
            "the field `team` does not fit its pattern: `Shop`",
            3,
        ),
        (
            "template: workload\nfields:\n  team: shop\n  stage: pord\ntags: {owner: a}\n",
            "`pord` is not a value of the field `stage`",
            4,
        ),
        (
            "template: workload\nfields:\n  team: shop\n  chanel: x\ntags: {owner: a}\n",
            "template `workload` has no field `chanel`",
            4,
        ),
        (
            "template: workload\nfields: {team: shop}\ntags: {owner: a}\nou: ${ou.security}\n",
            "`account.shop` may not be in `ou.security`",
            4,
        ),
        (
            "template: workload\nfields: {team: shop}\ntags: {owner: a}\nname: web_1\n",
            "the name of `account.shop` does not fit its pattern: `web_1`",
            4,
        ),
    ] {
        let errors = refused(&[("shop", request)]);
        let found: Vec<&str> = errors.diagnostics().iter().map(|error| error.message()).collect();
        assert_eq!(found, [message], "{}", rendered(&errors));
        let (file, line, _) = errors.diagnostics()[0].place().unwrap();
        assert_eq!(
            (file, line),
            ("accounts/shop.yaml", place),
            "{}",
            rendered(&errors)
        );
        assert_eq!(codes(&errors), ["request"]);
    }
}

#[test]
fn an_error_in_a_template_names_the_account_that_meets_it() {
    let long = "a".repeat(60);
    let request = format!("template: workload\nfields: {{team: {long}}}\ntags: {{owner: a}}\n");
    let errors = refused(&[("shop", &request)]);
    assert_eq!(codes(&errors), ["bad_name"], "{}", rendered(&errors));
    let shown = rendered(&errors);
    assert!(
        shown.contains("for `account.shop`") && shown.contains("accounts/shop.yaml"),
        "{shown}"
    );
}

#[test]
fn a_day_that_the_calendar_does_not_have_is_refused_at_its_place() {
    let errors = refused(&[("shop", &SHOP.replace("01-31", "02-30"))]);
    assert_eq!(codes(&errors), ["bad_value"], "{}", rendered(&errors));
    assert_eq!(errors.diagnostics()[0].place().unwrap().1, 4);
}

#[test]
fn fields_need_a_template_and_a_template_must_be_declared() {
    let errors = refused(&[("shop", "email: a@example.com\nfields: {team: shop}\n")]);
    assert_eq!(codes(&errors), ["unknown_template"]);
    let errors = refused(&[("shop", "template: wrkload\nfields: {team: shop}\n")]);
    assert_eq!(codes(&errors), ["unknown_template"]);
    assert_eq!(
        errors.diagnostics()[0].help_text(),
        Some("did you mean `workload`?")
    );
}

#[test]
fn a_template_is_checked_even_if_nobody_uses_it() {
    let broken = |inside: &str| {
        let text = format!("landing_zone \"z\" {{}}\naccount_template \"t\" {{\n{inside}\n}}\n");
        codes(&load_files(&[("main.hcl", &text)]).unwrap_err())
    };
    assert_eq!(
        broken("email = \"${request.tem}@example.com\"\nfield \"team\" {}"),
        ["account_template"]
    );
    assert_eq!(broken("field \"label\" {}"), ["account_template"]);
    assert_eq!(broken("field \"a\" {}\nfield \"a\" {}"), ["account_template"]);
    assert_eq!(broken("field \"a\" { pattern = \"(\" }"), ["account_template"]);
    assert_eq!(broken("name_pattern = \"[\""), ["account_template"]);
    assert_eq!(broken("ou = ou.nowhere"), ["unknown_ou"]);
    assert_eq!(broken("name = upcase(request.label)"), ["unknown_function"]);
}

#[test]
fn the_request_means_nothing_outside_a_template() {
    let text = "landing_zone \"z\" {}\nou \"a\" { name = request.label }\n";
    assert_eq!(
        codes(&load_files(&[("main.hcl", text)]).unwrap_err()),
        ["unknown_name"]
    );
}

#[test]
fn without_keep_going_one_bad_request_stops_everything() {
    let errors = refused(&[("bad", "template: workload\n"), ("shop", SHOP)]);
    assert!(codes(&errors).iter().all(|code| *code == "request"));
}

#[test]
fn with_keep_going_bad_requests_are_left_out_and_named_and_the_rest_stays() {
    let loaded = going_on(&[
        ("alias", "template: workload\nfields: {team: *x}\n"),
        ("notag", "template: workload\nfields: {team: shop}\n"),
        ("shop", SHOP),
        ("twin-a", "email: same@example.com\n"),
        ("twin-b", "email: SAME@example.com\n"),
        ("unknown", "email: u@example.com\nou: ${ou.nowhere}\n"),
        ("un fit", "email: v@example.com\n"),
    ])
    .unwrap_or_else(|errors| panic!("{}", rendered(&errors)));
    let labels: Vec<String> = loaded.desired.accounts.keys().map(ToString::to_string).collect();
    assert_eq!(labels, ["shop"]);
    let left: Vec<(&str, Vec<&str>)> = loaded
        .left_out
        .iter()
        .map(|left| {
            let codes = left.diagnostics.iter().map(|error| error.code().name());
            (left.file.as_str(), codes.collect())
        })
        .collect();
    assert_eq!(
        left,
        [
            ("accounts/alias.yaml", vec!["syntax"]),
            ("accounts/notag.yaml", vec!["request"]),
            ("accounts/twin-a.yaml", vec!["duplicate_email"]),
            ("accounts/twin-b.yaml", vec!["duplicate_email"]),
            ("accounts/unknown.yaml", vec!["unknown_ou"]),
            ("accounts/un fit.yaml", vec!["bad_label"]),
        ]
    );
    assert!(loaded.desired.left_out.contains("twin-a"));
    for left in &loaded.left_out {
        assert!(
            rendered_one(&left.diagnostics[0]).contains(&left.file),
            "{}",
            left.file
        );
    }
}

/// A template that makes one address of two requests.
const BY_TEAM: &str = r#"landing_zone "acme" {}
account_template "team" {
  name  = request.team
  email = "aws+${request.team}@example.com"
  field "team" {}
}
"#;

#[test]
fn two_requests_with_one_address_from_their_template_are_both_named_and_both_left_out() {
    let files = [
        ("main.hcl", BY_TEAM),
        ("accounts/new.yaml", "template: team\nfields: {team: shop}\n"),
        ("accounts/old.yaml", "template: team\nfields: {team: shop}\n"),
        ("accounts/other.yaml", "template: team\nfields: {team: blog}\n"),
    ];
    let errors = load_files(&files).unwrap_err();
    assert_eq!(codes(&errors), ["duplicate_email"]);
    let told = rendered(&errors);
    for part in [
        "accounts/new.yaml",
        "accounts/old.yaml",
        "`account.new` and `account.old`",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("each.key"), "{told}");
    let first = &errors.diagnostics()[0];
    assert_eq!(first.place().unwrap().0, "accounts/old.yaml", "{told}");
    let inputs = Inputs {
        keep_going: true,
        ..Inputs::default()
    };
    let loaded = load(sources(&files), &inputs).unwrap();
    let labels: Vec<String> = loaded.desired.accounts.keys().map(ToString::to_string).collect();
    assert_eq!(labels, ["other"]);
    assert_eq!(
        loaded.desired.left_out,
        ["new".to_owned(), "old".to_owned()].into()
    );
}

#[test]
fn a_required_tag_has_a_value() {
    let blank = "template: workload\nfields: {team: shop}\ntags: {owner: \" \"}\n";
    let errors = refused(&[("shop", blank)]);
    assert_eq!(codes(&errors), ["request"]);
    assert!(
        rendered(&errors).contains("`account.shop` has no value for the tag `owner`"),
        "{}",
        rendered(&errors)
    );
}

#[test]
fn a_request_that_is_no_yaml_does_not_hide_what_is_wrong_with_the_others() {
    let errors = refused(&[
        ("broken", "template: workload\nfields: {team: [\n"),
        ("nowhere", "email: u@example.com\nou: ${ou.nowhere}\n"),
        ("notag", "template: workload\nfields: {team: shop}\n"),
        ("unnamed", "name: Unnamed\n"),
    ]);
    assert_eq!(
        codes(&errors),
        ["syntax", "unknown_ou", "request", "missing_attribute"]
    );
}

#[test]
fn what_only_lacks_the_account_of_a_broken_request_is_no_error_of_its_own() {
    let files = [
        ZONE,
        (
            "more.hcl",
            "organization { trusted_services = [\"guardduty.amazonaws.com\"] }\n\
         delegated_admin \"guardduty.amazonaws.com\" { account = account.broken }\n",
        ),
        ("accounts/broken.yaml", "email: [\n"),
    ];
    assert_eq!(codes(&load_files(&files).unwrap_err()), ["syntax"]);
}

#[test]
fn keep_going_does_not_go_on_when_something_else_is_wrong() {
    // Another block needs the account of the bad request.
    let mut files = with(&[("shop", "template: workload\n")]);
    files.push((
        "p.hcl".to_owned(),
        "delegated_admin \"config.amazonaws.com\" { account = account.shop }\n".to_owned(),
    ));
    let inputs = Inputs {
        keep_going: true,
        ..Inputs::default()
    };
    let errors = load(sources(&named(&files)), &inputs).unwrap_err();
    let found = codes(&errors);
    assert!(
        found.contains(&"unknown_account") && found.contains(&"request"),
        "{}",
        rendered(&errors)
    );
}

#[test]
fn a_suspended_account_has_a_place_and_no_other_has() {
    let removed = |inside: &str| {
        let text = format!(
            "landing_zone \"z\" {{}}\nou \"held\" {{}}\nremoved {{\n  from = account.old\n{inside}\n}}\n"
        );
        load_files(&[("main.hcl", &text)])
    };
    let loaded = removed("action = \"suspend\"\nto = ou.held").unwrap();
    let block = &loaded.desired.removed[0];
    assert_eq!(block.action, Removal::Suspend);
    assert_eq!(block.to.as_ref().unwrap().to_string(), "ou.held");
    assert_eq!(codes(&removed("action = \"suspend\"").unwrap_err()), ["removed"]);
    assert_eq!(
        codes(&removed("action = \"close\"\nto = ou.held").unwrap_err()),
        ["removed"]
    );
}

#[test]
fn an_invited_account_brings_its_own_id_and_role() {
    let load = |text: &str| {
        let text =
            format!("landing_zone \"z\" {{}}\naccount \"a\" {{\n email = \"a@example.com\"\n{text}\n}}\n");
        load_files(&[("main.hcl", &text)])
    };
    let loaded = load("invite = \"012345678901\"").unwrap();
    assert_eq!(
        account(&loaded.desired, "a").invite.as_ref().unwrap().as_str(),
        "012345678901"
    );
    assert_eq!(codes(&load("invite = \"12345\"").unwrap_err()), ["account_id"]);
    assert_eq!(
        codes(&load("invite = \"012345678901\"\nrole_name = \"x\"").unwrap_err()),
        ["bad_value"]
    );
}

#[test]
fn contacts_of_a_template_are_made_of_the_fields_and_give_way_to_those_of_the_request() {
    let contact = |name: &str, email: &str| {
        format!(
            "  contact \"{name}\" {{\n    name = \"SOC\"\n    title = \"On call\"\n    email = \"{email}\"\n    phone = \"+81-3-0000-0000\"\n  }}\n"
        )
    };
    let text = format!(
        "landing_zone \"z\" {{}}\naccount_template \"t\" {{\n  email = \"${{request.label}}@example.com\"\n{}{}  field \"team\" {{}}\n}}\n",
        contact("security", "${request.team}-sec@example.com"),
        contact("billing", "${request.team}-money@example.com"),
    );
    let request = "template: t\nfields: {team: shop}\ncontact:\n  billing: {name: Own, title: T, email: own@example.com, phone: \"+1\"}\n";
    let desired = desired(&[("main.hcl", &text), ("accounts/a.yaml", request)]);
    let contacts = &account(&desired, "a").settings.contacts;
    let emails: Vec<String> = contacts
        .values()
        .map(|contact| contact.email.to_string())
        .collect();
    assert_eq!(contacts.len(), 2);
    assert!(emails.contains(&"shop-sec@example.com".to_owned()), "{emails:?}");
    assert!(emails.contains(&"own@example.com".to_owned()), "{emails:?}");
    let wrong = text.replace("${request.team}-sec", "${request.tem}-sec");
    let errors = load_files(&[("main.hcl", &wrong)]).unwrap_err();
    assert_eq!(codes(&errors), ["account_template"], "{}", rendered(&errors));
}
