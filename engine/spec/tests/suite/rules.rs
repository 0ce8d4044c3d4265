//! What AWS would refuse, rule by rule: just inside it is fine, just outside it is an error.

use crate::support::{codes, hcl, load_files, rendered, wrong};

/// Checks that the first text is right and the second has exactly this error.
fn border(right: &str, outside: &str, code: &str) {
    hcl(right);
    let errors = wrong(outside);
    assert_eq!(codes(&errors), [code], "{}", rendered(&errors));
}

fn account(attributes: &str) -> String {
    format!("account \"a\" {{\n  {attributes}\n}}\n")
}

fn named(name: &str) -> String {
    account(&format!("email = \"a@example.com\"\n  name = \"{name}\""))
}

fn mail(email: &str) -> String {
    account(&format!("email = \"{email}\""))
}

fn ou(attributes: &str) -> String {
    format!("ou \"x\" {{\n  {attributes}\n}}\n")
}

fn policy(attributes: &str) -> String {
    format!("policy \"p\" {{\n  type = \"scp\"\n  content = \"{{}}\"\n  {attributes}\n}}\n")
}

#[test]
fn account_names() {
    border(&named(&"a".repeat(50)), &named(&"a".repeat(51)), "bad_name");
    border(&named("~ !"), &named(""), "bad_name");
    border(&named("a"), &named("a\\tb"), "bad_name");
}

#[test]
fn email_addresses() {
    border(&mail("a@b.cd"), &mail("a@b.c"), "bad_email");
    let long = |size: usize| format!("{}@example.com", "a".repeat(size - 12));
    border(&mail(&long(64)), &mail(&long(65)), "bad_email");
    border(&mail("a.b@c.de"), &mail(".ab@c.de"), "bad_email");
    border(&mail("a+b@c.de"), &mail("a b@c.de"), "bad_email");
    border(&mail("a@b-c.de"), &mail("a@-b.cde"), "bad_email");
    border(&mail("ab@c.de"), &mail("a@b@c.de"), "bad_email");
    border(&mail("abc@d.ef"), &mail("abc@defg"), "bad_email");
    for c in [
        "(", ")", "<", ">", "[", "]", ":", ";", ",", "\\\\", "|", "%", "&", "\\\"", "'", "`", "ü",
    ] {
        border(&mail("a@bc.de"), &mail(&format!("a{c}b@cd.ef")), "bad_email");
    }
}

#[test]
fn email_addresses_differ_whatever_their_case() {
    let two =
        |first: &str, second: &str| format!("{}account \"b\" {{ email = \"{second}\" }}\n", mail(first));
    border(
        &two("a@bc.de", "b@bc.de"),
        &two("a@bc.de", "A@BC.de"),
        "duplicate_email",
    );
    let each = |email: &str| {
        format!("account \"t\" {{\n  for_each = toset([\"x\", \"y\"])\n  email = \"{email}\"\n}}\n")
    };
    border(&each("${each.key}@bc.de"), &each("a@bc.de"), "duplicate_email");
}

#[test]
fn role_names() {
    let role = |name: &str| account(&format!("email = \"a@bc.de\"\n  role_name = \"{name}\""));
    border(&role("a_+=,.@-Z9"), &role("a b"), "bad_name");
    border(&role(&"r".repeat(64)), &role(&"r".repeat(65)), "bad_name");
}

#[test]
fn ou_names() {
    let name = |name: &str| ou(&format!("name = \"{name}\""));
    border(&name(&"é".repeat(128)), &name(&"é".repeat(129)), "bad_name");
    border(&name("a & b"), &name("a\\nb"), "bad_name");
    border(&name("a"), &name(""), "bad_name");
}

