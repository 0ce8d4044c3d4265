//! Builders for specs and live organizations.

use lz_model::address::{Address, Name, OuAddress};
use lz_model::desired::*;
use lz_model::id::*;
use lz_model::live::*;
use lz_model::plan::{Action, Plan, Reach, StackSetWork, Step, Work};
use lz_model::policy_type::PolicyType;
use lz_model::rule::Rule;
use lz_model::stack::{Pace, StackSetKey};
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const ZONE: &str = "acme";

pub(crate) fn deny(action: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Action":["{action}"],"Resource":["*"]}}]}}"#
    )
}

pub(crate) fn allow(action: &str) -> String {
    deny(action).replace("Deny", "Allow")
}

pub(crate) fn ou(path: &str) -> OuAddress {
    let Address::Ou(ou) = format!("ou.{path}").parse().unwrap() else {
        panic!("not an OU")
    };
    ou
}

pub(crate) fn service(name: &str) -> ServicePrincipal {
    format!("{name}.amazonaws.com").parse().unwrap()
}

/// A spec under construction.
pub(crate) struct Spec(pub(crate) Desired);

impl Spec {
    pub(crate) fn new() -> Self {
        Self(Desired {
            organization: Some(DesiredOrganization {
                policy_types: BTreeSet::from([PolicyType::Scp]),
                ..DesiredOrganization::default()
            }),
            ..Desired::nothing(ZONE)
        })
    }

    /// Declares an OU named after its last label, with a capital.
    pub(crate) fn ou(mut self, path: &str) -> Self {
        let address = ou(path);
        let name = capital(&address.name().label);
        self.0.ous.insert(
            address,
            DesiredOu {
                name,
                id: None,
                tags: None,
                full_access: None,
            },
        );
        self
    }

    pub(crate) fn account(mut self, label: &str, parent: &str) -> Self {
        let parent = if parent == "root" {
            DesiredParent::Root
        } else {
            DesiredParent::Ou(ou(parent))
        };
        self.0.accounts.insert(
            Name::new(label),
            DesiredAccount {
                name: capital(label),
                email: format!("aws+{label}@example.com").parse().unwrap(),
                parent: Some(parent),
                id: None,
                tags: None,
                role_name: None,
                iam_user_access_to_billing: None,
                full_access: None,
                settings: DesiredSettings::default(),
                expires: None,
                invite: None,
            },
        );
        self
    }

    pub(crate) fn policy(self, label: &str, content: &str, attach: &[&str]) -> Self {
        self.policy_of(PolicyType::Scp, label, content, attach)
    }

    pub(crate) fn policy_of(
        mut self,
        policy_type: PolicyType,
        label: &str,
        content: &str,
        attach: &[&str],
    ) -> Self {
        let attach = attach.iter().map(|target| match target.parse().unwrap() {
            Address::Root => DesiredTarget::Root,
            Address::Ou(ou) => DesiredTarget::Ou(ou),
            Address::Account(name) => DesiredTarget::Account(name),
            other => panic!("{other} is no target"),
        });
        let policy = DesiredPolicy {
            policy_type,
            name: label.to_owned(),
            description: None,
            id: None,
            content: Text::literal(content),
            attach: Some(attach.collect()),
            tags: None,
        };
        self.0.policies.insert(Name::new(label), policy);
        self
    }

    pub(crate) fn admin(mut self, name: &str, account: &str) -> Self {
        let admin = DesiredAdmin {
            account: Name::new(account),
            regions: Vec::new(),
        };
        self.0.delegated_admins.insert(service(name), admin);
        self
    }

    pub(crate) fn trusted(mut self, name: &str) -> Self {
        self.0
            .organization
            .as_mut()
            .unwrap()
            .trusted_services
            .insert(service(name));
        self
    }

    pub(crate) fn exclusive(mut self, list: Exclusive) -> Self {
        self.0.organization.as_mut().unwrap().exclusive.insert(list);
        self
    }

    pub(crate) fn moved(mut self, from: &str, to: &str) -> Self {
        self.0.moved.push(Moved {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        });
        self
    }

