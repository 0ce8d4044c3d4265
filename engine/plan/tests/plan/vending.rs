//! Accounts that leave by suspension, accounts whose request was left out, and accounts whose last day comes.

use crate::build::*;
use lz_model::address::Name;
use lz_model::date::Date;
use lz_model::desired::{Desired, Removal};
use lz_model::live::{InvitationStage, LiveInvitation};
use lz_model::plan::{Action, Note, Reason, Severity};
use lz_model::rule::Rule;
use lz_plan::expiry;

fn holding(spec: Spec, content: &str) -> Spec {
    spec.ou("held")
        .policy("deny_all", content, &["ou.held"])
        .removed("account.old", Removal::Suspend)
        .edit(|desired| desired.removed[0].to = Some(ou("held")))
}

fn org() -> Org {
    Org::new().ou("held").ou("work").account("old", "work")
}

#[test]
fn a_suspended_account_goes_to_its_holding_ou_behind_the_policy_and_stays_there() {
    let plan = plan(holding(Spec::new().ou("work"), &deny("*")), org().live());
    let moved = plan
        .steps
        .iter()
        .find(|step| matches!(step.action, Action::MoveAccount { .. }))
        .unwrap();
    assert_eq!(moved.id.as_str(), "account.old:move");
    assert!(matches!(moved.reason, Reason::AskedFor { .. }));
    let at = |wanted: &str| {
        let mut steps = plan.steps.iter();
        steps
            .position(|step| step.id.as_str().starts_with(wanted))
            .unwrap()
    };
    assert!(
        at("policy.deny_all:attach") < at("account.old:move"),
        "{:?}",
        ids(&plan)
    );
    let closes = plan.steps.iter().any(|step| {
        matches!(
            step.action,
            Action::CloseAccount { .. } | Action::ReleaseAccount { .. } | Action::DeleteOu { .. }
        )
    });
    assert!(!closes);
}

#[test]
fn an_account_that_is_held_already_is_no_change() {
    let org = Org::new()
        .ou("held")
        .account("old", "held")
        .policy("deny_all", &deny("*"), &["ou.held"]);
    let plan = plan(holding(Spec::new(), &deny("*")), org.live());
    assert_eq!(ids(&plan), Vec::<String>::new());
}

#[test]
fn a_holding_ou_that_does_not_deny_everything_is_refused() {
    let statement =
        |inside: &str| format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Deny",{inside}}}}}"#);
    let open = [
        deny("s3:*"),
        allow("*"),
        statement(r#""NotAction":"iam:*","Resource":"*""#),
        statement(r#""Action":"*","Resource":"arn:aws:s3:::x""#),
        statement(
            r#""Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}"#,
        ),
        statement(
            r#""Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}"#,
        ),
    ];
    for content in open {
        let problems = refuse(holding(Spec::new().ou("work"), &content), org().live());
        let codes: Vec<&str> = problems.iter().map(|problem| problem.0).collect();
        assert_eq!(codes, ["holding_ou_open"], "{content}");
    }
    let closed = [
        statement(r#""Action":["*"],"Resource":"*""#),
        statement(
            r#""Action":"*","Resource":["*"],"Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/break-glass"}}"#,
        ),
    ];
    for content in closed {
        plan(holding(Spec::new().ou("work"), &content), org().live());
    }
    let elsewhere = holding(Spec::new().ou("work"), &deny("*")).policy("deny_all", &deny("*"), &["ou.work"]);
    assert_eq!(refuse(elsewhere, org().live())[0].0, "holding_ou_open");
}

#[test]
fn the_management_account_is_not_suspended() {
    let spec = holding(Spec::new().ou("work"), &deny("*"))
        .edit(|desired| desired.removed[0].id = Some(MANAGEMENT.parse().unwrap()));
    let problems = refuse(spec, Org::new().ou("held").ou("work").live());
    assert_eq!(problems[0].0, "management_account_stays");
}

#[test]
fn an_account_whose_request_was_left_out_stays_as_it_is() {
    let org = Org::new()
        .ou("work")
        .account("shop", "work")
        .account("other", "work");
    let spec = Spec::new().ou("work").account("other", "work").edit(|desired| {
        desired.left_out.insert("shop".to_owned());
    });
    let plan = plan(spec, org.live());
    assert!(
        !ids(&plan).iter().any(|id| id.starts_with("account.shop")),
        "{:?}",
        ids(&plan)
    );
    let note = plan
        .notes
        .iter()
        .find(|note| note.code == "request_left_out")
        .unwrap();
    assert_eq!(note.address.as_ref().unwrap().to_string(), "account.shop");
    assert!(
        !plan
            .unmanaged
            .accounts
            .iter()
            .any(|account| account.contains("Shop"))
    );
}

#[test]
fn a_new_request_that_was_left_out_is_told_too() {
    let spec = Spec::new().edit(|desired| {
        desired.left_out.insert("new".to_owned());
        desired.left_out.insert("un fit".to_owned());
    });
    let plan = plan(spec, Org::new().live());
    assert!(plan.is_empty());
    assert_eq!(codes(&plan), ["request_left_out", "request_left_out"]);
    let mut texts: Vec<&str> = plan.notes.iter().map(|note| note.text.as_str()).collect();
    texts.sort_unstable();
    assert_eq!(
        texts,
        [
            "the request of `account.new` is wrong and was left out; nothing is done for it",
            "the request of `account.un fit` is wrong and was left out; nothing is done for it",
        ]
    );
    let text = serde_json::to_string(&plan).unwrap();
    let again: lz_model::plan::Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(again, plan, "also where a label is none");
}

#[test]
fn the_account_of_a_left_out_request_is_not_handed_over() {
    let left_out = |desired: &mut Desired| {
        desired.left_out.insert("shop".to_owned());
    };
    let org = || Org::new().account("shop", "root");
    let email = "aws+shop@example.com";
    let by_email = Spec::new().account("aaa", "root").edit(|desired| {
        left_out(desired);
        desired.accounts.get_mut(&Name::new("aaa")).unwrap().email = email.parse().unwrap();
    });
    let by_id = Spec::new().account("aaa", "root").edit(|desired| {
        left_out(desired);
        desired.accounts.get_mut(&Name::new("aaa")).unwrap().id = Some(account_id("shop"));
    });
    let moved = Spec::new()
        .account("aaa", "root")
        .moved("account.shop", "account.aaa")
        .edit(left_out);
    for spec in [by_email, by_id, moved] {
        let problems = refuse(spec, org().live());
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].0, "left_out_account");
        assert!(
            problems[0].1.contains("`account.shop`, whose request is wrong"),
            "{problems:?}"
        );
    }
}

#[test]
fn the_management_account_is_not_adopted_by_its_address() {
    let wanted = || {
        Spec::new().ou("work").account("shop", "work").edit(|desired| {
            let email = "aws+management@example.com".parse().unwrap();
            desired.accounts.get_mut(&Name::new("shop")).unwrap().email = email;
        })
    };
    let org = || Org::new().ou("work");
    let problems = refuse(wanted(), org().live());
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].0, "management_by_email");
    let meant = wanted().edit(|desired| {
        let shop = desired.accounts.get_mut(&Name::new("shop")).unwrap();
        shop.id = Some(MANAGEMENT.parse().unwrap());
        shop.name = "Management".to_owned();
    });
    assert!(ids(&plan(meant, org().live())).contains(&"account.shop:move"));
}

