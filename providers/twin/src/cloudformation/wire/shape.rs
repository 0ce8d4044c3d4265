//! Request members with the lengths and patterns that botocore's model gives them.

use std::collections::BTreeMap;

use super::invalid;
use crate::account::region_is_known;
use crate::cloudformation::state::{OperationId, Region};
use crate::cloudformation::template::GivenParameters;
use crate::settings::Settings;
use crate::wire::{Call, Input, InputError, Pager, Refusal, scope_of};
use crate::world::{AccountId, Tags};

fn unreadable(error: InputError) -> Refusal {
    match error {
        InputError::Missing(name) => invalid(format!(
            "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
        )),
        InputError::WrongType(name) => invalid(format!("`{name}` has a form that it can't have")),
    }
}

/// Returns a text, if present.
pub(crate) fn text<'a>(input: &'a Input, name: &'static str) -> Result<Option<&'a str>, Refusal> {
    input.text(name).map_err(unreadable)
}

/// Returns a text that must be there and must not be empty.
pub(crate) fn required<'a>(input: &'a Input, name: &'static str) -> Result<&'a str, Refusal> {
    let text = input.required_text(name).map_err(unreadable)?;
    if text.is_empty() {
        return Err(unreadable(InputError::Missing(name)));
    }
    Ok(text)
}

/// Returns a truth, if present.
pub(crate) fn boolean(input: &Input, name: &'static str) -> Result<Option<bool>, Refusal> {
    match text(input, name)? {
        None => Ok(None),
        Some("true" | "True") => Ok(Some(true)),
        Some("false" | "False") => Ok(Some(false)),
        Some(other) => Err(invalid(format!("`{name}` is `{other}`, but it is true or false"))),
    }
}

/// Returns a whole number in a range, if present.
pub(crate) fn number(
    input: &Input,
    name: &'static str,
    least: u32,
    most: u32,
) -> Result<Option<u32>, Refusal> {
    let Some(text) = text(input, name)? else {
        return Ok(None);
    };
    let fits = text
        .parse::<u32>()
        .ok()
        .filter(|number| (least..=most).contains(number));
    match fits {
        Some(number) => Ok(Some(number)),
        None => Err(invalid(format!(
            "`{name}` is `{text}`, but it is a whole number from {least} to {most}"
        ))),
    }
}

/// Returns a list of texts, if present; an empty value is an empty list.
pub(crate) fn texts(input: &Input, name: &'static str) -> Result<Option<Vec<String>>, Refusal> {
    if input.text(name).ok().flatten() == Some("") {
        return Ok(Some(Vec::new()));
    }
    let texts = input.texts(name).map_err(unreadable)?;
    Ok(texts.map(|texts| texts.into_iter().map(str::to_owned).collect()))
}

/// Returns a list of structures, if present; an empty value is an empty list.
pub(crate) fn objects(input: &Input, name: &'static str) -> Result<Option<Vec<Input>>, Refusal> {
    if input.text(name).ok().flatten() == Some("") {
        return Ok(Some(Vec::new()));
    }
    input.objects(name).map_err(unreadable)
}

/// Returns a structure, if present.
pub(crate) fn object(input: &Input, name: &'static str) -> Result<Option<Input>, Refusal> {
    if input.text(name).ok().flatten() == Some("") {
        return Ok(None);
    }
    input.object(name).map_err(unreadable)
}

/// Returns the name of a set that is to be created (aws-facts 3.1).
pub(crate) fn set_name(input: &Input) -> Result<&str, Refusal> {
    let text = required(input, "StackSetName")?;
    let letters = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if letters && begins && text.len() <= 128 {
        return Ok(text);
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{text}' at 'stackSetName' failed to satisfy constraint: Member must \
         satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]* and have at most 128 characters"
    )))
}

/// Returns the id that a request gives its operation, if it does (aws-facts 3.1).
pub(crate) fn operation_id(input: &Input, name: &'static str) -> Result<Option<OperationId>, Refusal> {
    let Some(text) = text(input, name)? else {
        return Ok(None);
    };
    let letters = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if letters && !text.starts_with('-') && (1..=128).contains(&text.len()) {
        return Ok(Some(OperationId::new(text)));
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{text}' at '{name}' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: [a-zA-Z0-9][-a-zA-Z0-9]*"
    )))
}

