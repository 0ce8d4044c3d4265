//! Between two waves: the bake time, then the gate.

use super::follow::Follower;
use crate::gates::Gates;
use crate::report::Failure;
use lz_model::event::Event;
use lz_model::stack::Gate;
use lz_provider::{Kind, Provider};
use std::time::Duration;

/// Waits, then asks. A gate that stays shut fails the step, so the next wave does not begin.
pub(crate) async fn pass<P: Provider>(
    follower: Follower<'_, P>,
    gates: &impl Gates,
    bake_seconds: u64,
    gate: Option<&Gate>,
) -> Result<Vec<String>, Failure> {
    if bake_seconds > 0 {
        follower.observer.on(Event::Baking {
            step: follower.step.clone(),
            seconds: bake_seconds,
        });
        tokio::select! {
            biased;
            () = follower.stop.draining() => return Err(shut("stopped", "stopped at your request while waiting")),
            () = tokio::time::sleep(Duration::from_secs(bake_seconds)) => {}
        }
    }
    let Some(gate) = gate else { return Ok(Vec::new()) };
    follower.observer.on(Event::AskingGate {
        step: follower.step.clone(),
        gate: words(gate),
    });
    match gate {
        Gate::Command { command } => answer(gates.command(command).await, "the command did not succeed"),
        Gate::Approval { question } => answer(gates.approval(question).await, "the answer was no"),
        Gate::Alarm { name, region } => match follower.provider.alarm(region, name).await? {
            Some(false) => Ok(Vec::new()),
            Some(true) => Err(shut(
                "gate_shut",
                &format!("the alarm `{name}` is in the state ALARM"),
            )),
            None => Err(shut(
                "gate_shut",
                &format!("there is no alarm `{name}` in {region}"),
            )),
        },
    }
}

fn answer(answer: Result<bool, String>, no: &str) -> Result<Vec<String>, Failure> {
    match answer {
        Ok(true) => Ok(Vec::new()),
        Ok(false) => Err(shut("gate_shut", no)),
        Err(why) => Err(shut("gate_shut", &why)),
    }
}

fn words(gate: &Gate) -> String {
    match gate {
        Gate::Command { command } => command.join(" "),
        Gate::Approval { question } => question.clone(),
        Gate::Alarm { name, region } => format!("alarm {name} in {region}"),
    }
}

fn shut(code: &str, why: &str) -> Failure {
    Failure {
        kind: Kind::Incomplete,
        operation: "lz".to_owned(),
        code: code.to_owned(),
        message: format!("{why}; the next wave does not begin"),
        request_id: None,
        details: Box::default(),
    }
}
