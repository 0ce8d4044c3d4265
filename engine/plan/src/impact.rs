//! What a plan means: who loses and gains what, at its end and at every moment on the way.
//!
//! `state` plays the steps on the guardrails of the live organization; the policy engine compares. Only guardrails
//! that deny or allow (SCPs and RCPs) count, for accounts that are there before and after. The management account is
//! bound by none (Organizations User Guide, "SCP effects on permissions").

pub(crate) mod state;

use lz_model::id::{AccountId, PolicyId};
use lz_model::live::LiveOrganization;
use lz_model::plan::{Impact, Note, Severity, Step};
use lz_policy::compare::{Comparer, Difference, Levels, TooComplex, sentences, to_value};
use lz_policy::language::{Kind, Policy};
use state::{Document, State};
use std::collections::{BTreeMap, BTreeSet};

/// What the steps mean.
#[derive(Debug, Default)]
pub(crate) struct Meaning {
    pub(crate) impact: Vec<Impact>,
    pub(crate) notes: Vec<Note>,
}

/// The most moments times paths that are compared; beyond, the order's rules speak alone.
const MOST_MOMENTS: usize = 20_000;

/// Returns what the steps, in their order, mean for the accounts of an organization.
pub(crate) fn of(live: Option<&LiveOrganization>, steps: &[Step]) -> Meaning {
    let Some(live) = live.filter(|_| steps.iter().any(state::touches_guards)) else {
        return Meaning::default();
    };
    let mut state = State::of(live);
    let accounts: Vec<AccountId> = live
        .accounts
        .values()
        .filter(|account| account.id != live.management_account && !account.state.is_leaving())
        .map(|account| account.id.clone())
        .collect();
    let before: Vec<Levels> = accounts.iter().map(|account| state.levels(account)).collect();
    let places: BTreeMap<&str, usize> = accounts
        .iter()
        .enumerate()
        .map(|(place, account)| (account.as_str(), place))
        .collect();
    let mut moments: Vec<(usize, Vec<(usize, Levels)>)> = Vec::new();
    let mut now = before.clone();
    for (at, step) in steps.iter().enumerate() {
        let mut changed = Vec::new();
        for below in state.play(step) {
            let Some(account) = places.get(below.as_str()).copied() else {
                continue;
            };
            let (Some(id), Some(levels)) = (accounts.get(account), now.get_mut(account)) else {
                continue;
            };
            let moment = state.levels(id);
            if *levels != moment {
                levels.clone_from(&moment);
                changed.push((account, moment));
            }
        }
        if !changed.is_empty() {
            moments.push((at, changed));
        }
    }
    let stays: Vec<bool> = accounts.iter().map(|account| state.has(account)).collect();
    let mut meaning = Meaning::default();
    meaning.notes.extend(unread(live, &state));
    let answer = Question {
        documents: state.documents(),
        accounts,
        before,
        after: now,
        stays,
        moments,
        steps,
    }
    .answer(&mut meaning);
    if answer.is_err() {
        meaning.notes.push(Note {
            severity: Severity::Warning,
            code: "impact_unknown".to_owned(),
            address: None,
            text: "the guardrails are too complex to say who loses and gains what".to_owned(),
        });
    }
    meaning
}

/// Everything that is compared.
struct Question<'a> {
    documents: &'a [Document],
    accounts: Vec<AccountId>,
    before: Vec<Levels>,
    after: Vec<Levels>,
    stays: Vec<bool>,
    /// Steps by their position, each with the accounts whose guardrails are others after it.
    moments: Vec<(usize, Vec<(usize, Levels)>)>,
    steps: &'a [Step],
}

