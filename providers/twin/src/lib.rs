//! An AWS organization inside a process.
//!
//! The twin speaks the wire protocols of AWS Organizations, Account Management, the tagging API, STS and CloudFormation
//! with its StackSets, and of S3 and CloudWatch as far as these need them; of Control Tower, IAM Identity Center and its
//! identity store, IAM's roles and central root access, and of the calls by which services name their delegated
//! administrators. It keeps their limits and refuses what they refuse. It judges the engine, so it shares no code with
//! it.
//!
//! Begin with [`Twin`]: [`Twin::handle`] answers one call. Two doors lead there: [`connector`], in process, and
//! [`server`], over HTTP. [`Settings`] holds quotas, durations and whatever about AWS is unconfirmed; [`FaultScript`]
//! makes calls go wrong; [`Clock`] says what time it is; [`seed`] builds large organizations without calls.
//!
//! Inside, a folder per service holds its state, its wire format and its rules: each refusal is one small function
//! that names its source in the project's notes on AWS ("aws-facts"). `world` holds everything that exists, `wire`
//! what all services share on the wire, `neighbour` what the services around Organizations have in common, `machine`
//! what lies behind the twin's lock.

mod account;
mod administrators;
mod bucket;
mod clock;
mod cloudformation;
mod cloudwatch;
pub mod connector;
mod controlcatalog;
mod controltower;
mod fault;
mod iam;
mod identitystore;
mod machine;
mod neighbour;
mod organizations;
mod past;
mod reply;
mod s3;
pub mod seed;
pub mod server;
mod settings;
mod sns;
mod sso;
mod sts;
mod tagging;
mod twin;
mod usage;
mod wire;
mod world;

pub use clock::{AwsTime, Clock, ManualTime, NotAMoment, ScaledTime, VirtualTime};
pub use controlcatalog::regional_control_arn;
pub use fault::{ConnectionLost, Fault, FaultScript, FaultScriptError, Rule, When};
pub use settings::{
    AlreadyEnabled, ControlTowerSettings, IdentityCenterSettings, OperationFault, RoleCheck, RootUser,
};
pub use settings::{
    CreationOverLimit, DelegatesOnDisable, InvitationAnswer, NameScope, NotSeconds, Partition, PolicyLength,
    PolicyLimit, PolicyType, Rate, ResourceChange, SameOperationId, Seconds, Settings, SettingsError,
    StackAction, StackDrift, StackFault, WrongSource,
};
pub use twin::Twin;
pub use usage::Usage;
pub use world::StateError;