#[test]
fn ou_names_differ_below_one_parent_only() {
    let right = "ou \"a\" {\n  ou \"x\" { name = \"X\" }\n}\nou \"b\" {\n  ou \"x\" { name = \"X\" }\n}\n";
    let outside = "ou \"a\" {\n  ou \"x\" { name = \"X\" }\n  ou \"y\" { name = \"X\" }\n}\n";
    border(right, outside, "duplicate_name");
}

#[test]
fn ou_depth_counts_levels_below_the_root() {
    let nested = |levels: usize| format!("{}{}", "ou \"a\" {\n".repeat(levels), "}\n".repeat(levels));
    border(&nested(5), &nested(6), "ou_depth");
}

#[test]
fn policy_names_and_descriptions() {
    border(
        &policy(&format!("name = \"{}\"", "n".repeat(128))),
        &policy(&format!("name = \"{}\"", "n".repeat(129))),
        "bad_name",
    );
    let described = |size: usize| policy(&format!("description = \"{}\"", "d".repeat(size)));
    border(&described(512), &described(513), "bad_name");
    for name in [
        "FullAWSAccess",
        "RCPFullAWSAccess",
        "aws-guardrails-x",
        "AWS-Guardrails-x",
    ] {
        border(
            &policy("name = \"aws-guard\""),
            &policy(&format!("name = \"{name}\"")),
            "reserved_policy",
        );
    }
}

#[test]
fn policy_names_differ_within_a_type_only() {
    let two = |second: &str| {
        format!(
            "{}policy \"q\" {{\n  type = \"{second}\"\n  name = \"p\"\n  content = \"{{}}\"\n}}\n",
            policy("")
        )
    };
    border(&two("tag"), &two("scp"), "duplicate_name");
}

#[test]
fn policy_documents_have_a_size_without_white_space() {
    let sized = |kind: &str, size: usize| {
        // `{"a":"xxx"}` has eight characters around the text.
        let text = "x".repeat(size - 8);
        format!(
            "policy \"p\" {{\n  type = \"{kind}\"\n  content = \"{{ \\\"a\\\" :   \\\"{text}\\\" }}\"\n}}\n"
        )
    };
    for (kind, most) in [
        ("scp", 10_240),
        ("rcp", 5_120),
        ("ai_opt_out", 2_500),
        ("tag", 10_000),
        ("backup", 10_000),
    ] {
        border(&sized(kind, most), &sized(kind, most + 1), "policy_size");
    }
}

#[test]
fn attachments_of_one_type_at_one_target_are_limited() {
    let many = |kind: &str, count: usize| {
        format!(
            "ou \"x\" {{}}\npolicy \"p\" {{\n  for_each = toset([for i in range({count}) : \"p${{i}}\"])\n  type = \"{kind}\"\n  content = \"{{}}\"\n  attach = [ou.x]\n}}\n"
        )
    };
    for (kind, most) in [("scp", 10), ("rcp", 4), ("chat", 5), ("tag", 10)] {
        border(&many(kind, most), &many(kind, most + 1), "too_many_attachments");
    }
}

#[test]
fn tags() {
    let tag = |key: &str, value: &str| ou(&format!("tags = {{ \"{key}\" = \"{value}\" }}"));
    border(
        &tag(&"k".repeat(128), "v"),
        &tag(&"k".repeat(129), "v"),
        "bad_tag",
    );
    border(
        &tag("k", &"v".repeat(256)),
        &tag("k", &"v".repeat(257)),
        "bad_tag",
    );
    border(&tag("é _.:/=+-@1", ""), &tag("a,b", ""), "bad_tag");
    border(&tag("a", "é _.:/=+-@1"), &tag("a", "b\\nc"), "bad_tag");
    border(&tag("a", ""), &tag("", "a"), "bad_tag");
    border(&tag("awsome", ""), &tag("AWS:x", ""), "reserved_tag");
    border(&tag("lzx", ""), &tag("LZ:x", ""), "reserved_tag");
    let many = |count: usize| {
        ou(&format!(
            "tags = {{ for i in range({count}) : \"k${{i}}\" => \"v\" }}"
        ))
    };
    border(&many(48), &many(49), "too_many_tags");
}

