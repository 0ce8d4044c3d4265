//! The policies on the way from the root to an account, ready to answer.

use super::actions::ActionIndex;
use super::compile::{Compiled, CompiledStatement};
use super::request::Request;
use super::verdict::{Exemption, LevelVerdict, Outcome, StatementRef, Verdict};
use crate::language::{Effect, Kind, Scope};
use std::sync::Arc;

/// The root, an OU or the account, with its policies.
#[derive(Debug, Clone)]
pub struct Level {
    /// What the level is called; means nothing.
    pub name: String,
    /// Its policies in the order of attachment.
    pub policies: Vec<Arc<Compiled>>,
}

/// What an account is to its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    /// Policies bind it.
    Ordinary,
    /// No control policy binds it (Organizations User Guide, "Service control policies (SCPs)").
    Management,
}

/// The levels of an account, from the root down.
///
/// Service control policies on one level unite and levels intersect; a Deny on any level wins
/// (Organizations User Guide, "SCP evaluation"). Resource control policies can only take away: the one that allows
/// everything is attached everywhere and can't be detached ("RCP syntax"), so it need not be listed. A path without
/// service control policies and with resource control policies is read as one where the former are not in use.
#[derive(Debug)]
pub struct Path {
    levels: Vec<Level>,
    member: Member,
    scps_in_use: bool,
    named: ActionIndex,
    /// Statements that name what they leave out, and what that is.
    excepting: Vec<u32>,
    excepted: ActionIndex,
    statements: Vec<Placed>,
}

/// A statement and its place in the path.
#[derive(Debug)]
struct Placed {
    policy: Arc<Compiled>,
    at: StatementRef,
}

impl Placed {
    fn statement(&self) -> Option<&CompiledStatement> {
        self.policy.statements.get(self.at.statement)
    }
}

impl Path {
    /// Puts the levels of an account together.
    #[must_use]
    pub fn new(levels: Vec<Level>, member: Member) -> Self {
        let kinds = |kind: Kind| {
            let mut policies = levels.iter().flat_map(|level| &level.policies);
            policies.any(|policy| policy.kind == kind)
        };
        let mut path = Self {
            scps_in_use: kinds(Kind::Scp) || !kinds(Kind::Rcp),
            levels: Vec::new(),
            member,
            named: ActionIndex::default(),
            excepting: Vec::new(),
            excepted: ActionIndex::default(),
            statements: Vec::new(),
        };
        for (index, level) in levels.iter().enumerate() {
            path.add(index, level);
        }
        path.levels = levels;
        path
    }

    fn add(&mut self, level: usize, added: &Level) {
        for (policy, compiled) in added.policies.iter().enumerate() {
            for (index, statement) in compiled.statements.iter().enumerate() {
                let Ok(number) = u32::try_from(self.statements.len()) else {
                    return;
                };
                let at = StatementRef {
                    level,
                    policy,
                    statement: index,
                    effect: statement.effect,
                };
                self.statements.push(Placed {
                    policy: Arc::clone(compiled),
                    at,
                });
                match &statement.actions {
                    Scope::Of(patterns) => patterns.iter().for_each(|p| self.named.add(p, number)),
                    Scope::Except(patterns) => {
                        self.excepting.push(number);
                        patterns.iter().for_each(|p| self.excepted.add(p, number));
                    }
                }
            }
        }
    }

    /// Returns the levels.
    #[must_use]
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// Returns the name of a statement, if it has one.
    #[must_use]
    pub fn sid(&self, at: StatementRef) -> Option<&str> {
        let policy = self.levels.get(at.level)?.policies.get(at.policy)?;
        policy.statements.get(at.statement)?.sid.as_deref()
    }

    /// Answers a request.
    #[must_use]
    pub fn evaluate(&self, request: &Request) -> Verdict {
        if let Some(exemption) = self.exemption(request) {
            let open = LevelVerdict {
                outcome: Outcome::Allow,
                by: None,
            };
            return Verdict {
                levels: vec![open; self.levels.len()],
                exemption: Some(exemption),
            };
        }
        let silent = LevelVerdict {
            outcome: if self.scps_in_use {
                Outcome::ImplicitDeny
            } else {
                Outcome::Allow
            },
            by: None,
        };
        let mut levels = vec![silent; self.levels.len()];
        let retire_grant = request.action() == "kms:retiregrant";
        let mut speak = |placed: &Placed, statement: &CompiledStatement| {
            let Some(level) = levels.get_mut(placed.at.level) else {
                return;
            };
            if !outranks(placed, level) {
                return;
            }
            // Resource control policies never bind kms:RetireGrant (Organizations User Guide,
            // "Resource control policies (RCPs)"), and what they allow is allowed anyway.
            let idle = placed.policy.kind == Kind::Rcp && (retire_grant || statement.effect == Effect::Allow);
            let counts = !idle || (statement.effect == Effect::Allow && !self.scps_in_use);
            if counts && statement.applies(request) {
                level.outcome = match statement.effect {
                    Effect::Allow => Outcome::Allow,
                    Effect::Deny => Outcome::ExplicitDeny,
                };
                level.by = Some(placed.at);
            }
        };
        self.named.visit(request.action(), |number| {
            if let Some((placed, statement)) = self.placed(number) {
                speak(placed, statement);
            }
        });
        let mut excepted = Vec::new();
        self.excepted
            .visit(request.action(), |number| excepted.push(number));
        excepted.sort_unstable();
        let speaking = self
            .excepting
            .iter()
            .filter(|number| excepted.binary_search(number).is_err());
        for (placed, statement) in speaking.filter_map(|number| self.placed(*number)) {
            speak(placed, statement);
        }
        Verdict {
            levels,
            exemption: None,
        }
    }

    fn placed(&self, number: u32) -> Option<(&Placed, &CompiledStatement)> {
        let placed = self.statements.get(usize::try_from(number).ok()?)?;
        Some((placed, placed.statement()?))
    }

    fn exemption(&self, request: &Request) -> Option<Exemption> {
        if self.member == Member::Management {
            Some(Exemption::ManagementAccount)
        } else if request.is_service_linked() {
            Some(Exemption::ServiceLinkedRole)
        } else {
            None
        }
    }
}

/// Returns whether a statement could still change what a level says: a Deny beats an Allow, and of two with the same
/// effect the first in order is named.
fn outranks(placed: &Placed, level: &LevelVerdict) -> bool {
    match (&level.by, placed.at.effect) {
        (None, _) => true,
        (Some(by), Effect::Deny) => by.effect == Effect::Allow || placed.at < *by,
        (Some(by), Effect::Allow) => by.effect == Effect::Allow && placed.at < *by,
    }
}
