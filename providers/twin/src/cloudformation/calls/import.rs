//! ImportStacksToStackSet.

use std::collections::BTreeMap;

use super::operation::{Request, answer_again, is_repeated, start};
use crate::cloudformation::rules::{
    Home, accounts_under, find_live, home, object_at, organization_of_home, refuse_without_access,
};
use crate::cloudformation::state::{PermissionModel, Place, Region, StackSet, Work};
use crate::cloudformation::wire::{Code, invalid, preferences, text, texts};
use crate::wire::{Answer, Call, Refusal};
use crate::world::{AccountId, ParentId, World};

/// How many stacks one call takes, inline and through S3 (aws-facts 3.3, import).
const MOST: (usize, usize) = (10, 200);

fn place_of(id: &str) -> Option<Place> {
    let mut parts = id.split(':').skip(3);
    let (region, account) = (parts.next()?, parts.next()?);
    Some(Place {
        account: AccountId::parse(account)?,
        region: Region::new(region),
    })
}

/// Returns the ids that a request names, inline or in S3.
fn named(world: &World, call: &Call<'_>) -> Result<Vec<String>, Refusal> {
    let inline = texts(call.input, "StackIds")?.filter(|ids| !ids.is_empty());
    let url = text(call.input, "StackIdsUrl")?;
    let (ids, most) = match (inline, url) {
        (Some(ids), None) => (ids, MOST.0),
        (None, Some(url)) => {
            let bytes = object_at(world, call, url)?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let words = text.split([',', '\n', '\r']).map(str::trim);
            let ids = words.filter(|word| !word.is_empty()).map(str::to_owned);
            (ids.collect(), MOST.1)
        }
        (Some(_), Some(_)) | (None, None) => {
            return Err(invalid(
                "Either StackIds or StackIdsUrl must be specified, and not both",
            ));
        }
    };
    if ids.len() > most {
        return Err(Code::LimitExceeded.because(format!(
            "{} stacks were specified, but at most {most} are imported at once",
            ids.len()
        )));
    }
    Ok(ids)
}

/// A stack that is imported exists, belongs to one set at most, and hides no parameters (aws-facts 3.3, import).
fn refuse_unfit(world: &World, set: &StackSet, ids: &[String]) -> Result<BTreeMap<Place, String>, Refusal> {
    let mut stacks = BTreeMap::new();
    for id in ids {
        let place = place_of(id).ok_or_else(|| invalid(format!("`{id}` is not the id of a stack")))?;
        let stack = world
            .cloudformation
            .stacks
            .get(id)
            .ok_or_else(|| Code::StackNotFound.because(format!("Stack {id} not found")))?;
        if !stack.content.hidden.is_empty() {
            return Err(Code::InvalidOperation
                .because(format!("Stack {id} has NoEcho parameters and can't be imported")));
        }
        let known = set.instances.get(&place);
        let retried = known.is_some_and(|instance| instance.revision.is_none());
        if known.is_some() && !retried || stacks.contains_key(&place) {
            return Err(Code::InvalidOperation.because(format!(
                "StackSet {} has a stack instance in account {}, region {} already",
                set.name(),
                place.account,
                place.region
            )));
        }
        stacks.insert(place, id.clone());
    }
    Ok(stacks)
}

/// Returns the OU through which each account belongs to a SERVICE_MANAGED set: it must lie in one that the request
/// names.
fn units(
    world: &World,
    call: &Call<'_>,
    home: &Home,
    set: &StackSet,
    stacks: &BTreeMap<Place, String>,
) -> Result<BTreeMap<Place, Option<ParentId>>, Refusal> {
    let given = texts(call.input, "OrganizationalUnitIds")?.unwrap_or_default();
    if set.model == PermissionModel::SelfManaged {
        return Ok(stacks.keys().map(|place| (place.clone(), None)).collect());
    }
    let org = organization_of_home(world, home)?;
    refuse_without_access(world, org, call.settings)?;
    let mut reached = BTreeMap::new();
    for name in &given {
        let unit = ParentId::parse(name).filter(|unit| org.has_parent(unit));
        let unit = unit.ok_or_else(|| invalid(format!("organizational unit {name} does not exist")))?;
        for account in accounts_under(org, &unit) {
            reached.insert(account, unit.clone());
        }
    }
    let places = stacks.keys().map(|place| match reached.get(&place.account) {
        Some(unit) => Ok((place.clone(), Some(unit.clone()))),
        None => Err(Code::InvalidOperation.because(format!(
            "Account {} lies in none of the OrganizationalUnitIds",
            place.account
        ))),
    });
    places.collect()
}

/// ImportStacksToStackSet.
pub(crate) fn import(world: &mut World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_live(world, call, &home)?;
    if is_repeated(set, call)? {
        return answer_again(call);
    }
    let ids = named(world, call)?;
    let stacks = refuse_unfit(world, set, &ids)?;
    let places = units(world, call, &home, set, &stacks)?;
    let mut regions: Vec<Region> = places.keys().map(|place| place.region.clone()).collect();
    regions.sort();
    regions.dedup();
    let request = Request {
        work: Work::Import { stacks },
        preferences: preferences(call.input, call.settings)?,
        given: None,
        regions,
        places,
    };
    let id = set.id.clone();
    start(world, call, &id, request)
}
