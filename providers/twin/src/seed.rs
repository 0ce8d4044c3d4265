//! Large organizations, built without calls.

mod stack_set;

pub use stack_set::{SeededStackSet, StackSetSeed};

use crate::clock::{AwsTime, Clock};
use crate::fault::FaultScript;
use crate::organizations::{
    FeatureSet, Joined, Member, Organization, Policy, TypeStatus, Unit, default_policy,
};
use crate::settings::{PolicyType, Settings};
use crate::twin::Twin;
use crate::world::{Account, AccountId, ParentId, PolicyId, Tags, TargetId, UnitId, World};

/// An OU of the organization being built, or its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(ParentId);

/// Something of the organization being built that policies attach to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(TargetId);

/// A policy of the organization being built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededPolicy(PolicyId);

impl Place {
    /// Returns the id that AWS would show.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the place as something that policies attach to.
    #[must_use]
    pub fn target(&self) -> Target {
        Target(TargetId::from(self.0.clone()))
    }
}

impl Target {
    /// Returns the id that AWS would show.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.as_str()
    }
}

impl SeededPolicy {
    /// Returns the id that AWS would show.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.as_str()
    }
}

/// Builds an organization with all features; nothing is checked, so quotas and grammar can be exceeded on purpose.
///
/// The default account of the settings is the management account. Everything happens at one moment.
#[derive(Debug)]
pub struct Builder {
    settings: Settings,
    now: AwsTime,
    world: World,
    organization: Organization,
}

/// Tags as key and value.
pub type TagPairs<'a> = &'a [(&'a str, &'a str)];

fn tags_of(pairs: TagPairs<'_>) -> Tags {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

impl Builder {
    /// Begins an organization that holds its management account only.
    #[must_use]
    pub fn new(settings: Settings, now: impl Into<AwsTime>) -> Builder {
        let now = now.into();
        let mut world = World::new(settings.seed);
        let named = AccountId::parse(&settings.default_account);
        let management = named.unwrap_or_else(|| world.fresh_account_id());
        world.meet(&management, now);
        let (id, root) = (world.mint.organization(), world.mint.root());
        let mut organization = Organization::new(id, root.clone(), management.clone(), FeatureSet::All, now);
        organization.add_managed_policies(&settings, now);
        let parent = ParentId::Root(root);
        let member = Member {
            parent,
            joined: Joined::Invited,
            joined_at: now,
            tags: Tags::new(),
        };
        world.join(&mut organization, &management, member, &settings, now);
        Builder {
            settings,
            now,
            world,
            organization,
        }
    }

    /// Returns the root.
    #[must_use]
    pub fn root(&self) -> Place {
        Place(ParentId::Root(self.organization.root.clone()))
    }

    /// Switches a policy type on; what exists and what comes later gets AWS's own policy of it.
    pub fn enable(&mut self, kind: PolicyType) {
        self.organization.policy_types.insert(kind, TypeStatus::Enabled);
        if let Some(policy) = default_policy(kind, &self.settings) {
            for target in self.organization.every_target() {
                self.organization.attach(&policy, &target);
            }
        }
    }

    /// Gives a service trusted access.
    pub fn trust(&mut self, principal: &str) {
        self.organization.services.insert(principal.to_owned(), self.now);
    }

    /// Adds an OU.
    pub fn unit(&mut self, parent: &Place, name: &str, tags: TagPairs<'_>) -> Place {
        let id: UnitId = self.world.mint.unit(&self.organization.root);
        let unit = Unit {
            name: name.to_owned(),
            parent: parent.0.clone(),
            tags: tags_of(tags),
        };
        self.organization.add_unit(id.clone(), unit);
        self.organization
            .attach_defaults(&TargetId::Unit(id.clone()), &self.settings);
        Place(ParentId::Unit(id))
    }

    /// Adds an account as one that the organization created.
    pub fn account(&mut self, parent: &Place, name: &str, email: &str, tags: TagPairs<'_>) -> Target {
        let id = self.world.fresh_account_id();
        self.world.add_account(
            id.clone(),
            Account::new(name.to_owned(), email.to_owned(), self.now),
        );
        let member = Member {
            parent: parent.0.clone(),
            joined: Joined::Created,
            joined_at: self.now,
            tags: tags_of(tags),
        };
        self.world
            .join(&mut self.organization, &id, member, &self.settings, self.now);
        Target(TargetId::Account(id))
    }

    /// Adds a policy.
    pub fn policy(
        &mut self,
        kind: PolicyType,
        name: &str,
        content: &str,
        tags: TagPairs<'_>,
    ) -> SeededPolicy {
        let id = self.world.mint.policy();
        let policy = Policy {
            name: name.to_owned(),
            kind,
            description: String::new(),
            content: content.to_owned(),
            updated_at: self.now,
            aws_managed: false,
            tags: tags_of(tags),
        };
        self.organization.add_policy(id.clone(), policy);
        SeededPolicy(id)
    }

    /// Attaches a policy.
    pub fn attach(&mut self, policy: &SeededPolicy, target: &Target) {
        self.organization.attach(&policy.0, &target.0);
    }

    /// Makes an account the delegated administrator of a service.
    pub fn delegate(&mut self, account: &Target, principal: &str) {
        if let TargetId::Account(id) = &account.0 {
            self.organization
                .delegations
                .entry(id.clone())
                .or_default()
                .insert(principal.to_owned(), self.now);
        }
    }

    /// Returns the twin that holds the organization.
    #[must_use]
    pub fn build(self, faults: FaultScript, clock: Clock) -> Twin {
        let Builder {
            settings,
            now,
            mut world,
            mut organization,
        } = self;
        organization
            .tag_index
            .catch_up(now.after(settings.tagging_delay_seconds.duration()));
        organization.rebuild_tag_index(&settings);
        world.organizations.insert(organization.id.clone(), organization);
        Twin::of(world, settings, faults, clock)
    }
}

/// How large an organization [`even`] builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Member accounts.
    pub accounts: usize,
    /// OUs.
    pub units: usize,
    /// SCPs of the organization's own.
    pub policies: usize,
}