    pub(crate) fn removed(mut self, from: &str, action: Removal) -> Self {
        self.0.removed.push(Removed {
            to: None,
            from: from.parse().unwrap(),
            id: None,
            action,
            origin: None,
        });
        self
    }

    /// Declares a service-managed stack set that deploys to the targets in both Regions.
    pub(crate) fn stack_set(mut self, label: &str, targets: &[&str]) -> Self {
        self.0
            .stack_sets
            .insert(Name::new(label), stack_set(label, targets));
        self
    }

    /// Declares a stack of the management account.
    pub(crate) fn stack(mut self, label: &str) -> Self {
        let stack = DesiredStack {
            name: label.to_owned(),
            region: region(HOME),
            template: Template::Body(Text::literal(TEMPLATE)),
            parameters: BTreeMap::new(),
            capabilities: BTreeSet::new(),
            tags: None,
            termination_protection: None,
            depends_on: BTreeSet::new(),
        };
        self.0.stacks.insert(Name::new(label), stack);
        self
    }

    /// Changes the declared stack set.
    pub(crate) fn edit_set(mut self, label: &str, edit: impl FnOnce(&mut DesiredStackSet)) -> Self {
        edit(self.0.stack_sets.get_mut(&Name::new(label)).unwrap());
        self
    }

    pub(crate) fn edit(mut self, edit: impl FnOnce(&mut Desired)) -> Self {
        edit(&mut self.0);
        self
    }
}

pub(crate) const HOME: &str = "eu-central-1";
pub(crate) const AWAY: &str = "us-east-1";
pub(crate) const TEMPLATE: &str = r#"{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}"#;
pub(crate) const OTHER_TEMPLATE: &str = r#"{"Resources":{"Queue":{"Type":"AWS::SQS::Queue"}}}"#;

pub(crate) fn region(name: &str) -> Region {
    name.parse().unwrap()
}

/// `root`, `ou.x`, `account.x` or `tag key=value`.
pub(crate) fn stack_target(text: &str) -> StackTarget {
    if let Some((key, value)) = text.strip_prefix("tag ").and_then(|tag| tag.split_once('=')) {
        return StackTarget::Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        };
    }
    match text.parse().unwrap() {
        Address::Root => StackTarget::Root,
        Address::Ou(ou) => StackTarget::Ou(ou),
        Address::Account(name) => StackTarget::Account(name),
        other => panic!("{other} is no target"),
    }
}

pub(crate) fn stack_targets(texts: &[&str]) -> BTreeSet<StackTarget> {
    texts.iter().map(|text| stack_target(text)).collect()
}

pub(crate) fn deploy(targets: &[&str], regions: &[&str]) -> DesiredDeployment {
    DesiredDeployment {
        targets: stack_targets(targets),
        regions: regions.iter().map(|name| region(name)).collect(),
    }
}

pub(crate) fn wave(name: &str, targets: &[&str]) -> Wave {
    Wave {
        name: name.to_owned(),
        targets: stack_targets(targets),
        pace: Pace::default(),
        bake_seconds: 0,
        gate: None,
    }
}

fn stack_set(label: &str, targets: &[&str]) -> DesiredStackSet {
    let template = Template::Body(Text::literal(TEMPLATE));
    DesiredStackSet {
        deploy: vec![deploy(targets, &[HOME, AWAY])],
        ..DesiredStackSet::new(label, region(HOME), template)
    }
}

/// A live organization under construction. Ids are made from labels, tags name the spec's addresses.
pub(crate) struct Org(pub(crate) LiveOrganization);

pub(crate) const MANAGEMENT: &str = "111122223333";

