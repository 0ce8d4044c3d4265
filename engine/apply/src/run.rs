//! The loop over the graph: start what is free, collect what ends, isolate what fails.

use crate::gates::Gates;
use crate::identity;
use crate::lower::{Results, Task, lower};
use crate::perform::perform;
use crate::report::{Failure, Report};
use crate::schedule::Schedule;
use crate::stacks::{self, Follower};
use crate::stop::Stop;
use crate::token::token;
use crate::tower;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use lz_model::event::{Event, Observer};
use lz_model::id::Arn;
use lz_model::plan::{Action, IdentityWork, Plan, StackSetWork, StackWork, Step, StepId};
use lz_plan::approve::ApprovedPlan;
use lz_provider::{Call, Created, Kind, Provider};

/// Carries out a plan and returns what became of each step. A failed step stops only what depends on it. `gates`
/// answers what must hold between two waves.
///
/// Dropping the future abandons the run; the next plan sees what took effect.
pub async fn apply<P: Provider>(
    plan: &ApprovedPlan,
    provider: &P,
    gates: &impl Gates,
    observer: &dyn Observer,
    stop: &Stop,
) -> Report {
    let tokens = Tokens::of(plan.plan());
    let steps = &plan.plan().steps;
    observer.on(Event::ApplyStarted { steps: steps.len() });
    let mut run = Run {
        schedule: Schedule::new(steps),
        results: Results::default(),
        report: Report::default(),
        observer,
        told_to_stop: false,
    };
    let mut working = FuturesUnordered::new();
    loop {
        if !stop.is_draining() {
            for step in run.schedule.start(|lane| provider.width(lane)) {
                observer.on(Event::StepStarted {
                    step: step.id.clone(),
                });
                let task = lower(step, &run.results, tokens.of_step(&step.id));
                let follower = Follower {
                    provider,
                    step: &step.id,
                    observer,
                    stop,
                };
                working.push(async move {
                    let outcome = match task {
                        Ok(task) => carry_out(follower, gates, step, task).await,
                        Err(error) => Err(bug(&error)),
                    };
                    (step, outcome)
                });
            }
        }
        tokio::select! {
            biased;
            () = stop.leaving() => break,
            ended = working.next() => match ended {
                Some((step, outcome)) => run.ended(step, outcome),
                None => break,
            },
            () = stop.draining(), if !run.told_to_stop => {
                run.told_to_stop = true;
                observer.on(Event::Stopping {});
            }
        }
    }
    drop(working);
    run.finish()
}

struct Run<'a> {
    schedule: Schedule<'a>,
    results: Results,
    report: Report,
    observer: &'a dyn Observer,
    told_to_stop: bool,
}

impl Run<'_> {
    fn ended(&mut self, step: &Step, outcome: Result<Done, Failure>) {
        match outcome {
            Ok(Done { created, tolerated }) => {
                if !tolerated.is_empty() {
                    self.report.tolerated.push((step.id.clone(), tolerated));
                }
                self.observer.on(Event::StepFinished {
                    step: step.id.clone(),
                    created: created.as_ref().map(|created| created.id.clone()),
                });
                if let Some(created) = created {
                    self.results.add(step.id.clone(), step.address.clone(), created);
                }
                self.schedule.done(&step.id);
                self.report.done.push(step.id.clone());
            }
            Err(failure) => self.failed(step, failure),
        }
    }

    fn failed(&mut self, step: &Step, failure: Failure) {
        self.observer.on(Event::StepFailed {
            step: step.id.clone(),
            error: failure.to_string(),
        });
        if failure.kind == Kind::OutcomeUnknown {
            self.report.unknown.push(step.id.clone());
        } else {
            self.report.failed.push((step.id.clone(), failure));
        }
        for (skipped, needs) in self.schedule.failed(&step.id) {
            self.observer.on(Event::StepSkipped {
                step: skipped.clone(),
                needs: needs.clone(),
            });
            self.report.not_started.push((skipped, Some(needs)));
        }
    }

    fn finish(mut self) -> Report {
        self.report.unknown.extend(self.schedule.running().cloned());
        self.report
            .not_started
            .extend(self.schedule.waiting().map(|step| (step.clone(), None)));
        self.observer.on(Event::ApplyFinished {
            done: self.report.done.len(),
            failed: self.report.failed.len(),
            not_started: self.report.not_started.len(),
            unknown: self.report.unknown.len(),
        });
        self.report
    }
}

