//! A simple model of what AWS does with the steps of a plan. It refuses what AWS would refuse, and checks that each
//! operation on stacks reaches exactly the stacks that the plan counts.

use crate::build::*;
use lz_model::id::*;
use lz_model::live::*;
use lz_model::plan::*;
use lz_model::stack::StackSetKey;
use lz_model::text::{Attribute, Text};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct Simulator {
    pub(crate) org: LiveOrganization,
    created: BTreeMap<String, String>,
    arns: BTreeMap<String, String>,
    next: u64,
}

impl Simulator {
    pub(crate) fn new(org: LiveOrganization) -> Self {
        let next = 1 + org.accounts.len() as u64 + org.ous.len() as u64 * 100;
        Self {
            org,
            created: BTreeMap::new(),
            arns: BTreeMap::new(),
            next,
        }
    }

    pub(crate) fn live(&self) -> Live {
        Org(self.org.clone()).live()
    }

    /// Carries out a whole plan.
    pub(crate) fn run(&mut self, plan: &Plan) {
        for step in &plan.steps {
            self.step(step);
        }
    }

    pub(crate) fn step(&mut self, step: &Step) {
        self.next += 1;
        match &step.action {
            Action::CreateOu { name, parent, tags } => self.create_ou(step, name, parent, tags),
            Action::DeleteOu { ou } => {
                let id = ou.id.now().unwrap().clone();
                let parent = ParentId::Ou(id.clone());
                assert!(self.org.accounts.values().all(|account| account.parent != parent));
                assert!(self.org.ous.values().all(|ou| ou.parent != parent));
                self.org.ous.remove(&id);
            }
            Action::CreateAccount {
                name, email, tags, ..
            } => {
                let id: AccountId = format!("{:012}", 300_000_000_000 + self.next).parse().unwrap();
                self.created.insert(step.id.to_string(), id.to_string());
                let account = LiveAccount {
                    id: id.clone(),
                    arn: Org::new().0.arn.clone(),
                    name: name.clone(),
                    email: email.clone(),
                    state: AccountState::Active,
                    created: true,
                    joined_at_seconds: Some(0),
                    parent: stack_parent("root"),
                    tags: self.texts(tags),
                };
                self.org.accounts.insert(id.clone(), account);
                self.follow(&id, &BTreeSet::new());
            }
            Action::InviteAccount { .. } => panic!("nobody is invited here"),
            Action::MoveAccount { account, from, to } => {
                let id: AccountId = self.id(&account.id).parse().unwrap();
                let to = parent_of(&self.id(&to.id));
                let from = parent_of(&self.id(&from.id));
                let before = self.above(&id);
                let account = self.org.accounts.get_mut(&id).unwrap();
                assert_eq!(account.parent, from);
                account.parent = to;
                self.follow(&id, &before);
            }
            Action::CloseAccount { account } => {
                let id: AccountId = self.id(&account.id).parse().unwrap();
                for set in self.org.stack_sets.values() {
                    assert!(
                        set.instances.iter().all(|stack| stack.account != id),
                        "{id} has stacks"
                    );
                }
                self.org.accounts.get_mut(&id).unwrap().state = AccountState::Closed;
            }
            Action::SetTags {
                resource,
                set,
                remove,
                ..
            } => {
                let set = set
                    .iter()
                    .map(|(key, change)| (key.clone(), self.text(change.after.as_ref().unwrap())));
                let set: LiveTags = set.collect();
                let ResourceId::Target(TargetId::Account(id)) = resource.id.now().unwrap() else {
                    panic!("only accounts are tagged here")
                };
                let tags = &mut self.org.accounts.get_mut(id).unwrap().tags;
                tags.retain(|key, _| !remove.contains_key(key));
                tags.extend(set);
            }
            Action::EnableTrustedService { service } => {
                self.org.trusted_services.insert(service.clone());
            }
            Action::StackSet(work) => self.stack_set(step, work),
            other => panic!("the simulator does not know {other:?}"),
        }
    }

