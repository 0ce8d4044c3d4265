//! The way of every call to AWS: its token, its turn, the request, and another try.

use crate::classify::{Failure, classify, nonsense};
use crate::fields;
use crate::operation::{Effect, Operation};
use crate::pace::{Pacer, Place};
use crate::patience::Backoff;
use crate::site::Sites;
use crate::stats::Stats;
use aws_sdk_organizations::config::http::HttpResponse;
use aws_sdk_organizations::error::{ProvideErrorMetadata, SdkError};
use lz_model::limits::ASSIGNMENTS_IN_FLIGHT;
use lz_model::live::Caller;
use lz_provider::{Kind, ProviderError};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep};

/// The clients of the services that lz speaks to.
#[derive(Debug)]
pub(crate) struct Clients {
    pub(crate) organizations: aws_sdk_organizations::Client,
    pub(crate) account: aws_sdk_account::Client,
    pub(crate) tagging: aws_sdk_resourcegroupstagging::Client,
    pub(crate) sts: aws_sdk_sts::Client,
    /// The regional services, where and as whom they are needed.
    pub(crate) sites: Sites,
}

/// The clients with everything that their calls share.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) clients: Clients,
    pacer: Pacer,
    backoff: Backoff,
    /// Held while a change of the organization is under way: AWS refuses two at a time.
    writing: tokio::sync::Mutex<()>,
    /// Assignments of Identity Center that are under way.
    assigning: Semaphore,
    counts: Mutex<Counts>,
    caller: OnceCell<Caller>,
}

#[derive(Debug, Default)]
struct Counts {
    calls: BTreeMap<&'static str, u64>,
    total: u64,
    throttled: u64,
    waited: Duration,
}

impl Counts {
    fn sent(&mut self, operation: Operation) {
        *self.calls.entry(operation.key()).or_default() += 1;
        self.total += 1;
    }
}

impl Connection {
    /// Returns a connection with full buckets. `seed` decides the waiting times between tries, `slack` is
    /// how much longer one request may travel than another.
    pub(crate) fn new(clients: Clients, seed: u64, slack: Duration) -> Self {
        Self {
            clients,
            pacer: Pacer::new(slack),
            backoff: Backoff::new(seed),
            writing: tokio::sync::Mutex::new(()),
            assigning: Semaphore::new(ASSIGNMENTS_IN_FLIGHT),
            counts: Mutex::default(),
            caller: OnceCell::new(),
        }
    }

    /// Sends a request until AWS has answered or its class says that it is enough.
    ///
    /// # Errors
    /// The class of the last answer.
    pub(crate) async fn send<T, E, F>(
        &self,
        operation: Operation,
        request: impl Fn() -> F,
    ) -> Result<T, ProviderError>
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        self.send_at(Place::HOME, operation, request).await
    }

    /// Does what [`Self::send`] does, by the buckets of a place.
    ///
    /// # Errors
    /// The class of the last answer.
    pub(crate) fn send_at<T, E, F>(
        &self,
        place: Place,
        operation: Operation,
        request: impl Fn() -> F,
    ) -> impl Future<Output = Result<T, ProviderError>>
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        // Hundreds of calls end here: boxed, they do not swell everything that awaits them.
        Box::pin(async move {
            let mut first: Option<Instant> = None;
            let mut retry = 0;
            loop {
                let waited = self.pacer.take(place, operation).await;
                self.counts().waited += waited;
                let sent = *first.get_or_insert_with(Instant::now);
                let failure = match self.send_once(operation, &request).await {
                    Ok(answer) => {
                        self.pacer.borne(place, operation);
                        return Ok(answer);
                    }
                    Err(error) => classify(operation, error),
                };
                self.note(place, operation, &failure);
                match self.backoff.next(failure.patience, retry, sent.elapsed()) {
                    Some(wait) => {
                        self.counts().waited += wait;
                        sleep(wait).await;
                    }
                    None => return Err(failure.error),
                }
                retry += 1;
            }
        })
    }

    async fn send_once<T, E, F>(
        &self,
        operation: Operation,
        request: impl Fn() -> F,
    ) -> Result<T, SdkError<E, HttpResponse>>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let _turn = match operation.effect() {
            Effect::WritesOrganization => Some(self.writing.lock().await),
            Effect::Reads | Effect::WritesAccount | Effect::WritesOnce => None,
        };
        self.counts().sent(operation);
        // The SDK's futures are large.
        Box::pin(request()).await
    }

    fn note(&self, place: Place, operation: Operation, failure: &Failure) {
        if failure.error.kind == Kind::Throttled {
            self.counts().throttled += 1;
            self.pacer.drain(place, operation);
        }
    }

    /// Returns every page of a list, one after the other. `split` takes an answer apart into its objects
    /// and the token of the next page. A page may be empty and yet have a next one (aws-facts section 1.1).
    ///
    /// # Errors
    /// The class of the first page that fails; [`Kind::Bug`] where a token comes a second time, since
    /// following it would never end and stopping would lose objects.
    pub(crate) async fn list<O, T, E, F>(
        &self,
        operation: Operation,
        request: impl Fn(Option<String>) -> F,
        split: impl Fn(O) -> (Option<Vec<T>>, Option<String>),
    ) -> Result<Vec<T>, ProviderError>
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
    {
        self.list_at(Place::HOME, operation, request, split).await
    }

    /// Does what [`Self::list`] does, by the buckets of a place.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub(crate) async fn list_at<O, T, E, F>(
        &self,
        place: Place,
        operation: Operation,
        request: impl Fn(Option<String>) -> F,
        split: impl Fn(O) -> (Option<Vec<T>>, Option<String>),
    ) -> Result<Vec<T>, ProviderError>
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
    {
        let mut objects = Vec::new();
        let mut tokens = BTreeSet::new();
        let mut token: Option<String> = None;
        loop {
            let answer = self.send_at(place, operation, || request(token.clone())).await?;
            let (page, next) = split(answer);
            objects.extend(page.unwrap_or_default());
            let Some(next) = next.filter(|next| !next.is_empty()) else {
                return Ok(objects);
            };
            if !tokens.insert(next.clone()) {
                return Err(nonsense(operation, "the token of the next page came twice"));
            }
            token = Some(next);
        }
    }

    /// Returns who calls; asked once.
    ///
    /// # Errors
    /// Whatever keeps STS from answering.
    pub(crate) async fn caller(&self) -> Result<&Caller, ProviderError> {
        self.caller
            .get_or_try_init(|| async {
                let operation = Operation::GetCallerIdentity;
                let answer = self
                    .send(operation, || self.clients.sts.get_caller_identity().send())
                    .await?;
                Ok(Caller {
                    account: fields::id(operation, "Account", answer.account)?,
                    arn: fields::required(operation, "Arn", answer.arn)?,
                })
            })
            .await
    }

    /// Waits until AWS bears one more assignment of Identity Center, and holds its place.
    pub(crate) async fn assignment(&self) -> Option<SemaphorePermit<'_>> {
        self.assigning.acquire().await.ok()
    }

    /// Returns the number of requests sent so far.
    pub(crate) fn calls(&self) -> u64 {
        self.counts().total
    }

    /// Returns what the connection has cost so far.
    pub(crate) fn stats(&self) -> Stats {
        let counts = self.counts();
        Stats {
            calls: counts
                .calls
                .iter()
                .map(|(key, count)| ((*key).to_owned(), *count))
                .collect(),
            throttled: counts.throttled,
            waited_seconds: counts.waited.as_secs_f64(),
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
