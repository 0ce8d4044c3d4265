//! Stack sets and stacks: what AWS would refuse, and where its limits are.

use crate::stack_kit::*;
use crate::support::{codes, load_files, rendered};

/// Each rule by the one thing that breaks it.
#[test]
fn what_aws_would_refuse_is_refused() {
    const T: &str = "template = file(\"t.yaml\")\n";
    const D: &str = "deploy { targets = [ou.workloads] }\n";
    let all = format!("{T}{D}");
    let two = format!("{T}deploy {{ targets = [ou.workloads, ou.sandbox] }}\n");
    let rollout = |inside: &str| format!("{two}rollout {{\n{inside}\n}}\n");
    let canary = |inside: &str| {
        rollout(&format!(
            "wave \"c\" {{\ntargets = [ou.sandbox]\n{inside}\n}}\nwave \"r\" {{}}"
        ))
    };
    let long = "x".repeat(129);
    let cases: Vec<(String, &str)> = vec![
        (
            format!("{all}name = \"1a\""),
            "bad_name: `1a` cannot be the name of a stack set",
        ),
        (
            format!("{all}name = \"a_b\""),
            "bad_name: `a_b` cannot be the name of a stack set",
        ),
        (format!("{all}name = \"{long}\""), "bad_name: `xxxx"),
        (
            format!("{all}name = \"AWSControlTowerX\""),
            "bad_name: the stack set `AWSControlTowerX` belongs to Control Tower",
        ),
        (
            format!("{all}region = \"Tokyo\""),
            "bad_region: `Tokyo` is not a Region",
        ),
        (
            format!("{T}deploy {{\ntargets = [ou.workloads]\nregions = [\"us-east-1\", \"us-east-1\"]\n}}"),
            "bad_region: the Region `us-east-1` stands twice",
        ),
        (
            format!("{T}deploy {{\ntargets = [ou.workloads]\nregions = [\"eu-west-3\"]\n}}"),
            "outside_regions: `eu-west-3` is not among the Regions of the landing zone",
        ),
        (
            format!("{T}deploy {{\ntargets = [ou.workloads]\nregions = []\n}}"),
            "no_deployment: there is no Region to deploy to",
        ),
        (
            format!("{T}deploy {{ targets = [] }}"),
            "no_deployment: `targets` is empty",
        ),
        (
            format!("{T}deploy {{ targets = [ou.nowhere] }}"),
            "unknown_ou: organizational unit `ou.nowhere` is not declared",
        ),
        (
            format!("{T}deploy {{ targets = [\"ou.workloads\"] }}"),
            "wrong_reference: `targets` refers to an organizational unit, an account, the root or accounts with a tag, this is a string",
        ),
        (
            format!("{all}except = [ou.workloads]"),
            "no_deployment: `except` takes away everything that the stack set is deployed to",
        ),
        (
            format!("{all}except = [root]"),
            "no_deployment: `except` takes away everything that the stack set is deployed to",
        ),
        (
            format!("{T}deploy {{ targets = [account.team] }}\nexcept = [ou.workloads.prod]"),
            "no_deployment: `except` takes away everything that the stack set is deployed to",
        ),
        (
            format!(
                "{T}deploy {{ targets = [tag(\"environment\", \"prod\")] }}\nexcept = [account.team[\"shop\"]]"
            ),
            "no_deployment: `except` takes away everything that the stack set is deployed to",
        ),
        (
            format!("{T}deploy {{ targets = [account.management] }}"),
            "management_account: a service-managed stack set never reaches the management account",
        ),
        (
            format!("{T}deploy {{ targets = [root] }}"),
            "management_skipped: `root` has the management account `account.management`, which a service-managed stack set leaves out",
        ),
        (
            format!("{all}managed_by = \"self\"\nadministrator = account.audit"),
            "managed_by: `administrator` has no meaning with `managed_by = \"self\"`",
        ),
        (
            format!("{all}managed_by = \"self\"\nauto_deployment = true"),
            "managed_by: `auto_deployment` has no meaning with `managed_by = \"self\"`",
        ),
        (
            format!("{all}administration_role = \"arn:aws:iam::1:role/x\""),
            "managed_by: `administration_role` has no meaning with `managed_by = \"service\"`",
        ),
        (
            format!("{all}administrator_role = \"x\""),
            "managed_by: `administrator_role` has no meaning without `administrator`",
        ),
        (
            format!("{all}administrator = account.management"),
            "management_account: the management account cannot be a delegated administrator",
        ),
        (
            format!("{T}deploy {{ targets = [account.audit] }}\nauto_deployment = true"),
            "managed_by: automatic deployment reaches every account that comes to the OU, not only those named",
        ),
        (
            format!("{all}auto_deployment = 5"),
            "type: `auto_deployment` is `true`, `false` or an object",
        ),
        (
            format!("{all}description = \"\""),
            "bad_name: the description has 0 characters, AWS takes 1 to 1024",
        ),
        (
            format!("{all}parameters = {{ Nope = 1 }}"),
            "parameter: the template has no parameter `Nope`",
        ),
        (
            format!("{all}parameters = {{ Days = \"x\" }}"),
            "parameter: the parameter `Days` does not take `x`: it takes a number",
        ),
        (
            format!("{all}parameters = {{ Hook = \"x\" }}"),
            "plain_secret: main.hcl:4: the parameter `Hook` is secret, but its value stands in the spec",
        ),
        (
            format!("{all}parameters = {{ Admin = account.audit }}"),
            "type: the parameter `Admin`: a string wanted, this is an account; perhaps `account.audit.id`",
        ),
        (
            format!("{all}parameters = {{ Emails = [\"a,b\"] }}"),
            "type: the parameter `Emails`: an element of the list holds a comma, which would divide it",
        ),
        (
            format!("{all}override {{ parameters = {{ Nope = 1 }} }}"),
            "parameter: the template has no parameter `Nope`",
        ),
        (
            format!("{all}override {{ parameters = {{}} }}"),
            "outside_deployment: the override has no parameters",
        ),
        (
            format!("{all}override {{\ntargets = []\nparameters = {{ Days = 1 }}\n}}"),
            "outside_deployment: the override has no targets",
        ),
        (
            format!("{all}override {{\ntargets = [ou.sandbox]\nparameters = {{ Days = 1 }}\n}}"),
            "outside_deployment: the stack set is not deployed to `ou.sandbox`",
        ),
        (
            format!(
                "{T}deploy {{\ntargets = [ou.workloads]\nregions = [\"us-east-1\"]\n}}\noverride {{\nregions = [\"ap-northeast-1\"]\nparameters = {{ Days = 1 }}\n}}"
            ),
            "outside_deployment: the stack set is not deployed to `ap-northeast-1`",
        ),
        (
            format!(
                "{all}except = [account.legacy]\nrollout {{\nwave \"a\" {{ targets = [account.legacy] }}\nwave \"b\" {{}}\n}}"
            ),
            "outside_deployment: the stack set is not deployed to `account.legacy`",
        ),
        (
            rollout("wave \"a\" {}\nwave \"b\" {}"),
            "wave: the wave has no targets, so it takes all accounts that are left",
        ),
        (
            rollout("wave \"a\" {\ntargets = [ou.sandbox]\n}\nwave \"a\" {}"),
            "duplicate_label: two waves are called `a`",
        ),
        (
            rollout("wave \"a\" {\ngate { approval = \"?\" }\n}"),
            "wave: after the last wave there is nothing to wait for",
        ),
        (
            rollout("max_concurrent = 0"),
            "bad_value: `max_concurrent` is 1 or `1%` at least",
        ),
        (
            rollout("max_concurrent = \"many\""),
            "bad_value: `many` is not a value of `max_concurrent`",
        ),
        (
            rollout("failure_tolerance = \"101%\""),
            "bad_value: `101%` is not a value of `failure_tolerance`",
        ),
        (
            rollout("concurrency_mode = \"hard\""),
            "bad_value: `hard` is not a value of `concurrency_mode`",
        ),
        (rollout("retries = 101"), "bad_value: `retries` is 100 at most"),
        (
            canary("bake = \"soon\""),
            "bad_value: `soon` is not a value of `bake`",
        ),
        (
            canary("bake = \"31d\""),
            "bad_value: `31d` is not a value of `bake`",
        ),
        (
            canary("gate = { comand = [\"x\"] }"),
            "unknown_attribute: `gate` has no attribute `comand`",
        ),
        (
            canary("gate = \"x\""),
            "type: `gate` takes an object, this is a string",
        ),
        (
            canary("gate = { command = \"./x\" }"),
            "gate: `command` of a gate is a list: a program and its arguments, known now",
        ),
        (
            canary("gate = { command = [] }"),
            "gate: `command` of a gate is a list: a program and its arguments, known now",
        ),
        (
            canary("gate = { approval = \"\" }"),
            "gate: `approval` of a gate is a text that is known now",
        ),
        (
            canary("gate = { approval = \"x\", region = \"us-east-1\" }"),
            "gate: only an alarm has a Region",
        ),
        (
            canary("gate = { approval = \"x\" }\ngate { approval = \"y\" }"),
            "gate: the wave has two gates",
        ),
        (
            format!("{D}template = file(\"t.yaml\")\ntemplate_url = \"https://x\""),
            "no_template: there are `template` and `template_url`",
        ),
        (
            format!("{D}template_url = \"s3://x/y\""),
            "bad_value: `s3://x/y` is not the address of a template in S3",
        ),
        (
            format!("{D}template = 5"),
            "type: a template is text or an object, this is a number",
        ),
        (
            format!("{D}template = \"Resources: {{A: {{Type: 'AWS::CloudFormation::Stack'}}}}\""),
            "template: line 1 of the template: `A` is a nested stack, which a service-managed stack set does not take",
        ),
        (
            format!("{D}template = \"Resources: [\""),
            "template: line 1 of the template: ",
        ),
        (
            format!("{D}template = \"Metadata: &a {{}}\\nResources: {{A: {{Type: 'T::A', Metadata: *a}}}}\""),
            "template: line 2 of the template: CloudFormation's documentation says that it takes no YAML aliases and merge keys",
        ),
        (
            format!("{all}depends_on = [stack_set.detection]"),
            "cycle: these wait for each other: stack_set.detection -> stack_set.detection",
        ),
        (
            format!("{all}parameters = {{ Admin = stack_set.detection.id }}"),
            "cycle: these wait for each other: stack_set.detection -> stack_set.detection",
        ),
        (
            format!(
                "{D}template = \"Parameters: {{P: {{Type: String}}}}\\nResources: {{A: {{Type: T::A}}}}\""
            ),
            "parameter: the parameter `P` of the template has no value",
        ),
        (
            format!("{D}template = {{ Resources = {{ A = {{ Type = \"AWS::IAM::Role\" }} }} }}"),
            "capabilities: the template needs CAPABILITY_IAM",
        ),
        (
            format!("{D}template = templatefile(\"t.yaml\", {{ AWS = 1 }})\nparameters = {{ Nope = 1 }}"),
            "parameter: the template has no parameter `Nope`",
        ),
        (
            format!("{all}depends_on = [account.audit]"),
            "wrong_reference: `depends_on` refers to a stack set, this is an account",
        ),
        (
            format!("{all}tags = {{ \"aws:x\" = \"1\" }}"),
            "reserved_tag: the tag key `aws:x` belongs to AWS",
        ),
    ];
    for (inside, expected) in cases {
        let found = wrong(&inside);
        assert!(
            found.len() == 1 && found[0].starts_with(expected),
            "{inside}\nexpected {expected}\nfound {found:#?}"
        );
    }
}