/// Returns a Region that the partition has.
pub(crate) fn region(text: &str, settings: &Settings) -> Result<Region, Refusal> {
    if region_is_known(text, settings.partition) {
        return Ok(Region::new(text));
    }
    Err(invalid(format!("Region {text} is not supported")))
}

/// Returns the Regions of a request, in its order; one that is named twice counts once.
pub(crate) fn regions(
    input: &Input,
    name: &'static str,
    settings: &Settings,
) -> Result<Option<Vec<Region>>, Refusal> {
    let Some(names) = texts(input, name)? else {
        return Ok(None);
    };
    let mut regions = Vec::new();
    for name in &names {
        let region = region(name, settings)?;
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    Ok(Some(regions))
}

/// Returns the account ids of a request.
pub(crate) fn account_ids(input: &Input, name: &'static str) -> Result<Option<Vec<AccountId>>, Refusal> {
    let Some(ids) = texts(input, name)? else {
        return Ok(None);
    };
    let ids = ids.iter().map(|id| {
        AccountId::parse(id)
            .ok_or_else(|| invalid(format!("`{id}` in `{name}` is not an account id of 12 digits")))
    });
    ids.collect::<Result<Vec<_>, _>>().map(Some)
}

/// Returns parameters: a value, or the one that is there already.
pub(crate) fn parameters(input: &Input, name: &'static str) -> Result<Option<GivenParameters>, Refusal> {
    let Some(list) = objects(input, name)? else {
        return Ok(None);
    };
    let mut all = BTreeMap::new();
    for item in &list {
        let key = required(item, "ParameterKey")?.to_owned();
        let value = text(item, "ParameterValue")?.map(str::to_owned);
        let previous = boolean(item, "UsePreviousValue")?.unwrap_or(false);
        let value = match (value, previous) {
            (Some(_), true) => {
                return Err(invalid(format!(
                    "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true and non empty \
                     value for a parameter"
                )));
            }
            (Some(value), false) => Some(value),
            (None, true) => None,
            (None, false) => Some(String::new()),
        };
        if all.insert(key.clone(), value).is_some() {
            return Err(invalid(format!(
                "Parameter key {key} is specified more than once"
            )));
        }
    }
    Ok(Some(all))
}

/// Returns the tags of a request, if present: at most so many as a resource takes (aws-facts 3.3).
pub(crate) fn tags(input: &Input, settings: &Settings) -> Result<Option<Tags>, Refusal> {
    let Some(list) = objects(input, "Tags")? else {
        return Ok(None);
    };
    if list.len() > settings.tags_per_resource {
        return Err(invalid(format!(
            "{} tags were specified, but at most {} are allowed",
            list.len(),
            settings.tags_per_resource
        )));
    }
    let mut tags = Tags::new();
    for item in &list {
        let (key, value) = (required(item, "Key")?, required(item, "Value")?);
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid(format!(
                "Tag key {key} begins with aws:, which is reserved"
            )));
        }
        if key.chars().count() > 128 || value.chars().count() > 256 {
            return Err(invalid(
                "a tag has a key of 1 to 128 and a value of 1 to 256 characters",
            ));
        }
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(invalid(format!("Tag key {key} is specified more than once")));
        }
    }
    Ok(Some(tags))
}

/// Returns where a page begins: 100 entries at most, and by default (the default is UNCONFIRMED).
pub(crate) fn pager(call: &Call<'_>, filter: &[&str]) -> Result<Pager, Refusal> {
    let size = number(call.input, "MaxResults", 1, 100)?.unwrap_or(100);
    let size = usize::try_from(size).unwrap_or(100);
    let parts: Vec<&str> = [call.operation, call.caller.as_str(), call.region]
        .into_iter()
        .chain(filter.iter().copied())
        .collect();
    let token = text(call.input, "NextToken")?.filter(|token| !token.is_empty());
    Pager::new(scope_of(&parts), size, token, call.settings.empty_first_page)
        .ok_or_else(|| invalid("NextToken was not given out by this operation for this input"))
}
