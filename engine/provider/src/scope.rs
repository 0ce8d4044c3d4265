//! What to read: as little as the plan needs.

use crate::call::TagList;
use crate::identity::{IdentityScope, SettingsScope};
use crate::tower::TowerScope;
use lz_model::address::{Address, OuAddress};
use lz_model::administration::{self, Told};
use lz_model::desired::{Desired, DesiredStackSet, Exclusive, Tags};
use lz_model::id::{AccountId, Email, PolicyId, Region, ResourceId, ServicePrincipal, TargetId};
use lz_model::policy_type::PolicyType;
use lz_model::stack::StackSetKey;
use lz_model::tower::may_be_off;
use std::collections::{BTreeMap, BTreeSet};

/// What a read is to bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The documents that are wanted. Reading one takes a call at 2 a second, the slowest of all.
    pub texts: Texts,
    /// Policy types whose policies are wanted even while the type is off.
    pub policy_types: BTreeSet<PolicyType>,
    /// What the spec declares: it tells whose tags must be certain.
    pub declared: Declared,
    /// What is wanted of CloudFormation.
    pub stacks: StackScope,
    /// What is wanted of services beside Organizations.
    pub services: ServiceScope,
    /// What is wanted of Control Tower; `None` asks nothing.
    pub tower: Option<TowerScope>,
    /// What is wanted of IAM Identity Center; `None` for nothing.
    pub identity: Option<IdentityScope>,
    /// What is wanted of accounts' settings.
    pub settings: Vec<SettingsScope>,
}

impl Scope {
    /// Returns what must be read to plan a spec.
    #[must_use]
    pub fn of(desired: &Desired) -> Self {
        let policies = || desired.policies.values();
        let listed = desired.organization.iter();
        let listed = listed.flat_map(|organization| &organization.policy_types);
        let mut services = ServiceScope::of(desired);
        let mut tower = TowerScope::of(desired);
        if let Some(tower) = tower.as_mut().filter(|tower| !tower.regions.is_empty()) {
            tower.regions.append(&mut services.regions);
        }
        Self {
            texts: Texts::Of {
                zone: desired.zone.name.clone(),
                names: policies()
                    .map(|policy| (policy.policy_type, policy.name.clone()))
                    .collect(),
                ids: policies().filter_map(|policy| policy.id.clone()).collect(),
            },
            policy_types: policies()
                .map(|policy| policy.policy_type)
                .chain(desired.packs.values().map(|pack| pack.policy_type))
                .chain(listed.copied())
                .collect(),
            declared: Declared::of(desired),
            stacks: StackScope::of(desired),
            services,
            tower,
            identity: IdentityScope::of(desired),
            settings: SettingsScope::of(desired),
        }
    }
}

/// What a read is to bring of services beside Organizations. Empty, nothing is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceScope {
    /// Services whose administrators are wanted, with the Regions. A service that no account administers by
    /// Organizations' list is not asked: the services' own calls register the account there, too.
    pub administrators: BTreeMap<ServicePrincipal, BTreeSet<Region>>,
    /// Whether the features of central root access are wanted.
    pub root_access: bool,
    /// Whether the organization's resource policy is wanted.
    pub resource_policy: bool,
    /// Regions of administrators of which it is wanted whether they are off in the management account; without any,
    /// nothing is asked. Where Control Tower's scope asks already, these are among its own.
    pub regions: BTreeSet<Region>,
    /// Accounts whose invitations are wanted. Those that have joined by then are not asked about.
    pub invitations: BTreeSet<AccountId>,
}

impl ServiceScope {
    /// Returns what must be read of services beside Organizations to plan a spec.
    #[must_use]
    pub fn of(desired: &Desired) -> Self {
        let asked = desired
            .delegated_admins
            .keys()
            .filter(|service| administration::own(service).is_some_and(|own| own.told == Told::ByService));
        let administrators = asked.map(|service| {
            let regions = administration::regions(desired, service);
            (service.clone(), regions.into_iter().collect::<BTreeSet<_>>())
        });
        let regional = desired
            .delegated_admins
            .keys()
            .filter(|service| administration::is_regional(service));
        let regions = regional.flat_map(|service| administration::regions(desired, service));
        let organization = desired.organization.as_ref();
        // Features that are on stand in the way of a list that takes IAM's trusted access away (rule R39).
        let loses_iam = organization.is_some_and(|wanted| {
            let mut trusted = wanted.trusted_services.iter();
            wanted.exclusive.contains(&Exclusive::TrustedServices)
                && !trusted.any(|service| service.as_str() == "iam.amazonaws.com")
        });
        let invited = desired.accounts.values();
        Self {
            invitations: invited.filter_map(|account| account.invite.clone()).collect(),
            administrators: administrators
                .filter(|(_, regions)| !regions.is_empty())
                .collect(),
            regions: regions.filter(may_be_off).collect(),
            root_access: loses_iam || organization.is_some_and(|wanted| !wanted.root_access.is_empty()),
            resource_policy: desired.resource_policy.is_some()
                || organization.is_some_and(|wanted| wanted.exclusive.contains(&Exclusive::ResourcePolicy)),
        }
    }
}

