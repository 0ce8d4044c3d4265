//! Drift detection: asks AWS to compare every stack of a set with its template, and waits for the answer.

use super::follow::{Follower, follow};
use super::operate::start;
use crate::report::Failure;
use crate::stop::Stop;
use crate::token::token;
use lz_model::event::{Event, Observer};
use lz_model::live::LiveStackSet;
use lz_model::plan::StepId;
use lz_model::stack::{Pace, StackSetKey};
use lz_provider::{
    Call, InstanceDrift, Kind, OperationStatus, Provider, SetHandle, SetOperation, SetTargets, SetWork,
};

/// What drift detection found in one stack set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetDrift {
    /// The set.
    pub set: StackSetKey,
    /// Stacks that were compared.
    pub stacks: usize,
    /// Stacks that differ, resource by resource.
    pub drifted: Vec<InstanceDrift>,
    /// Stacks that could not be compared: `111122223333 eu-west-1: reason`.
    pub unknown: Vec<String>,
}

/// Starts drift detection on each of the sets at once, waits, and returns what differs, in the order given.
///
/// # Errors
/// The first set for which AWS refuses; nothing was changed.
pub async fn detect_drift<P: Provider>(
    provider: &P,
    sets: &[(&StackSetKey, &LiveStackSet)],
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Vec<SetDrift>, Failure> {
    observer.on(Event::DetectingDrift {
        names: sets.iter().map(|(key, _)| key.name.clone()).collect(),
    });
    let all = sets.iter().map(|(key, set)| async move {
        let step = StepId::named(&format!("stack set {}", key.name));
        let follower = Follower {
            provider,
            step: &step,
            observer,
            stop,
        };
        detect(follower, key, set).await
    });
    let found: Vec<SetDrift> = futures_util::future::join_all(all)
        .await
        .into_iter()
        .collect::<Result<_, _>>()?;
    observer.on(Event::DriftDetected {
        stacks: found.iter().map(|set| set.drifted.len()).sum(),
    });
    Ok(found)
}

async fn detect<P: Provider>(
    follower: Follower<'_, P>,
    key: &StackSetKey,
    live: &LiveStackSet,
) -> Result<SetDrift, Failure> {
    let set = SetHandle::own(key.clone());
    let call = Call::StackSetOperation(Box::new(SetOperation {
        set: set.clone(),
        token: detection(key, live),
        work: SetWork::DetectDrift,
        targets: SetTargets::Named(Vec::new()),
        regions: Vec::new(),
        pace: Pace::WIDEST,
    }));
    let nothing = || SetDrift {
        set: key.clone(),
        stacks: live.instances.len(),
        drifted: Vec::new(),
        unknown: Vec::new(),
    };
    if live.instances.is_empty() {
        return Ok(nothing());
    }
    let Some(id) = start(follower, &set, &call).await? else {
        return Ok(nothing());
    };
    let ended = follow(follower, &set, &id, live.instances.len()).await?;
    if ended.stopped || ended.state.status == OperationStatus::Stopped {
        return Err(Failure {
            kind: Kind::Incomplete,
            operation: "cloudformation:DetectStackSetDrift".to_owned(),
            code: "stopped".to_owned(),
            message: format!("drift detection of `{}` was stopped", key.name),
            request_id: None,
            details: Box::default(),
        });
    }
    let unknown = super::outcome::details(&super::outcome::unfinished(&ended.results));
    Ok(SetDrift {
        drifted: follower.provider.drift(&set, &id).await?,
        unknown,
        ..nothing()
    })
}

/// A detection from one state of the set is one operation, however often its request is sent.
fn detection(key: &StackSetKey, live: &LiveStackSet) -> String {
    let last = live.last_operation.as_deref().unwrap_or_default();
    token(&["drift", key.region.as_str(), &key.name, last])
}
