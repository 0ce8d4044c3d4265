//! Hand-made plans for tests: every action, every reason, odd text.

use lz_model::address::{Address, Name, OuAddress};
use lz_model::desired::{Origin, Tags};
use lz_model::id::{AccountId, OuId, ParentId, PolicyId, TargetId};
use lz_model::plan::{
    Action, Basis, Change, Edge, FORMAT, Known, Lane, Note, Plan, Reason, Ref, Severity, Step, StepId,
    Tagging, Unmanaged,
};
use lz_model::policy_type::PolicyType;
use lz_model::rule::Rule;
use lz_model::text::{Attribute, Text};
use std::collections::BTreeMap;

pub(crate) const BEFORE: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"KeepTrails","Effect":"Deny","Action":["cloudtrail:DeleteTrail","cloudtrail:StopLogging","cloudtrail:UpdateTrail"],"Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/lz-*"}}},{"Sid":"NoLeave","Effect":"Deny","Action":"organizations:LeaveOrganization","Resource":"*"}]}"#;

pub(crate) fn address(text: &str) -> Address {
    text.parse().unwrap()
}

fn account_id(digit: u8) -> AccountId {
    digit.to_string().repeat(12).parse().unwrap()
}

fn ou_id() -> OuId {
    "ou-ab12-0123abcd".parse().unwrap()
}

fn policy_id() -> PolicyId {
    "p-0123abcd".parse().unwrap()
}

pub(crate) fn now<T>(name: &str, id: T) -> Ref<T> {
    Ref {
        name: name.into(),
        id: Known::Now(id),
    }
}

fn later<T>(name: &str, step: &str) -> Ref<T> {
    let (address, verb) = step.rsplit_once(':').unwrap();
    Ref {
        name: name.into(),
        id: Known::After(StepId::new(&address.parse().unwrap(), verb)),
    }
}

fn in_root() -> Ref<ParentId> {
    now("Root", ParentId::Root("r-ab12".parse().unwrap()))
}

fn in_ou(name: &str) -> Ref<ParentId> {
    now(name, ParentId::Ou(ou_id()))
}

fn at(name: &str) -> Ref<TargetId> {
    now(name, TargetId::Ou(ou_id()))
}

pub(crate) fn step(at: &str, action: Action, reason: Reason) -> Step {
    let address = address(at);
    let verb = crate::render::plan::verb(&action);
    Step {
        id: StepId::new(&address, verb),
        address,
        action,
        reason,
        lane: Lane::Organization,
        after: Vec::new(),
        reversible: true,
        origin: Some(Origin {
            file: "main.hcl".into(),
            line: 12,
            column: 1,
        }),
    }
}

pub(crate) fn plan(steps: Vec<Step>) -> Plan {
    Plan {
        format: FORMAT,
        zone: "acme".into(),
        organization: Some("o-exampleorgid".parse().unwrap()),
        management_account: "111122223333".parse().unwrap(),
        steps,
        notes: Vec::new(),
        unmanaged: Unmanaged::default(),
        estimate_seconds: 170,
        basis: Basis::default(),
    }
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), Text::literal(*value)))
        .collect()
}

pub(crate) fn create_ou(at: &str, name: &str) -> Step {
    let action = Action::CreateOu {
        name: name.into(),
        parent: in_root(),
        tags: tags(&[("lz:zone", "acme"), ("lz:address", at), ("owner", "platform")]),
    };
    step(at, action, Reason::Missing {})
}

pub(crate) fn create_account(at: &str, name: &str, to: &str) -> [Step; 2] {
    let email = format!(
        "aws+{}@example.com",
        name.to_lowercase()
            .replace(|c: char| !c.is_ascii_alphanumeric(), "-")
    );
    let create = Action::CreateAccount {
        name: name.into(),
        email: email.parse().unwrap(),
        role_name: None,
        iam_user_access_to_billing: None,
        tags: tags(&[("lz:zone", "acme")]),
    };
    let create = Step {
        lane: Lane::AccountCreation,
        reversible: false,
        ..step(at, create, Reason::Missing {})
    };
    let account = Ref {
        name: name.into(),
        id: Known::After(create.id.clone()),
    };
    let mut moved = step(
        at,
        Action::MoveAccount {
            account,
            from: in_root(),
            to: in_ou(to),
        },
        Reason::Missing {},
    );
    moved.after.push(Edge {
        step: create.id.clone(),
        rule: Rule::AccountFirst,
    });
    [create, moved]
}

