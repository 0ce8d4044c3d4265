//! CreateOrganization, DeleteOrganization, DescribeOrganization, ListRoots.

use serde::Serialize;

use crate::organizations::wire::{OrganizationView, RootView, enum_of, pager};
use crate::organizations::{Code, FeatureSet, Joined, Member, Organization, gate};
use crate::wire::{Access, Answer, Call, Seen, empty, json};
use crate::world::{ParentId, Tags, World};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OrganizationAnswer<'a> {
    organization: OrganizationView<'a>,
}

/// CreateOrganization: the caller becomes the management account.
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let feature_set = match call.input.text("FeatureSet")? {
        None => FeatureSet::All,
        Some(text) => enum_of("FeatureSet", text, |text| match text {
            "ALL" => Some(FeatureSet::All),
            "CONSOLIDATED_BILLING" => Some(FeatureSet::ConsolidatedBilling),
            _ => None,
        })?,
    };
    if world.organization_of(call.caller).is_some() {
        return Err(Code::AlreadyInOrganization.because("the calling account is already in an organization"));
    }
    let (id, root) = (world.mint.organization(), world.mint.root());
    let mut org = Organization::new(
        id.clone(),
        root.clone(),
        call.caller.clone(),
        feature_set,
        call.now,
    );
    org.add_managed_policies(call.settings, call.now);
    // AWS shows the management account as one that joined by invitation.
    let parent = ParentId::Root(root);
    let member = Member {
        parent,
        joined: Joined::Invited,
        joined_at: call.now,
        tags: Tags::new(),
    };
    world.join(&mut org, call.caller, member, call.settings, call.now);
    let answer = json(&OrganizationAnswer {
        organization: OrganizationView::of(world, &org, call.settings),
    });
    world.organizations.insert(id, org);
    answer
}

/// DeleteOrganization: only the management account may be left (aws-facts R20).
pub(crate) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let org = gate::admit(world, call.caller, Access::Management, call.operation)?;
    if org.members().len() > 1 {
        return Err(Code::OrganizationNotEmpty.because("the organization still holds member accounts"));
    }
    let id = org.id.clone();
    if let Some(mut org) = world.organizations.remove(&id) {
        world.part(&mut org, call.caller, call.settings, call.now);
    }
    world
        .handshakes
        .retain(|_, handshake| handshake.organization != id);
    empty()
}

/// DescribeOrganization.
pub(crate) fn describe(seen: &Seen<'_>) -> Answer {
    json(&OrganizationAnswer {
        organization: OrganizationView::of(seen.world, seen.org, seen.call.settings),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RootsAnswer<'a> {
    roots: Vec<RootView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// ListRoots: there is exactly one.
pub(crate) fn list_roots(seen: &Seen<'_>) -> Answer {
    let pager = pager(seen.call, &[])?;
    let roots = pager.after().is_empty().then_some(seen.org);
    let page = pager.take(roots.into_iter(), |org| org.root.as_str().to_owned());
    let page = page.map(|org| RootView::of(org, seen.call.settings));
    json(&RootsAnswer {
        roots: page.items,
        next_token: page.next,
    })
}
