//! The lock in S3: an object that is written only where there is none.

use super::holder::{Holder, held};
use crate::consent::World;
use crate::engine;
use crate::exit::Exit;
use crate::problem::{Failure, Level, Problem};
use crate::session::Session;
use lz_model::desired::ObjectPlace;
use lz_provider::{Condition, Kind, Objects, ProviderError, Written};
use std::cell::Cell;
use std::time::Duration;

/// How often a lock that somebody holds is tried again.
const STEP: Duration = Duration::from_secs(5);
/// How often a long run looks whether its lock is still its own.
const LOOK: Duration = Duration::from_secs(60);

/// A lock that this run holds.
#[derive(Debug)]
pub(crate) struct RemoteLock {
    place: ObjectPlace,
    holder: Holder,
    etag: String,
    lost: Cell<bool>,
    unlock: String,
}

impl RemoteLock {
    /// Takes the lock, within `patience`. `unlock` is the command that looks at it from where this run works.
    ///
    /// # Errors
    /// Somebody else holds it, or AWS refused.
    pub(super) fn take(
        session: &Session<'_>,
        place: &ObjectPlace,
        holder: Holder,
        patience: Duration,
        unlock: String,
    ) -> Result<Self, Failure> {
        session.unless_interrupted(async {
            match take(session, place, &holder, patience).await {
                Ok(etag) => Ok(Self {
                    place: place.clone(),
                    holder,
                    etag,
                    lost: Cell::new(false),
                    unlock,
                }),
                Err(why) => Err(why.into_failure(place, session.now(), &unlock)),
            }
        })
    }

