//! Puts requests to the policies on a path.

use super::request::{account_of, principal, request};
use super::{Because, Deciding, is_shut};
use crate::future::{Attached, Future, Key, Node, NodeKind};
use lz_model::address::Address;
use lz_model::desired::{Desired, DesiredTarget, DesiredTest};
use lz_model::text::Text;
use lz_policy::evaluate::{Compiled, Decision, Exemption, Level, Member, Path, Verdict};
use lz_policy::language::{Kind, Policy};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Judges requests; equal paths are put together once.
pub(super) struct Judge<'a> {
    desired: &'a Desired,
    future: &'a Future,
    compiled: BTreeMap<&'a Key, Option<Arc<Compiled>>>,
    paths: BTreeMap<(Kind, Vec<Vec<&'a Key>>), Rc<Path>>,
}

/// The policies of one kind on the way to a node.
struct Way<'a> {
    path: Rc<Path>,
    /// What people call each level, with its policies in the order of the path.
    levels: Vec<(&'a Node, Vec<&'a Attached>)>,
}

impl<'a> Judge<'a> {
    pub(super) const fn new(desired: &'a Desired, future: &'a Future) -> Self {
        Self {
            desired,
            future,
            compiled: BTreeMap::new(),
            paths: BTreeMap::new(),
        }
    }

    pub(super) fn filled(&self, text: &Text) -> String {
        self.future.ids().filled(text)
    }

