//! Accounts on request: written, checked, applied, told to others, and ended.

use crate::run::Folder;
use crate::terminal::{Reply, on_terminal};

const ZONE: &str = r#"landing_zone "acme" {}
organization { policy_types = ["scp"] }
ou "workloads" {
  ou "sdlc" {}
  ou "prod" {}
}
account_template "workload" {
  name          = "${title(request.team)} ${request.stage}"
  email         = "aws+${request.label}@example.com"
  ou            = ou.workloads.sdlc
  ous           = [ou.workloads]
  tags          = { team = request.team }
  required_tags = ["owner"]
  field "team" { pattern = "[a-z]+" }
  field "stage" {
    default = "dev"
    values  = ["dev", "prod"]
  }
}
"#;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("main.hcl", ZONE);
    folder
}

const SHOP: &str = "vend shop --template workload --set team=shop --tag owner=ann";

#[test]
fn a_request_is_written_checked_planned_applied_and_told() {
    let folder = folder();
    let said = folder.lz(SHOP);
    assert!(said.ok().contains("lz plan"), "{}", said.stdout);
    assert_eq!(
        folder.read("accounts/shop.yaml"),
        "template: workload\nfields:\n  team: shop\ntags:\n  owner: ann\n"
    );
    folder.lz("apply --target twin --outputs out.json").ok();
    let outputs = folder.json("out.json");
    let shop = &outputs["accounts"]["account.shop"];
    let id = shop["id"].as_str().unwrap();
    assert_eq!(shop["email"], "aws+shop@example.com");
    assert_eq!(shop["ou"], "workloads/sdlc");
    assert_eq!(shop["created"], true);
    assert_eq!(
        shop["role_arn"],
        format!("arn:aws:iam::{id}:role/OrganizationAccountAccessRole")
    );
    assert!(shop["arn"].as_str().unwrap().ends_with(id));

    folder.lz("apply --target twin --outputs again.json").ok();
    let again = folder.json("again.json");
    assert_eq!(again["accounts"]["account.shop"]["id"], id, "no second account");
    assert_eq!(again["accounts"]["account.shop"]["created"], false);

    let shown = folder.lz("output account.shop --target twin");
    assert!(
        shown.ok().contains(id) && shown.stdout.contains("Shop dev"),
        "{}",
        shown.stdout
    );
    let document: serde_json::Value =
        serde_json::from_str(folder.lz("output --document --target twin").ok()).unwrap();
    assert_eq!(document["accounts"]["account.shop"]["id"], id);
    folder.lz("output account.nobody --target twin").code(1);
    let schema: serde_json::Value = serde_json::from_str(folder.lz("schema outputs").ok()).unwrap();
    assert!(jsonschema::is_valid(&schema, &document));
}

#[test]
fn a_wrong_request_is_not_written() {
    let folder = folder();
    for (line, message) in [
        (
            "vend shop --template workload --tag owner=ann",
            "does not give the field `team`",
        ),
        (
            "vend shop --template workload --set team=shop",
            "has no tag `owner`",
        ),
        (
            "vend shop --template workload --set team=shop --tag owner=a --ou nowhere",
            "`ou.nowhere` is not declared",
        ),
        (
            "vend shop --template wrkload --set team=shop",
            "account template `wrkload` is not declared",
        ),
        ("vend shop --email nonsense", "AWS refuses the e-mail address"),
    ] {
        let said = folder.lz(line);
        said.code(3);
        assert!(said.stderr.contains(message), "{line}: {}", said.stderr);
        assert!(
            said.stderr.contains("accounts/shop.yaml"),
            "{line}: {}",
            said.stderr
        );
        assert!(!folder.file("accounts/shop.yaml").exists(), "{line}");
    }
    folder.lz("vend --template workload").code(1);
    folder.lz("vend 1shop --template workload").code(1);
}

#[test]
fn a_request_with_a_used_address_is_refused() {
    let folder = folder();
    folder.lz(SHOP).ok();
    let said = folder.lz("vend blog --email AWS+shop@example.com");
    said.code(3);
    assert!(said.stderr.contains("accounts/blog.yaml") && said.stderr.contains("accounts/shop.yaml"));
    assert!(!folder.file("accounts/blog.yaml").exists());
}

#[test]
fn a_request_that_is_there_is_changed_only_on_demand_and_in_place() {
    let folder = folder();
    let before =
        "# TICKET-7\ntemplate: workload # ours\nfields: {team: shop}\ntags:\n  owner: ann # on leave\n";
    folder.write("accounts/shop.yaml", before);
    folder.lz(SHOP).code(1);
    assert_eq!(folder.read("accounts/shop.yaml"), before);
    let shown = folder.lz("vend shop --edit --tag owner=bob --set stage=prod --dry-run");
    let after = "# TICKET-7\ntemplate: workload # ours\nfields: {team: shop, stage: prod}\ntags:\n  owner: bob # on leave\n";
    assert_eq!(shown.ok(), after);
    assert_eq!(folder.read("accounts/shop.yaml"), before);
    folder
        .lz("vend shop --edit --tag owner=bob --set stage=prod")
        .ok();
    assert_eq!(folder.read("accounts/shop.yaml"), after);
    folder.lz("vend shop --edit --set stage=test").code(3);
    assert_eq!(folder.read("accounts/shop.yaml"), after);
}

