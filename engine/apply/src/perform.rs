//! Carries one call through errors: retry by class, look before doing anything twice.

use crate::report::Failure;
use lz_model::event::{Event, Observer};
use lz_model::plan::StepId;
use lz_provider::{Call, Created, IdentityChange, Kind, Natural, Provider, ProviderError, TagList};
use std::time::Duration;

/// Waits before the next try of a call that found something missing: AWS is eventually consistent
/// (aws-facts section 1.1; no bound is published).
const NOT_VISIBLE_YET: [u64; 5] = [1, 2, 4, 8, 16];
/// Waits before the next try where the outcome was unknown or AWS was not available.
const UNSURE: [u64; 4] = [1, 4, 15, 60];

/// Performs a call until it is done or cannot be. Returns what it created.
pub(crate) async fn perform<P: Provider>(
    provider: &P,
    step: &StepId,
    call: &Call,
    observer: &dyn Observer,
) -> Result<Option<Created>, Failure> {
    let mut tries = Tries::default();
    loop {
        let error = match provider.perform(call).await {
            Ok(created) => return Ok(created),
            Err(error) => error,
        };
        let wait = match verdict(&error, call, &mut tries) {
            Verdict::Done => return Ok(None),
            Verdict::Look => match look(provider, call, error).await? {
                Some(found) => return Ok(Some(found)),
                None => tries.unsure_wait().ok_or_else(|| lost(call))?,
            },
            Verdict::Again(wait) => wait,
            Verdict::Fail => return Err(error.into()),
        };
        observer.on(Event::StepRetrying {
            step: step.clone(),
            because: tries.last.map_or("", Kind::name).to_owned(),
            wait_milliseconds: wait.saturating_mul(1000),
        });
        tokio::time::sleep(Duration::from_secs(wait)).await;
    }
}

/// How often a call was tried, and why.
#[derive(Debug, Default)]
struct Tries {
    missing: usize,
    unsure: usize,
    last: Option<Kind>,
}

impl Tries {
    fn missing_wait(&mut self) -> Option<u64> {
        let wait = NOT_VISIBLE_YET.get(self.missing).copied();
        self.missing += 1;
        wait
    }

    fn unsure_wait(&mut self) -> Option<u64> {
        let wait = UNSURE.get(self.unsure).copied();
        self.unsure += 1;
        wait
    }
}

enum Verdict {
    Done,
    Look,
    Again(u64),
    Fail,
}

fn verdict(error: &ProviderError, call: &Call, tries: &mut Tries) -> Verdict {
    let was_unsure = tries.last == Some(Kind::OutcomeUnknown) || tries.unsure > 0;
    tries.last = Some(error.kind);
    let again = |wait: Option<u64>| wait.map_or(Verdict::Fail, Verdict::Again);
    match error.kind {
        // The set is busy with another operation; whoever starts this one waits for the end of that one.
        Kind::Conflict if operates(call) => Verdict::Fail,
        // The wanted state is there, whoever made it; what is created must turn out to be ours.
        Kind::AlreadySo if creates(call) => Verdict::Look,
        Kind::AlreadySo if renames(call) && !was_unsure => Verdict::Fail,
        Kind::AlreadySo => Verdict::Done,
        // What a deletion does not find is gone.
        Kind::NotFound if ends(call) => Verdict::Done,
        // A move whose reply was lost no longer finds the account in its old place.
        Kind::NotFound | Kind::Invalid if was_unsure && looks(call) => Verdict::Look,
        Kind::NotFound => again(tries.missing_wait()),
        Kind::OutcomeUnknown if looks(call) => Verdict::Look,
        Kind::OutcomeUnknown | Kind::Unavailable | Kind::Throttled | Kind::Conflict => {
            again(tries.unsure_wait())
        }
        Kind::Denied | Kind::LimitReached | Kind::Invalid | Kind::Incomplete | Kind::Bug => Verdict::Fail,
    }
}

fn creates(call: &Call) -> bool {
    matches!(
        call,
        Call::CreateOrganization
            | Call::CreateOu { .. }
            | Call::CreateAccount { .. }
            | Call::CreatePolicy { .. }
            | Call::CreateStackSet { .. }
            | Call::CreateStack(_)
    ) || matches!(change(call), Some(IdentityChange::CreateSet { .. }))
}

/// Returns what a call does to Identity Center, if anything.
fn change(call: &Call) -> Option<&IdentityChange> {
    if let Call::Identity(call) = call {
        Some(&call.change)
    } else {
        None
    }
}

/// Calls that AWS refuses because of another object's name, not because they have happened.
fn renames(call: &Call) -> bool {
    matches!(call, Call::RenameOu(..) | Call::UpdatePolicy { .. })
}

fn ends(call: &Call) -> bool {
    matches!(
        call,
        Call::DeleteOu(_)
            | Call::DeletePolicy(_)
            | Call::ReleaseAccount(_)
            | Call::DetachPolicy(..)
            | Call::DeleteStackSet(_)
            | Call::DeleteStack(..)
    ) || change(call).is_some_and(takes_away)
}

