//! TagResource, UntagResource, ListTagsForResource.

use serde::Serialize;

use crate::organizations::rules::tag::{self as rules, Taggable};
use crate::organizations::rules::tag_policy;
use crate::organizations::wire::{
    InputProblem, TagView, invalid, pager_of, refuse_too_many_tags, tag_keys, tag_list, tags_view,
};
use crate::wire::{Answer, Change, Input, Refusal, Seen, empty, json};

fn resource(input: &Input) -> Result<(&str, Taggable), Refusal> {
    let text = input.required_text("ResourceId")?;
    let resource = Taggable::parse(text).ok_or_else(|| {
        invalid(
            InputProblem::InvalidPattern,
            format!("`{text}` is not the id of a resource that carries tags"),
        )
    })?;
    Ok((text, resource))
}

/// TagResource: adds tags and replaces those with the same key.
pub(crate) fn put(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let (text, resource) = resource(call.input)?;
    call.input
        .objects("Tags")?
        .ok_or(crate::wire::InputError::Missing("Tags"))?;
    let added = tag_list(call.input, call.settings)?;
    let mut tags = rules::tags_or_refuse(change.org, &resource, text)?.clone();
    rules::refuse_managed(change.org, &resource)?;
    tag_policy::refuse_noncompliant(change.org, resource.kind(), &added)?;
    tags.extend(added);
    refuse_too_many_tags(tags.len(), call.settings)?;
    rules::replace(change, &resource, tags);
    empty()
}

/// UntagResource: removes tags; keys that are not there do not matter.
pub(crate) fn remove(change: &mut Change<'_>) -> Answer {
    let (text, resource) = resource(change.call.input)?;
    let keys = tag_keys(change.call.input)?;
    let mut tags = rules::tags_or_refuse(change.org, &resource, text)?.clone();
    rules::refuse_managed(change.org, &resource)?;
    tags.retain(|key, _| !keys.contains(key));
    rules::replace(change, &resource, tags);
    empty()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TagsAnswer<'a> {
    tags: Vec<TagView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// ListTagsForResource: pages without `MaxResults`.
pub(crate) fn list(seen: &Seen<'_>) -> Answer {
    let (text, resource) = resource(seen.call.input)?;
    let pager = pager_of(seen.call, &[text], seen.call.settings.tags_page_size)?;
    let tags = rules::tags_or_refuse(seen.org, &resource, text)?;
    let rest = tags_view(tags).filter(|tag| tag.key > pager.after());
    let page = pager.take(rest, |tag| tag.key.to_owned());
    json(&TagsAnswer {
        tags: page.items,
        next_token: page.next,
    })
}