#[test]
fn what_is_missing_is_asked_for_on_a_terminal_until_it_fits() {
    let folder = folder();
    let (code, shown) = on_terminal(
        &folder,
        "vend --color never",
        &[
            ("The account's label", Reply::Type("shop")),
            ("team:", Reply::Type("Shop 1")),
            (
                "`Shop 1` does not fit `[a-z]+` as a whole; team:",
                Reply::Type("shop"),
            ),
            ("The tag owner:", Reply::Type("")),
            ("The tag owner needs a value:", Reply::Type("ann")),
        ],
    );
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        !shown.contains("stage"),
        "what has a default is not asked for: {shown}"
    );
    assert_eq!(
        folder.read("accounts/shop.yaml"),
        "template: workload\nfields:\n  team: shop\ntags:\n  owner: ann\n"
    );
}

#[test]
fn questions_can_be_left_without_a_file() {
    let folder = folder();
    let asked = [
        ("The account's label", Reply::Type("shop")),
        ("team:", Reply::End),
        ("The tag owner:", Reply::End),
        ("The tag owner needs a value:", Reply::End),
    ];
    let (code, shown) = on_terminal(&folder, "vend --color never", &asked);
    assert_eq!(code, Some(3), "{shown}");
    assert!(shown.contains("does not give the field `team`"), "{shown}");
    assert!(!folder.file("accounts").exists());
}

#[test]
fn without_a_terminal_what_is_missing_is_named() {
    let folder = folder();
    folder.lz("vend --template workload").code(1);
    let refused = folder.lz("vend shop --template workload --tag owner=ann");
    refused.code(3);
    assert!(
        refused.stderr.contains("does not give the field `team`"),
        "{}",
        refused.stderr
    );
}

#[test]
fn answers_come_from_a_file_and_options_win() {
    let folder = folder();
    folder.write(
        "answers.yaml",
        "label: shop\nou: workloads.prod\nfields: {team: shop, stage: dev}\ntags: {owner: ann}\n",
    );
    folder.lz("vend --answers answers.yaml --set stage=prod").ok();
    let text = folder.read("accounts/shop.yaml");
    assert!(
        text.contains("template: workload\n"),
        "the only template is taken: {text}"
    );
    assert!(
        text.contains("ou: ${ou.workloads.prod}\n") && text.contains("stage: prod"),
        "{text}"
    );
}

#[test]
fn bad_requests_are_left_out_on_demand_and_their_accounts_stay() {
    let folder = folder();
    folder.lz(SHOP).ok();
    folder
        .lz("vend blog --template workload --set team=blog --tag owner=ann")
        .ok();
    folder.lz("apply --target twin").ok();
    // One request of an account that exists becomes wrong, one new one is wrong, one new one is right.
    folder.write("accounts/shop.yaml", "template: workload\nfields: {team: [\n");
    folder.write("accounts/bad.yaml", "template: workload\n");
    folder
        .lz("vend web --template workload --set team=web --tag owner=ann")
        .ok();
    folder.lz("plan --target twin").code(3);
    let planned = folder.lz("plan --target twin --keep-going");
    planned.code(3);
    assert!(planned.stdout.contains("account.web"), "{}", planned.stdout);
    for file in [
        "accounts/bad.yaml",
        "accounts/shop.yaml",
        "2 account requests left out",
    ] {
        assert!(planned.stderr.contains(file), "{}", planned.stderr);
    }
    assert!(
        planned
            .stdout
            .contains("To apply this: lz apply --target twin --keep-going"),
        "{}",
        planned.stdout
    );
    let checked = folder.lz("validate --keep-going");
    assert!(
        checked
            .code(3)
            .starts_with("2 account requests left out; the rest of the spec is right."),
        "{}",
        checked.stdout
    );
    let applied = folder.lz("apply --target twin --keep-going");
    applied.code(3);
    let end = "2 account requests left out, nothing was done for them";
    assert!(
        applied
            .stderr
            .trim_end()
            .rsplit("lz::cli::left_out")
            .next()
            .unwrap()
            .contains(end),
        "{}",
        applied.stderr
    );
    for format in ["human", "markdown", "html", "json"] {
        let again = folder.lz(&format!("plan --target twin --keep-going --format {format}"));
        let said = again.code(3);
        assert!(said.contains("the request of"), "{format}: {said}");
        assert!(
            format == "json" || said.contains("what the rest of the spec says; 2 account requests left out."),
            "{format}: {said}"
        );
    }
    let outputs: serde_json::Value =
        serde_json::from_str(folder.lz("output --document --target twin --keep-going").code(3)).unwrap();
    assert!(outputs["accounts"]["account.web"]["id"].is_string());
    let tree = folder.lz("show --target twin --keep-going");
    assert!(
        tree.stdout.contains("Shop dev"),
        "the account is still there: {}",
        tree.stdout
    );
    // Corrected, all is as it was: nothing has become of the account.
    folder.lz("vend shop --edit --dry-run").code(3);
    folder.write(
        "accounts/bad.yaml",
        "template: workload\nfields: {team: bad}\ntags: {owner: ann}\n",
    );
    folder.write(
        "accounts/shop.yaml",
        "template: workload\nfields: {team: shop}\ntags: {owner: ann}\n",
    );
    let plan = folder.lz("plan --target twin --format json");
    assert!(!plan.ok().contains("account.shop:"), "{}", plan.stdout);
}

