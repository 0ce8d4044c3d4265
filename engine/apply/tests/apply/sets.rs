//! Operations of stack sets, on a set whose every operation a test decides.

use lz_apply::{Gates, Report, Stop, apply};
use lz_model::address::{Address, Name};
use lz_model::event::{Event, Observer, Silent};
use lz_model::id::{AccountId, ParentId, Region};
use lz_model::live::{InstanceStatus, Live, LiveOperation, LiveStackInstance, LiveTower};
use lz_model::plan::{
    AccountFilter, Action, Basis, Edge, FORMAT, Known, Lane, Plan, PlannedSet, Reach, Reason, Ref,
    StackSetWork, StackTargets, Step, StepId, TowerKind, Unmanaged, Work,
};
use lz_model::rule::Rule;
use lz_model::stack::{Amount, Gate, Pace};
use lz_plan::approve::{ApprovedPlan, Consent, approve};
use lz_plan::check::check;
use lz_provider::{
    Call, ControlTower, Created, InstanceDrift, InstanceOutcome, InstanceResult, Kind, Natural,
    OperationState, OperationStatus, Provider, ProviderError, Scope, SetHandle, SetTargets, SetWork,
    StackSets, TowerProgress, TowerScope,
};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

const ACCOUNTS: u64 = 4;
const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];
/// Seconds that each operation takes.
const TAKES: f64 = 100.0;

fn account(number: u64) -> AccountId {
    format!("{number:012}").parse().unwrap()
}

fn region(name: &str) -> Region {
    name.parse().unwrap()
}

/// An operation as the set knows it.
struct Running {
    began: tokio::time::Instant,
    results: Vec<InstanceResult>,
    status: OperationStatus,
    stopped: bool,
}

/// A stack set in AWS.
#[derive(Default)]
struct Set {
    operations: RefCell<BTreeMap<String, Running>>,
    started: RefCell<Vec<Call>>,
    /// Stacks that fail in the first, second, ... operation: account and Region.
    failing: RefCell<Vec<Vec<(u64, &'static str)>>>,
    /// Whether the status is FAILED when anything fails.
    strict: Cell<bool>,
    /// How many starts are refused because another operation runs.
    conflicts: Cell<usize>,
    /// Whether the reply of the first start is lost.
    loses_reply: Cell<bool>,
    /// Seconds until somebody else's operation ends.
    busy_until: Cell<f64>,
    alarm: Cell<Option<bool>>,
    born: RefCell<Option<tokio::time::Instant>>,
}

fn error(kind: Kind, code: &str) -> ProviderError {
    ProviderError {
        kind,
        operation: "cloudformation:Test".to_owned(),
        code: code.to_owned(),
        message: "as the test says".to_owned(),
        request_id: None,
        source: None,
    }
}

impl Set {
    fn now(&self) -> f64 {
        let mut born = self.born.borrow_mut();
        born.get_or_insert_with(tokio::time::Instant::now)
            .elapsed()
            .as_secs_f64()
    }

    fn start(&self, call: &Call) -> Result<Option<Created>, ProviderError> {
        self.now();
        self.started.borrow_mut().push(call.clone());
        if self.conflicts.get() > 0 {
            self.conflicts.set(self.conflicts.get() - 1);
            return Err(error(Kind::Conflict, "OperationInProgressException"));
        }
        let Call::StackSetOperation(operation) = call else {
            panic!("{call:?} is not in this play")
        };
        let id = operation.token.clone();
        if !self.operations.borrow().contains_key(&id) {
            let failing = {
                let mut failing = self.failing.borrow_mut();
                if failing.is_empty() {
                    Vec::new()
                } else {
                    failing.remove(0)
                }
            };
            let results: Vec<InstanceResult> = reached(&operation.targets)
                .into_iter()
                .flat_map(|account| {
                    operation
                        .regions
                        .iter()
                        .map(move |region| (account.clone(), region.clone()))
                })
                .map(|(account, region)| {
                    let fails = failing
                        .iter()
                        .any(|(number, name)| self::account(*number) == account && region.as_str() == *name);
                    InstanceResult {
                        outcome: if fails {
                            InstanceOutcome::Failed
                        } else {
                            InstanceOutcome::Succeeded
                        },
                        reason: fails.then(|| "role is missing".to_owned()),
                        account,
                        region,
                    }
                })
                .collect();
            let failed = results
                .iter()
                .any(|result| result.outcome == InstanceOutcome::Failed);
            let running = Running {
                began: tokio::time::Instant::now(),
                status: if failed && self.strict.get() {
                    OperationStatus::Failed
                } else {
                    OperationStatus::Succeeded
                },
                results,
                stopped: false,
            };
            self.operations.borrow_mut().insert(id.clone(), running);
        }
        if self.loses_reply.replace(false) {
            return Err(error(Kind::OutcomeUnknown, "lost"));
        }
        Ok(Some(Created {
            id,
            arn: None,
            tags: BTreeMap::new(),
        }))
    }

