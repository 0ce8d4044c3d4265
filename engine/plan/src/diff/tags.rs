//! Tags: adoption, a changed label, and the spec's own tags, in one step per object.

use crate::context::Context;
use lz_model::address::{ADDRESS_TAG, Address, ZONE_TAG};
use lz_model::desired::Tags;
use lz_model::id::ResourceId;
use lz_model::live::LiveTags;
use lz_model::plan::{Action, Change, Known, Reason, Ref, Tagging};
use lz_model::text::Text;
use std::collections::BTreeMap;

use crate::draft::Draft;

/// Returns the step that brings an object's tags to what the spec wants; `None` if they are so already.
pub(super) fn diff(
    context: &Context<'_>,
    address: &Address,
    resource: (String, ResourceId),
    wanted: Option<&Tags>,
    live: &LiveTags,
    adoption: Option<Reason>,
) -> Option<Draft> {
    let all = context.all_tags(address, wanted);
    let mut set = BTreeMap::new();
    for (key, after) in all {
        let before = live.get(&key);
        if after.known() != before.map(String::as_str) || before.is_none() {
            let before = before.map(|value| Text::literal(value.clone()));
            set.insert(
                key,
                Change {
                    before,
                    after: Some(after),
                },
            );
        }
    }
    let mut remove = BTreeMap::new();
    for (key, value) in live {
        if wanted.is_some_and(|wanted| !wanted.contains_key(key)) && !is_reserved(key) {
            remove.insert(key.clone(), value.clone());
        }
    }
    if set.is_empty() && remove.is_empty() {
        return None;
    }
    let (purpose, verb, reason) = match adoption {
        Some(reason @ Reason::Relabelled { .. }) => (Tagging::Readdress, "relabel", reason),
        Some(reason) => (Tagging::Adopt, "adopt", reason),
        None => (Tagging::Update, "tag", Reason::Differs {}),
    };
    let (name, id) = resource;
    let action = Action::SetTags {
        resource: Ref {
            name,
            id: Known::Now(id),
        },
        purpose,
        set,
        remove,
    };
    Some(Draft::new(context.desired, address.clone(), verb, action, reason))
}

/// Tags of lz and of AWS are never the spec's to remove.
fn is_reserved(key: &str) -> bool {
    key == ZONE_TAG || key == ADDRESS_TAG || key.starts_with("aws:")
}
