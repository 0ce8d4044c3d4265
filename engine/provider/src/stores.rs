//! What a run keeps and tells beside the organization: objects in S3, messages to topics.

use crate::error::ProviderError;
use lz_model::desired::ObjectPlace;
use lz_model::id::Region;
use lz_model::live::Caller;
use std::future::Future;

/// An object as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its text.
    pub text: String,
    /// The version of its text, as AWS writes it.
    pub etag: String,
}

/// What must be so for an object to be written or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    Always,
    /// There is no object of that key.
    Absent,
    /// The object has this version.
    Version(String),
}

/// What became of a write with a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It is done; the object's version, if it is still there.
    Done(Option<String>),
    /// The condition does not hold: nothing was done.
    Unmet,
}

/// Keeps objects in S3.
pub trait Objects {
    /// Returns an object; `None` if there is none of that key.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering; a bucket that is not there is [`crate::Kind::NotFound`].
    fn object(&self, place: &ObjectPlace) -> impl Future<Output = Result<Option<Object>, ProviderError>>;

    /// Writes an object if a condition holds.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering. A write whose answer was lost is sent again; with [`Condition::Absent`] it can
    /// meet its own first try then, so compare what is there.
    fn put_object(
        &self,
        place: &ObjectPlace,
        text: &str,
        condition: &Condition,
    ) -> impl Future<Output = Result<Written, ProviderError>>;

    /// Deletes an object if a condition holds. One that is not there is deleted.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn delete_object(
        &self,
        place: &ObjectPlace,
        condition: &Condition,
    ) -> impl Future<Output = Result<Written, ProviderError>>;

    /// Returns the names that follow a place's key and a slash, up to the next slash, in their order.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn names_below(&self, place: &ObjectPlace) -> impl Future<Output = Result<Vec<String>, ProviderError>>;

    /// Makes a bucket that is missing.
    ///
    /// # Errors
    /// Whatever keeps AWS from making it.
    fn make_bucket(&self, place: &ObjectPlace) -> impl Future<Output = Result<(), ProviderError>>;
}

/// Tells topics.
pub trait Topics {
    /// Publishes a message.
    ///
    /// # Errors
    /// Whatever keeps AWS from taking it.
    fn publish(
        &self,
        topic: &str,
        region: &Region,
        subject: &str,
        message: &str,
    ) -> impl Future<Output = Result<(), ProviderError>>;
}

/// Says as whom a run works.
pub trait Callers {
    /// Returns the caller; asked once.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn caller(&self) -> impl Future<Output = Result<Caller, ProviderError>>;
}