impl Org {
    pub(crate) fn new() -> Self {
        let root: RootId = "r-ab12".parse().unwrap();
        let mut org = Self(LiveOrganization {
            id: "o-abcdefghij".parse().unwrap(),
            arn: arn("organization/o-abcdefghij"),
            all_features: true,
            management_account: MANAGEMENT.parse().unwrap(),
            root: LiveRoot {
                id: root.clone(),
                arn: arn("root/o-abcdefghij/r-ab12"),
                policy_types: BTreeMap::from([(PolicyType::Scp, PolicyTypeStatus::Enabled)]),
                tags: BTreeMap::new(),
            },
            ous: BTreeMap::new(),
            accounts: BTreeMap::new(),
            policies: BTreeMap::new(),
            trusted_services: BTreeSet::new(),
            delegated_admins: BTreeMap::new(),
            administrators: BTreeMap::new(),
            regions_off: BTreeSet::new(),
            root_access: None,
            resource_policy: LiveResourcePolicy::NotRead,
            invitations: BTreeMap::new(),
            creating: Vec::new(),
            stack_sets: BTreeMap::new(),
            stacks: BTreeMap::new(),
            tower: None,
            identity: None,
            settings: BTreeMap::new(),
        });
        let full: PolicyId = "p-FullAWSAccess".parse().unwrap();
        org.0.policies.insert(
            full.clone(),
            LivePolicy {
                id: full,
                arn: arn("policy/service_control_policy/p-FullAWSAccess"),
                policy_type: PolicyType::Scp,
                name: "FullAWSAccess".to_owned(),
                description: String::new(),
                aws_managed: true,
                content: PolicyText::NotRead,
                targets: BTreeSet::from([TargetId::Root(root)]),
                tags: BTreeMap::new(),
            },
        );
        org.place("management", MANAGEMENT, None)
    }

    pub(crate) fn ou(mut self, path: &str) -> Self {
        let id = ou_id(path);
        let parent = parent_id(ou(path).parent());
        let name = capital(&ou(path).name().label);
        let tags = ours(&format!("ou.{path}"));
        self.0.ous.insert(
            id.clone(),
            LiveOu {
                id: id.clone(),
                arn: arn("ou/x"),
                name,
                parent,
                tags,
            },
        );
        self.guard(TargetId::Ou(id));
        self
    }

    pub(crate) fn account(self, label: &str, parent: &str) -> Self {
        let parent = if parent == "root" { None } else { Some(ou(parent)) };
        self.place(label, account_id(label).as_str(), parent)
    }

    fn place(mut self, label: &str, id: &str, parent: Option<OuAddress>) -> Self {
        let id: AccountId = id.parse().unwrap();
        let account = LiveAccount {
            id: id.clone(),
            arn: arn(&format!("account/o-abcdefghij/{id}")),
            name: capital(label),
            email: format!("aws+{label}@example.com").parse().unwrap(),
            state: AccountState::Active,
            created: true,
            joined_at_seconds: Some(0),
            parent: parent_id(parent),
            tags: if label == "management" {
                BTreeMap::new()
            } else {
                ours(&format!("account.{label}"))
            },
        };
        self.0.accounts.insert(id.clone(), account);
        self.guard(TargetId::Account(id));
        self
    }

    fn guard(&mut self, target: TargetId) {
        let full: PolicyId = "p-FullAWSAccess".parse().unwrap();
        self.0.policies.get_mut(&full).unwrap().targets.insert(target);
    }

    pub(crate) fn policy(mut self, label: &str, content: &str, attach: &[&str]) -> Self {
        let id = policy_id(label);
        let policy = LivePolicy {
            id: id.clone(),
            arn: arn(&format!("policy/o-abcdefghij/service_control_policy/{id}")),
            policy_type: PolicyType::Scp,
            name: label.to_owned(),
            description: String::new(),
            aws_managed: false,
            content: PolicyText::Read(content.to_owned()),
            targets: attach.iter().map(|target| target_id(target)).collect(),
            tags: ours(&format!("policy.{label}")),
        };
        self.0.policies.insert(id, policy);
        self
    }

    pub(crate) fn trusted(mut self, name: &str) -> Self {
        self.0.trusted_services.insert(service(name));
        self
    }

    pub(crate) fn admin(mut self, name: &str, account: &str) -> Self {
        self.0
            .delegated_admins
            .entry(service(name))
            .or_default()
            .insert(account_id(account));
        self
    }