/// What a step brought.
#[derive(Debug, Default)]
struct Done {
    created: Option<Created>,
    /// Stacks that failed within the tolerance.
    tolerated: Vec<String>,
}

async fn carry_out<P: Provider>(
    follower: Follower<'_, P>,
    gates: &impl Gates,
    step: &Step,
    task: Task,
) -> Result<Done, Failure> {
    let tolerated = match task {
        Task::Calls(calls) => return carry_out_calls(follower, step, &calls).await,
        Task::Operate(task) => stacks::operate(follower, &task).await?,
        Task::Configure(set, call) => stacks::configure(follower, &set, &call).await?,
        Task::PassGate(seconds, gate) => stacks::pass(follower, gates, seconds, gate.as_ref()).await?,
        Task::Await(task) => stacks::arrive(follower, &task).await?,
        Task::Tower(call) => tower::operate(follower, &call).await?,
        Task::Enrol(task) => tower::enrol(follower, &task).await?,
        Task::Identity(task) => {
            let created = identity::carry_out(follower, task).await?;
            return Ok(Done {
                created: verify(&step.action, created)?,
                tolerated: Vec::new(),
            });
        }
    };
    Ok(Done {
        created: None,
        tolerated,
    })
}

async fn carry_out_calls<P: Provider>(
    follower: Follower<'_, P>,
    step: &Step,
    calls: &[Call],
) -> Result<Done, Failure> {
    let mut created = None;
    for call in calls {
        created = perform(follower.provider, &step.id, call, follower.observer)
            .await?
            .or(created);
    }
    Ok(Done {
        created: verify(&step.action, created)?,
        tolerated: Vec::new(),
    })
}

/// Ids of requests: the same for the same step of the same plan from the same state of AWS, so a request whose
/// answer was lost, even by a run that crashed, is never carried out twice (aws-facts section 3.3).
struct Tokens(String);

impl Tokens {
    fn of(plan: &Plan) -> Self {
        // Plain data of ours serializes; if it ever did not, the token would still be one of this plan's zone.
        let basis = serde_json::to_string(&plan.basis).unwrap_or_default();
        Self(format!("{}\n{basis}", plan.zone))
    }

    fn of_step(&self, step: &StepId) -> String {
        token(&[&self.0, step.as_str()])
    }
}

/// What came back must be what the plan promised.
fn verify(action: &Action, created: Option<Created>) -> Result<Option<Created>, Failure> {
    let makes = matches!(
        action,
        Action::CreateOrganization {}
            | Action::CreateOu { .. }
            | Action::CreateAccount { .. }
            | Action::CreatePolicy { .. }
            | Action::StackSet(StackSetWork::Create { .. })
            | Action::Stack(StackWork::Create { .. })
            | Action::Identity(IdentityWork::CreateSet { .. })
    );
    let is_arn = |created: &Created| created.arn.as_ref().is_none_or(|arn| arn.parse::<Arn>().is_ok());
    match created {
        None if makes => Err(bug(&"AWS named no id for what it created")),
        Some(created) if !is_arn(&created) => Err(bug(&format!("AWS named `{:?}` as an ARN", created.arn))),
        other => Ok(other),
    }
}

fn bug(error: &dyn std::fmt::Display) -> Failure {
    Failure {
        kind: Kind::Bug,
        operation: "lz".to_owned(),
        code: "bug".to_owned(),
        message: error.to_string(),
        request_id: None,
        details: Box::default(),
    }
}