    fn operations(&self) -> usize {
        self.operations.borrow().len()
    }
}

fn reached(targets: &SetTargets) -> Vec<AccountId> {
    use lz_provider::SetFilter;
    match targets {
        SetTargets::Named(accounts)
        | SetTargets::Ous {
            filter: SetFilter::Only(accounts),
            ..
        } => accounts.clone(),
        SetTargets::Ous { .. } => (1..=ACCOUNTS).map(account).collect(),
    }
}

impl StackSets for Set {
    async fn operation(&self, _: &SetHandle, id: &str) -> Result<OperationState, ProviderError> {
        let operations = self.operations.borrow();
        let running = operations.get(id).unwrap();
        let over = running.stopped || running.began.elapsed().as_secs_f64() >= TAKES;
        let count = |results: &[InstanceResult]| {
            results
                .iter()
                .filter(|result| result.outcome == InstanceOutcome::Failed)
                .count()
        };
        Ok(OperationState {
            status: match (running.stopped, over) {
                (true, _) => OperationStatus::Stopped,
                (false, true) => running.status,
                (false, false) => OperationStatus::Running,
            },
            reason: None,
            failed: if over { count(&running.results) } else { 0 },
        })
    }

    async fn results(&self, _: &SetHandle, id: &str) -> Result<Vec<InstanceResult>, ProviderError> {
        let operations = self.operations.borrow();
        let running = operations.get(id).unwrap();
        let over = running.began.elapsed().as_secs_f64() >= TAKES;
        let mut results = running.results.clone();
        for result in results.iter_mut().filter(|_| !over) {
            result.outcome = if running.stopped {
                InstanceOutcome::Cancelled
            } else {
                InstanceOutcome::Running
            };
        }
        Ok(results)
    }

    async fn stop(&self, _: &SetHandle, id: &str) -> Result<(), ProviderError> {
        self.operations.borrow_mut().get_mut(id).unwrap().stopped = true;
        Ok(())
    }

    async fn running(&self, _: &SetHandle) -> Result<Vec<LiveOperation>, ProviderError> {
        let busy = self.now() < self.busy_until.get();
        Ok(busy
            .then(|| LiveOperation {
                id: "somebody-elses".to_owned(),
                action: "UPDATE".to_owned(),
            })
            .into_iter()
            .collect())
    }

    async fn instances(
        &self,
        _: &SetHandle,
        account: Option<&AccountId>,
    ) -> Result<Vec<LiveStackInstance>, ProviderError> {
        // Automatic deployment ends with the operation that makes the set busy.
        let arrived = self.now() >= self.busy_until.get();
        let there = REGIONS.iter().map(|name| LiveStackInstance {
            account: account.unwrap().clone(),
            region: region(name),
            ou: None,
            status: InstanceStatus::Current,
            reason: None,
            overrides: None,
        });
        Ok(if arrived { there.collect() } else { Vec::new() })
    }

    async fn drift(&self, _: &SetHandle, _: &str) -> Result<Vec<InstanceDrift>, ProviderError> {
        Err(error(Kind::Bug, "drift"))
    }

    async fn alarm(&self, _: &Region, _: &str) -> Result<Option<bool>, ProviderError> {
        Ok(self.alarm.get())
    }
}

impl Provider for Set {
    async fn read(&self, _: &Scope, _: &dyn Observer) -> Result<Live, ProviderError> {
        Err(error(Kind::Bug, "read"))
    }

    async fn perform(&self, call: &Call) -> Result<Option<Created>, ProviderError> {
        self.start(call)
    }