    /// Adds a service-managed stack set as [`Spec::stack_set`] declares it, deployed to the OUs and their accounts.
    pub(crate) fn stack_set(mut self, label: &str, ous: &[&str]) -> Self {
        let regions = BTreeSet::from([region(HOME), region(AWAY)]);
        let ous: Vec<ParentId> = ous.iter().map(|ou| stack_parent(ou)).collect();
        let mut instances: Vec<LiveStackInstance> = Vec::new();
        for account in self.0.accounts.values() {
            let above = self.0.ancestry(&TargetId::Account(account.id.clone()));
            let ou = ous
                .iter()
                .find(|ou| above.contains(&TargetId::from((*ou).clone())));
            let Some(ou) = ou.filter(|_| account.id != self.0.management_account) else {
                continue;
            };
            instances.extend(regions.iter().map(|region| LiveStackInstance {
                account: account.id.clone(),
                region: region.clone(),
                ou: Some(ou.clone()),
                status: InstanceStatus::Current,
                reason: None,
                overrides: None,
            }));
        }
        let set = LiveStackSet {
            id: format!("{label}:1"),
            arn: format!("arn:aws:cloudformation:{HOME}:{MANAGEMENT}:stackset/{label}:1"),
            description: String::new(),
            template: TEMPLATE.to_owned(),
            parameters: BTreeMap::new(),
            capabilities: BTreeSet::new(),
            tags: ours(&format!("stack_set.{label}")),
            permissions: LivePermissions::Service {
                auto_deployment: false,
                retain_stacks: false,
                depends_on: BTreeSet::new(),
            },
            managed_execution: false,
            ous: ous.into_iter().map(|ou| (ou, regions.clone())).collect(),
            instances,
            running: Vec::new(),
            last_operation: None,
        };
        self.0.stack_sets.insert(set_key(label), set);
        self.0
            .trusted_services
            .insert(service("member.org.stacksets.cloudformation"));
        self
    }

    /// Adds a stack of the management account as [`Spec::stack`] declares it.
    pub(crate) fn stack(mut self, label: &str) -> Self {
        let stack = LiveStack {
            id: format!("arn:aws:cloudformation:{HOME}:{MANAGEMENT}:stack/{label}/1"),
            template: TEMPLATE.to_owned(),
            parameters: BTreeMap::new(),
            capabilities: BTreeSet::new(),
            tags: ours(&format!("stack.{label}")),
            termination_protection: false,
            state: StackState::Settled,
        };
        self.0.stacks.insert((region(HOME), label.to_owned()), stack);
        self
    }

    /// Changes a stack set.
    pub(crate) fn edit_set(mut self, label: &str, edit: impl FnOnce(&mut LiveStackSet)) -> Self {
        edit(self.0.stack_sets.get_mut(&set_key(label)).unwrap());
        self
    }

    pub(crate) fn edit(mut self, edit: impl FnOnce(&mut LiveOrganization)) -> Self {
        edit(&mut self.0);
        self
    }

    pub(crate) fn live(self) -> Live {
        Live {
            caller: Caller {
                account: MANAGEMENT.parse().unwrap(),
                arn: "arn:aws:iam::x".to_owned(),
            },
            organization: Some(self.0),
            catalogue: LiveCatalogue::default(),
        }
    }
}

pub(crate) fn nothing() -> Live {
    Live {
        caller: Caller {
            account: MANAGEMENT.parse().unwrap(),
            arn: "arn:aws:iam::x".to_owned(),
        },
        organization: None,
        catalogue: LiveCatalogue::default(),
    }
}

fn ours(address: &str) -> LiveTags {
    let address: Address = address.parse().unwrap();
    BTreeMap::from([
        (lz_plan::ZONE_TAG.to_owned(), ZONE.to_owned()),
        (lz_plan::ADDRESS_TAG.to_owned(), address.to_tag()),
    ])
}

fn arn(resource: &str) -> Arn {
    format!("arn:aws:organizations::{MANAGEMENT}:{resource}")
        .parse()
        .unwrap()
}