    /// Returns whether the lock was lost on the way.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.get()
    }

    /// Looks whether the lock is still this run's; one that cannot be looked at is.
    pub(crate) async fn is_held(&self, objects: &impl Objects) -> bool {
        if let Ok(found) = objects.object(&self.place).await {
            let ours = found.is_some_and(|found| found.etag == self.etag);
            self.lost.set(self.lost.get() || !ours);
        }
        !self.lost.get()
    }

    /// Ends when the lock is lost.
    pub(crate) async fn lost(&self, objects: &impl Objects) {
        while self.is_held(objects).await {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Gives the lock back. Returns what somebody should know about it.
    pub(super) fn release(&self, session: &Session<'_>) -> Option<Problem> {
        let objects = session.provider();
        let gone = session.block_on(async {
            let condition = Condition::Version(self.etag.clone());
            objects.delete_object(&self.place, &condition).await
        });
        match gone {
            Ok(Written::Done(_)) if !self.lost.get() => None,
            Ok(Written::Done(_) | Written::Unmet) => Some(self.was_lost()),
            Err(error) => Some(self.stays(&error)),
        }
    }

    /// Returns the problem that somebody took the lock away while the run went on.
    pub(crate) fn was_lost(&self) -> Problem {
        let message = format!(
            "the lock {} ({}) was taken away while this run held it: another run may have changed the organization \
             at the same time",
            self.place, self.holder.id
        );
        warning("lz::cli::lock_lost", message)
            .help("find out who ran `lz unlock`, then run `lz plan` and look at what is left")
    }

    fn stays(&self, error: &ProviderError) -> Problem {
        let message = format!("the lock {} could not be given back: {error}", self.place);
        warning("lz::cli::lock_stays", message).help(format!(
            "nobody can apply before it is gone: {} --force {}",
            self.unlock, self.holder.id
        ))
    }
}

fn warning(code: &str, message: String) -> Problem {
    Problem {
        level: Level::Warning,
        ..Problem::new(code, message)
    }
}

/// Why a lock was not taken.
enum Refused {
    Held(Box<Holder>),
    Aws(ProviderError),
}

impl Refused {
    fn into_failure(self, place: &ObjectPlace, now: f64, unlock: &str) -> Failure {
        match self {
            Self::Held(holder) => {
                let help = format!(
                    "wait for it with `--lock-timeout 10m`; if that run has ended without giving it back: \
                     {unlock} --force {}",
                    holder.id
                );
                held(&place.to_string(), &holder, now, help)
            }
            Self::Aws(error) => unusable(place, error),
        }
    }
}

/// Returns the failure that a place in S3 cannot be used.
fn unusable(place: &ObjectPlace, error: ProviderError) -> Failure {
    let help = match (error.kind, error.code.as_str()) {
        (Kind::NotFound, "NoSuchBucket") => Some(format!(
            "make the bucket `{}` in {} first, closed to the public and with versions",
            place.bucket, place.region
        )),
        (Kind::Denied, _) => {
            Some("the role needs the rights that `lz explain --iam apply` prints".to_owned())
        }
        _ => None,
    };
    let mut failure = engine::refused(error);
    if let (Some(help), Some(problem)) = (help, failure.problems.first_mut()) {
        problem.help = Some(help);
    }
    failure
}

/// Returns the version of the lock that this run holds from now on.
async fn take(
    session: &Session<'_>,
    place: &ObjectPlace,
    holder: &Holder,
    patience: Duration,
) -> Result<String, Refused> {
    let objects = session.provider();
    let text = holder.to_text();
    let deadline = tokio::time::Instant::now() + patience;
    let mut made = false;
    loop {
        let etag = match objects.put_object(place, &text, &Condition::Absent).await {
            Ok(Written::Done(Some(etag))) => Some(etag),
            // Taken, or taken by our own first try whose answer was lost.
            Ok(Written::Done(None) | Written::Unmet) => None,
            // The embedded twin has no buckets of its own; AWS's are somebody's to make.
            Err(error) if error.code == "NoSuchBucket" && !made && session.world() == World::Twin => {
                objects.make_bucket(place).await.map_err(Refused::Aws)?;
                made = true;
                continue;
            }
            Err(error) => return Err(Refused::Aws(error)),
        };
        let found = match etag {
            Some(etag) => Some((etag, holder.clone())),
            None => {
                let found = objects.object(place).await.map_err(Refused::Aws)?;
                found.map(|found| (found.etag, Holder::parse(&found.text)))
            }
        };
        match found {
            Some((etag, found)) if found.id == holder.id => return Ok(etag),
            Some((_, found)) if tokio::time::Instant::now() >= deadline => {
                return Err(Refused::Held(Box::new(found)));
            }
            Some(_) => tokio::time::sleep(STEP.min(deadline - tokio::time::Instant::now())).await,
            // Given back meanwhile.
            None => {}
        }
    }
}

/// Returns who holds a lock, with its version; `None` if nobody does.
///
/// # Errors
/// AWS refused, or the user stopped it.
pub(crate) fn look(session: &Session<'_>, place: &ObjectPlace) -> Result<Option<(Holder, String)>, Failure> {
    session.unless_interrupted(async {
        match session.provider().object(place).await {
            Ok(found) => Ok(found.map(|found| (Holder::parse(&found.text), found.etag))),
            Err(error) => Err(unusable(place, error)),
        }
    })
}

/// Takes a lock away from whoever holds it, if it is still the one that was looked at.
///
/// # Errors
/// It is another one by now, or AWS refused.
pub(crate) fn break_lock(session: &Session<'_>, place: &ObjectPlace, etag: &str) -> Result<(), Failure> {
    let condition = Condition::Version(etag.to_owned());
    let gone = session.unless_interrupted(async {
        let deleted = session.provider().delete_object(place, &condition).await;
        deleted.map_err(|error| unusable(place, error))
    })?;
    session.save()?;
    match gone {
        Written::Done(_) => Ok(()),
        Written::Unmet => {
            let message = format!("the lock {place} has changed hands meanwhile; nothing was unlocked");
            let problem = Problem::new("lz::cli::lock_changed", message);
            Err(Failure::of(Exit::Error, problem.help("look again: `lz unlock`")))
        }
    }
}