#[test]
fn statements_keep_the_rules_of_their_type() {
    let statement = |kind: &str, inside: &str| {
        format!("policy \"p\" {{\n  type = \"{kind}\"\n  statement \"S\" {{\n    {inside}\n  }}\n}}\n")
    };
    let deny = "effect = \"Deny\"\n    actions = [\"s3:*\"]";
    border(
        &statement("scp", deny),
        &statement("tag", deny),
        "policy_statement",
    );
    border(
        &statement("rcp", deny),
        &statement("rcp", "effect = \"Allow\"\n    actions = [\"s3:*\"]"),
        "policy_statement",
    );
    border(
        &statement("rcp", &format!("{deny}\n    principals = [\"*\"]")),
        &statement(
            "rcp",
            &format!("{deny}\n    principals = [\"arn:aws:iam::1:root\"]"),
        ),
        "policy_statement",
    );
    border(
        &statement("scp", deny),
        &statement("scp", &format!("{deny}\n    principals = [\"*\"]")),
        "policy_statement",
    );
    border(
        &statement("scp", deny),
        &statement("scp", &format!("{deny}\n    not_actions = [\"s3:*\"]")),
        "policy_statement",
    );
    border(
        &statement("scp", deny),
        &statement("scp", "effect = \"Deny\"\n    actions = []"),
        "policy_statement",
    );
    border(
        &statement("scp", deny),
        &statement("scp", "effect = \"Deny\""),
        "missing_attribute",
    );
    border(
        &statement("scp", deny),
        &statement("scp", deny).replace("\"S\"", "\"S-1\""),
        "policy_statement",
    );
    let twice = format!(
        "{deny}\n    condition \"Bool\" \"a:b\" {{ values = [\"x\"] }}\n    condition = {{ Bool = {{ \"a:b\" = \"y\" }} }}"
    );
    border(
        &statement("scp", &twice.replacen("a:b", "a:c", 1)),
        &statement("scp", &twice),
        "policy_statement",
    );
}

#[test]
fn conditions_of_all_forms_make_the_same_document() {
    let with = |condition: &str| {
        let text = format!(
            "policy \"p\" {{\n  type = \"scp\"\n  statement \"S\" {{\n    effect = \"Deny\"\n    actions = [\"s3:*\"]\n    {condition}\n  }}\n}}\n"
        );
        hcl(&text).policies.into_values().next().unwrap().content
    };
    let block = with("condition \"Bool\" \"a:b\" { values = [\"x\", \"y\"] }");
    assert_eq!(
        block.known(),
        Some(
            r#"{"Statement":[{"Action":"s3:*","Condition":{"Bool":{"a:b":["x","y"]}},"Effect":"Deny","Resource":"*","Sid":"S"}],"Version":"2012-10-17"}"#
        )
    );
    assert_eq!(with("condition = { Bool = { \"a:b\" = [\"x\", \"y\"] } }"), block);
    assert_eq!(
        with("condition = [{ test = \"Bool\", variable = \"a:b\", values = [\"x\", \"y\"] }]"),
        block
    );
}