fn takes_away(change: &IdentityChange) -> bool {
    match change {
        IdentityChange::DeleteSet(_)
        | IdentityChange::DetachPolicy(..)
        | IdentityChange::Inline(_, None)
        | IdentityChange::Boundary(_, None)
        | IdentityChange::Untag(..)
        | IdentityChange::Unassign(_) => true,
        IdentityChange::CreateSet { .. }
        | IdentityChange::UpdateSet(..)
        | IdentityChange::AttachPolicy(..)
        | IdentityChange::Inline(_, Some(_))
        | IdentityChange::Boundary(_, Some(_))
        | IdentityChange::Tag(..)
        | IdentityChange::Provision(_)
        | IdentityChange::Assign(_) => false,
    }
}

/// Calls that a stack set takes one of at a time.
fn operates(call: &Call) -> bool {
    matches!(call, Call::StackSetOperation(_) | Call::ConfigureStackSet { .. })
}

/// Calls that must not simply be repeated when nobody knows whether they took effect.
fn looks(call: &Call) -> bool {
    creates(call) || matches!(call, Call::MoveAccount { .. })
}

/// Looks for what a call may have made. Returns it if it carries the tags that the call gave it.
async fn look<P: Provider>(
    provider: &P,
    call: &Call,
    error: ProviderError,
) -> Result<Option<Created>, Failure> {
    let Some(natural) = natural(call) else {
        return Err(error.into());
    };
    let Some(found) = provider.find(&natural).await.map_err(Failure::from)? else {
        return Ok(None);
    };
    if tags_of(call)
        .iter()
        .all(|(key, value)| found.tags.get(key) == Some(value))
    {
        return Ok(Some(found));
    }
    Err(Failure {
        kind: Kind::AlreadySo,
        operation: error.operation,
        code: error.code,
        message: format!("`{}` exists already and is not this landing zone's", found.id),
        request_id: error.request_id,
        details: Box::default(),
    })
}

fn natural(call: &Call) -> Option<Natural> {
    match call {
        Call::CreateOrganization => Some(Natural::Organization),
        Call::CreateOu { parent, name, .. } => Some(Natural::Ou(parent.clone(), name.clone())),
        Call::CreateAccount { email, name, .. } => Some(Natural::Account(email.clone(), name.clone())),
        Call::CreatePolicy {
            policy_type, name, ..
        } => Some(Natural::Policy(*policy_type, name.clone())),
        Call::MoveAccount { account, to, .. } => Some(Natural::Placement(account.clone(), to.clone())),
        Call::CreateStackSet { set, .. } => Some(Natural::StackSet(set.clone())),
        Call::CreateStack(stack) => Some(Natural::Stack(stack.region.clone(), stack.name.clone())),
        Call::EnableTrustedService(_)
        | Call::DisableTrustedService(_)
        | Call::EnablePolicyType(..)
        | Call::DisablePolicyType(..)
        | Call::RenameOu(..)
        | Call::DeleteOu(_)
        | Call::RenameAccount(..)
        | Call::CloseAccount(_)
        | Call::ReleaseAccount(_)
        | Call::UpdatePolicy { .. }
        | Call::DeletePolicy(_)
        | Call::AttachPolicy(..)
        | Call::DetachPolicy(..)
        | Call::Tag(..)
        | Call::Untag(..)
        | Call::RegisterAdmin(..)
        | Call::DeregisterAdmin(..)
        | Call::EnableAdmin { .. }
        | Call::DisableAdmin { .. }
        | Call::SwitchRootFeature(..)
        | Call::PutResourcePolicy(..)
        | Call::DeleteResourcePolicy
        | Call::ConfigureStackSet { .. }
        | Call::StackSetOperation(_)
        | Call::DeleteStackSet(_)
        | Call::UpdateStack(_)
        | Call::DeleteStack(..)
        | Call::MakeTowerRoles(..)
        | Call::Tower(_)
        | Call::Settings(_) => None,
        Call::Identity(call) => match &call.change {
            IdentityChange::CreateSet { name, .. } => {
                Some(Natural::PermissionSet(call.center.clone(), name.clone()))
            }
            IdentityChange::UpdateSet(..)
            | IdentityChange::DeleteSet(_)
            | IdentityChange::AttachPolicy(..)
            | IdentityChange::DetachPolicy(..)
            | IdentityChange::Inline(..)
            | IdentityChange::Boundary(..)
            | IdentityChange::Tag(..)
            | IdentityChange::Untag(..)
            | IdentityChange::Provision(_)
            | IdentityChange::Assign(_)
            | IdentityChange::Unassign(_) => None,
        },
    }
}

fn tags_of(call: &Call) -> TagList {
    if let Call::CreateOu { tags, .. } | Call::CreateAccount { tags, .. } | Call::CreatePolicy { tags, .. } =
        call
    {
        return tags.clone();
    }
    if let Call::CreateStackSet { definition, .. } = call {
        return definition.tags.clone();
    }
    if let Some(IdentityChange::CreateSet { tags, .. }) = change(call) {
        return tags.clone();
    }
    if let Call::CreateStack(stack) = call {
        return stack.tags.clone();
    }
    TagList::new()
}

fn lost(call: &Call) -> Failure {
    Failure {
        kind: Kind::OutcomeUnknown,
        operation: String::new(),
        code: "no answer".to_owned(),
        message: format!("AWS did not say whether this took effect: {call:?}"),
        request_id: None,
        details: Box::default(),
    }
}