/// A stable number from a label, so that tests can name ids.
fn number(label: &str) -> u64 {
    label
        .bytes()
        .fold(7_u64, |hash, byte| (hash * 131 + u64::from(byte)) % 99_999_999)
}

pub(crate) fn ou_id(path: &str) -> OuId {
    format!("ou-ab12-{:08}", number(path)).parse().unwrap()
}

pub(crate) fn account_id(label: &str) -> AccountId {
    let id = if label == "management" {
        MANAGEMENT.to_owned()
    } else {
        format!("2000{:08}", number(label))
    };
    id.parse().unwrap()
}

pub(crate) fn policy_id(label: &str) -> PolicyId {
    format!("p-{:08}", number(label)).parse().unwrap()
}

fn parent_id(parent: Option<OuAddress>) -> ParentId {
    match parent {
        None => ParentId::Root("r-ab12".parse().unwrap()),
        Some(parent) => ParentId::Ou(ou_id(parent.to_string().strip_prefix("ou.").unwrap())),
    }
}

pub(crate) fn set_key(label: &str) -> StackSetKey {
    StackSetKey {
        region: region(HOME),
        name: label.to_owned(),
    }
}

/// The root or an OU as a stack set names it.
pub(crate) fn stack_parent(text: &str) -> ParentId {
    match text.strip_prefix("ou.") {
        Some(path) => parent_id(Some(ou(path))),
        None => parent_id(None),
    }
}

/// Returns the operation of a step: its work, its reach, its wave.
pub(crate) fn operation<'a>(plan: &'a Plan, id: &str) -> (&'a Work, &'a Reach, Option<&'a str>) {
    match &step(plan, id).action {
        Action::StackSet(StackSetWork::Operate {
            operation,
            reach,
            wave,
            ..
        }) => (operation, reach, wave.as_deref()),
        other => panic!("{id} is no operation: {other:?}"),
    }
}

/// Returns the codes of the notes of a plan.
pub(crate) fn codes(plan: &Plan) -> Vec<&str> {
    plan.notes.iter().map(|note| note.code.as_str()).collect()
}

pub(crate) fn target_id(address: &str) -> TargetId {
    match address.parse().unwrap() {
        Address::Root => TargetId::Root("r-ab12".parse().unwrap()),
        Address::Ou(ou) => TargetId::Ou(ou_id(ou.to_string().strip_prefix("ou.").unwrap())),
        Address::Account(name) => TargetId::Account(account_id(&name.label)),
        other => panic!("{other} is no target"),
    }
}

fn capital(label: &str) -> String {
    let (first, rest) = label.split_at(1);
    first.to_uppercase() + rest
}

pub(crate) fn plan(spec: Spec, live: Live) -> Plan {
    let plan = lz_plan::plan(&spec.0, &live).unwrap_or_else(|refusal| panic!("{:#?}", refusal.problems));
    lz_plan::check::check(plan).unwrap().into_plan()
}

pub(crate) fn refuse(spec: Spec, live: Live) -> Vec<(&'static str, String)> {
    let refusal = lz_plan::plan(&spec.0, &live).expect_err("the plan should be refused");
    refusal
        .problems
        .into_iter()
        .map(|problem| (problem.code, problem.text))
        .collect()
}

pub(crate) fn ids(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.id.as_str()).collect()
}

pub(crate) fn step<'a>(plan: &'a Plan, id: &str) -> &'a Step {
    plan.steps
        .iter()
        .find(|step| step.id.as_str() == id)
        .unwrap_or_else(|| panic!("no {id} in {:#?}", ids(plan)))
}

/// Asserts that `then` waits for `first` because of `rule`, directly.
pub(crate) fn assert_edge(plan: &Plan, first: &str, then: &str, rule: Rule) {
    let _ = step(plan, first);
    let edges = &step(plan, then).after;
    let found = edges
        .iter()
        .any(|edge| edge.step.as_str() == first && edge.rule == rule);
    assert!(
        found,
        "{then} does not wait for {first} by {rule:?}; it waits for {edges:#?}"
    );
}