    async fn find(&self, _: &Natural) -> Result<Option<Created>, ProviderError> {
        Ok(None)
    }

    fn width(&self, _: Lane) -> usize {
        8
    }
}

/// Answers each question with the same word.
struct Says(bool);

impl Gates for Says {
    async fn command(&self, _: &[String]) -> Result<bool, String> {
        Ok(self.0)
    }

    async fn approval(&self, _: &str) -> Result<bool, String> {
        Ok(self.0)
    }
}

#[derive(Default)]
struct Ear(RefCell<Vec<Event>>);

impl Observer for Ear {
    fn on(&self, event: Event) {
        self.0.borrow_mut().push(event);
    }
}

struct Outcome {
    report: Report,
    events: Vec<Event>,
    seconds: f64,
}

fn run(plan: &ApprovedPlan, set: &Set) -> Outcome {
    run_with(plan, set, &Says(true), &Stop::default())
}

fn run_with(plan: &ApprovedPlan, set: &Set, gates: &Says, stop: &Stop) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let ear = Ear::default();
    let (report, seconds) = runtime.block_on(async {
        let start = tokio::time::Instant::now();
        let report = apply(plan, set, gates, &ear, stop).await;
        (report, start.elapsed().as_secs_f64())
    });
    Outcome {
        report,
        events: ear.0.take(),
        seconds,
    }
}

fn planned() -> PlannedSet {
    PlannedSet {
        name: "detection".to_owned(),
        region: region("eu-west-1"),
        administrator: None,
    }
}

fn whole_ou() -> Reach {
    Reach {
        targets: StackTargets::Ous {
            ous: vec![Ref {
                name: "Workloads".to_owned(),
                id: Known::Now(ParentId::try_from("ou-ab12-12345678".to_owned()).unwrap()),
            }],
            filter: AccountFilter::All {},
        },
        regions: REGIONS.map(region).to_vec(),
        accounts: 4,
        instances: 8,
    }
}

fn operate(wave: &str, tolerance: u32, retries: u32) -> StackSetWork {
    StackSetWork::Operate {
        set: planned(),
        wave: Some(wave.to_owned()),
        operation: Work::Update { definition: None },
        reach: whole_ou(),
        pace: Pace {
            max_concurrent: Amount::Percent(100),
            failure_tolerance: Amount::Count(tolerance),
            ..Pace::default()
        },
        retries,
    }
}

fn gate(bake_seconds: u64, gate: Option<Gate>) -> StackSetWork {
    StackSetWork::PassGate {
        set: planned(),
        wave: "canary".to_owned(),
        bake_seconds,
        gate,
    }
}

/// A plan in which each step waits for the one before it.
fn plan(works: Vec<(&str, StackSetWork)>) -> ApprovedPlan {
    let address = Address::StackSet(Name::new("detection"));
    let mut steps: Vec<Step> = Vec::new();
    for (verb, work) in works {
        let after = steps.last().map(|step| Edge {
            step: step.id.clone(),
            rule: Rule::WaveInTurn,
        });
        steps.push(Step {
            id: StepId::new(&address, verb),
            address: address.clone(),
            action: Action::StackSet(work),
            reason: Reason::Differs {},
            lane: Lane::Stacks,
            after: after.into_iter().collect(),
            reversible: true,
            origin: None,
        });
    }
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
        base: None,
    };
    approve(check(plan).unwrap(), Consent::Steps).unwrap()
}

fn tokens(set: &Set) -> Vec<String> {
    let started = set.started.borrow();
    let token = |call: &Call| match call {
        Call::StackSetOperation(operation) => operation.token.clone(),
        other => panic!("{other:?}"),
    };
    started.iter().map(token).collect()
}

#[test]
fn an_operation_is_followed_to_its_end_and_its_progress_told() {
    let set = Set::default();
    let outcome = run(&plan(vec![("update", operate("all", 0, 0))]), &set);
    assert!(outcome.report.is_complete());
    assert!(
        (TAKES..TAKES + 31.0).contains(&outcome.seconds),
        "{}",
        outcome.seconds
    );
    let last = outcome.events.iter().rev().find_map(|event| match event {
        Event::OperationProgress {
            done, failed, total, ..
        } => Some((*done, *failed, *total)),
        _ => None,
    });
    assert_eq!(last, Some((8, 0, 8)));
}

