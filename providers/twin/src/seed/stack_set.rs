//! Stack sets that are deployed already, built without calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Builder, Place, TagPairs, Target, tags_of};
use crate::cloudformation::{
    AutoDeployment, DetailedStatus, Instance, InstanceStatus, OperationId, PermissionModel, Place as Spot,
    Region, Revision, SetId, StackSet, uuid,
};
use crate::world::{AccountId, ParentId, TargetId};

/// A SERVICE_MANAGED stack set of the organization being built.
#[derive(Clone, Debug)]
pub struct StackSetSeed<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its description.
    pub description: Option<&'a str>,
    /// Its template; it is taken as it is.
    pub template: &'a str,
    /// Values of all parameters of the template.
    pub parameters: &'a [(&'a str, &'a str)],
    /// What its template needs acknowledged.
    pub capabilities: &'a [&'a str],
    /// Its tags.
    pub tags: TagPairs<'a>,
    /// The Region that it lives in.
    pub home: &'a str,
    /// OUs or the root that it deploys to.
    pub targets: &'a [Place],
    /// Regions that it deploys to.
    pub regions: &'a [&'a str],
    /// Whether it deploys to new accounts by itself, and then whether it retains stacks of accounts that go.
    pub auto_deployment: Option<bool>,
    /// Whether it runs operations beside one another.
    pub managed_execution: bool,
}

/// A stack set of the organization being built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededStackSet(SetId);

impl SeededStackSet {
    /// Returns the id that AWS would show: `name:uuid`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.as_str()
    }
}

impl Builder {
    /// Activates trusted access of StackSets, as ActivateOrganizationsAccess does.
    pub fn activate_stack_sets(&mut self) {
        self.trust("stacksets.cloudformation.amazonaws.com");
        let id = self.organization.id.clone();
        self.world.cloudformation.activated.insert(id);
    }

    /// Adds a stack set whose instances are CURRENT in every account under its targets, in every one of its Regions.
    /// Call it after the accounts have been added.
    pub fn stack_set(&mut self, seed: &StackSetSeed<'_>) -> SeededStackSet {
        self.activate_stack_sets();
        let (admin, home) = (self.organization.management.clone(), Region::new(seed.home));
        let id = SetId::of(seed.name, self.world.mint.number());
        let mut set = StackSet::new(id.clone(), admin, home, PermissionModel::ServiceManaged);
        set.description = seed.description.map(str::to_owned);
        set.managed_execution = seed.managed_execution;
        set.auto = Some(AutoDeployment {
            enabled: seed.auto_deployment.is_some(),
            retain: seed.auto_deployment,
            depends_on: Vec::new(),
        });
        let pairs = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> { tags_of(pairs) };
        let revision = Revision {
            template: Arc::from(seed.template),
            parameters: pairs(seed.parameters),
            capabilities: seed.capabilities.iter().map(|&name| name.to_owned()).collect(),
            tags: pairs(seed.tags),
            ..Revision::default()
        };
        set.revisions.insert(set.revision, revision);
        let regions: Vec<Region> = seed.regions.iter().map(|region| Region::new(region)).collect();
        let operation = OperationId::new(&uuid(self.world.mint.number()));
        for target in seed.targets {
            set.targets
                .entry(target.0.clone())
                .or_default()
                .extend(regions.iter().cloned());
            for account in self.accounts_under(&target.0) {
                for region in &regions {
                    let instance = self.deployed(Some(target.0.clone()), operation.clone(), set.revision);
                    set.instances.insert(Spot::new(&account, region), instance);
                }
            }
        }
        self.world.cloudformation.add(set);
        SeededStackSet(id)
    }

    fn accounts_under(&self, parent: &ParentId) -> Vec<AccountId> {
        let mut accounts = crate::cloudformation::accounts_under(&self.organization, parent);
        accounts.retain(|account| *account != self.organization.management);
        accounts
    }

    fn deployed(&mut self, unit: Option<ParentId>, operation: OperationId, revision: u32) -> Instance {
        let mut instance = Instance::new(unit, operation);
        instance.status = InstanceStatus::Current;
        instance.detailed = DetailedStatus::Succeeded;
        instance.stack = Some(self.world.mint.number());
        instance.revision = Some(revision);
        instance.created_at = Some(self.now);
        instance
    }

    /// Gives the instances of one account other parameter values.
    pub fn override_parameters(
        &mut self,
        set: &SeededStackSet,
        account: &Target,
        parameters: &[(&str, &str)],
    ) {
        let TargetId::Account(account) = &account.0 else {
            return;
        };
        let overrides = Arc::new(tags_of(parameters));
        if let Some(set) = self.world.cloudformation.get_mut(&set.0) {
            for (place, instance) in set.instances.all_mut() {
                if place.account == *account {
                    instance.overrides = Some(overrides.clone());
                }
            }
        }
    }
}