#[test]
fn a_created_account_is_not_released_before_aws_lets_it_go() {
    let spec = || Spec::new().ou("work").removed("account.old", Removal::Release).0;
    let joined = 1_800_000_000;
    let org = |created: bool| {
        Org::new().ou("work").account("old", "work").edit(|live| {
            let old = live.accounts.get_mut(&account_id("old")).unwrap();
            old.joined_at_seconds = Some(joined);
            old.created = created;
        })
    };
    let check = |created: bool, now: i64| {
        let desired = spec();
        let live = org(created).live();
        let plan = lz_plan::plan(&desired, &live).unwrap();
        lz_plan::waiting::check(&desired, live.organization.as_ref(), &plan, now)
    };
    let four_days = 4 * 24 * 60 * 60;
    let refusal = check(true, joined + four_days - 1).unwrap_err();
    let problem = &refusal.problems[0];
    assert_eq!(problem.code, "release_too_early");
    assert!(
        problem.text.contains("until 2027-01-19 08:00 UTC"),
        "{}",
        problem.text
    );
    assert_eq!(check(true, joined + four_days), Ok(()));
    assert_eq!(check(false, joined), Ok(()), "an invited account need not wait");
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn told(desired: &Desired, org: &Org, today: &str) -> Vec<String> {
    let notes = expiry::notes(desired, Some(&org.0), day(today));
    notes
        .iter()
        .map(|note: &Note| format!("{} {}", note.code, note.text))
        .collect()
}

#[test]
fn the_last_day_of_an_account_is_told_ahead_and_afterwards() {
    let spec = Spec::new().ou("work").account("shop", "work").edit(|desired| {
        desired.accounts.get_mut(&Name::new("shop")).unwrap().expires = Some(day("2027-01-31"));
    });
    let org = Org::new().ou("work").account("shop", "work");
    assert!(told(&spec.0, &org, "2026-12-31").is_empty());
    assert!(told(&spec.0, &org, "2027-01-01")[0].starts_with("account_expires_soon"));
    assert!(told(&spec.0, &org, "2027-01-31")[0].starts_with("account_expires_soon"));
    let over = told(&spec.0, &org, "2027-02-01");
    assert!(over[0].starts_with("account_expired"), "{over:?}");
    assert_eq!(
        over,
        told(&spec.0, &org, "2027-03-01"),
        "the words are the same from day to day"
    );
}

#[test]
fn a_tag_gives_the_last_day_where_the_spec_does_not() {
    let mut org = Org::new()
        .ou("work")
        .account("shop", "work")
        .account("blog", "work");
    for (label, tag) in [("shop", "2027-01-31"), ("blog", "whenever")] {
        let id = account_id(label);
        let account = org.0.accounts.get_mut(&id).unwrap();
        account
            .tags
            .insert(expiry::EXPIRES_TAG.to_owned(), tag.to_owned());
    }
    let spec = Spec::new()
        .ou("work")
        .account("shop", "work")
        .account("blog", "work");
    assert_eq!(told(&spec.0, &org, "2027-02-01").len(), 1);
    let longer = spec.edit(|desired| {
        desired.accounts.get_mut(&Name::new("shop")).unwrap().expires = Some(day("2028-01-31"));
    });
    assert!(
        told(&longer.0, &org, "2027-02-01").is_empty(),
        "the spec has the last word"
    );
}

const GUEST: &str = "444455556666";

fn inviting() -> Spec {
    Spec::new().ou("work").account("guest", "work").edit(|desired| {
        desired.accounts.get_mut(&Name::new("guest")).unwrap().invite = Some(GUEST.parse().unwrap());
    })
}

fn sent(stage: InvitationStage) -> Org {
    Org::new().ou("work").edit(|live| {
        let invitation = LiveInvitation {
            id: "h-examplehandshake".to_owned(),
            stage,
            expires_at_seconds: Some(1_801_353_600),
        };
        live.invitations.insert(GUEST.parse().unwrap(), invitation);
    })
}

#[test]
fn an_account_of_another_organization_is_invited_and_then_moved() {
    let plan = plan(inviting(), Org::new().ou("work").live());
    assert_eq!(ids(&plan), ["account.guest:create", "account.guest:move"]);
    let step = step(&plan, "account.guest:create");
    assert!(
        matches!(&step.action, Action::InviteAccount { invitation: None, account, .. } if account.as_str() == GUEST)
    );
    assert_edge(
        &plan,
        "account.guest:create",
        "account.guest:move",
        Rule::AccountFirst,
    );
    assert!(codes(&plan).contains(&"invitation_awaited"));
}

#[test]
fn an_open_invitation_is_awaited_and_not_sent_again() {
    let plan = plan(inviting(), sent(InvitationStage::Open).live());
    let action = &step(&plan, "account.guest:create").action;
    assert!(
        matches!(action, Action::InviteAccount { invitation: Some(id), .. } if id == "h-examplehandshake")
    );
    let note = plan
        .notes
        .iter()
        .find(|note| note.code == "invitation_open")
        .unwrap();
    assert!(note.text.contains("2027-01-31"), "{}", note.text);
}

#[test]
fn an_invitation_that_ended_is_sent_again_and_a_refusal_needs_consent() {
    for (stage, code) in [
        (InvitationStage::Expired, "invitation_again"),
        (InvitationStage::Canceled, "invitation_again"),
        (InvitationStage::Declined, "invitation_declined"),
    ] {
        let plan = plan(inviting(), sent(stage).live());
        let action = &step(&plan, "account.guest:create").action;
        assert!(matches!(action, Action::InviteAccount { invitation: None, .. }));
        let note = plan.notes.iter().find(|note| note.code == code).unwrap();
        assert_eq!(
            note.severity == Severity::Consent,
            stage == InvitationStage::Declined
        );
    }
}

#[test]
fn an_account_that_has_joined_is_adopted_by_its_id_and_nobody_by_its_address() {
    let joined = Org::new().ou("work").account("other", "root").edit(|live| {
        let mut account = live.accounts.pop_last().unwrap().1;
        account.id = GUEST.parse().unwrap();
        account.name = "Guest".to_owned();
        account.tags.clear();
        live.accounts.insert(account.id.clone(), account);
    });
    let plan = plan(inviting(), joined.live());
    let all = ids(&plan);
    assert!(!all.contains(&"account.guest:create"), "{all:?}");
    assert!(all.contains(&"account.guest:move"), "{all:?}");
}

#[test]
fn an_open_invitation_that_the_spec_does_not_name_is_told() {
    let org = sent(InvitationStage::Open).edit(|live| {
        let closed = LiveInvitation {
            id: "h-closed".to_owned(),
            stage: InvitationStage::Expired,
            expires_at_seconds: None,
        };
        live.invitations.insert("555566667777".parse().unwrap(), closed);
    });
    let plan = plan(Spec::new().ou("work"), org.live());
    let notes: Vec<&Note> = plan.notes.iter().collect();
    assert_eq!(codes(&plan), ["invitation_unnamed"]);
    assert!(
        notes[0]
            .text
            .ends_with("aws organizations cancel-handshake --handshake-id h-examplehandshake"),
        "{}",
        notes[0].text
    );
}
