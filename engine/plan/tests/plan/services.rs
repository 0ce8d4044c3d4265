//! Administrators by the services' own calls, trusted access, central root access, the resource policy.

use crate::build::*;
use lz_model::address::Name;
use lz_model::desired::{DesiredResourcePolicy, Exclusive, Removal};
use lz_model::id::AccountId;
use lz_model::live::{LiveResourcePolicy, LiveTags};
use lz_model::plan::{Action, Plan, Reason, Severity};
use lz_model::root_access::RootFeature;
use lz_model::rule::Rule;
use lz_model::text::{Attribute, Text};
use std::collections::BTreeMap;

const REGIONS: [&str; 3] = ["eu-west-1", "us-east-1", "ap-northeast-1"];

/// Two accounts, and three Regions.
fn spec() -> Spec {
    let spec = Spec::new().account("a", "root").account("b", "root");
    spec.edit(|spec| {
        spec.zone.home_region = Some(region("eu-west-1"));
        spec.zone.regions = REGIONS.map(region).to_vec();
    })
}

/// The same two accounts; `a` administers services in these Regions.
fn org(services: &[&str], regions: &[&str]) -> Org {
    services.iter().fold(
        Org::new().account("a", "root").account("b", "root"),
        |org, name| {
            let seats = regions
                .iter()
                .map(|name| (region(name), account_id("a")))
                .collect();
            let org = org.trusted(name).admin(name, "a");
            org.edit(|org| {
                org.administrators.insert(service(name), seats);
            })
        },
    )
}

fn register(name: &str) -> String {
    format!("delegated_admin[\"{name}.amazonaws.com\"]:register")
}

fn deregister(name: &str) -> String {
    let id: AccountId = account_id("a");
    format!("delegated_admin[\"{name}.amazonaws.com\"]:deregister {id}")
}

fn enable(name: &str) -> String {
    format!("organization.trusted_services[\"{name}.amazonaws.com\"]:enable")
}

fn disable(name: &str) -> String {
    format!("organization.trusted_services[\"{name}.amazonaws.com\"]:disable")
}

