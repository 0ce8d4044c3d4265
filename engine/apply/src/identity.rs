//! Carries out what is more than one call after the other: a permission set with what it grants, and assignments
//! side by side.

use crate::lower::{Grants, IdentityTask, regrant};
use crate::perform::perform;
use crate::report::Failure;
use crate::stacks::Follower;
use futures_util::{StreamExt, stream};
use lz_model::id::Arn;
use lz_model::limits::ASSIGNMENTS_IN_FLIGHT;
use lz_provider::{Call, Created, Kind, Provider};

/// Carries out a step about Identity Center. Returns what it created.
pub(crate) async fn carry_out<P: Provider>(
    follower: Follower<'_, P>,
    task: IdentityTask,
) -> Result<Option<Created>, Failure> {
    match task {
        IdentityTask::Make {
            center,
            create,
            grants,
        } => {
            let created = one(follower, &create).await?;
            let arn = created
                .as_ref()
                .and_then(|created| created.id.parse::<Arn>().ok());
            // Without an ARN nothing was made, which whoever started this finds out.
            let Some(arn) = arn else { return Ok(created) };
            let calls = regrant(&center, &arn, &Grants::default(), &grants);
            in_order(follower, &calls).await?;
            Ok(created)
        }
        IdentityTask::InOrder(calls) => in_order(follower, &calls).await.map(|()| None),
        IdentityTask::Together(calls) => together(follower, &calls).await.map(|()| None),
    }
}

async fn one<P: Provider>(follower: Follower<'_, P>, call: &Call) -> Result<Option<Created>, Failure> {
    perform(follower.provider, follower.step, call, follower.observer).await
}

async fn in_order<P: Provider>(follower: Follower<'_, P>, calls: &[Call]) -> Result<(), Failure> {
    for call in calls {
        one(follower, call).await?;
    }
    Ok(())
}

/// Carries out calls side by side. One that fails keeps no other from being tried; the failure names each.
async fn together<P: Provider>(follower: Follower<'_, P>, calls: &[(String, Call)]) -> Result<(), Failure> {
    let mut failed: Vec<(String, Failure)> = stream::iter(calls)
        .map(|(name, call)| async move {
            let outcome = one(follower, call).await;
            outcome.err().map(|failure| (name.clone(), failure))
        })
        .buffer_unordered(ASSIGNMENTS_IN_FLIGHT)
        .filter_map(|failed| async { failed })
        .collect()
        .await;
    failed.sort_by(|a, b| a.0.cmp(&b.0));
    let details: Vec<String> = failed
        .iter()
        .map(|(name, failure)| format!("{name}: {failure}"))
        .collect();
    // Of several reasons the one that leaves most open decides how the step ended.
    let unknown = failed
        .iter()
        .position(|(_, failure)| failure.kind == Kind::OutcomeUnknown);
    if failed.is_empty() {
        return Ok(());
    }
    let (_, first) = failed.swap_remove(unknown.unwrap_or(0));
    Err(Failure {
        details: details.into_boxed_slice(),
        ..first
    })
}
