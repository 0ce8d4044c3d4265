//! GetResources over the Organizations resources of the caller's organization.

use std::collections::BTreeSet;
use std::ops::Bound;

use serde::Serialize;

use crate::organizations::Organization;
use crate::wire::{Answer, Call, Input, InputError, Pager, Refusal, json, scope_of};
use crate::world::{Tags, World};

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterException", 400, message)
}

fn unreadable(error: InputError) -> Refusal {
    match error {
        InputError::Missing(name) => invalid(format!("`{name}` is required")),
        InputError::WrongType(name) => invalid(format!("`{name}` has a JSON type that it can't have")),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TagView<'a> {
    key: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MappingView<'a> {
    #[serde(rename = "ResourceARN")]
    resource_arn: &'a str,
    tags: Vec<TagView<'a>>,
}

impl<'a> MappingView<'a> {
    fn of((arn, tags): (&'a String, &'a Tags)) -> MappingView<'a> {
        MappingView {
            resource_arn: arn,
            tags: tags.iter().map(|(key, value)| TagView { key, value }).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResourcesAnswer<'a> {
    pagination_token: String,
    resource_tag_mapping_list: Vec<MappingView<'a>>,
}

/// A key that a resource must have, with one of some values or any.
struct TagFilter {
    key: String,
    values: Vec<String>,
}

impl TagFilter {
    fn of(input: &Input) -> Result<TagFilter, Refusal> {
        let key = input.required_text("Key").map_err(unreadable)?.to_owned();
        let values = input.texts("Values").map_err(unreadable)?.unwrap_or_default();
        if key.is_empty() || key.chars().count() > 128 || values.len() > 20 {
            return Err(invalid(
                "a tag filter has a key of 1 to 128 characters and at most 20 values",
            ));
        }
        Ok(TagFilter {
            key,
            values: values.into_iter().map(str::to_owned).collect(),
        })
    }

    fn fits(&self, tags: &Tags) -> bool {
        tags.get(&self.key)
            .is_some_and(|value| self.values.is_empty() || self.values.contains(value))
    }
}

/// What a call asks for.
struct Question {
    /// `service:type` or `service`; empty means everything.
    types: Vec<String>,
    filters: Vec<TagFilter>,
    /// Only these; none means all.
    arns: Option<BTreeSet<String>>,
}

impl Question {
    fn of(input: &Input) -> Result<Question, Refusal> {
        let types = input
            .texts("ResourceTypeFilters")
            .map_err(unreadable)?
            .unwrap_or_default();
        if types.len() > 100 || types.iter().any(|text| text.is_empty()) {
            return Err(invalid(
                "`ResourceTypeFilters` takes at most 100 filters like `organizations:account`",
            ));
        }
        let filters = input
            .objects("TagFilters")
            .map_err(unreadable)?
            .unwrap_or_default();
        if filters.len() > 50 {
            return Err(invalid("`TagFilters` takes at most 50 filters"));
        }
        let arns = input.texts("ResourceARNList").map_err(unreadable)?;
        if let Some(arns) = &arns {
            if arns.is_empty() || arns.len() > 100 {
                return Err(invalid("`ResourceARNList` takes 1 to 100 ARNs"));
            }
            let paged = input
                .text("PaginationToken")
                .map_err(unreadable)?
                .is_some_and(|token| !token.is_empty());
            if paged
                || !filters.is_empty()
                || !types.is_empty()
                || input.number("ResourcesPerPage").map_err(unreadable)?.is_some()
            {
                return Err(invalid("`ResourceARNList` goes with no filter and no page"));
            }
        }
        Ok(Question {
            types: types.into_iter().map(str::to_owned).collect(),
            filters: filters.iter().map(TagFilter::of).collect::<Result<_, _>>()?,
            arns: arns.map(|arns| arns.into_iter().map(str::to_owned).collect()),
        })
    }

    fn fits(&self, arn: &str, tags: &Tags, known: &BTreeSet<String>) -> bool {
        let kind = kind_of(arn);
        known.contains(kind)
            && (self.types.is_empty() || self.types.iter().any(|wanted| wants(wanted, kind)))
            && self.filters.iter().all(|filter| filter.fits(tags))
            && self.arns.as_ref().is_none_or(|arns| arns.contains(arn))
    }
}

/// Returns whether a filter like `organizations:account` or `organizations` takes a resource type.
fn wants(filter: &str, kind: &str) -> bool {
    match filter.split_once(':') {
        Some((service, wanted)) => service == "organizations" && wanted == kind,
        None => filter == "organizations",
    }
}

/// Returns the resource type in an ARN: `account` in `arn:aws:organizations::1:account/o-1/2`.
fn kind_of(arn: &str) -> &str {
    arn.splitn(6, ':')
        .nth(5)
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default()
}

fn page_size(input: &Input) -> Result<usize, Refusal> {
    let pages = input.number("TagsPerPage").map_err(unreadable)?;
    if pages.is_some_and(|size| !(100..=500).contains(&size) || size % 100 != 0) {
        return Err(invalid("`TagsPerPage` is 100, 200, 300, 400 or 500"));
    }
    let size = input.number("ResourcesPerPage").map_err(unreadable)?;
    if size.is_some() && pages.is_some() {
        return Err(invalid("`ResourcesPerPage` and `TagsPerPage` exclude each other"));
    }
    match size {
        None => Ok(50),
        Some(size) => usize::try_from(size)
            .ok()
            .filter(|size| (1..=100).contains(size))
            .ok_or_else(|| invalid("`ResourcesPerPage` is 1 to 100")),
    }
}

/// GetResources: what the index knows, sorted by ARN. Organizations resources are in one Region's index only.
pub(crate) fn get(world: &World, call: &Call<'_>) -> Answer {
    if !call.settings.tagging_api {
        return Err(Refusal::unknown_operation("tagging", call.operation));
    }
    let question = Question::of(call.input)?;
    let size = page_size(call.input)?;
    let token = call
        .input
        .text("PaginationToken")
        .map_err(unreadable)?
        .filter(|token| !token.is_empty());
    let filters = question
        .filters
        .iter()
        .flat_map(|filter| std::iter::once(&filter.key).chain(&filter.values));
    let scope: Vec<&str> = question.types.iter().chain(filters).map(String::as_str).collect();
    let pager =
        Pager::new(scope_of(&scope), size, token, call.settings.empty_first_page).ok_or_else(|| {
            Refusal::new(
                "PaginationTokenExpiredException",
                400,
                "the pagination token belongs to another question",
            )
        })?;
    let home = call.settings.tagging_region.as_deref();
    let here = home.is_none_or(|home| call.region.is_empty() || call.region == home);
    // Only the organization's own account has the resources; a member sees none of them.
    let own =
        |org: &&Organization| org.management == *call.caller || org.delegations.contains_key(call.caller);
    let org = world.organization_of(call.caller).filter(|org| here && own(org));
    let from = match pager.after() {
        "" => Bound::Unbounded,
        after => Bound::Excluded(after),
    };
    let all = org
        .into_iter()
        .flat_map(|org| org.tag_index.visible.range::<str, _>((from, Bound::Unbounded)));
    let fitting = all.filter(|(arn, tags)| question.fits(arn, tags, &call.settings.tagging_types));
    let page = pager.take(fitting, |(arn, _)| (*arn).clone());
    json(&ResourcesAnswer {
        pagination_token: page.next.unwrap_or_default(),
        resource_tag_mapping_list: page.items.into_iter().map(MappingView::of).collect(),
    })
}