/// Returns the Regions of a step on an administrator.
fn regions_of(plan: &Plan, id: &str) -> Vec<String> {
    match &step(plan, id).action {
        Action::RegisterAdmin { regions, .. } | Action::DeregisterAdmin { regions, .. } => {
            regions.iter().map(ToString::to_string).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn trusted_access_comes_before_an_administrator_in_every_region() {
    let wanted = spec()
        .account("new", "root")
        .trusted("guardduty")
        .admin("guardduty", "new");
    let plan = plan(wanted, org(&[], &[]).live());
    assert_eq!(regions_of(&plan, &register("guardduty")), REGIONS);
    assert_edge(
        &plan,
        &enable("guardduty"),
        &register("guardduty"),
        Rule::TrustedAccessFirst,
    );
    assert_edge(
        &plan,
        "account.new:create",
        &register("guardduty"),
        Rule::AccountFirst,
    );
}

#[test]
fn cloudtrail_has_trusted_access_first() {
    let plan = plan(
        spec().trusted("cloudtrail").admin("cloudtrail", "a"),
        org(&[], &[]).live(),
    );
    assert_eq!(
        regions_of(&plan, &register("cloudtrail")),
        ["eu-west-1"],
        "once, at home"
    );
    assert_edge(
        &plan,
        &enable("cloudtrail"),
        &register("cloudtrail"),
        Rule::TrustedAccessFirst,
    );
}

#[test]
fn only_missing_regions_are_mended() {
    let wanted = spec().trusted("macie").admin("macie", "a");
    let plan = plan(wanted, org(&["macie"], &["us-east-1"]).live());
    assert_eq!(ids(&plan), [register("macie")]);
    assert_eq!(
        regions_of(&plan, &register("macie")),
        ["eu-west-1", "ap-northeast-1"]
    );
    assert_eq!(step(&plan, &register("macie")).reason, Reason::Differs {});
}

#[test]
fn an_administrator_in_every_region_is_no_change() {
    let wanted = spec().trusted("macie").admin("macie", "a");
    assert!(plan(wanted, org(&["macie"], &REGIONS).live()).is_empty());
}

#[test]
fn one_administrator_goes_everywhere_before_the_next_comes() {
    for name in ["guardduty", "inspector2", "auditmanager", "fms"] {
        let live = if name == "fms" {
            vec!["us-east-1"]
        } else {
            REGIONS.to_vec()
        };
        let plan = plan(spec().trusted(name).admin(name, "b"), org(&[name], &live).live());
        assert_edge(&plan, &deregister(name), &register(name), Rule::OneAdministrator);
        assert_eq!(regions_of(&plan, &deregister(name)).len(), live.len(), "{name}");
        let gap = plan
            .notes
            .iter()
            .find(|note| note.code == "administrator_gap")
            .unwrap();
        assert_eq!(gap.severity, Severity::Warning);
        assert!(gap.text.contains("between A and B"), "{}", gap.text);
    }
}

#[test]
fn the_old_administrator_stays_until_the_next_can_take_over() {
    let wanted = spec()
        .ou("security")
        .account("new", "security")
        .trusted("guardduty")
        .admin("guardduty", "new");
    let live = org(&["guardduty"], &REGIONS).ou("security");
    let plan = plan(wanted, live.edit(|org| org.trusted_services.clear()).live());
    for first in [
        "account.new:create".to_owned(),
        "account.new:move".to_owned(),
        enable("guardduty"),
    ] {
        assert_edge(&plan, &first, &deregister("guardduty"), Rule::SuccessorFirst);
    }
}

#[test]
fn an_administrator_that_the_named_regions_do_not_show_goes_through_organizations() {
    let plan = plan(
        spec().trusted("macie").admin("macie", "b"),
        org(&["macie"], &[]).live(),
    );
    assert!(regions_of(&plan, &deregister("macie")).is_empty());
    assert_edge(
        &plan,
        &deregister("macie"),
        &register("macie"),
        Rule::OneAdministrator,
    );
}

#[test]
fn several_administrators_are_handed_over_new_first() {
    let wanted = spec().trusted("cloudtrail").admin("cloudtrail", "b");
    let plan = plan(
        wanted.exclusive(Exclusive::DelegatedAdmins),
        org(&["cloudtrail"], &[]).live(),
    );
    assert_edge(
        &plan,
        &register("cloudtrail"),
        &deregister("cloudtrail"),
        Rule::RegisterBeforeDeregister,
    );
}

#[test]
fn administrators_in_every_region_go_before_trusted_access() {
    let wanted = spec().exclusive(Exclusive::TrustedServices);
    let plan = plan(
        wanted.exclusive(Exclusive::DelegatedAdmins),
        org(&["guardduty"], &REGIONS).live(),
    );
    assert_eq!(regions_of(&plan, &deregister("guardduty")), REGIONS);
    assert_edge(
        &plan,
        &deregister("guardduty"),
        &disable("guardduty"),
        Rule::DependentsBeforeTrust,
    );
}

#[test]
fn a_leaving_account_gives_up_every_region_first() {
    let wanted = Spec::new()
        .account("b", "root")
        .removed("account.a", Removal::Close);
    let wanted = wanted.edit(|spec| spec.zone.regions = REGIONS.map(region).to_vec());
    let plan = plan(wanted, org(&["detective"], &REGIONS).live());
    assert_edge(
        &plan,
        &deregister("detective"),
        "account.a:close",
        Rule::DeregisterBeforeLeaving,
    );
    assert_eq!(regions_of(&plan, &deregister("detective")).len(), 3);
}

#[test]
fn without_regions_organizations_does_it() {
    let wanted = Spec::new()
        .account("a", "root")
        .trusted("guardduty")
        .admin("guardduty", "a");
    let plan = plan(wanted, Org::new().account("a", "root").live());
    assert!(regions_of(&plan, &register("guardduty")).is_empty());
}

#[test]
fn ipam_is_trusted_with_its_administrator() {
    let wanted = || spec().trusted("ipam").exclusive(Exclusive::TrustedServices);
    let plan = plan(wanted().admin("ipam", "a"), org(&[], &[]).live());
    assert_eq!(
        ids(&plan),
        [register("ipam")],
        "no step of its own for trusted access"
    );
    let refused = refuse(wanted(), org(&[], &[]).live());
    assert_eq!(refused[0].0, "trust_needs_administrator");
}

#[test]
fn losing_trusted_access_of_cloudtrail_needs_consent() {
    let trusted = Org::new()
        .trusted("cloudtrail")
        .trusted("controltower")
        .trusted("config");
    let wanted = Spec::new().exclusive(Exclusive::TrustedServices);
    let plan = plan(wanted, trusted.live());
    assert_eq!(
        ids(&plan),
        [disable("cloudtrail"), disable("config")],
        "Control Tower keeps its own"
    );
    let consent: Vec<&str> = plan
        .notes
        .iter()
        .filter(|note| note.severity == Severity::Consent)
        .map(|note| note.code.as_str())
        .collect();
    assert_eq!(consent, ["trusted_access_lost"]);
}

#[test]
fn central_root_access_that_nobody_mentions_goes_before_trusted_access_and_with_consent() {
    let wanted = || spec().exclusive(Exclusive::TrustedServices);
    let live = |features: &[RootFeature]| {
        let on = features.iter().copied().collect();
        let live = org(&[], &[]).trusted("iam");
        live.edit(|org| org.root_access = Some(on)).live()
    };
    let plan = plan(wanted(), live(&RootFeature::ALL));
    let credentials = "organization:disable root credentials_management";
    let sessions = "organization:disable root sessions";
    assert_edge(&plan, sessions, credentials, Rule::CredentialsBeforeSessions);
    assert_edge(&plan, sessions, &disable("iam"), Rule::DependentsBeforeTrust);
    assert_edge(&plan, credentials, &disable("iam"), Rule::DependentsBeforeTrust);
    let note = &plan.notes[0];
    assert_eq!(
        (note.severity, note.code.as_str()),
        (Severity::Consent, "trusted_access_lost")
    );
    assert!(
        note.text.contains("credentials_management and sessions"),
        "{}",
        note.text
    );
    let nothing = crate::build::plan(wanted(), live(&[]));
    assert_eq!(ids(&nothing), [disable("iam")]);
    assert!(nothing.notes.is_empty());
}

#[test]
fn a_region_that_is_off_is_refused_unless_the_spec_switches_it_on_first() {
    let wanted = || {
        let spec = spec().trusted("guardduty").admin("guardduty", "a");
        spec.edit(|spec| spec.zone.regions.push(region("eu-south-2")))
    };
    let live = || {
        org(&[], &[])
            .edit(|org| {
                org.regions_off.insert(region("eu-south-2"));
            })
            .live()
    };
    assert_eq!(refuse(wanted(), live())[0].0, "region_off");
    let id = live().organization.unwrap().management_account;
    let opted_in = wanted().account("management", "root").edit(|spec| {
        let management = spec.accounts.get_mut(&Name::new("management")).unwrap();
        management.id = Some(id);
        management.settings.enabled_regions.insert(region("eu-south-2"));
    });
    let plan = plan(opted_in, live());
    assert_edge(
        &plan,
        "account.management:enable eu-south-2",
        &register("guardduty"),
        Rule::RegionFirst,
    );
}

fn root_access(on: bool) -> BTreeMap<RootFeature, bool> {
    RootFeature::ALL.map(|feature| (feature, on)).into()
}

#[test]
fn root_access_comes_step_by_step() {
    let wanted = spec().trusted("iam").edit(|spec| {
        spec.organization.as_mut().unwrap().root_access = root_access(true);
    });
    let live = org(&[], &[]).edit(|org| org.root_access = Some([].into()));
    let plan = plan(wanted, live.live());
    let credentials = "organization:enable root credentials_management";
    let sessions = "organization:enable root sessions";
    assert_edge(&plan, &enable("iam"), credentials, Rule::TrustedAccessFirst);
    assert_edge(&plan, &enable("iam"), sessions, Rule::TrustedAccessFirst);
    assert_edge(&plan, credentials, sessions, Rule::CredentialsBeforeSessions);
}

#[test]
fn root_access_goes_the_other_way() {
    let wanted = spec().exclusive(Exclusive::TrustedServices).edit(|spec| {
        spec.organization.as_mut().unwrap().root_access = root_access(false);
    });
    let live = org(&[], &[]).trusted("iam");
    let live = live.edit(|org| org.root_access = Some(RootFeature::ALL.into()));
    let plan = plan(wanted, live.live());
    let credentials = "organization:disable root credentials_management";
    let sessions = "organization:disable root sessions";
    assert_edge(&plan, sessions, credentials, Rule::CredentialsBeforeSessions);
    assert_edge(&plan, credentials, &disable("iam"), Rule::DependentsBeforeTrust);
}

/// A resource policy that names an account.
fn policy(account: &str) -> DesiredResourcePolicy {
    let mut content = Text::literal(r#"{"Statement":[{"Effect":"Allow","Principal":""#);
    content.push_text(Text::hole(
        format!("account.{account}").parse().unwrap(),
        Attribute::Id,
    ));
    content.push_str(r#"","Action":["b","a"],"Resource":"*"}]}"#);
    DesiredResourcePolicy { content }
}

#[test]
fn a_resource_policy_comes_after_the_administrators_and_accounts_that_it_is_for() {
    let wanted = spec()
        .account("new", "root")
        .trusted("config")
        .admin("config", "new");
    let wanted = wanted.edit(|spec| spec.resource_policy = Some(policy("new")));
    let live = org(&[], &[]).edit(|org| org.resource_policy = LiveResourcePolicy::Absent);
    let plan = plan(wanted, live.live());
    let put = "organization:put resource policy";
    assert_edge(&plan, &register("config"), put, Rule::AdministratorBeforePolicy);
    assert_edge(&plan, "account.new:create", put, Rule::IdFirst);
}

#[test]
fn a_resource_policy_is_compared_by_meaning() {
    let live = |content: String, tags: LiveTags| {
        let there = LiveResourcePolicy::Present { content, tags };
        org(&[], &[]).edit(|org| org.resource_policy = there).live()
    };
    let wanted = || spec().edit(|spec| spec.resource_policy = Some(policy("a")));
    let id = account_id("a");
    let same = format!(
        r#"{{"Statement": {{"Resource": ["*"], "Action": ["a", "b"], "Principal": "{id}", "Effect": "Allow"}}}}"#
    );
    assert!(plan(wanted(), live(same, LiveTags::new())).is_empty());
    let other = r#"{"Statement":[]}"#.to_owned();
    let changed = plan(wanted(), live(other.clone(), LiveTags::new()));
    assert!(
        matches!(changed.steps[0].reason, Reason::Adopted { .. }),
        "nobody's before"
    );
    let foreign = LiveTags::from([("lz:zone".to_owned(), "other".to_owned())]);
    let refused = refuse(wanted(), live(other, foreign));
    assert_eq!(refused[0].0, "resource_policy_of_another");
}

#[test]
fn what_aws_would_refuse_is_refused_before() {
    let untrusted = spec().edit(|spec| {
        spec.organization.as_mut().unwrap().root_access = root_access(true);
    });
    assert_eq!(
        refuse(untrusted, org(&[], &[]).live())[0].0,
        "needs_trusted_access"
    );
    let without = spec().admin("guardduty", "a");
    assert_eq!(refuse(without, org(&[], &[]).live())[0].0, "needs_trusted_access");
    let live = org(&["fms"], &["us-east-1"])
        .account("c", "root")
        .admin("fms", "c");
    let swapped = spec().account("c", "root").trusted("fms").admin("fms", "b");
    assert_eq!(
        refuse(swapped, live.live())[0].0,
        "default_administrator_leaves_last"
    );
}
