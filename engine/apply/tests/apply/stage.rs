//! A provider with scripted answers, and plans in one line: `a: ou; b: ou < a`.

use lz_apply::{NoGates, Report, Stop, apply};
use lz_model::address::{Address, Name, OuAddress};
use lz_model::event::{Event, Observer};
use lz_model::id::{AccountId, ParentId, Region};
use lz_model::live::{Live, LiveOperation, LiveStackInstance, LiveTower};
use lz_model::plan::{
    Action, Basis, Edge, FORMAT, Known, Lane, Plan, Reason, Ref, Step, StepId, TowerKind, Unmanaged,
};
use lz_model::policy_type::PolicyType;
use lz_model::rule::Rule;
use lz_model::text::Text;
use lz_plan::approve::{ApprovedPlan, Consent, approve};
use lz_plan::check::check;
use lz_provider::{
    Call, ControlTower, Created, IdentityChange, InstanceDrift, InstanceResult, Kind, Natural,
    OperationState, Provider, ProviderError, Scope, SetHandle, StackSets, TagList, TowerProgress, TowerScope,
};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

/// What the provider does the first time it gets a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Err(Kind),
    /// The call takes effect and the reply is lost.
    Lost,
    /// The call takes no effect and nobody says so.
    NeverArrived,
    /// Something of that name exists without the call's tags.
    Foreign,
    /// Not found, this many times.
    Missing(usize),
    /// No answer, ever; the test stops the run.
    Hang,
}

#[derive(Debug, Default)]
pub(crate) struct Script(BTreeMap<String, Answer>);

impl Script {
    pub(crate) fn of(answers: &[(&str, Answer)]) -> Self {
        Self(
            answers
                .iter()
                .map(|(name, answer)| ((*name).to_owned(), *answer))
                .collect(),
        )
    }
}

pub(crate) struct Outcome {
    pub(crate) report: Report,
    pub(crate) calls: Vec<String>,
    pub(crate) performed: Vec<Call>,
    pub(crate) events: Vec<Event>,
    pub(crate) most_at_once: usize,
    pub(crate) seconds: f64,
    made: BTreeMap<String, usize>,
}

impl Outcome {
    pub(crate) fn made(&self, name: &str) -> usize {
        self.made.get(name).copied().unwrap_or_default()
    }
}

struct Stage<'a> {
    script: RefCell<BTreeMap<String, Answer>>,
    calls: RefCell<Vec<String>>,
    performed: RefCell<Vec<Call>>,
    made: RefCell<BTreeMap<String, usize>>,
    running: Cell<usize>,
    most: Cell<usize>,
    stop: &'a Stop,
    stop_when: &'a dyn Fn(usize) -> bool,
}

fn name_of(call: &Call) -> String {
    match call {
        Call::CreateOu { name, .. } | Call::CreateAccount { name, .. } => name.clone(),
        Call::AttachPolicy(..) => "a".to_owned(),
        Call::Identity(call) => name_of_change(&call.change),
        other => panic!("{other:?} is not in this play"),
    }
}

fn name_of_change(change: &IdentityChange) -> String {
    let name = match change {
        IdentityChange::Assign(one) | IdentityChange::Unassign(one) => one.account.as_str(),
        IdentityChange::CreateSet { .. } => "create",
        IdentityChange::UpdateSet(..) => "update",
        IdentityChange::DeleteSet(_) => "delete",
        IdentityChange::AttachPolicy(..) => "attach",
        IdentityChange::DetachPolicy(..) => "detach",
        IdentityChange::Inline(_, Some(_)) => "inline",
        IdentityChange::Inline(_, None) => "no inline",
        IdentityChange::Boundary(_, Some(_)) => "boundary",
        IdentityChange::Boundary(_, None) => "no boundary",
        IdentityChange::Tag(..) => "tag",
        IdentityChange::Untag(..) => "untag",
        IdentityChange::Provision(_) => "provision",
    };
    name.to_owned()
}

/// Returns the only permission set of the play.
fn permission_set(tags: TagList) -> Created {
    let arn = "arn:aws:sso:::permissionSet/ssoins-1/ps-1".to_owned();
    Created {
        id: arn.clone(),
        arn: Some(arn),
        tags,
    }
}

pub(crate) fn ou_id(name: &str) -> String {
    format!("ou-ab12-0000000{name}")
}

fn created(call: &Call, tags: TagList) -> Option<Created> {
    let name = name_of(call);
    match call {
        Call::CreateOu { .. } => Some(Created {
            id: ou_id(&name),
            arn: None,
            tags,
        }),
        Call::CreateAccount { .. } => Some(Created {
            id: "200000000001".to_owned(),
            arn: None,
            tags,
        }),
        Call::Identity(call) => {
            matches!(call.change, IdentityChange::CreateSet { .. }).then(|| permission_set(tags))
        }
        _ => None,
    }
}

