//! The port: what the engine asks of AWS, without any SDK type.
//!
//! [`Provider`] reads an organization and performs one [`Call`] at a time. `lz-aws` implements it.

mod both;
mod call;
mod error;
mod identity;
mod root_users;
mod scope;
mod stacks;
mod stores;
mod tower;

pub use call::{Call, Created, Natural, TagList};
pub use error::{Kind, ProviderError};
pub use identity::{
    AssignmentCall, IdentityCall, IdentityChange, IdentityScope, SetBasics, SetPolicy, SettingsCall,
    SettingsScope,
};
pub use lz_model::address::{ADDRESS_TAG, ZONE_TAG};
pub use root_users::{Member, RootCredentials, RootSummary, RootUsers};
pub use scope::{Declared, DeclaredKey, DeclaredObject, Scope, ServiceScope, StackScope, Texts};
pub use stacks::{
    Administrator, InstanceDrift, InstanceOutcome, InstanceResult, OperationState, OperationStatus,
    ResourceDrift, SetConduct, SetDefinition, SetFilter, SetHandle, SetOperation, SetPermissions, SetTargets,
    SetWork, StackCall, StackSets, TemplateText,
};
pub use stores::{Callers, Condition, Object, Objects, Topics, Written};
pub use tower::{ControlTower, TowerCall, TowerProgress, TowerRequest, TowerScope};

use lz_model::event::Observer;
use lz_model::live::Live;
use lz_model::plan::Lane;
use std::future::Future;

/// Reads and changes an organization. Calls pace themselves and retry what AWS has surely not done.
pub trait Provider: StackSets + ControlTower {
    /// Returns the caller and its organization as far as `scope` asks for.
    ///
    /// # Errors
    /// Whatever keeps a part of the scope from being read; a failed read is never an empty value.
    fn read(
        &self,
        scope: &Scope,
        observer: &dyn Observer,
    ) -> impl Future<Output = Result<Live, ProviderError>>;

    /// Carries out a call and waits until AWS has finished it. Returns what it created.
    ///
    /// # Errors
    /// [`Kind::OutcomeUnknown`] where the call may have taken effect: look with [`Provider::find`] first.
    fn perform(&self, call: &Call) -> impl Future<Output = Result<Option<Created>, ProviderError>>;

    /// Returns an object by its natural key, or `None` if AWS does not have it. An account that is being
    /// created under that name is awaited.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    fn find(&self, natural: &Natural) -> impl Future<Output = Result<Option<Created>, ProviderError>>;

    /// Returns how many steps of a lane may run at a time, at least 1.
    fn width(&self, lane: Lane) -> usize;
}