#[test]
fn failures_within_the_tolerance_are_told_and_stop_nothing() {
    let set = Set::default();
    set.failing.borrow_mut().push(vec![(2, "eu-west-1")]);
    let outcome = run(&plan(vec![("update", operate("all", 1, 0))]), &set);
    assert!(outcome.report.is_complete());
    let (_, details) = &outcome.report.tolerated[0];
    assert_eq!(details, &["000000000002 eu-west-1: role is missing"]);
    assert!(outcome.events.iter().any(|event| matches!(
        event,
        Event::InstanceFailed { account, .. } if account == "000000000002"
    )));
}

#[test]
fn success_with_more_failures_than_tolerated_is_a_failure_with_every_reason() {
    let set = Set::default();
    let failing = vec![(1, "eu-west-1"), (2, "eu-west-1")];
    set.failing.borrow_mut().push(failing);
    let works = vec![
        ("canary", operate("canary", 1, 0)),
        ("rest", operate("rest", 1, 0)),
    ];
    let outcome = run(&plan(works), &set);
    let (_, failure) = &outcome.report.failed[0];
    assert_eq!((failure.kind, failure.details.len()), (Kind::Incomplete, 2));
    assert_eq!(
        outcome.report.not_started.len(),
        1,
        "the next wave does not begin"
    );
    assert_eq!(set.operations(), 1);
}

#[test]
fn only_what_failed_is_tried_again() {
    let set = Set::default();
    set.strict.set(true);
    set.failing
        .borrow_mut()
        .push(vec![(1, "eu-west-1"), (3, "eu-west-1")]);
    let outcome = run(&plan(vec![("update", operate("all", 0, 1))]), &set);
    assert!(outcome.report.is_complete(), "{:?}", outcome.report);
    assert!(outcome.report.tolerated.is_empty());
    let started = set.started.borrow();
    let [_, Call::StackSetOperation(again)] = started.as_slice() else {
        panic!("{started:?}")
    };
    assert_eq!(reached(&again.targets), [account(1), account(3)]);
    assert_eq!(again.regions, [region("eu-west-1")]);
    assert!(matches!(again.work, SetWork::Update { definition: None }));
}

#[test]
fn what_fails_twice_is_reported_once() {
    let set = Set::default();
    set.strict.set(true);
    let failing = vec![(1, "eu-west-1")];
    set.failing.borrow_mut().extend([failing.clone(), failing]);
    let outcome = run(&plan(vec![("update", operate("all", 0, 1))]), &set);
    let (_, failure) = &outcome.report.failed[0];
    assert_eq!(
        failure.details.to_vec(),
        ["000000000001 eu-west-1: role is missing"]
    );
}

#[test]
fn a_lost_reply_starts_nothing_twice() {
    let set = Set::default();
    set.loses_reply.set(true);
    let outcome = run(&plan(vec![("update", operate("all", 0, 0))]), &set);
    assert!(outcome.report.is_complete());
    assert_eq!(set.operations(), 1);
    let tokens: BTreeSet<String> = tokens(&set).into_iter().collect();
    assert_eq!(tokens.len(), 1, "the request is sent again under the same id");
}

#[test]
fn another_run_from_the_same_state_asks_for_the_same_operation() {
    let (first, second) = (Set::default(), Set::default());
    let plan = plan(vec![("a", operate("a", 0, 0)), ("b", operate("b", 0, 0))]);
    run(&plan, &first);
    run(&plan, &second);
    assert_eq!(tokens(&first), tokens(&second));
    assert_ne!(tokens(&first)[0], tokens(&first)[1]);
}

#[test]
fn a_busy_set_is_awaited() {
    let set = Set::default();
    set.conflicts.set(2);
    set.busy_until.set(200.0);
    let outcome = run(&plan(vec![("update", operate("all", 0, 0))]), &set);
    assert!(outcome.report.is_complete(), "{:?}", outcome.report);
    assert!(outcome.seconds > 300.0, "{}", outcome.seconds);
    assert_eq!(set.operations(), 1);
}