pub(crate) fn attach(at_address: &str, target: &str, accounts: usize) -> Step {
    let action = Action::AttachPolicy {
        policy: now("x", policy_id()),
        policy_type: PolicyType::Scp,
        target: at(target),
        accounts,
    };
    let mut step = step(at_address, action, Reason::Missing {});
    step.id = StepId::new(&address(at_address), &format!("attach {target}"));
    step
}

/// A plan with every action and every reason.
pub(crate) fn everything() -> Plan {
    let mut steps = organization();
    steps.extend(units_and_accounts());
    steps.extend(policies());
    steps.extend(tagging());
    steps.extend(goodbyes());
    let mut plan = plan(steps);
    plan.notes = vec![
        Note {
            severity: Severity::Info,
            code: "creation_pending".into(),
            address: None,
            text: "an account in creation is awaited before the steps".into(),
        },
        Note {
            severity: Severity::Warning,
            code: "near_limit".into(),
            address: Some(address("ou.workloads")),
            text: "9 of 10 SCPs are attached, one more fits".into(),
        },
        Note {
            severity: Severity::Consent,
            code: "unguarded_moment".into(),
            address: Some(address("policy.regions")),
            text: "Sandbox is full, so \"regions-old\" goes before \"regions\" comes: for about a second \
                   3 accounts are not bound by either"
                .into(),
        },
    ];
    plan.unmanaged = Unmanaged {
        ous: vec!["Legacy".into()],
        accounts: vec!["999999999999 Old shop".into(), "888888888888 Lab".into()],
        policies: vec!["scp try-out".into()],
        trusted_services: vec!["sso.amazonaws.com".into()],
        delegated_admins: vec!["sso.amazonaws.com 777777777777".into()],
    };
    plan
}

fn organization() -> Vec<Step> {
    let root = || Known::Now("r-ab12".parse().unwrap());
    let service = |name: &str| name.parse().unwrap();
    let missing = || Reason::Missing {};
    vec![
        step("organization", Action::CreateOrganization {}, missing()),
        step(
            "organization.trusted_services[\"guardduty.amazonaws.com\"]",
            Action::EnableTrustedService {
                service: service("guardduty.amazonaws.com"),
            },
            missing(),
        ),
        step(
            "organization.trusted_services[\"account.amazonaws.com\"]",
            Action::EnableTrustedService {
                service: service("account.amazonaws.com"),
            },
            missing(),
        ),
        step(
            "organization.policy_types[\"scp\"]",
            Action::EnablePolicyType {
                policy_type: PolicyType::Scp,
                root: root(),
            },
            missing(),
        ),
        step(
            "organization.policy_types[\"tag\"]",
            Action::EnablePolicyType {
                policy_type: PolicyType::Tag,
                root: root(),
            },
            missing(),
        ),
        step(
            "organization.policy_types[\"backup\"]",
            Action::DisablePolicyType {
                policy_type: PolicyType::Backup,
                root: root(),
            },
            Reason::NotListed {},
        ),
        step(
            "organization.trusted_services[\"ram.amazonaws.com\"]",
            Action::DisableTrustedService {
                service: service("ram.amazonaws.com"),
            },
            Reason::NotListed {},
        ),
    ]
}

fn units_and_accounts() -> Vec<Step> {
    let renamed = |before: &str, after: &str| Change {
        before: before.into(),
        after: after.into(),
    };
    let mut steps = vec![
        step(
            "ou.workloads",
            Action::RenameOu {
                ou: ou_id(),
                name: renamed("Work", "Workloads"),
            },
            Reason::Differs {},
        ),
        create_ou("ou.workloads.prod", "Prod"),
    ];
    steps.extend(create_account("account.shop_prod", "Shop Prod", "Workloads/Prod"));
    steps.push(step(
        "account.audit",
        Action::RenameAccount {
            account: account_id(2),
            name: renamed("Audit 1", "Audit"),
        },
        Reason::Relabelled {
            from: address("account.audit_1"),
        },
    ));
    steps.push(step(
        "account.legacy",
        Action::MoveAccount {
            account: now("Legacy", account_id(3)),
            from: in_root(),
            to: in_ou("Sandbox"),
        },
        Reason::Differs {},
    ));
    steps
}