/// What a read is to bring of CloudFormation. Without Regions and stacks, nothing is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StackScope {
    /// Administration Regions: every active stack set in them is brought, with its instances, running operations
    /// and targets where its tag `lz:zone` has the value of `zone` or `sets` names it.
    pub regions: BTreeSet<Region>,
    /// The landing zone's name.
    pub zone: String,
    /// Sets that the spec declares.
    pub sets: BTreeSet<StackSetKey>,
    /// Sets whose instances' own parameter values are wanted: a call for each instance.
    pub overrides: BTreeSet<StackSetKey>,
    /// Stacks of the management account that the spec declares, by Region and name.
    pub stacks: BTreeSet<(Region, String)>,
}

impl StackScope {
    /// Returns what must be read of CloudFormation to plan a spec.
    #[must_use]
    pub fn of(desired: &Desired) -> Self {
        let sets = || desired.stack_sets.values();
        let zone = &desired.zone;
        let regions = zone
            .home_region
            .iter()
            .chain(&zone.administration_regions)
            .chain(sets().map(|set| &set.region))
            .chain(desired.stacks.values().map(|stack| &stack.region));
        Self {
            regions: regions.cloned().collect(),
            zone: zone.name.clone(),
            sets: sets().map(DesiredStackSet::key).collect(),
            overrides: sets()
                .filter(|set| !set.overrides.is_empty())
                .map(DesiredStackSet::key)
                .collect(),
            stacks: desired
                .stacks
                .values()
                .map(|stack| (stack.region.clone(), stack.name.clone()))
                .collect(),
        }
    }
}

/// Which policies' documents are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Texts {
    /// Every policy's that is not AWS's own.
    All,
    /// Those that the spec may be about.
    Of {
        /// Policies with this value of the tag `lz:zone`.
        zone: String,
        /// Policies with these types and names.
        names: BTreeSet<(PolicyType, String)>,
        /// Policies with these ids.
        ids: BTreeSet<PolicyId>,
    },
}

/// What the spec declares, as far as finding it again goes.
///
/// AWS shows all tags at once only through an index that may lag behind the objects. Where the index and
/// this list agree, nothing is asked again; where a plan would follow from a difference, the object's own
/// tags are read. So a plan right after an apply is empty, and nothing is made twice. An empty list
/// takes the index at its word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// The value of the tag `lz:zone`.
    pub zone: String,
    /// The declared OUs, accounts and policies, in any order.
    pub objects: Vec<DeclaredObject>,
}

/// A declared OU, account or policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredObject {
    /// Its address as the tag `lz:address` holds it.
    pub address: String,
    /// What identifies it apart from its tags.
    pub key: DeclaredKey,
    /// The id that the spec pins, if any.
    pub id: Option<ResourceId>,
    /// The tags that it is to have beside lz's own; `None` where they are not managed or not known yet.
    pub tags: Option<TagList>,
}

/// What identifies a declared object apart from its tags.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeclaredKey {
    /// The names from below the root down to the OU itself.
    Ou(Vec<String>),
    /// The account's e-mail address.
    Account(Email),
    /// The policy's type and name.
    Policy(PolicyType, String),
}

impl Declared {
    /// Returns what a spec declares.
    #[must_use]
    pub fn of(desired: &Desired) -> Self {
        let ous = desired.ous.iter().map(|(address, ou)| DeclaredObject {
            address: Address::Ou(address.clone()).to_tag(),
            key: DeclaredKey::Ou(path(desired, address)),
            id: ou.id.clone().map(|id| ResourceId::Target(TargetId::Ou(id))),
            tags: known(ou.tags.as_ref()),
        });
        let accounts = desired.accounts.iter().map(|(name, account)| DeclaredObject {
            address: Address::Account(name.clone()).to_tag(),
            key: DeclaredKey::Account(account.email.clone()),
            id: account
                .id
                .clone()
                .map(|id| ResourceId::Target(TargetId::Account(id))),
            tags: known(account.tags.as_ref()),
        });
        let policies = desired.policies.iter().map(|(name, policy)| DeclaredObject {
            address: Address::Policy(name.clone()).to_tag(),
            key: DeclaredKey::Policy(policy.policy_type, policy.name.clone()),
            id: policy.id.clone().map(ResourceId::Policy),
            tags: known(policy.tags.as_ref()),
        });
        Self {
            zone: desired.zone.name.clone(),
            objects: ous.chain(accounts).chain(policies).collect(),
        }
    }
}

