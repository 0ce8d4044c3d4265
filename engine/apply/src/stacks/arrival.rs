//! Waits for what AWS does by itself when accounts come and go.

use super::follow::{Follower, Waits};
use crate::lower::Await;
use crate::report::Failure;
use lz_model::event::Event;
use lz_model::live::{InstanceStatus, LiveStackInstance};
use lz_provider::{Kind, Provider};

/// Seconds without any sign of AWS's own work after which lz gives up. Automatic deployment begins within
/// minutes; nothing is promised (aws-facts section 3.3).
const PATIENCE: f64 = 1_800.0;

/// Waits until AWS has deployed to the accounts that came and has left those that went.
pub(crate) async fn arrive<P: Provider>(
    follower: Follower<'_, P>,
    task: &Await,
) -> Result<Vec<String>, Failure> {
    let total = (task.gains.len() + task.loses.len()) * task.regions.len();
    let mut waits = Waits::default();
    let mut idle = 0.0;
    loop {
        let busy = !follower.provider.running(&task.set).await?.is_empty();
        let missing = missing(follower, task).await?;
        follower.observer.on(Event::OperationProgress {
            step: follower.step.clone(),
            done: total.saturating_sub(missing.len()),
            failed: 0,
            total,
        });
        if missing.is_empty() && !busy {
            return Ok(Vec::new());
        }
        if idle > PATIENCE || follower.stop.is_draining() {
            return Err(late(missing));
        }
        let waited = waits.wait().await;
        idle = if busy { 0.0 } else { idle + waited };
    }
}

/// Returns what is still to come or to go, one line for each stack.
async fn missing<P: Provider>(follower: Follower<'_, P>, task: &Await) -> Result<Vec<String>, Failure> {
    let mut missing = Vec::new();
    for account in &task.gains {
        let found = follower.provider.instances(&task.set, Some(account)).await?;
        let is_there = |instance: &LiveStackInstance| instance.status == InstanceStatus::Current;
        for region in &task.regions {
            match found.iter().find(|instance| instance.region == *region) {
                Some(instance) if is_there(instance) => {}
                Some(instance) => missing.push(format!(
                    "{account} {region}: {}",
                    instance.reason.as_deref().unwrap_or("not deployed yet")
                )),
                None => missing.push(format!("{account} {region}: not deployed yet")),
            }
        }
    }
    for account in &task.loses {
        let found = follower.provider.instances(&task.set, Some(account)).await?;
        let left = found.iter().filter(|left| task.regions.contains(&left.region));
        missing.extend(left.map(|left| format!("{account} {}: still there", left.region)));
    }
    Ok(missing)
}

fn late(missing: Vec<String>) -> Failure {
    Failure {
        kind: Kind::Incomplete,
        operation: "cloudformation".to_owned(),
        code: "not_arrived".to_owned(),
        message: format!(
            "AWS has not brought {} stacks where automatic deployment should",
            missing.len()
        ),
        request_id: None,
        details: missing.into(),
    }
}