    fn create_ou(&mut self, step: &Step, name: &str, parent: &Ref<ParentId>, tags: &BTreeMap<String, Text>) {
        let id: OuId = format!("ou-ab12-{:08}", 50_000_000 + self.next).parse().unwrap();
        self.created.insert(step.id.to_string(), id.to_string());
        let ou = LiveOu {
            id: id.clone(),
            arn: self.org.arn.clone(),
            name: name.to_owned(),
            parent: parent_of(&self.id(&parent.id)),
            tags: self.texts(tags),
        };
        self.org.ous.insert(id, ou);
    }

    fn id<T: ToString>(&self, id: &Known<T>) -> String {
        match id {
            Known::Now(id) => id.to_string(),
            Known::After(step) => self.created[step.as_str()].clone(),
        }
    }

    fn text(&self, text: &Text) -> String {
        let filled = text.fill(|hole| {
            let step = format!("{}:create", hole.address);
            match hole.attribute {
                Attribute::Id => self.created.get(&step).cloned(),
                Attribute::Arn => self.arns.get(&step).cloned(),
            }
        });
        filled.known().expect("every id is known in time").to_owned()
    }

    fn texts(&self, values: &BTreeMap<String, Text>) -> BTreeMap<String, String> {
        values
            .iter()
            .map(|(key, value)| (key.clone(), self.text(value)))
            .collect()
    }

    /// Automatic deployment follows an account from where it was to its new place.
    fn follow(&mut self, id: &AccountId, before: &BTreeSet<ParentId>) {
        let after = self.above(id);
        for set in self.org.stack_sets.values_mut() {
            let LivePermissions::Service {
                auto_deployment: true,
                ..
            } = set.permissions
            else {
                continue;
            };
            let covered = |above: &BTreeSet<ParentId>| -> BTreeMap<Region, ParentId> {
                let known = set.ous.iter().filter(|(ou, _)| above.contains(ou));
                known
                    .flat_map(|(ou, regions)| regions.iter().map(|region| (region.clone(), ou.clone())))
                    .collect()
            };
            let (old, new) = (covered(before), covered(&after));
            set.instances.retain(|stack| {
                stack.account != *id || !old.contains_key(&stack.region) || new.contains_key(&stack.region)
            });
            for stack in set.instances.iter_mut().filter(|stack| stack.account == *id) {
                if let Some(ou) = new.get(&stack.region) {
                    stack.ou = Some(ou.clone());
                }
            }
            for (region, ou) in new {
                if !old.contains_key(&region) && !has(set, id, &region) {
                    add(set, id, &region, Some(ou), BTreeMap::new());
                }
            }
        }
    }

    fn above(&self, id: &AccountId) -> BTreeSet<ParentId> {
        let path = self.org.ancestry(&TargetId::Account(id.clone()));
        path.iter()
            .skip(1)
            .map(|above| parent_of(above.as_str()))
            .collect()
    }

    fn stack_set(&mut self, step: &Step, work: &StackSetWork) {
        let planned = work.set();
        let key = StackSetKey {
            region: planned.region.clone(),
            name: planned.name.clone(),
        };
        match work {
            StackSetWork::Create {
                definition, conduct, ..
            } => {
                assert!(!self.org.stack_sets.contains_key(&key));
                let (id, arn) = (format!("{}:x", key.name), format!("arn:{}:x", key.name));
                self.created.insert(step.id.to_string(), id.clone());
                self.arns.insert(step.id.to_string(), arn.clone());
                let mut set = LiveStackSet {
                    id,
                    arn,
                    description: String::new(),
                    template: String::new(),
                    parameters: BTreeMap::new(),
                    capabilities: BTreeSet::new(),
                    tags: BTreeMap::new(),
                    permissions: LivePermissions::Service {
                        auto_deployment: false,
                        retain_stacks: false,
                        depends_on: BTreeSet::new(),
                    },
                    managed_execution: false,
                    ous: BTreeMap::new(),
                    instances: Vec::new(),
                    running: Vec::new(),
                    last_operation: None,
                };
                self.define(&mut set, definition);
                self.conduct(&mut set, conduct);
                self.org.stack_sets.insert(key, set);
            }
            StackSetWork::Configure { conduct, .. } => {
                let mut set = self.org.stack_sets.remove(&key).unwrap();
                self.conduct(&mut set, &conduct.after);
                self.org.stack_sets.insert(key, set);
            }
            StackSetWork::Operate { operation, reach, .. } => {
                let mut set = self.org.stack_sets.remove(&key).unwrap();
                self.operate(&mut set, step, operation, reach);
                set.instances.sort();
                self.org.stack_sets.insert(key, set);
            }
            StackSetWork::Await {
                gains,
                loses,
                regions,
                ..
            } => {
                let set = &self.org.stack_sets[&key];
                for region in regions {
                    for account in gains {
                        assert!(
                            has(set, &self.id(&account.id).parse().unwrap(), region),
                            "{}",
                            step.id
                        );
                    }
                    for account in loses {
                        assert!(
                            !has(set, &self.id(&account.id).parse().unwrap(), region),
                            "{}",
                            step.id
                        );
                    }
                }
            }
            StackSetWork::PassGate { .. } => {}
            StackSetWork::Delete { .. } => {
                let set = self.org.stack_sets.remove(&key).unwrap();
                assert_eq!(set.instances, [], "{} is not empty", key.name);
            }
        }
    }

