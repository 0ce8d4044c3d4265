//! Accounts that Control Tower enrols by itself (rule R35).

use super::operate::{Waits, whole};
use crate::lower::Enrol;
use crate::report::Failure;
use crate::stacks::Follower;
use lz_model::event::Event;
use lz_model::live::{BaselineTarget, Enablement};
use lz_provider::{Kind, Provider, TowerScope};

/// Seconds after which an enrolment is given up: "a few minutes, up to several hours" (aws-facts section 4.5).
const PATIENCE_SECONDS: f64 = 12.0 * 3_600.0;

/// Waits until an account has its OU's baseline. AWS works on it whether somebody waits or not, so a run that is
/// stopped leaves it.
pub(crate) async fn enrol<P: Provider>(
    follower: Follower<'_, P>,
    task: &Enrol,
) -> Result<Vec<String>, Failure> {
    let scope = TowerScope::plain(task.region.clone());
    let target = BaselineTarget::Account(task.account.clone());
    let mut waits = Waits::default();
    loop {
        let tower = follower.provider.control_tower(&scope).await?;
        let mut own = tower.baselines.iter().filter(|one| one.target == target);
        let status = own.find_map(|one| one.baseline?.registers().then_some(one.status));
        match status {
            Some(Enablement::Succeeded) => return Ok(Vec::new()),
            Some(Enablement::Failed) => return Err(failure(task, Kind::Incomplete, "could not be enrolled")),
            Some(Enablement::UnderChange) | None => {}
        }
        if waits.elapsed >= PATIENCE_SECONDS || follower.stop.is_draining() {
            return Err(failure(task, Kind::OutcomeUnknown, "is still being enrolled"));
        }
        waits.wait().await;
        follower.observer.on(Event::OperationRunning {
            step: follower.step.clone(),
            operation: format!("enrolment of {}", task.account),
            seconds: whole(waits.elapsed),
        });
    }
}

fn failure(task: &Enrol, kind: Kind, what: &str) -> Failure {
    Failure {
        kind,
        operation: "controltower:ListEnabledBaselines".to_owned(),
        code: "enrolment".to_owned(),
        message: format!("account {} {what}; see the Control Tower console", task.account),
        request_id: None,
        details: Box::default(),
    }
}