impl Question<'_> {
    fn answer(&self, meaning: &mut Meaning) -> Result<(), TooComplex> {
        let used: BTreeSet<usize> = self
            .touched()
            .flat_map(|account| [self.before.get(account), self.after.get(account)])
            .flatten()
            .chain(
                self.moments
                    .iter()
                    .flat_map(|(_, changed)| changed.iter().map(|(_, levels)| levels)),
            )
            .flatten()
            .flatten()
            .copied()
            .collect();
        let Some((mut comparer, numbers)) = comparer(self.documents, &used) else {
            meaning.notes.push(unreadable());
            return Ok(());
        };
        let changes = self.touched().filter_map(|account| {
            let (before, after) = (self.before.get(account)?, self.after.get(account)?);
            (before != after).then(|| {
                (
                    self.accounts.get(account).cloned(),
                    renumbered(before, &numbers),
                    renumbered(after, &numbers),
                )
            })
        });
        for group in comparer.compare_all(changes)? {
            if !group.difference.is_equal() {
                meaning.impact.push(Impact {
                    accounts: group.accounts.into_iter().flatten().collect(),
                    sentences: sentences(&group.difference),
                    difference: to_value(&group.difference),
                });
            }
        }
        self.moments(&mut comparer, &numbers, meaning)
    }

    /// The accounts that stay and whose guardrails change at any moment.
    fn touched(&self) -> impl Iterator<Item = usize> {
        let touched: BTreeSet<usize> = self
            .moments
            .iter()
            .flat_map(|(_, changed)| changed.iter().map(|(account, _)| *account))
            .filter(|account| self.stays.get(*account) == Some(&true))
            .collect();
        touched.into_iter()
    }

    /// Compares every moment with the states before and after (the design's rule: what is allowed lies between what
    /// both allow and what either allows).
    fn moments(
        &self,
        comparer: &mut Comparer,
        numbers: &BTreeMap<usize, usize>,
        meaning: &mut Meaning,
    ) -> Result<(), TooComplex> {
        let mut known: BTreeMap<(Levels, Levels, Levels), Difference> = BTreeMap::new();
        let mut looked = 0;
        for (at, changed) in &self.moments {
            let mut told: BTreeMap<(bool, String), usize> = BTreeMap::new();
            for (account, moment) in changed {
                let (Some(before), Some(after), Some(true)) = (
                    self.before.get(*account),
                    self.after.get(*account),
                    self.stays.get(*account),
                ) else {
                    continue;
                };
                let key = (
                    renumbered(before, numbers),
                    renumbered(moment, numbers),
                    renumbered(after, numbers),
                );
                if !known.contains_key(&key) {
                    looked += 1;
                    if looked > MOST_MOMENTS {
                        return Ok(());
                    }
                    let difference = comparer.passing(&key.0, &key.1, &key.2)?;
                    known.insert(key.clone(), difference);
                }
                let Some(difference) = known.get(&key) else {
                    continue;
                };
                for (opens, accesses) in [(true, &difference.gained), (false, &difference.lost)] {
                    if !accesses.is_empty() {
                        let only = match opens {
                            true => Difference {
                                lost: Vec::new(),
                                gained: accesses.clone(),
                            },
                            false => Difference {
                                lost: accesses.clone(),
                                gained: Vec::new(),
                            },
                        };
                        let words = sentences(&only).into_iter().next().unwrap_or_default();
                        *told.entry((opens, words)).or_default() += 1;
                    }
                }
            }
            let step = self.steps.get(*at);
            meaning.notes.extend(
                told.into_iter().filter_map(|((opens, words), accounts)| {
                    Some(passing_note(step?, opens, &words, accounts))
                }),
            );
        }
        Ok(())
    }
}

/// Returns the note for a moment that opens or locks in passing.
fn passing_note(step: &Step, opens: bool, words: &str, accounts: usize) -> Note {
    let (severity, code) = if opens {
        (Severity::Consent, "opened_moment")
    } else {
        (Severity::Warning, "locked_moment")
    };
    let (who, words) = match accounts {
        1 => (
            "1 account".to_owned(),
            words.replacen("gain", "gains", 1).replacen("lose", "loses", 1),
        ),
        many => (format!("{many} accounts"), words.to_owned()),
    };
    Note {
        severity,
        code: code.to_owned(),
        address: Some(step.address.clone()),
        text: format!("after `{}` and until a later step, {who} {words}", step.id),
    }
}

/// Returns a comparer of the documents that are used, and what they are numbered there; `None` where one cannot be read.
fn comparer(documents: &[Document], used: &BTreeSet<usize>) -> Option<(Comparer, BTreeMap<usize, usize>)> {
    let mut policies = Vec::new();
    let mut numbers = BTreeMap::new();
    for number in used {
        let document = documents.get(*number)?;
        let kind = Kind::of_type(document.policy_type)?;
        numbers.insert(*number, policies.len());
        policies.push(Policy::parse(kind, &document.text).ok()?);
    }
    Some((Comparer::new(policies), numbers))
}

fn renumbered(levels: &Levels, numbers: &BTreeMap<usize, usize>) -> Levels {
    let level = |level: &Vec<usize>| {
        level
            .iter()
            .filter_map(|number| numbers.get(number).copied())
            .collect()
    };
    levels.iter().map(level).collect()
}

/// Documents that the spec does not manage are not read, and a step may bring an account under one.
fn unread(live: &LiveOrganization, state: &State) -> Option<Note> {
    let names: BTreeSet<&str> = state
        .unread()
        .iter()
        .filter_map(|id: &PolicyId| live.policies.get(id))
        .map(|policy| policy.name.as_str())
        .collect();
    let first = names.first()?;
    let more = match names.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(Note {
        severity: Severity::Info,
        code: "impact_without".to_owned(),
        address: None,
        text: format!(
            "what is lost and gained is told without the policy `{first}`{more}, which this spec does not manage"
        ),
    })
}

fn unreadable() -> Note {
    Note {
        severity: Severity::Warning,
        code: "impact_unknown".to_owned(),
        address: None,
        text:
            "a guardrail in the organization is no policy that lz can read, so losses and gains are not told"
                .to_owned(),
    }
}