    fn define(&self, set: &mut LiveStackSet, definition: &Definition) {
        set.description = definition.description.clone();
        set.template = match &definition.template {
            TemplateSource::Body(text) => self.text(text),
            TemplateSource::Url(url) => format!("text of {url}"),
        };
        set.parameters = self.texts(&definition.parameters);
        set.capabilities = definition.capabilities.clone();
        set.tags = self.texts(&definition.tags);
        let is_service = matches!(set.permissions, LivePermissions::Service { .. });
        match &definition.permissions {
            PlannedPermissions::Service {} => assert!(is_service),
            PlannedPermissions::OwnRoles {
                administration_role,
                execution_role,
            } => {
                set.permissions = LivePermissions::OwnRoles {
                    administration_role: administration_role.as_ref().map(|role| self.text(role)),
                    execution_role: execution_role.clone(),
                };
            }
        }
    }

    fn conduct(&self, set: &mut LiveStackSet, conduct: &Conduct) {
        set.managed_execution = conduct.managed_execution;
        if let Some(automatic) = conduct.auto_deployment {
            set.permissions = LivePermissions::Service {
                auto_deployment: automatic,
                retain_stacks: conduct.retain_stacks,
                depends_on: conduct.depends_on.iter().map(|arn| self.text(arn)).collect(),
            };
        }
    }

    fn operate(&self, set: &mut LiveStackSet, step: &Step, work: &Work, reach: &Reach) {
        let mut accounts = self.resolve(set, reach);
        if let Work::Delete { .. } = work {
            // Accounts without a stack are passed over.
            accounts.retain(|account, _| reach.regions.iter().any(|region| has(set, account, region)));
        }
        let counted = reach.accounts > 0;
        if counted {
            assert_eq!(
                accounts.len(),
                reach.accounts,
                "{}: {reach:#?} {accounts:#?}",
                step.id
            );
        }
        if let Work::Update {
            definition: Some(change),
        } = work
        {
            self.define(set, &change.after);
            set.instances
                .iter_mut()
                .filter(|stack| stack.status == InstanceStatus::Current)
                .for_each(|stack| stack.status = InstanceStatus::Outdated);
        }
        for (account, ou) in &accounts {
            for region in &reach.regions {
                let there = has(set, account, region);
                match work {
                    Work::Create { overrides } => {
                        assert!(!(there && counted), "{}: {account} {region} is there", step.id);
                        if !there {
                            add(set, account, region, ou.clone(), self.texts(overrides));
                        }
                    }
                    Work::Update { .. } => {
                        assert!(there, "{}: {account} {region} is not there", step.id);
                        let stack = find(set, account, region).unwrap();
                        if stack.status != InstanceStatus::Inoperable {
                            stack.status = InstanceStatus::Current;
                        }
                    }
                    Work::Override { overrides } => {
                        let overrides = self.texts(overrides);
                        find(set, account, region).unwrap().overrides = Some(overrides);
                    }
                    Work::Delete { retain } => {
                        let stack = find(set, account, region);
                        assert_eq!(counted, stack.is_some(), "{}: {account} {region}", step.id);
                        let broken = stack.is_some_and(|stack| stack.status == InstanceStatus::Inoperable);
                        assert!(*retain || !broken);
                        set.instances
                            .retain(|stack| (&stack.account, &stack.region) != (account, region));
                    }
                }
            }
        }
        self.learn(set, work, reach);
    }