/// Builds an organization of some size with everything tagged: OUs up to five levels deep with ten children each,
/// accounts spread evenly over them, each SCP attached to one OU as long as there is room.
#[must_use]
pub fn even(settings: Settings, size: Size, now: impl Into<AwsTime>) -> Builder {
    let mut builder = Builder::new(settings, now);
    builder.enable(PolicyType::ServiceControlPolicy);
    let mut places = vec![builder.root()];
    for number in 0..size.units {
        // The first ten lie under the root, the next ten under the first of those, and so on.
        let parent = places.get(number / 10).cloned().unwrap_or_else(|| builder.root());
        let address = format!("ou.unit_{number}");
        let place = builder.unit(
            &parent,
            &format!("Unit {number}"),
            &[("lz:zone", "seed"), ("lz:address", &address)],
        );
        places.push(place);
    }
    for number in 0..size.accounts {
        let parent = places
            .get(number % places.len().max(1))
            .cloned()
            .unwrap_or_else(|| builder.root());
        let (name, email) = (format!("Account {number}"), format!("seed+{number}@example.com"));
        let address = format!("account.seed_{number}");
        builder.account(
            &parent,
            &name,
            &email,
            &[("lz:zone", "seed"), ("lz:address", &address)],
        );
    }
    for number in 0..size.policies {
        let content = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"P{number}","Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}}]}}"#
        );
        let address = format!("policy.seed_{number}");
        let tags = [("lz:zone", "seed"), ("lz:address", address.as_str())];
        let policy = builder.policy(
            PolicyType::ServiceControlPolicy,
            &format!("Policy {number}"),
            &content,
            &tags,
        );
        if let Some(place) = places.get(1 + number % places.len().max(1)) {
            builder.attach(&policy, &place.target());
        }
    }
    builder
}
