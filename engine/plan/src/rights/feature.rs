//! What a spec uses.

use lz_model::administration;
use lz_model::desired::{Desired, Exclusive, Permissions, Recipient, Removal, Template};
use lz_model::limits::TEMPLATE_INLINE_BYTES;
use lz_model::stack::Gate;
use lz_model::tower::may_be_off;
use std::collections::BTreeSet;

/// Something that a spec may use and that needs rights of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// The organization is read: every spec.
    Reading,
    /// The organization is made where there is none, its policy types and trusted services are switched.
    Organization,
    /// OUs.
    Ous,
    /// Accounts.
    Accounts,
    /// Accounts of other organizations that are invited.
    Invitations,
    /// Accounts that are to be closed.
    Closing,
    /// Accounts that are to leave.
    Releasing,
    /// Organization policies.
    Policies,
    /// Delegated administrators.
    Administrators,
    /// Administrators in Regions that may be off.
    RegionalAdministrators,
    /// Administrators of a service by its own calls, and trusted access by its own calls.
    Service(&'static str),
    /// The organization's resource policy.
    ResourcePolicy,
    /// Central root access.
    RootAccess,
    /// CloudFormation is read.
    CloudFormation,
    /// Stack sets.
    StackSets,
    /// Stack sets that are changed as a delegated administrator.
    AsAdministrator,
    /// Stack sets with an administration role of their own.
    AdministrationRoles,
    /// Stacks of the management account.
    Stacks,
    /// Templates that are too long for a call.
    LongTemplates,
    /// Gates that look at alarms.
    Alarms,
    /// Control Tower is read.
    TowerReading,
    /// Control Tower's landing zone.
    LandingZone,
    /// Baselines of Control Tower.
    Baselines,
    /// Controls of Control Tower.
    Controls,
    /// IAM Identity Center.
    Identity,
    /// Alternate contacts of accounts.
    Contacts,
    /// Primary contacts of accounts.
    PrimaryContacts,
    /// Regions of accounts.
    AccountRegions,
    /// The lock in S3.
    Lock,
    /// The history in S3.
    History,
    /// Notices to topics.
    Topics,
}

/// Returns what a spec uses. What it does not declare any more is taken away by the rights of the spec before.
#[must_use]
pub fn features(desired: &Desired) -> BTreeSet<Feature> {
    let mut found = BTreeSet::from([Feature::Reading]);
    let mut when = |holds: bool, feature: Feature| {
        if holds {
            found.insert(feature);
        }
    };
    let removed = |action: Removal| desired.removed.iter().any(|removed| removed.action == action);
    when(desired.organization.is_some(), Feature::Organization);
    when(!desired.ous.is_empty(), Feature::Ous);
    when(
        !desired.accounts.is_empty() || removed(Removal::Forget),
        Feature::Accounts,
    );
    when(
        desired.accounts.values().any(|account| account.invite.is_some()),
        Feature::Invitations,
    );
    when(removed(Removal::Close), Feature::Closing);
    when(removed(Removal::Release), Feature::Releasing);
    when(
        !desired.policies.is_empty() || !desired.packs.is_empty(),
        Feature::Policies,
    );
    when(desired.resource_policy.is_some(), Feature::ResourcePolicy);
    let organization = desired.organization.as_ref();
    when(
        organization.is_some_and(|wanted| {
            let mut trusted = wanted.trusted_services.iter();
            let loses_iam = wanted.exclusive.contains(&Exclusive::TrustedServices)
                && !trusted.any(|service| service.as_str() == "iam.amazonaws.com");
            loses_iam || !wanted.root_access.is_empty()
        }),
        Feature::RootAccess,
    );
    when(!desired.delegated_admins.is_empty(), Feature::Administrators);
    let mut regional = desired
        .delegated_admins
        .keys()
        .filter(|service| administration::is_regional(service))
        .flat_map(|service| administration::regions(desired, service));
    when(
        regional.any(|region| may_be_off(&region)),
        Feature::RegionalAdministrators,
    );
    services(desired, &mut when);
    stacks(desired, &mut when);
    let tower = &desired.tower;
    when(!tower.is_empty(), Feature::TowerReading);
    when(tower.zone.is_some(), Feature::LandingZone);
    when(!tower.baselines.is_empty(), Feature::Baselines);
    when(!tower.controls.is_empty(), Feature::Controls);
    when(desired.identity.is_some(), Feature::Identity);
    let settings = || desired.accounts.values().map(|account| &account.settings);
    when(
        settings().any(|wanted| !wanted.contacts.is_empty()),
        Feature::Contacts,
    );
    when(
        settings().any(|wanted| wanted.primary_contact.is_some()),
        Feature::PrimaryContacts,
    );
    when(
        settings().any(|wanted| !wanted.enabled_regions.is_empty()),
        Feature::AccountRegions,
    );
    let pipeline = &desired.pipeline;
    when(pipeline.lock.is_some(), Feature::Lock);
    when(pipeline.history.is_some(), Feature::History);
    let is_topic = |to: &Recipient| matches!(to, Recipient::Topic { .. });
    when(
        pipeline.notices.iter().any(|notice| is_topic(&notice.to)),
        Feature::Topics,
    );
    found
}

/// Services whose trusted access has calls of its own (aws-facts section 6).
const TRUST: [&str; 2] = ["ram.amazonaws.com", "servicecatalog.amazonaws.com"];

fn services(desired: &Desired, when: &mut impl FnMut(bool, Feature)) {
    for principal in administration::principals() {
        let mut administered = desired.delegated_admins.keys();
        when(
            administered.any(|service| service.as_str() == principal),
            Feature::Service(principal),
        );
    }
    for principal in TRUST {
        let mut trusted = desired
            .organization
            .iter()
            .flat_map(|wanted| &wanted.trusted_services);
        when(
            trusted.any(|service| service.as_str() == principal),
            Feature::Service(principal),
        );
    }
}

fn stacks(desired: &Desired, when: &mut impl FnMut(bool, Feature)) {
    let sets = || desired.stack_sets.values();
    let zone = &desired.zone;
    let anywhere = zone.home_region.is_some()
        || !zone.administration_regions.is_empty()
        || !desired.stack_sets.is_empty()
        || !desired.stacks.is_empty();
    when(anywhere, Feature::CloudFormation);
    when(!desired.stack_sets.is_empty(), Feature::StackSets);
    when(
        sets().any(|set| set.administrator.is_some()),
        Feature::AsAdministrator,
    );
    when(
        sets().any(|set| matches!(set.permissions, Permissions::OwnRoles { .. })),
        Feature::AdministrationRoles,
    );
    when(!desired.stacks.is_empty(), Feature::Stacks);
    let mut templates = sets()
        .map(|set| &set.template)
        .chain(desired.stacks.values().map(|stack| &stack.template));
    when(templates.any(is_long), Feature::LongTemplates);
    let mut waves = sets().flat_map(|set| &set.rollout.waves);
    when(
        waves.any(|wave| matches!(wave.gate, Some(Gate::Alarm { .. }))),
        Feature::Alarms,
    );
}

/// A template that has values yet to come may grow, so half of the room counts as long.
fn is_long(template: &Template) -> bool {
    match template {
        Template::Body(text) => text.known().map_or_else(
            || format!("{text}").len() * 2 > TEMPLATE_INLINE_BYTES,
            |text| text.len() > TEMPLATE_INLINE_BYTES,
        ),
        Template::Url(_) => false,
    }
}