#[test]
fn a_stopped_run_stops_the_operation_and_begins_no_other() {
    let set = Set::default();
    let works = vec![
        ("canary", operate("canary", 0, 2)),
        ("rest", operate("rest", 0, 0)),
    ];
    let stop = Stop::default();
    let plan = plan(works);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let report = runtime.block_on(async {
        let asked = async {
            tokio::time::sleep(std::time::Duration::from_secs(20)).await;
            stop.request();
        };
        let (report, ()) = tokio::join!(apply(&plan, &set, &Says(true), &Silent, &stop), asked);
        report
    });
    assert_eq!(set.operations(), 1, "nothing is tried again");
    let (_, failure) = &report.failed[0];
    assert_eq!(failure.code, "stopped");
    assert_eq!(failure.details.len(), 8);
    assert_eq!(report.not_started.len(), 1);
}

#[test]
fn a_wave_bakes_before_the_next_begins() {
    let set = Set::default();
    let works = vec![
        ("canary", operate("canary", 0, 0)),
        ("gate", gate(1_800, None)),
        ("rest", operate("rest", 0, 0)),
    ];
    let outcome = run(&plan(works), &set);
    assert!(outcome.report.is_complete());
    assert!(outcome.seconds >= 2.0 * TAKES + 1_800.0, "{}", outcome.seconds);
    assert!(
        outcome
            .events
            .iter()
            .any(|event| matches!(event, Event::Baking { seconds: 1_800, .. }))
    );
}

#[test]
fn a_shut_gate_keeps_the_next_wave_from_beginning() {
    let command = Gate::Command {
        command: vec!["./healthy".to_owned()],
    };
    let approval = Gate::Approval {
        question: "Go on?".to_owned(),
    };
    let alarm = Gate::Alarm {
        name: "errors".to_owned(),
        region: region("eu-west-1"),
    };
    for (closed, says, alarm_state) in [
        (command, false, None),
        (approval, false, None),
        (alarm.clone(), true, Some(true)),
        (alarm.clone(), true, None),
    ] {
        let set = Set::default();
        set.alarm.set(alarm_state);
        let works = vec![("gate", gate(0, Some(closed))), ("rest", operate("rest", 0, 0))];
        let outcome = run_with(&plan(works), &set, &Says(says), &Stop::default());
        assert_eq!(outcome.report.failed.len(), 1);
        assert_eq!(outcome.report.failed[0].1.code, "gate_shut");
        assert_eq!(set.operations(), 0);
    }
    let set = Set::default();
    set.alarm.set(Some(false));
    let works = vec![("gate", gate(0, Some(alarm))), ("rest", operate("rest", 0, 0))];
    assert!(run(&plan(works), &set).report.is_complete());
}

#[test]
fn automatic_deployment_is_awaited() {
    let set = Set::default();
    set.busy_until.set(400.0);
    let work = StackSetWork::Await {
        set: planned(),
        gains: vec![Ref {
            name: "Shop".to_owned(),
            id: Known::Now(account(7)),
        }],
        loses: Vec::new(),
        regions: REGIONS.map(region).to_vec(),
    };
    let outcome = run(&plan(vec![("await", work)]), &set);
    assert!(outcome.report.is_complete());
    assert!((400.0..431.0).contains(&outcome.seconds), "{}", outcome.seconds);
}

#[test]
fn automatic_deployment_that_never_comes_is_a_failure_that_names_the_stacks() {
    let set = Set::default();
    let work = StackSetWork::Await {
        set: planned(),
        gains: Vec::new(),
        loses: vec![Ref {
            name: "Shop".to_owned(),
            id: Known::Now(account(7)),
        }],
        regions: REGIONS.map(region).to_vec(),
    };
    let outcome = run(&plan(vec![("await", work)]), &set);
    let (_, failure) = &outcome.report.failed[0];
    assert_eq!(failure.code, "not_arrived");
    assert_eq!(failure.details[0], "000000000007 us-east-1: still there");
}

/// Control Tower has a play of its own.
impl ControlTower for Set {
    async fn control_tower(&self, _: &TowerScope) -> Result<LiveTower, ProviderError> {
        Err(error(Kind::Bug, ""))
    }

    async fn tower_operation(
        &self,
        _: &Region,
        _: TowerKind,
        _: &str,
    ) -> Result<TowerProgress, ProviderError> {
        Err(error(Kind::Bug, ""))
    }

    async fn zone_operation(&self, _: &Region) -> Result<Option<String>, ProviderError> {
        Err(error(Kind::Bug, ""))
    }
}