#[test]
fn delegated_administrators_need_trusted_access() {
    let admin = |trusted: &str, service: &str| {
        format!(
            "organization {{ trusted_services = [\"{trusted}\"] }}\n{}delegated_admin \"{service}\" {{ account = account.a }}\n",
            mail("a@bc.de")
        )
    };
    border(
        &admin("guardduty", "guardduty.amazonaws.com"),
        &admin("guardduty", "macie"),
        "no_trusted_access",
    );
    // StackSets have one principal for access and another for delegation.
    border(
        &admin("stacksets", "stacksets"),
        &admin("config", "stacksets"),
        "no_trusted_access",
    );
    // Whichever of the two is written, each list gets the one that AWS keeps there.
    let names = [
        "stacksets.cloudformation.amazonaws.com",
        "member.org.stacksets.cloudformation.amazonaws.com",
    ];
    for (trusted, service) in [(names[0], names[1]), (names[1], names[0])] {
        let spec = hcl(&admin(trusted, service));
        let trusted: Vec<_> = spec
            .organization
            .iter()
            .flat_map(|it| &it.trusted_services)
            .collect();
        assert_eq!(trusted[0].as_str(), names[0]);
        assert_eq!(spec.delegated_admins.keys().next().unwrap().as_str(), names[1]);
    }
    let twice = format!(
        "{}delegated_admin \"guardduty\" {{ account = account.a }}\n",
        admin("guardduty", "guardduty.amazonaws.com")
    );
    border(&admin("guardduty", "guardduty"), &twice, "duplicate_label");
}

#[test]
fn the_management_account_is_no_delegated_administrator_and_gets_no_role() {
    let spec = |id: &str, more: &str| {
        let zone = "landing_zone \"z\" { management_account = \"111122223333\" }\n";
        let account = account(&format!("email = \"a@bc.de\"\n  id = \"{id}\"\n  {more}"));
        format!("{zone}{account}")
    };
    let check = |more: &str, after: &str| {
        let load =
            |id: &str| crate::support::load_files(&[("main.hcl", &format!("{}{after}", spec(id, more)))]);
        load("444455556666").unwrap();
        assert_eq!(codes(&load("111122223333").unwrap_err()), ["management_account"]);
    };
    check("", "delegated_admin \"guardduty\" { account = account.a }\n");
    check("role_name = \"x\"", "");
    check("iam_user_access_to_billing = true", "");
}

#[test]
fn an_account_id_that_the_spec_states_is_known_at_once() {
    let desired = hcl(
        "account \"a\" {\n  email = \"a@bc.de\"\n  id = \"012345678901\"\n}\nou \"x\" { name = upper(\"x${account.a.id}\") }\n",
    );
    assert_eq!(desired.ous.into_values().next().unwrap().name, "X012345678901");
}

#[test]
fn objects_without_a_name_have_their_label_or_key_for_one() {
    let desired = hcl(
        "ou \"a\" {}\nou \"t\" { for_each = toset([\"k\"]) }\naccount \"b\" { email = \"b@cd.ef\" }\naccount \"c\" {\n  for_each = { k = 1 }\n  email = \"${account.b.name}-${ou.t[\"k\"].name}@cd.ef\"\n}\n",
    );
    let names: Vec<&str> = desired.ous.values().map(|ou| ou.name.as_str()).collect();
    assert_eq!(names, ["a", "k"]);
    let accounts: Vec<(&str, &str)> = desired
        .accounts
        .values()
        .map(|account| (account.name.as_str(), account.email.as_str()))
        .collect();
    assert_eq!(accounts, [("b", "b@cd.ef"), ("k", "b-k@cd.ef")]);
}

#[test]
fn moves_and_removals_speak_of_what_is_gone() {
    let moved =
        |from: &str, to: &str| format!("{}moved {{\n  from = {from}\n  to = {to}\n}}\n", mail("a@bc.de"));
    border(
        &moved("account.old", "account.a"),
        &moved("account.old", "account.b"),
        "moved",
    );
    border(
        &moved("account.old[\"x\"]", "account.a"),
        &moved("account.a", "account.a"),
        "moved",
    );
    border(
        &moved("account.old", "account.a"),
        &moved("ou.old", "account.a"),
        "moved",
    );
    let chain = format!(
        "{}moved {{\n  from = account.older\n  to = account.old\n}}\n",
        moved("account.old", "account.a")
    );
    let twice = format!(
        "{}moved {{\n  from = account.old\n  to = account.a\n}}\n",
        moved("account.old", "account.a")
    );
    border(&chain, &twice, "moved");
    border(
        &moved("account.old", "account.a"),
        &moved("local.x", "account.a"),
        "bad_value",
    );

    let removed = |from: &str, action: &str| {
        format!(
            "{}removed {{\n  from = {from}\n  action = \"{action}\"\n}}\n",
            mail("a@bc.de")
        )
    };
    border(
        &removed("account.old", "release"),
        &removed("account.a", "release"),
        "removed",
    );
    border(
        &removed("ou.old", "forget"),
        &removed("ou.old", "close"),
        "removed",
    );
    border(
        &removed("account.old", "close"),
        &removed("account.old", "suspend"),
        "removed",
    );
    border(
        &removed("account.old", "close"),
        &removed("account.old", "delete"),
        "bad_value",
    );
}

