//! Tags in requests (aws-facts 1.2, tags).

use std::sync::LazyLock;

use regex::Regex;

use super::{Constraint, InputProblem, constraint, invalid, text_of};
use crate::settings::Settings;
use crate::wire::{Input, Refusal};
use crate::world::Tags;

/// The pattern of keys and values in botocore's model; none only if it were no pattern at all.
static ALLOWED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$").ok());

fn allowed(text: &str) -> bool {
    ALLOWED.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// Tags whose keys begin with `aws:` belong to AWS (INVALID_SYSTEM_TAGS_PARAMETER).
fn refuse_system_key(key: &str) -> Result<(), Refusal> {
    let system = key
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    if system {
        return Err(invalid(
            InputProblem::InvalidSystemTags,
            format!("tag key `{key}` is reserved for AWS"),
        ));
    }
    Ok(())
}

fn key_of(text: &str) -> Result<&str, Refusal> {
    let key = text_of("Key", text, 1, 128)?;
    if !allowed(key) {
        return Err(invalid(
            InputProblem::InvalidPattern,
            format!("tag key `{key}` has a character that is not allowed"),
        ));
    }
    refuse_system_key(key)?;
    Ok(key)
}

/// Returns the tags of a request; absent means none.
///
/// # Errors
/// One bad tag fails the whole call: DUPLICATE_TAG_KEY, INVALID_SYSTEM_TAGS_PARAMETER, a length, a pattern,
/// or MAX_TAG_LIMIT_EXCEEDED when they are too many by themselves.
pub(crate) fn tag_list(input: &Input, settings: &Settings) -> Result<Tags, Refusal> {
    let mut tags = Tags::new();
    for item in input.objects("Tags")?.unwrap_or_default() {
        let key = key_of(item.required_text("Key")?)?;
        let value = text_of("Value", item.required_text("Value")?, 0, 256)?;
        if !allowed(value) {
            let message = format!("the value of tag `{key}` has a character that is not allowed");
            return Err(invalid(InputProblem::InvalidPattern, message));
        }
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(invalid(
                InputProblem::DuplicateTagKey,
                format!("tag key `{key}` is given twice"),
            ));
        }
    }
    refuse_too_many_tags(tags.len(), settings)?;
    Ok(tags)
}

/// A resource holds at most 50 tags (MAX_TAG_LIMIT_EXCEEDED; aws-facts 1.6).
pub(crate) fn refuse_too_many_tags(count: usize, settings: &Settings) -> Result<(), Refusal> {
    if count > settings.tags_per_resource {
        let message = format!(
            "{count} tags are more than the {} that a resource can hold",
            settings.tags_per_resource
        );
        return Err(constraint(Constraint::MaxTags, message));
    }
    Ok(())
}

/// Returns the tag keys of a request to remove tags.
pub(crate) fn tag_keys(input: &Input) -> Result<Vec<String>, Refusal> {
    let keys = input
        .texts("TagKeys")?
        .ok_or(crate::wire::InputError::Missing("TagKeys"))?;
    keys.into_iter()
        .map(|key| key_of(key).map(str::to_owned))
        .collect()
}
