//! Where an account or an OU stands, as data for every view.

use crate::answer::NodeKind;
use crate::tested::Tested;
use lz_model::address::Address;
use lz_model::desired::Origin;
use lz_plan::standing;
use serde::Serialize;

/// Where an account or an OU stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Standing {
    /// Its address.
    pub(crate) address: Address,
    /// Where it is declared.
    pub(crate) origin: Option<Origin>,
    /// What this rests on.
    pub(crate) basis: Basis,
    /// The levels, from the root down to the account or OU.
    pub(crate) levels: Vec<Level>,
    /// Whether control policies bind it; they never bind the management account.
    pub(crate) bound: bool,
    /// How many accounts lie below; 1 for an account.
    pub(crate) accounts: usize,
    /// What is denied, shortest first; `None` where the policies are too complex to say.
    pub(crate) denied: Option<Vec<Denied>>,
    /// What is allowed at most, in words, shortest first; `None` where every level allows everything.
    pub(crate) allowed: Option<Vec<String>>,
    /// Control policies on the path that cannot be read, by name: they count as if they were not there.
    pub(crate) unread: Vec<String>,
    /// Services that the account administers for the organization.
    pub(crate) administers: Vec<String>,
    /// The tests that speak of it, and how they come out.
    pub(crate) tests: Tested,
}

/// Something that a policy denies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Denied {
    /// What, in words.
    pub(crate) what: String,
    /// The policy's name in AWS.
    pub(crate) policy: String,
    /// The level that it is attached to; the first, if there are several.
    pub(crate) level: String,
}

/// What an explanation rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Basis {
    /// The spec alone.
    Spec,
    /// The organization, which is what the spec says.
    Organization,
    /// The organization, once the plan is applied.
    Plan,
    /// The organization as it is, since the plan is refused.
    OrganizationAsItIs,
}

/// The root, an OU or the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Level {
    /// What it is.
    pub(crate) kind: NodeKind,
    /// What people call it.
    pub(crate) title: String,
    /// The address that declares it, if the spec does.
    pub(crate) address: Option<Address>,
    /// Its id, once AWS has assigned one.
    pub(crate) id: Option<String>,
    /// The policies attached to it.
    pub(crate) policies: Vec<OnLevel>,
    /// How much room is left, for each policy type that is on.
    pub(crate) room: Vec<Room>,
}

/// A policy on a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct OnLevel {
    /// Its name in AWS.
    pub(crate) name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) policy_type: String,
    /// The address that declares it, if the spec does.
    pub(crate) address: Option<Address>,
    /// Where it is declared.
    pub(crate) origin: Option<Origin>,
    /// Characters of its document; `None` if it was not read.
    pub(crate) characters: Option<usize>,
    /// Whether it is AWS's own.
    pub(crate) aws_managed: bool,
}

/// The room that one target has for policies of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Room {
    /// The type.
    #[serde(rename = "type")]
    pub(crate) policy_type: String,
    /// Policies attached, AWS's own included.
    pub(crate) attached: usize,
    /// The most that AWS takes.
    pub(crate) most: usize,
    /// Characters that are free: in the policies there that are not AWS's, and in those that could still come.
    pub(crate) characters_left: usize,
}

impl Standing {
    /// Returns an explanation as data.
    pub(crate) fn of(
        zone: &str,
        address: &Address,
        origin: Option<&Origin>,
        basis: Basis,
        found: standing::Standing,
    ) -> Self {
        Self {
            address: address.clone(),
            origin: origin.cloned(),
            basis,
            levels: found.levels.into_iter().map(level).collect(),
            bound: found.bound,
            accounts: found.accounts,
            denied: found
                .denied
                .map(|denied| denied.into_iter().map(self::denied).collect()),
            allowed: found.allowed,
            unread: found.unread,
            administers: found.administers,
            tests: Tested::of(zone, &found.tests),
        }
    }
}

fn denied(denied: standing::Denied) -> Denied {
    Denied {
        what: denied.what,
        policy: denied.policy,
        level: denied.level,
    }
}

fn level(level: standing::Level) -> Level {
    let policies = level.policies.into_iter().map(|policy| OnLevel {
        name: policy.name,
        policy_type: policy.policy_type.to_string(),
        address: policy.address,
        origin: policy.origin,
        characters: policy.characters,
        aws_managed: policy.aws_managed,
    });
    let room = level.room.into_iter().map(|room| Room {
        policy_type: room.policy_type.to_string(),
        attached: room.attached,
        most: room.most,
        characters_left: room.characters_left,
    });
    Level {
        kind: match level.kind {
            lz_plan::future::NodeKind::Root => NodeKind::Root,
            lz_plan::future::NodeKind::Ou => NodeKind::Ou,
            lz_plan::future::NodeKind::Account => NodeKind::Account,
        },
        title: level.title,
        address: level.address,
        id: level.id,
        policies: policies.collect(),
        room: room.collect(),
    }
}
