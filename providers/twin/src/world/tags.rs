//! Tags of resources, and the index of them that the tagging API answers from.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::clock::AwsTime;

/// The tags of one resource.
pub(crate) type Tags = BTreeMap<String, String>;

/// What the tagging API knows: resources that have or had tags, some time behind the truth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TagIndex {
    /// Tags by ARN; empty for a resource that has none any more.
    pub(crate) visible: BTreeMap<String, Tags>,
    /// Changes that the index has not taken over, oldest first; no tags means the resource is gone.
    waiting: VecDeque<(AwsTime, String, Option<Tags>)>,
}

impl TagIndex {
    /// Notes a change that becomes visible at `at`.
    pub(crate) fn note(&mut self, at: AwsTime, arn: String, tags: Option<Tags>) {
        self.waiting.push_back((at, arn, tags));
    }

    /// Takes over every change that is due at `now`.
    pub(crate) fn catch_up(&mut self, now: AwsTime) {
        while self.waiting.front().is_some_and(|(at, _, _)| *at <= now) {
            let Some((_, arn, tags)) = self.waiting.pop_front() else {
                return;
            };
            match tags {
                Some(tags) if tags.is_empty() && !self.visible.contains_key(&arn) => {}
                Some(tags) => {
                    self.visible.insert(arn, tags);
                }
                None => {
                    self.visible.remove(&arn);
                }
            }
        }
    }

    /// Returns whether no change waits.
    pub(crate) fn is_settled(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Returns the moments of changes that are not visible.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = AwsTime> + '_ {
        self.waiting.iter().map(|(at, _, _)| *at)
    }
}