/// Returns the names from below the root down to a declared OU.
fn path(desired: &Desired, address: &OuAddress) -> Vec<String> {
    let up = std::iter::successors(Some(address.clone()), OuAddress::parent);
    let mut names: Vec<String> = up
        .filter_map(|ou| Some(desired.ous.get(&ou)?.name.clone()))
        .collect();
    names.reverse();
    names
}

/// Returns the tags if they are managed and all their values are known.
fn known(tags: Option<&Tags>) -> Option<TagList> {
    let pairs = tags?
        .iter()
        .map(|(key, value)| Some((key.clone(), value.known()?.to_owned())));
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lz_model::address::Name;
    use lz_model::desired::{DesiredOu, DesiredOverride, Template};
    use lz_model::text::Text;
    use std::collections::BTreeMap;

    fn ou(name: &str, tags: Option<&str>) -> DesiredOu {
        DesiredOu {
            name: name.to_owned(),
            id: None,
            tags: tags.map(|value| BTreeMap::from([("owner".to_owned(), Text::literal(value))])),
            full_access: None,
        }
    }

    #[test]
    fn a_nested_ou_is_known_by_the_names_above_it_and_by_its_tag() {
        let workloads = OuAddress::top(Name::new("workloads"));
        let prod = workloads.child(Name::new("prod"));
        let desired = Desired {
            ous: BTreeMap::from([
                (workloads, ou("Workloads", None)),
                (prod, ou("Prod", Some("sre"))),
            ]),
            ..Desired::nothing("acme")
        };
        let declared = Declared::of(&desired);
        assert_eq!(declared.zone, "acme");
        let inner = declared
            .objects
            .iter()
            .find(|one| one.address == "ou.workloads.prod")
            .unwrap();
        assert_eq!(
            inner.key,
            DeclaredKey::Ou(vec!["Workloads".to_owned(), "Prod".to_owned()])
        );
        assert_eq!(
            inner.tags,
            Some(BTreeMap::from([("owner".to_owned(), "sre".to_owned())]))
        );
        let outer = declared
            .objects
            .iter()
            .find(|one| one.address == "ou.workloads")
            .unwrap();
        assert_eq!(outer.tags, None, "tags that are not managed are not compared");
    }

    fn stack_set(name: &str, overridden: &[&str]) -> DesiredStackSet {
        let region = "eu-central-1".parse().unwrap();
        let overrides = overridden.iter().map(|parameter| DesiredOverride {
            targets: BTreeSet::new(),
            regions: BTreeSet::new(),
            parameters: BTreeMap::from([((*parameter).to_owned(), Text::literal("high"))]),
        });
        DesiredStackSet {
            overrides: overrides.collect(),
            ..DesiredStackSet::new(name, region, Template::Body(Text::literal("{}")))
        }
    }

    #[test]
    fn stack_sets_are_looked_for_in_every_region_that_the_spec_names() {
        let region = |name: &str| name.parse::<Region>().unwrap();
        let mut desired = Desired::nothing("acme");
        desired.zone.home_region = Some(region("ap-northeast-1"));
        desired.zone.administration_regions = BTreeSet::from([region("us-east-1")]);
        desired.stack_sets = BTreeMap::from([
            (Name::new("base"), stack_set("base", &["Level"])),
            (Name::new("plain"), stack_set("plain", &[])),
        ]);
        let scope = StackScope::of(&desired);
        let regions = ["ap-northeast-1", "eu-central-1", "us-east-1"].map(region);
        assert_eq!(scope.regions, BTreeSet::from(regions));
        let key = |name: &str| StackSetKey {
            region: region("eu-central-1"),
            name: name.to_owned(),
        };
        assert_eq!(scope.sets, BTreeSet::from([key("base"), key("plain")]));
        assert_eq!(
            scope.overrides,
            BTreeSet::from([key("base")]),
            "values of single stacks cost a call each"
        );
    }
}