    /// AWS learns of OUs by creating, and forgets them by deleting from them as a whole.
    fn learn(&self, set: &mut LiveStackSet, work: &Work, reach: &Reach) {
        let StackTargets::Ous { ous, filter } = &reach.targets else {
            return;
        };
        for ou in ous {
            let ou = parent_of(&self.id(&ou.id));
            match (work, filter) {
                (Work::Create { .. }, _) => set
                    .ous
                    .entry(ou)
                    .or_default()
                    .extend(reach.regions.iter().cloned()),
                (Work::Delete { .. }, AccountFilter::All {}) => {
                    let known = set.ous.entry(ou.clone()).or_default();
                    known.retain(|region| !reach.regions.contains(region));
                    if known.is_empty() {
                        set.ous.remove(&ou);
                    }
                }
                _ => {}
            }
        }
    }

    fn resolve(&self, set: &LiveStackSet, reach: &Reach) -> BTreeMap<AccountId, Option<ParentId>> {
        let ids = |members: &[Ref<AccountId>]| -> BTreeSet<AccountId> {
            members
                .iter()
                .map(|member| self.id(&member.id).parse().unwrap())
                .collect()
        };
        match &reach.targets {
            StackTargets::Named { members } => {
                assert!(matches!(set.permissions, LivePermissions::OwnRoles { .. }));
                ids(members).into_iter().map(|id| (id, None)).collect()
            }
            StackTargets::Ous { ous, filter } => {
                assert!(matches!(set.permissions, LivePermissions::Service { .. }));
                assert!(ous.len() <= 50);
                let ous: Vec<ParentId> = ous.iter().map(|ou| parent_of(&self.id(&ou.id))).collect();
                let mut found = BTreeMap::new();
                for account in self.org.accounts.values() {
                    let above = self.above(&account.id);
                    let reached = account.id != self.org.management_account && !account.state.is_leaving();
                    let ou = ous.iter().find(|ou| above.contains(*ou));
                    if let (true, Some(ou)) = (reached, ou) {
                        found.insert(account.id.clone(), Some(ou.clone()));
                    }
                }
                match filter {
                    AccountFilter::All {} => {}
                    AccountFilter::Only { members } => {
                        let members = ids(members);
                        found.retain(|id, _| members.contains(id));
                    }
                    AccountFilter::Except { members } => {
                        let members = ids(members);
                        found.retain(|id, _| !members.contains(id));
                    }
                }
                found
            }
        }
    }
}

fn parent_of(id: &str) -> ParentId {
    match id.parse::<OuId>() {
        Ok(ou) => ParentId::Ou(ou),
        Err(_) => ParentId::Root(id.parse().unwrap()),
    }
}

fn find<'a>(
    set: &'a mut LiveStackSet,
    account: &AccountId,
    region: &Region,
) -> Option<&'a mut LiveStackInstance> {
    set.instances
        .iter_mut()
        .find(|stack| (&stack.account, &stack.region) == (account, region))
}

fn has(set: &LiveStackSet, account: &AccountId, region: &Region) -> bool {
    set.instances
        .iter()
        .any(|stack| (&stack.account, &stack.region) == (account, region))
}

fn add(
    set: &mut LiveStackSet,
    account: &AccountId,
    region: &Region,
    ou: Option<ParentId>,
    overrides: BTreeMap<String, String>,
) {
    set.instances.push(LiveStackInstance {
        account: account.clone(),
        region: region.clone(),
        ou,
        status: InstanceStatus::Current,
        reason: None,
        overrides: Some(overrides),
    });
    set.instances.sort();
}