#[test]
fn a_mistyped_label_is_not_edited_into_a_new_account() {
    let folder = folder();
    folder.lz(&SHOP.replacen("shop", "shop-prod", 1)).ok();
    let refused = folder.lz("vend shop-prd --edit --tag owner=bob");
    refused.code(1);
    assert!(
        refused.stderr.contains("did you mean `shop-prod`?"),
        "{}",
        refused.stderr
    );
    assert!(!folder.file("accounts/shop-prd.yaml").exists());
    let same = folder.lz("vend shop-prod --edit --tag owner=ann");
    assert!(same.ok().starts_with("nothing to change in "), "{}", same.stdout);
}

#[test]
fn a_last_day_in_the_past_is_warned_of_and_a_required_tag_has_a_value() {
    let folder = folder();
    let said = folder.lz(&format!("{SHOP} --expires 2020-01-31"));
    said.ok();
    assert!(
        said.stderr
            .contains("the last day of `account.shop`, 2020-01-31, is over"),
        "{}",
        said.stderr
    );
    let refused = folder.lz("vend blog --template workload --set team=blog --tag owner=");
    refused.code(3);
    assert!(
        refused.stderr.contains("has no value for the tag `owner`"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_file_of_answers_that_is_no_yaml_is_named_once_with_its_line() {
    let folder = folder();
    folder.write("bad.yaml", "label: shop\ntags: {owner: ann\n");
    let refused = folder.lz("vend --answers bad.yaml");
    refused.code(1);
    assert_eq!(
        refused.stderr.matches("not YAML").count(),
        1,
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("`bad.yaml`: line 3"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_saved_plan_that_is_not_there_is_not_asked_of_aws() {
    let folder = folder();
    for name in ["nothere.lz", "plans/nothere"] {
        let refused = folder.lz(&format!("show {name}"));
        refused.code(1);
        assert!(
            refused.stderr.contains(&format!("no saved plan `{name}`")),
            "{}",
            refused.stderr
        );
    }
}

#[test]
fn an_account_too_young_to_leave_keeps_all_it_has() {
    let folder = folder();
    folder.lz(SHOP).ok();
    folder.lz("apply --target twin").ok();
    std::fs::remove_file(folder.file("accounts/shop.yaml")).unwrap();
    folder.write(
        "leaving.hcl",
        "removed {\n  from   = account.shop\n  action = \"release\"\n}\n",
    );
    let refused = folder.lz("plan --target twin");
    refused.code(4);
    assert!(
        refused.stderr.contains("lz::plan::release_too_early"),
        "{}",
        refused.stderr
    );
}

#[test]
fn the_last_day_of_an_account_is_told_by_plan_and_drift() {
    let folder = folder();
    folder.lz(&format!("{SHOP} --expires 2020-01-31")).ok();
    let planned = folder.lz("plan --target twin");
    assert!(planned.ok().contains("2020-01-31"), "{}", planned.stdout);
    folder.lz("apply --target twin").ok();
    let drift = folder.lz("drift --target twin --detailed-exitcode");
    assert!(
        drift
            .code(2)
            .contains("the last day of account Shop dev was 2020-01-31"),
        "{}",
        drift.stdout
    );
    folder.lz("vend shop --edit --expires 9999-12-31").ok();
    folder.lz("drift --target twin --detailed-exitcode").code(0);
}

#[test]
fn an_account_is_suspended_into_an_ou_that_denies_everything() {
    let folder = folder();
    folder.lz(SHOP).ok();
    folder.lz("apply --target twin").ok();
    std::fs::remove_file(folder.file("accounts/shop.yaml")).unwrap();
    folder.lz("plan --target twin").code(4);
    folder.write(
        "leaving.hcl",
        "ou \"held\" {}\nremoved {\n  from   = account.shop\n  action = \"suspend\"\n  to     = ou.held\n}\n",
    );
    let refused = folder.lz("plan --target twin");
    refused.code(4);
    assert!(refused.stderr.contains("denies everything"), "{}", refused.stderr);
    folder.write(
        "deny.hcl",
        "policy \"deny_all\" {\n  type = \"scp\"\n  attach = [ou.held]\n  statement \"Nothing\" {\n    effect = \"Deny\"\n    \
         actions = [\"*\"]\n    resources = [\"*\"]\n  }\n}\n",
    );
    folder.lz("apply --target twin").ok();
    folder.lz("plan --target twin --detailed-exitcode").code(0);
    let tree = folder.lz("show --target twin");
    let held = tree.stdout.split("held").nth(1).unwrap();
    assert!(held.contains("Shop dev"), "{}", tree.stdout);
}
