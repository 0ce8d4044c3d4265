//! IAM Access Analyzer: analyzers of an account or, in the administrator, of the organization (aws-facts section 6).

use serde_json::{Value, json};

use super::delegate;
use super::state::Analyzer;
use crate::neighbour::{Neighbour, SMALL, page, required};
use crate::wire::{Answer, Call, Refusal, empty, json as answer};
use crate::world::World;

const WHO: Neighbour = Neighbour::AccessAnalyzer;
const PRINCIPAL: &str = "access-analyzer.amazonaws.com";

const KINDS: [&str; 6] = [
    "ACCOUNT",
    "ORGANIZATION",
    "ACCOUNT_UNUSED_ACCESS",
    "ORGANIZATION_UNUSED_ACCESS",
    "ACCOUNT_INTERNAL_ACCESS",
    "ORGANIZATION_INTERNAL_ACCESS",
];

/// An organization's analyzer takes trusted access, and the management account or the administrator.
fn refuse_outside_organization(world: &World, call: &Call<'_>, kind: &str) -> Result<(), Refusal> {
    if !kind.starts_with("ORGANIZATION") {
        return Ok(());
    }
    let Some(org) = world.organization_of(call.caller) else {
        return Err(WHO.invalid("the caller is not in an organization"));
    };
    if !org.services.contains_key(PRINCIPAL) {
        return Err(WHO.invalid(format!("trusted access of `{PRINCIPAL}` is not enabled")));
    }
    let delegate = delegate::is_registered(org, call.caller, PRINCIPAL);
    if org.management == *call.caller || delegate {
        return Ok(());
    }
    Err(WHO.denied(format!(
        "account `{}` is not the delegated administrator of Access Analyzer",
        call.caller
    )))
}

fn arn(call: &Call<'_>, name: &str) -> String {
    let (partition, region, account) = (call.settings.partition.as_str(), call.region, call.caller);
    format!("arn:{partition}:access-analyzer:{region}:{account}:analyzer/{name}")
}

fn shown(call: &Call<'_>, name: &str, analyzer: &Analyzer) -> Value {
    json!({
        "arn": arn(call, name),
        "name": name,
        "type": analyzer.kind,
        "createdAt": analyzer.created_at.iso8601(),
        "status": "ACTIVE",
        "tags": analyzer.tags,
    })
}

fn missing(name: &str) -> Refusal {
    Refusal::new(
        "ResourceNotFoundException",
        404,
        format!("there is no analyzer `{name}`"),
    )
    .with("resourceId", name)
    .with("resourceType", "analyzer")
}

/// CreateAnalyzer.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(WHO, call, "analyzerName")?;
    let kind = required(WHO, call, "type")?;
    let letter = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    if name.len() > 255
        || !name.chars().all(letter)
        || !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    {
        return Err(WHO.invalid(format!("`{name}` is not a name for an analyzer")));
    }
    if !KINDS.contains(&kind) {
        return Err(WHO.invalid(format!("`{kind}` is not a type of analyzer")));
    }
    let tags = call
        .input
        .text_map("tags")
        .map_err(|error| WHO.unreadable(error))?;
    refuse_outside_organization(world, call, kind)?;
    let kept = world
        .neighbours
        .administrators
        .entry(call.caller.clone())
        .or_default();
    let here = kept.analyzers.entry(call.region.to_owned()).or_default();
    if here.contains_key(name) {
        let refusal = Refusal::new(
            "ConflictException",
            409,
            format!("there is an analyzer `{name}` already"),
        );
        return Err(refusal.with("resourceId", name).with("resourceType", "analyzer"));
    }
    let analyzer = Analyzer {
        kind: kind.to_owned(),
        created_at: call.now,
        tags: tags.unwrap_or_default(),
    };
    here.insert(name.to_owned(), analyzer);
    answer(&json!({"arn": arn(call, name)}))
}

fn here<'a>(world: &'a World, call: &Call<'_>) -> impl Iterator<Item = (&'a String, &'a Analyzer)> {
    let kept = world.neighbours.administrators.get(call.caller);
    kept.and_then(|kept| kept.analyzers.get(call.region))
        .into_iter()
        .flatten()
}

/// GetAnalyzer.
pub(super) fn get(world: &World, call: &Call<'_>) -> Answer {
    let name = required(WHO, call, "analyzerName")?;
    let (_, found) = here(world, call)
        .find(|(known, _)| *known == name)
        .ok_or_else(|| missing(name))?;
    answer(&json!({"analyzer": shown(call, name, found)}))
}

/// ListAnalyzers.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let kind = call.input.text("type").map_err(|error| WHO.unreadable(error))?;
    let pager = page(WHO, call, &SMALL, 1..=100)?;
    let rest = here(world, call).filter(|(name, analyzer)| {
        name.as_str() > pager.after() && kind.is_none_or(|kind| analyzer.kind == kind)
    });
    let page = pager.take(rest, |(name, _)| (*name).clone());
    let rows = page.map(|(name, analyzer)| shown(call, name, analyzer));
    let mut body = json!({"analyzers": rows.items});
    if let (Some(members), Some(next)) = (body.as_object_mut(), rows.next) {
        members.insert("nextToken".to_owned(), Value::String(next));
    }
    answer(&body)
}

/// DeleteAnalyzer.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(WHO, call, "analyzerName")?;
    let kept = world.neighbours.administrators.get_mut(call.caller);
    let here = kept.and_then(|kept| kept.analyzers.get_mut(call.region));
    match here.and_then(|here| here.remove(name)) {
        Some(_) => empty(),
        None => Err(missing(name)),
    }
}