fn policies() -> Vec<Step> {
    let after = BEFORE.replace("\"cloudtrail:UpdateTrail\"", "\"cloudtrail:PutEventSelectors\"");
    let mut content = Text::literal(after.strip_suffix("}]}").unwrap());
    content.push_str(r#","NotResource":"arn:aws:iam::"#);
    content.push_text(Text::hole(address("account.shop_prod"), Attribute::Id));
    content.push_str(r#":role/x"}]}"#);
    let create = Action::CreatePolicy {
        policy_type: PolicyType::Scp,
        name: "regions".into(),
        description: "Only our Regions".into(),
        content: BEFORE.into(),
        tags: tags(&[("lz:zone", "acme")]),
    };
    let update = Action::UpdatePolicy {
        policy: policy_id(),
        policy_type: PolicyType::Scp,
        name: Some(Change {
            before: "protect".into(),
            after: "protect guardrails".into(),
        }),
        description: Some(Change {
            before: "".into(),
            after: "Guards the guards".into(),
        }),
        content: Some(Change {
            before: BEFORE.into(),
            after: content,
        }),
        accounts: 1_204,
    };
    let detach = Action::DetachPolicy {
        policy: now("regions-old", policy_id()),
        policy_type: PolicyType::Scp,
        target: at("Sandbox"),
        accounts: 3,
    };
    let delete = Action::DeletePolicy {
        policy: now("regions-old", policy_id()),
        policy_type: PolicyType::Scp,
    };
    let gone = |step| Step {
        reversible: false,
        ..step
    };
    vec![
        step("policy.regions", create, Reason::Missing {}),
        attach("policy.regions", "Workloads", 14),
        attach("policy.regions", "Sandbox", 0),
        step("policy.protect_guardrails", update, Reason::Differs {}),
        step(
            "policy.regions_old",
            detach,
            Reason::Replaced {
                by: address("policy.regions"),
            },
        ),
        gone(step("policy.regions_old", delete, Reason::LeftSpec {})),
    ]
}

fn tagging() -> Vec<Step> {
    let set = |pairs: &[(&str, Option<&str>, Text)]| -> BTreeMap<String, Change<Option<Text>>> {
        pairs
            .iter()
            .map(|(key, before, after)| {
                let change = Change {
                    before: before.map(Text::from),
                    after: Some(after.clone()),
                };
                ((*key).to_owned(), change)
            })
            .collect()
    };
    let tag = |at: &str, name: &str, purpose, set, remove: &[(&str, &str)], reason| {
        let remove = remove
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        let resource = now(name, "222222222222".to_owned().try_into().unwrap());
        step(
            at,
            Action::SetTags {
                resource,
                purpose,
                set,
                remove,
            },
            reason,
        )
    };
    let ours = set(&[
        ("lz:zone", None, "acme".into()),
        ("lz:address", None, "account.log".into()),
    ]);
    vec![
        tag(
            "account.log",
            "Log archive",
            Tagging::Adopt,
            ours,
            &[],
            Reason::Adopted { by: "e-mail".into() },
        ),
        tag(
            "account.team[\"shop\"]",
            "Shop",
            Tagging::Readdress,
            set(&[(
                "lz:address",
                Some("account.shop"),
                "account.team[\"shop\"]".into(),
            )]),
            &[],
            Reason::Relabelled {
                from: address("account.shop"),
            },
        ),
        tag(
            "account.audit",
            "Audit",
            Tagging::Update,
            set(&[
                ("cost", None, "42".into()),
                ("owner", Some("ops"), "security".into()),
                (
                    "peer",
                    None,
                    Text::hole(address("account.shop_prod"), Attribute::Id),
                ),
            ]),
            &[("old", "x")],
            Reason::Differs {},
        ),
        tag(
            "account.lab",
            "Lab",
            Tagging::Forget,
            set(&[]),
            &[("lz:zone", "acme")],
            asked_for(90),
        ),
    ]
}

fn asked_for(line: usize) -> Reason {
    Reason::AskedFor {
        origin: Some(Origin {
            file: "main.hcl".into(),
            line,
            column: 1,
        }),
    }
}

fn goodbyes() -> Vec<Step> {
    let admin = |service: &str, register: bool| {
        let at = format!("delegated_admin[\"{service}\"]");
        let service = service.parse().unwrap();
        let account = now("Audit", account_id(2));
        if register {
            step(
                &at,
                Action::RegisterAdmin { service, account },
                Reason::Missing {},
            )
        } else {
            step(
                &at,
                Action::DeregisterAdmin { service, account },
                Reason::LeftSpec {},
            )
        }
    };
    let gone = |at: &str, action, reason| Step {
        reversible: false,
        ..step(at, action, reason)
    };
    vec![
        admin("guardduty.amazonaws.com", true),
        admin("securityhub.amazonaws.com", true),
        admin("config.amazonaws.com", false),
        gone(
            "ou.old",
            Action::DeleteOu {
                ou: now("Old/Things", ou_id()),
            },
            Reason::LeftSpec {},
        ),
        gone(
            "account.partner",
            Action::ReleaseAccount {
                account: now("Partner", account_id(4)),
            },
            Reason::AskedFor { origin: None },
        ),
        gone(
            "account.old",
            Action::CloseAccount {
                account: now("Old", account_id(5)),
            },
            asked_for(88),
        ),
    ]
}

/// A plan whose names try to break the page.
pub(crate) fn odd() -> Plan {
    let long = "a very long name that somebody once gave to an organizational unit and never dared to change \
                again because everything depends on it";
    let keyed = |key: &str| Address::Account(Name::keyed("team", key)).to_string();
    let nested = OuAddress::top(Name::new("workloads"))
        .child(Name::keyed("per_country", "deutschland-und-österreich"));
    let mut steps = vec![
        create_ou("ou.forged", "x\n  ! account.audit  close\r\x1b[2K\u{202e}tidua"),
        create_ou("ou.wide", "東京本社第一開発部 🚀 運用"),
        create_ou(&Address::Ou(nested).to_string(), long),
        create_ou("ou.empty", "\u{200b}"),
    ];
    steps.extend(create_account(
        &keyed("kundenservice-international-northern-europe"),
        "Kundenservice",
        "W",
    ));
    let mut zone = plan(steps);
    zone.zone = "acme\u{7}".into();
    zone.organization = None;
    zone.notes = vec![Note {
        severity: Severity::Warning,
        code: "odd".into(),
        address: None,
        text: "tab\there, escape \x1b[31mred".into(),
    }];
    zone
}

/// A plan of a new landing zone with many accounts.
pub(crate) fn large(accounts: usize) -> Plan {
    let mut steps = vec![
        create_ou("ou.workloads", "Workloads"),
        create_ou("ou.sandbox", "Sandbox"),
    ];
    let pairs: Vec<[Step; 2]> = (0..accounts)
        .map(|n| {
            create_account(
                &format!("account.team[\"site-{n:03}\"]"),
                &format!("Site {n:03}"),
                "Workloads",
            )
        })
        .collect();
    steps.extend(pairs.iter().map(|[create, _]| create.clone()));
    steps.extend((0..30).map(|n| attach("policy.regions", &format!("Workloads/Unit {n}"), n)));
    steps.extend(pairs.into_iter().map(|[_, moved]| moved));
    steps.push(step(
        "account.site_new",
        Action::MoveAccount {
            account: later("Site new", "account.absent:create"),
            from: in_root(),
            to: in_ou("Workloads"),
        },
        Reason::Missing {},
    ));
    let mut plan = plan(steps);
    plan.organization = None;
    plan.estimate_seconds = 3_000;
    plan
}