/// Null from a variable must never make a spec smaller than it is.
#[test]
fn what_must_be_there_cannot_be_null() {
    let zone = "landing_zone \"x\" {\n  home_region = \"eu-west-1\"\n  regions = [\"eu-west-1\"]\n}\nvariable \"n\" { default = null }\nou \"o\" {}\naccount \"base\" { email = \"base@example.com\" }\n";
    let template = "template = \"Resources: {A: {Type: 'AWS::S3::Bucket'}}\"";
    let cases = [
        ("account \"a\" { email = var.n }".to_owned(), "null_value"),
        (
            "policy \"a\" {\ntype = var.n\ncontent = {}\n}".to_owned(),
            "null_value",
        ),
        (
            "policy \"a\" {\ntype = \"scp\"\ncontent = var.n\n}".to_owned(),
            "policy_content",
        ),
        (
            "policy \"a\" {\ntype = \"scp\"\nstatement { actions = var.n }\n}".to_owned(),
            "missing_attribute",
        ),
        (
            "delegated_admin \"guardduty.amazonaws.com\" { account = var.n }".to_owned(),
            "null_value",
        ),
        (
            "removed {\nfrom = account.old\naction = var.n\n}".to_owned(),
            "null_value",
        ),
        ("stack \"a\" { template = var.n }".to_owned(), "no_template"),
        (
            format!("stack_set \"a\" {{\n{template}\ndeploy {{ targets = var.n }}\n}}"),
            "null_value",
        ),
        (
            format!(
                "stack_set \"a\" {{\n{template}\ndeploy {{ targets = [ou.o] }}\noverride {{ parameters = var.n }}\n}}"
            ),
            "null_value",
        ),
    ];
    for (text, code) in cases {
        match load_files(&[("zone.hcl", zone), ("main.hcl", &text)]) {
            Ok(loaded) => panic!("{text}\n{:?}", loaded.desired),
            Err(errors) => assert_eq!(codes(&errors), [code], "{text}\n{}", rendered(&errors)),
        }
    }
    // What may be left out may be null.
    let text = format!(
        "ou \"b\" {{ name = var.n }}\naccount \"b\" {{\nemail = \"b@example.com\"\nname = var.n\n}}\npolicy \"b\" {{\ntype = \"scp\"\nname = var.n\ncontent = var.n\nstatement {{\nactions = [\"s3:*\"]\nresources = var.n\n}}\n}}\nstack_set \"b\" {{\nname = var.n\nregion = var.n\ntags = var.n\nexcept = var.n\nauto_deployment = var.n\n{template}\ntemplate_url = var.n\ndeploy {{\ntargets = [ou.o]\nregions = var.n\n}}\n}}\n"
    );
    match load_files(&[("zone.hcl", zone), ("main.hcl", &text)]) {
        Ok(loaded) => {
            let desired = loaded.desired;
            assert_eq!(
                (desired.ous.len(), desired.accounts.len(), desired.policies.len()),
                (2, 2, 1)
            );
            assert_eq!(desired.stack_sets.len(), 1);
        }
        Err(errors) => panic!("{}", rendered(&errors)),
    }
}
