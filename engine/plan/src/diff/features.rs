//! Settings that an organization has once: central root access, the resource policy.

use crate::context::Context;
use crate::draft::{Draft, Drafts};
use crate::refusal::Problems;
use lz_model::address::{ADDRESS_TAG, Address, ZONE_TAG};
use lz_model::desired::{DesiredResourcePolicy, Exclusive, Tags};
use lz_model::live::LiveResourcePolicy;
use lz_model::plan::{Action, FeatureWork, Reason};
use lz_model::policy_type::PolicyType;
use lz_model::root_access::RootFeature;
use lz_model::text::Text;
use lz_policy::document::Document;

/// The service whose trusted access central root access needs (aws-facts R39).
pub(crate) const ROOT_SERVICE: &str = "iam.amazonaws.com";
/// The value of the tag `lz:address` of the resource policy.
const RESOURCE_POLICY: &str = "resource_policy";

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    root_access(context, drafts, problems);
    resource_policy(context, drafts, problems);
}

fn push(context: &Context<'_>, verb: &str, work: FeatureWork, reason: Reason, drafts: &mut Drafts) {
    let action = Action::Feature(work);
    let draft = Draft::new(context.desired, Address::Organization, verb, action, reason);
    drafts.push(draft);
}

fn root_access(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    let Some(wanted) = &context.desired.organization else {
        return;
    };
    let live = context.live.and_then(|live| live.root_access.as_ref());
    let is_on = |feature: &RootFeature| live.is_some_and(|on| on.contains(feature));
    for (feature, on) in &wanted.root_access {
        if *on == is_on(feature) {
            continue;
        }
        let feature = *feature;
        if *on {
            if !is_trusted(context, ROOT_SERVICE) {
                refuse_untrusted(feature, problems);
                return;
            }
            let work = FeatureWork::EnableRootFeature { feature };
            let verb = format!("enable root {feature}");
            push(context, &verb, work, Reason::Missing {}, drafts);
        } else {
            let work = FeatureWork::DisableRootFeature { feature };
            let verb = format!("disable root {feature}");
            push(context, &verb, work, Reason::Differs {}, drafts);
        }
    }
    for feature in unmentioned(context) {
        let work = FeatureWork::DisableRootFeature { feature };
        let verb = format!("disable root {feature}");
        push(context, &verb, work, Reason::NotListed {}, drafts);
    }
}

/// Returns the features that are on, that the spec says nothing of, and that go because IAM loses its trusted access.
pub(super) fn unmentioned(context: &Context<'_>) -> impl Iterator<Item = RootFeature> {
    let wanted = context.desired.organization.as_ref().filter(|wanted| {
        let mut trusted = wanted.trusted_services.iter();
        wanted.exclusive.contains(&Exclusive::TrustedServices)
            && !trusted.any(|service| service.as_str() == ROOT_SERVICE)
    });
    let on = context.live.and_then(|live| live.root_access.as_ref());
    wanted
        .zip(on)
        .into_iter()
        .flat_map(|(wanted, on)| {
            on.iter()
                .filter(move |feature| !wanted.root_access.contains_key(feature))
        })
        .copied()
}

fn is_trusted(context: &Context<'_>, principal: &str) -> bool {
    let live = context.live.iter().flat_map(|live| &live.trusted_services);
    let wanted = context.desired.organization.iter();
    let wanted = wanted.flat_map(|wanted| &wanted.trusted_services);
    live.chain(wanted).any(|service| service.as_str() == principal)
}

/// R39: trusted access of IAM comes first.
fn refuse_untrusted(feature: RootFeature, problems: &mut Problems<'_>) {
    problems.add(
        "needs_trusted_access",
        Address::Organization,
        format!(
            "`{ROOT_SERVICE}` has no trusted access, which `{feature}` of `root_access` needs (rule R39)"
        ),
        format!("add \"{ROOT_SERVICE}\" to `trusted_services` in the `organization` block"),
    );
}

fn resource_policy(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    let absent = LiveResourcePolicy::Absent;
    let live = context.live.map_or(&absent, |live| &live.resource_policy);
    match (&context.desired.resource_policy, live) {
        (None, LiveResourcePolicy::Present { content, .. }) if is_exclusive(context) => {
            let work = FeatureWork::DeleteResourcePolicy {
                before: Text::literal(content.clone()),
            };
            push(
                context,
                "delete resource policy",
                work,
                Reason::NotListed {},
                drafts,
            );
        }
        (None, _) => {}
        (Some(_), LiveResourcePolicy::NotRead) => problems.add(
            "not_read",
            Address::Organization,
            "the organization's resource policy was not read",
            "this is a bug in lz; please report it with this message",
        ),
        (Some(wanted), LiveResourcePolicy::Absent) => {
            put(context, wanted, None, Reason::Missing {}, drafts);
        }
        (Some(wanted), LiveResourcePolicy::Present { content, tags }) => {
            let zone = &context.desired.zone.name;
            if let Some(other) = tags.get(ZONE_TAG).filter(|other| *other != zone) {
                refuse_foreign(other, problems);
                return;
            }
            if is_same(content, &context.fill(&wanted.content)) {
                return;
            }
            // There is one in an organization, so whoever declares it takes over what is there.
            let reason = match tags.get(ADDRESS_TAG) {
                Some(_) => Reason::Differs {},
                None => Reason::Adopted {
                    by: "organization".to_owned(),
                },
            };
            put(context, wanted, Some(content), reason, drafts);
        }
    }
}

fn is_exclusive(context: &Context<'_>) -> bool {
    let wanted = context.desired.organization.as_ref();
    wanted.is_some_and(|wanted| wanted.exclusive.contains(&Exclusive::ResourcePolicy))
}

fn refuse_foreign(zone: &str, problems: &mut Problems<'_>) {
    problems.add(
        "resource_policy_of_another",
        Address::Organization,
        format!("the organization's resource policy belongs to the landing zone `{zone}`"),
        "declare it in one landing zone only; an organization has one resource policy",
    );
}

fn put(
    context: &Context<'_>,
    wanted: &DesiredResourcePolicy,
    before: Option<&String>,
    reason: Reason,
    drafts: &mut Drafts,
) {
    let tags = match before {
        // AWS takes tags with the first document only (Organizations API Reference, "PutResourcePolicy").
        Some(_) => Tags::new(),
        None => Tags::from([
            (
                ZONE_TAG.to_owned(),
                Text::literal(context.desired.zone.name.clone()),
            ),
            (ADDRESS_TAG.to_owned(), Text::literal(RESOURCE_POLICY)),
        ]),
    };
    let work = FeatureWork::PutResourcePolicy {
        before: before.map(|before| Text::literal(before.clone())),
        after: context.fill(&wanted.content),
        tags,
    };
    push(context, "put resource policy", work, reason, drafts);
}

/// Reordered or re-spaced JSON is no change. A resource policy has the grammar of a resource control policy as far
/// as comparing goes.
fn is_same(before: &str, after: &Text) -> bool {
    let Some(after) = after.known() else { return false };
    let parse = |text| Document::parse(PolicyType::Rcp, text);
    match (parse(before), parse(after)) {
        (Ok(before), Ok(after)) => before == after,
        (Ok(_) | Err(_), Err(_)) | (Err(_), Ok(_)) => before == after,
    }
}