    /// Returns the accounts that targets mean. The management account is meant only where it is named, since no
    /// policy binds it; an OU without accounts stands for itself.
    pub(super) fn subjects(&self, targets: &BTreeSet<DesiredTarget>) -> Vec<&'a Node> {
        let mut subjects = Vec::new();
        for node in targets.iter().filter_map(|target| self.future.target(target)) {
            if node.kind == NodeKind::Account {
                subjects.push(node);
                continue;
            }
            let below = self.future.accounts_below(node);
            let below = below
                .into_iter()
                .filter(|account| !self.future.is_management(account));
            let before = subjects.len();
            subjects.extend(below);
            if subjects.len() == before {
                subjects.push(node);
            }
        }
        let mut seen = BTreeSet::new();
        subjects.retain(|node| seen.insert(&node.key));
        subjects
    }

    /// Returns the declared objects on the way to a node whose ids are made up.
    pub(super) fn made_up(&self, subject: &'a Node) -> impl Iterator<Item = &'a Address> {
        let path = self.future.path(subject);
        let addresses = path.into_iter().filter_map(|node| node.address.as_ref());
        addresses.filter(|address| self.future.ids().is_made_up(address))
    }

    pub(super) fn place(&self, subject: &Node) -> String {
        subject.address.as_ref().map_or_else(
            || format!("{} ({})", subject.title, subject.key),
            ToString::to_string,
        )
    }

    /// Asks one request. Service control policies bind the caller, resource control policies the account of the
    /// resource (Organizations User Guide, "Resource control policies (RCPs)").
    pub(super) fn ask(
        &mut self,
        test: &DesiredTest,
        subject: &'a Node,
        action: &str,
        resource: &str,
        unread: &mut BTreeSet<String>,
    ) -> (Option<Decision>, Because) {
        let caller = self.caller(test, subject);
        let request = match request(
            self.desired,
            test,
            self.future,
            (subject, caller),
            (action, resource),
        ) {
            Ok(request) => request,
            Err(error) => {
                let error = error.to_string();
                return (None, Because::Unasked { error });
            }
        };
        let mut open = Vec::new();
        let mut exempt = None;
        for (kind, node) in [(Kind::Scp, caller), (Kind::Rcp, Some(subject))] {
            let Some(node) = node.filter(|_| self.future.is_on(kind.policy_type())) else {
                continue;
            };
            if self.future.is_management(node) {
                exempt = Some(Exemption::ManagementAccount);
                continue;
            }
            let Some(way) = self.way(kind, node, unread) else {
                continue;
            };
            let verdict = way.path.evaluate(&request);
            if let Some(exemption) = verdict.exemption {
                exempt = Some(exemption);
                continue;
            }
            if verdict.decision() == Decision::Deny {
                return (Some(Decision::Deny), way.because(&verdict));
            }
            open.extend(way.levels.into_iter().flat_map(|(_, policies)| policies));
        }
        let mut policies: Vec<String> = Vec::new();
        for policy in open.into_iter().filter(|policy| !policy.aws_managed) {
            if !policies.contains(&policy.name) {
                policies.push(policy.name.clone());
            }
        }
        let because = match exempt {
            Some(exemption) => Because::Exempt(exemption),
            None => Because::NothingDenies { policies },
        };
        (Some(Decision::Allow), because)
    }

    /// Returns the account of the caller, if it is one of the organization.
    fn caller(&self, test: &DesiredTest, subject: &'a Node) -> Option<&'a Node> {
        let arn = principal(test, self.future, subject);
        let account = arn.split(':').nth(4).unwrap_or_default();
        if account == account_of(self.future, subject) {
            return Some(subject);
        }
        self.future.account(account)
    }

    /// Returns the policies of a kind on the way to a node; `None` if there is none of this kind.
    fn way(&mut self, kind: Kind, node: &Node, unread: &mut BTreeSet<String>) -> Option<Way<'a>> {
        let mut levels = Vec::new();
        let mut keys = Vec::new();
        for level in self.future.path(node) {
            let (mut attached, mut named) = (Vec::new(), Vec::new());
            for (key, policy) in self.future.keys(level) {
                if policy.policy_type != kind.policy_type() {
                    continue;
                }
                if self.compile(kind, key, policy).is_some() {
                    attached.push(policy);
                    named.push(key);
                } else {
                    unread.insert(policy.name.clone());
                }
            }
            levels.push((level, attached));
            keys.push(named);
        }
        if keys.iter().all(Vec::is_empty) {
            return None;
        }
        let path = match self.paths.get(&(kind, keys.clone())) {
            Some(path) => Rc::clone(path),
            None => {
                let level = |named: &Vec<&'a Key>| Level {
                    name: String::new(),
                    policies: named
                        .iter()
                        .filter_map(|key| self.compiled.get(*key).cloned().flatten())
                        .collect(),
                };
                let path = Rc::new(Path::new(keys.iter().map(level).collect(), Member::Ordinary));
                self.paths.insert((kind, keys), Rc::clone(&path));
                path
            }
        };
        Some(Way { path, levels })
    }

    fn compile(&mut self, kind: Kind, key: &'a Key, policy: &Attached) -> Option<Arc<Compiled>> {
        let compiled = self.compiled.entry(key).or_insert_with(|| {
            let policy = Policy::parse(kind, policy.text.as_ref()?).ok()?;
            Some(Arc::new(Compiled::new(&policy)))
        });
        compiled.clone()
    }
}

impl Way<'_> {
    /// Returns why a verdict denies.
    fn because(&self, verdict: &Verdict) -> Because {
        let deciding = verdict.deciding().filter(|(_, level)| is_shut(level.outcome));
        let Some((index, level)) = deciding else {
            return Because::NothingDenies { policies: Vec::new() };
        };
        let Some((node, policies)) = self.levels.get(index) else {
            return Because::NothingDenies { policies: Vec::new() };
        };
        let found = level.by.and_then(|at| Some((at, policies.get(at.policy)?)));
        match found {
            Some((at, policy)) => Because::Statement(Deciding {
                level: node.title.clone(),
                policy: policy.name.clone(),
                address: policy.address.clone(),
                origin: policy.origin.clone(),
                sid: self.path.sid(at).map(str::to_owned),
                number: at.statement + 1,
            }),
            None => Because::NothingAllows {
                level: node.title.clone(),
                policies: policies.iter().map(|policy| policy.name.clone()).collect(),
            },
        }
    }
}