#[test]
fn rules_hold_between_blocks() {
    const S: &str = "template = file(\"t.yaml\")\n";
    let cases = [
        (
            format!("stack_set \"a\" {{\n{S}name = \"x\"\ndeploy {{ targets = [ou.sandbox] }}\n}}\nstack_set \"b\" {{\n{S}name = \"x\"\ndeploy {{ targets = [ou.sandbox] }}\n}}"),
            "duplicate_name: two stack sets in `ap-northeast-1` have the name `x`",
        ),
        (
            format!("stack \"a\" {{\n{S}for_each = toset([\"p\", \"q\"])\nname = \"x\"\n}}"),
            "duplicate_name: two stacks in `ap-northeast-1` have the name `x`",
        ),
        (
            format!("stack_set \"a\" {{\n{S}depends_on = [stack_set.b]\ndeploy {{ targets = [ou.sandbox] }}\n}}\nstack_set \"b\" {{\n{S}depends_on = [stack_set.a]\ndeploy {{ targets = [ou.sandbox] }}\n}}"),
            "cycle: these wait for each other: stack_set.a -> stack_set.b -> stack_set.a",
        ),
        (
            format!("stack \"a\" {{\n{S}depends_on = [stack_set.b]\n}}\nstack_set \"b\" {{\n{S}parameters = {{ Admin = stack.a.id }}\ndeploy {{ targets = [ou.sandbox] }}\n}}"),
            "cycle: these wait for each other: stack_set.b -> stack.a -> stack_set.b",
        ),
        (
            format!("organization {{ trusted_services = [\"account\"] }}\nstack_set \"b\" {{\n{S}deploy {{ targets = [ou.sandbox] }}\n}}"),
            "no_trusted_access: `stacksets.cloudformation.amazonaws.com` has no trusted access",
        ),
        (
            format!("stack \"b\" {{\n{S}parameters = {{ Admin = stack.b.arn }}\n}}"),
            "no_such_element: `stack.b` has no attribute `arn`",
        ),
        (
            "locals { x = tag(\"a\", \"b\").id }\nstack \"b\" {\ntemplate = file(\"t.yaml\")\nparameters = { Admin = local.x }\n}".to_owned(),
            "no_such_element: `tag(\"a\", \"b\")` has no attribute `id`",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(found(&text), [expected], "{text}");
    }
    let other = format!(
        "stack_set \"a\" {{\n{S}name = \"x\"\ndeploy {{ targets = [ou.sandbox] }}\n}}\nstack_set \"b\" {{\n{S}name = \"x\"\nregion = \"us-east-1\"\ndeploy {{ targets = [ou.sandbox] }}\n}}"
    );
    assert_eq!(
        found(&other),
        [] as [&str; 0],
        "names are unique in a Region only"
    );
}

#[test]
fn a_set_needs_a_region_to_live_in() {
    let files = [
        (
            "main.hcl",
            "landing_zone \"x\" {}\nstack \"a\" { template = file(\"t.yaml\") }\n",
        ),
        ("t.yaml", TEMPLATE),
    ];
    let errors = load_files(&files).unwrap_err();
    assert_eq!(codes(&errors), ["missing_attribute"], "{}", rendered(&errors));
}

#[test]
fn the_limits_of_a_set_hold_at_their_border() {
    let text = || {
        let regions: Vec<String> = (0..20).map(|at| format!("\"us-east-{}\"", at + 1)).collect();
        format!(
            "landing_zone \"x\" {{\n  home_region = \"us-east-1\"\n  regions = [{}]\n}}\nou \"all\" {{}}\naccount \"a\" {{\n  for_each = toset(jsondecode(file(\"names.json\")))\n  email = \"${{each.key}}@example.com\"\n  ou = ou.all\n}}\nstack_set \"a\" {{\n  template = file(\"t.yaml\")\n  deploy {{ targets = [ou.all] }}\n  deploy {{ targets = [root] }}\n}}\n",
            regions.join(", ")
        )
    };
    let load = |accounts: usize| {
        let names: Vec<String> = (0..accounts).map(|at| format!("\"n{at}\"")).collect();
        let names = format!("[{}]", names.join(","));
        load_files(&[
            ("main.hcl", text().as_str()),
            ("t.yaml", TEMPLATE),
            ("names.json", names.as_str()),
        ])
    };
    // An account and Region counts once, however many blocks name them.
    if let Err(errors) = load(5_000) {
        panic!("{}", rendered(&errors));
    }
    assert_eq!(codes(&load(5_001).unwrap_err()), ["too_many_stacks"]);
}

#[test]
fn a_template_of_one_mebibyte_is_taken() {
    let fill = |size: usize| format!("{TEMPLATE}# {}", "x".repeat(size - TEMPLATE.len() - 2));
    let text = "stack \"a\" { template = file(\"t.yaml\") }\n";
    let load = |size| {
        load_files(&[
            ("zone.hcl", ZONE),
            ("main.hcl", text),
            ("t.yaml", fill(size).as_str()),
        ])
    };
    assert!(load(1_048_576).is_ok());
    assert_eq!(codes(&load(1_048_577).unwrap_err()), ["template"]);
}

#[test]
fn a_secret_is_not_shown_where_it_is_refused() {
    let text = "stack \"a\" {\n  template   = file(\"t.yaml\")\n  parameters = { Hook = \"hunter2\" }\n}\n";
    let errors = load_files(&[("zone.hcl", ZONE), ("main.hcl", text), ("t.yaml", TEMPLATE)]).unwrap_err();
    assert_eq!(codes(&errors), ["plain_secret"]);
    assert!(!rendered(&errors).contains("hunter2"), "{}", rendered(&errors));
}