fn error(kind: Kind) -> ProviderError {
    ProviderError {
        kind,
        operation: "organizations:Test".to_owned(),
        code: "TestException".to_owned(),
        message: "as the script says".to_owned(),
        request_id: None,
        source: None,
    }
}

impl Stage<'_> {
    fn make(&self, call: &Call) -> Option<Created> {
        *self.made.borrow_mut().entry(name_of(call)).or_default() += 1;
        created(call, TagList::new())
    }

    async fn answer(&self, call: &Call) -> Result<Option<Created>, ProviderError> {
        let name = name_of(call);
        let answer = self.script.borrow_mut().remove(&name);
        tokio::time::sleep(Duration::from_secs(1)).await;
        match answer {
            None => Ok(self.make(call)),
            Some(Answer::Err(kind)) => Err(error(kind)),
            Some(Answer::Lost) => {
                self.make(call);
                Err(error(Kind::OutcomeUnknown))
            }
            Some(Answer::NeverArrived) => Err(error(Kind::OutcomeUnknown)),
            Some(Answer::Foreign) => {
                self.made.borrow_mut().insert(format!("foreign {name}"), 1);
                Err(error(Kind::AlreadySo))
            }
            Some(Answer::Missing(0)) => Ok(self.make(call)),
            Some(Answer::Missing(left)) => {
                self.script.borrow_mut().insert(name, Answer::Missing(left - 1));
                Err(error(Kind::NotFound))
            }
            Some(Answer::Hang) => {
                self.stop.request();
                self.stop.request();
                std::future::pending().await
            }
        }
    }
}

impl Provider for Stage<'_> {
    async fn read(&self, _: &Scope, _: &dyn Observer) -> Result<Live, ProviderError> {
        Err(error(Kind::Bug))
    }

    async fn perform(&self, call: &Call) -> Result<Option<Created>, ProviderError> {
        self.calls.borrow_mut().push(name_of(call));
        self.performed.borrow_mut().push(call.clone());
        self.running.set(self.running.get() + 1);
        self.most.set(self.most.get().max(self.running.get()));
        if (self.stop_when)(self.calls.borrow().len()) {
            self.stop.request();
        }
        let answer = self.answer(call).await;
        self.running.set(self.running.get() - 1);
        answer
    }

    async fn find(&self, natural: &Natural) -> Result<Option<Created>, ProviderError> {
        let (name, tags) = match natural {
            Natural::PermissionSet(..) => {
                let foreign = self.made.borrow().contains_key("foreign create");
                let exists = foreign || self.made.borrow().contains_key("create");
                return Ok(exists.then(|| permission_set(if foreign { TagList::new() } else { tags() })));
            }
            Natural::Ou(_, name) | Natural::Account(_, name) => (name.clone(), tags()),
            other => panic!("{other:?} is not in this play"),
        };
        if self.made.borrow().contains_key(&format!("foreign {name}")) {
            return Ok(Some(Created {
                id: ou_id(&name),
                arn: None,
                tags: TagList::new(),
            }));
        }
        let exists = self.made.borrow().contains_key(&name);
        Ok(exists.then(|| Created {
            id: ou_id(&name),
            arn: None,
            tags,
        }))
    }

    fn width(&self, lane: Lane) -> usize {
        if lane == Lane::AccountCreation { 5 } else { 1 }
    }
}

/// Stack sets have a play of their own.
impl StackSets for Stage<'_> {
    async fn operation(&self, _: &SetHandle, _: &str) -> Result<OperationState, ProviderError> {
        Err(error(Kind::Bug))
    }

    async fn results(&self, _: &SetHandle, _: &str) -> Result<Vec<InstanceResult>, ProviderError> {
        Err(error(Kind::Bug))
    }

    async fn stop(&self, _: &SetHandle, _: &str) -> Result<(), ProviderError> {
        Err(error(Kind::Bug))
    }

    async fn running(&self, _: &SetHandle) -> Result<Vec<LiveOperation>, ProviderError> {
        Err(error(Kind::Bug))
    }

    async fn instances(
        &self,
        _: &SetHandle,
        _: Option<&AccountId>,
    ) -> Result<Vec<LiveStackInstance>, ProviderError> {
        Err(error(Kind::Bug))
    }

    async fn drift(&self, _: &SetHandle, _: &str) -> Result<Vec<InstanceDrift>, ProviderError> {
        Err(error(Kind::Bug))
    }

    async fn alarm(&self, _: &Region, _: &str) -> Result<Option<bool>, ProviderError> {
        Err(error(Kind::Bug))
    }
}

fn tags() -> TagList {
    TagList::from([("lz:zone".to_owned(), "acme".to_owned())])
}

#[derive(Default)]
struct Ear(RefCell<Vec<Event>>);

impl Observer for Ear {
    fn on(&self, event: Event) {
        self.0.borrow_mut().push(event);
    }
}

pub(crate) fn run(plan: &ApprovedPlan, script: Script) -> Outcome {
    run_until(plan, script, &Stop::default(), |_| false)
}

