//! One operation of Control Tower: started once, and followed to its end.

use super::look::{Seen, look};
use crate::report::Failure;
use crate::stacks::Follower;
use lz_model::event::Event;
use lz_model::id::Region;
use lz_model::limits::next_tower_look;
use lz_model::live::LiveTower;
use lz_model::plan::TowerKind;
use lz_provider::{Call, Kind, Provider, ProviderError, TowerCall, TowerProgress, TowerRequest, TowerScope};
use std::time::Duration;

/// Looks at a request of which nobody knows what became of it, before it is given up.
const TRIES: usize = 6;
/// Seconds that a request waits for other people's operations: enrolments of a large OU take hours (aws-facts
/// section 4.5).
const PATIENCE_SECONDS: f64 = 6.0 * 3_600.0;

/// Waits that grow with the time that has passed.
#[derive(Debug, Default)]
pub(super) struct Waits {
    pub(super) elapsed: f64,
}

impl Waits {
    pub(super) async fn wait(&mut self) {
        let seconds = next_tower_look(self.elapsed);
        self.elapsed += seconds;
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    }
}

/// Carries a request out: starts its operation, or finds the one that does the same, and waits for its end.
pub(crate) async fn operate<P: Provider>(
    follower: Follower<'_, P>,
    call: &TowerCall,
) -> Result<Vec<String>, Failure> {
    let mut waits = Waits::default();
    let mut unsure = 0;
    loop {
        let error = match start(follower.provider, call).await {
            Ok(id) => {
                follow(follower, &call.region, call.request.kind(), &id).await?;
                return Ok(Vec::new());
            }
            Err(error) => error,
        };
        match error.kind {
            Kind::OutcomeUnknown | Kind::Unavailable | Kind::Throttled | Kind::NotFound => unsure += 1,
            Kind::Conflict | Kind::LimitReached | Kind::AlreadySo if waits.elapsed < PATIENCE_SECONDS => {}
            Kind::Conflict
            | Kind::LimitReached
            | Kind::AlreadySo
            | Kind::Denied
            | Kind::Invalid
            | Kind::Incomplete
            | Kind::Bug => return Err(error.into()),
        }
        match look(&call.request, &seen(follower.provider, call).await?) {
            Seen::Done => return Ok(Vec::new()),
            Seen::Running(id) => {
                await_running(follower, call, id).await?;
                // A request whose answer was lost has begun it. What somebody else began may be something else.
                let tower = seen(follower.provider, call).await?;
                if error.kind == Kind::OutcomeUnknown || look(&call.request, &tower) == Seen::Done {
                    return Ok(Vec::new());
                }
            }
            // AWS has no operation and refuses all the same: this is about something else.
            Seen::Free if error.kind == Kind::LimitReached && !is_control(&call.request) => {
                return Err(error.into());
            }
            Seen::Broken => return Err(error.into()),
            seen @ (Seen::Free | Seen::Busy) => {
                // A conflict with nothing may be one with what is not visible yet.
                unsure += usize::from(seen == Seen::Free && error.kind == Kind::Conflict);
                if unsure > TRIES || follower.stop.is_draining() {
                    return Err(error.into());
                }
                follower.observer.on(Event::StepRetrying {
                    step: follower.step.clone(),
                    because: "another operation of Control Tower runs".to_owned(),
                    wait_milliseconds: 0,
                });
                waits.wait().await;
            }
        }
    }
}

const fn is_control(request: &TowerRequest) -> bool {
    matches!(request.kind(), TowerKind::Control)
}

async fn start<P: Provider>(provider: &P, call: &TowerCall) -> Result<String, ProviderError> {
    let created = provider.perform(&Call::Tower(Box::new(call.clone()))).await?;
    created.map(|created| created.id).ok_or_else(|| ProviderError {
        kind: Kind::Bug,
        operation: "controltower".to_owned(),
        code: "unexpected answer".to_owned(),
        message: "AWS named no operation".to_owned(),
        request_id: None,
        source: None,
    })
}

/// Returns Control Tower as far as it concerns a request.
async fn seen<P: Provider>(provider: &P, call: &TowerCall) -> Result<LiveTower, Failure> {
    let scope = TowerScope::of_call(call);
    Ok(provider.control_tower(&scope).await?)
}

/// Waits for the end of an operation that does what was asked for.
async fn await_running<P: Provider>(
    follower: Follower<'_, P>,
    call: &TowerCall,
    id: Option<String>,
) -> Result<(), Failure> {
    let kind = call.request.kind();
    let id = match id {
        Some(id) => Some(id),
        None => follower.provider.zone_operation(&call.region).await?,
    };
    match id {
        Some(id) => follow(follower, &call.region, kind, &id).await,
        None => Ok(()),
    }
}

/// Follows an operation to its end. Ctrl-C starts nothing new and lets it end: Control Tower has no way to stop one.
pub(super) async fn follow<P: Provider>(
    follower: Follower<'_, P>,
    region: &Region,
    kind: TowerKind,
    id: &str,
) -> Result<(), Failure> {
    let mut waits = Waits::default();
    loop {
        waits.wait().await;
        match follower.provider.tower_operation(region, kind, id).await {
            Ok(TowerProgress::Succeeded) => return Ok(()),
            Ok(TowerProgress::Failed(message)) => return Err(failed(kind, id, message)),
            Ok(TowerProgress::Running) => follower.observer.on(Event::OperationRunning {
                step: follower.step.clone(),
                operation: id.to_owned(),
                seconds: whole(waits.elapsed),
            }),
            // The operation goes on without us; the next run finds it.
            Err(error) if is_passing(&error) && waits.elapsed < PATIENCE_SECONDS => {}
            Err(error) => return Err(lost(error)),
        }
    }
}

const fn is_passing(error: &ProviderError) -> bool {
    matches!(
        error.kind,
        Kind::Throttled | Kind::Unavailable | Kind::Conflict | Kind::OutcomeUnknown
    )
}

/// Whoever cannot look any more, with credentials that have ended, does not know what becomes of the operation.
fn lost(error: ProviderError) -> Failure {
    let message = format!(
        "{}; the operation goes on, and the next run finds it",
        error.message
    );
    Failure {
        kind: Kind::OutcomeUnknown,
        message,
        ..Failure::from(error)
    }
}

fn failed(kind: TowerKind, id: &str, message: String) -> Failure {
    let operation = match kind {
        TowerKind::Zone => "controltower:GetLandingZoneOperation",
        TowerKind::Baseline | TowerKind::Enrolment => "controltower:GetBaselineOperation",
        TowerKind::Control => "controltower:GetControlOperation",
    };
    Failure {
        kind: Kind::Incomplete,
        operation: operation.to_owned(),
        code: "FAILED".to_owned(),
        message,
        request_id: Some(id.to_owned()),
        details: Box::default(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "never negative, far below 2^53"
)]
pub(super) fn whole(seconds: f64) -> u64 {
    seconds as u64
}