pub(crate) fn run_until(
    plan: &ApprovedPlan,
    script: Script,
    stop: &Stop,
    stop_when: impl Fn(usize) -> bool,
) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let stage = Stage {
        script: RefCell::new(script.0),
        calls: RefCell::default(),
        performed: RefCell::default(),
        made: RefCell::default(),
        running: Cell::new(0),
        most: Cell::new(0),
        stop,
        stop_when: &stop_when,
    };
    let ear = Ear::default();
    let (report, seconds) = runtime.block_on(async {
        let start = tokio::time::Instant::now();
        let report = apply(plan, &stage, &NoGates, &ear, stop).await;
        (report, start.elapsed().as_secs_f64())
    });
    Outcome {
        report,
        calls: stage.calls.take(),
        performed: stage.performed.take(),
        events: ear.0.take(),
        most_at_once: stage.most.get(),
        seconds,
        made: stage.made.take(),
    }
}

pub(crate) fn names(steps: &[StepId]) -> Vec<String> {
    steps
        .iter()
        .map(|step| step.as_str().split(['.', ':']).nth(1).unwrap().to_owned())
        .collect()
}

/// Reads `name: kind < needed`, one step each, parted by `;`.
pub(crate) fn plan(text: &str) -> ApprovedPlan {
    let mut steps: Vec<Step> = Vec::new();
    for line in text.split(';') {
        let (name, rest) = line.trim().split_once(':').unwrap();
        let (kind, needs) = rest
            .split_once('<')
            .map_or((rest.trim(), None), |(k, n)| (k.trim(), Some(n.trim())));
        let after: Vec<Edge> = needs
            .iter()
            .map(|needs| Edge {
                step: StepId::new(&address("ou", needs), "create"),
                rule: Rule::ParentFirst,
            })
            .collect();
        steps.push(step(name, kind, after));
    }
    approved(steps)
}

/// Returns the plan of these steps, approved.
pub(crate) fn approved(steps: Vec<Step>) -> ApprovedPlan {
    let plan = Plan {
        format: FORMAT,
        zone: "acme".to_owned(),
        organization: None,
        management_account: "111122223333".parse().unwrap(),
        steps,
        notes: Vec::new(),
        impact: Vec::new(),
        unmanaged: Unmanaged::default(),
        tests_passed: 0,
        estimate_seconds: 0,
        basis: Basis::default(),
    };
    approve(check(plan).unwrap(), Consent::Steps).unwrap()
}

fn address(kind: &str, name: &str) -> Address {
    match kind {
        "ou" => Address::Ou(OuAddress::top(Name::new(name))),
        "account" => Address::Account(Name::new(name)),
        _ => Address::Policy(Name::new(name)),
    }
}

fn step(name: &str, kind: &str, after: Vec<Edge>) -> Step {
    let tags = tags()
        .into_iter()
        .map(|(key, value)| (key, Text::literal(value)))
        .collect();
    let (lane, verb, action) = match kind {
        "ou" => {
            let id = after.first().map_or_else(
                || Known::Now(ParentId::try_from("r-ab12".to_owned()).unwrap()),
                |edge| Known::After(edge.step.clone()),
            );
            let parent = Ref {
                name: "parent".to_owned(),
                id,
            };
            (
                Lane::Organization,
                "create",
                Action::CreateOu {
                    name: name.to_owned(),
                    parent,
                    tags,
                },
            )
        }
        "account" => {
            let action = Action::CreateAccount {
                name: name.to_owned(),
                email: format!("aws+{name}@example.com").parse().unwrap(),
                role_name: None,
                iam_user_access_to_billing: None,
                tags,
            };
            (Lane::AccountCreation, "create", action)
        }
        _ => {
            let action = Action::AttachPolicy {
                policy: Ref {
                    name: name.to_owned(),
                    id: Known::Now("p-00000001".parse().unwrap()),
                },
                policy_type: PolicyType::Scp,
                target: Ref {
                    name: "Root".to_owned(),
                    id: Known::Now("r-ab12".to_owned().try_into().unwrap()),
                },
                accounts: 1,
            };
            (Lane::Organization, "attach root", action)
        }
    };
    let address = address(kind, name);
    Step {
        id: StepId::new(&address, verb),
        address,
        action,
        reason: Reason::Missing {},
        lane,
        after,
        reversible: true,
        origin: None,
    }
}

/// Control Tower has a play of its own.
impl ControlTower for Stage<'_> {
    async fn control_tower(&self, _: &TowerScope) -> Result<LiveTower, ProviderError> {
        Err(error(Kind::Bug))
    }

    async fn tower_operation(
        &self,
        _: &Region,
        _: TowerKind,
        _: &str,
    ) -> Result<TowerProgress, ProviderError> {
        Err(error(Kind::Bug))
    }

    async fn zone_operation(&self, _: &Region) -> Result<Option<String>, ProviderError> {
        Err(error(Kind::Bug))
    }
}
