//! Stack instances: creating, updating, deleting, reading.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::operation::{Request, answer_again, is_repeated, start};
use crate::cloudformation::rules::{
    Home, every_place, find_live, find_set, given_targets, home, instance_or_refuse, organization_of_home,
    places_of_accounts, refuse_no_regions, refuse_too_many_instances, refuse_unknown_overrides,
    refuse_without_access,
};
use crate::cloudformation::state::{
    AccountFilter, GivenTargets, Instance, InstanceStatus, PermissionModel, Place, Region, StackSet, Work,
};
use crate::cloudformation::wire::{
    Code, answer, boolean, instance_view, invalid, objects, pager, parameters, preferences, regions,
    required, text,
};
use crate::wire::{Answer, Call, Refusal, Xml};
use crate::world::{AccountId, ParentId, World};

/// What a request about instances names.
pub(super) struct Named {
    pub(super) given: GivenTargets,
    pub(super) regions: Vec<Region>,
    pub(super) accounts: BTreeMap<AccountId, Option<ParentId>>,
}

/// Returns the accounts and Regions that a request must name.
pub(super) fn named(
    world: &World,
    call: &Call<'_>,
    home: &Home,
    set: &StackSet,
    creates: bool,
) -> Result<Named, Refusal> {
    if set.model == PermissionModel::ServiceManaged {
        refuse_without_access(world, organization_of_home(world, home)?, call.settings)?;
    }
    let regions =
        regions(call.input, "Regions", call.settings)?.ok_or_else(|| invalid("Regions must be specified"))?;
    refuse_no_regions(&regions)?;
    let given = given_targets(world, set, call, creates)?
        .ok_or_else(|| invalid("Either Accounts or DeploymentTargets must be specified"))?;
    let accounts = places_of_accounts(world, home, set, &given)?;
    Ok(Named {
        given,
        regions,
        accounts,
    })
}

/// CreateStackInstances: instances that are there already are brought up to date.
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_live(world, call, &home)?;
    if is_repeated(set, call)? {
        return answer_again(call);
    }
    let Named {
        given,
        regions,
        accounts,
    } = named(world, call, &home, set, true)?;
    let overrides = parameters(call.input, "ParameterOverrides")?;
    refuse_unknown_overrides(set, overrides.as_ref())?;
    let preferences = preferences(call.input, call.settings)?;
    let places: BTreeMap<_, _> = every_place(&accounts, &regions).collect();
    let new = places.keys().filter(|place| set.instances.get(place).is_none());
    refuse_too_many_instances(set, new.count(), call.settings)?;
    let id = set.id.clone();
    let request = Request {
        work: Work::Create { overrides },
        preferences,
        given: Some(given),
        regions,
        places,
    };
    start(world, call, &id, request)
}

/// Returns the instances among the places that a request names, also those of accounts that have left the OU
/// through which they came.
pub(super) fn existing(set: &StackSet, named: &Named) -> BTreeMap<Place, Option<ParentId>> {
    let mut places: BTreeMap<Place, Option<ParentId>> = every_place(&named.accounts, &named.regions)
        .filter(|(place, _)| set.instances.get(place).is_some())
        .collect();
    let whole = matches!(
        named.given.filter.unwrap_or(AccountFilter::Union),
        AccountFilter::None | AccountFilter::Union
    );
    if whole && !named.given.units.is_empty() {
        let came = set.instances.all().iter().filter(|(place, instance)| {
            named.regions.contains(&place.region)
                && instance
                    .unit
                    .as_ref()
                    .is_some_and(|unit| named.given.units.contains(unit))
        });
        places.extend(came.map(|(place, instance)| (place.clone(), instance.unit.clone())));
    }
    places
}

/// UpdateStackInstances: changes overrides of instances that are there.
pub(crate) fn update(world: &mut World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_live(world, call, &home)?;
    if is_repeated(set, call)? {
        return answer_again(call);
    }
    let named = named(world, call, &home, set, false)?;
    let overrides = parameters(call.input, "ParameterOverrides")?;
    refuse_unknown_overrides(set, overrides.as_ref())?;
    let preferences = preferences(call.input, call.settings)?;
    let mut places = places_to_update(set, &named)?;
    places.retain(|place, _| can_update(set, place));
    let id = set.id.clone();
    let request = Request {
        work: Work::Update {
            overrides,
            outdates: false,
            change: None,
        },
        preferences,
        given: Some(named.given),
        regions: named.regions,
        places,
    };
    start(world, call, &id, request)
}

/// INOPERABLE instances are left out of updates (botocore model, StackInstance.Status).
pub(super) fn can_update(set: &StackSet, place: &Place) -> bool {
    set.instances
        .get(place)
        .is_some_and(|instance| instance.status != InstanceStatus::Inoperable)
}

/// An update names instances that exist: each one under SELF_MANAGED, at least one under SERVICE_MANAGED
/// (StackInstanceNotFound 404).
pub(super) fn places_to_update(
    set: &StackSet,
    named: &Named,
) -> Result<BTreeMap<Place, Option<ParentId>>, Refusal> {
    if set.model == PermissionModel::SelfManaged {
        for (place, _) in every_place(&named.accounts, &named.regions) {
            instance_or_refuse(set, &place)?;
        }
    }
    let places = existing(set, named);
    if places.is_empty() {
        return Err(Code::StackInstanceNotFound.because(format!(
            "StackSet {} has no stack instance in the specified accounts and Regions",
            set.name()
        )));
    }
    Ok(places)
}

/// DeleteStackInstances: what is not there is passed over.
pub(crate) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_live(world, call, &home)?;
    let retain =
        boolean(call.input, "RetainStacks")?.ok_or_else(|| invalid("RetainStacks must be specified"))?;
    if is_repeated(set, call)? {
        return answer_again(call);
    }
    let named = named(world, call, &home, set, false)?;
    let preferences = preferences(call.input, call.settings)?;
    let places = existing(set, &named);
    let id = set.id.clone();
    let request = Request {
        work: Work::Delete { retain },
        preferences,
        given: Some(named.given),
        regions: named.regions,
        places,
    };
    start(world, call, &id, request)
}

/// Returns the account and the Region that a request names.
pub(super) fn place_of(call: &Call<'_>) -> Result<Place, Refusal> {
    let account = required(call.input, "StackInstanceAccount")?;
    let account = AccountId::parse(account)
        .ok_or_else(|| invalid(format!("`{account}` is not an account id of 12 digits")))?;
    let region = Region::new(required(call.input, "StackInstanceRegion")?);
    Ok(Place { account, region })
}

/// DescribeStackInstance.
pub(crate) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_set(world, call, &home)?;
    let place = place_of(call)?;
    let instance = instance_or_refuse(set, &place)?;
    let view = instance_view(set, &place, instance, call.settings, true);
    answer(call, Xml::default().inside("StackInstance", view))
}

/// What a listing of instances is narrowed to.
#[derive(Default)]
struct Filter {
    account: Option<AccountId>,
    region: Option<Region>,
    detailed: Option<String>,
    operation: Option<String>,
    drift: Option<String>,
}

impl Filter {
    fn of(call: &Call<'_>) -> Result<Filter, Refusal> {
        let mut filter = Filter::default();
        if let Some(account) = text(call.input, "StackInstanceAccount")? {
            let id = AccountId::parse(account);
            filter.account =
                Some(id.ok_or_else(|| invalid(format!("`{account}` is not an account id of 12 digits")))?);
        }
        filter.region = text(call.input, "StackInstanceRegion")?.map(Region::new);
        let filters = objects(call.input, "Filters")?.unwrap_or_default();
        if filters.len() > 3 {
            return Err(invalid("Filters takes at most three filters"));
        }
        for one in &filters {
            let value = Some(required(one, "Values")?.to_owned());
            match required(one, "Name")? {
                "DETAILED_STATUS" => filter.detailed = value,
                "LAST_OPERATION_ID" => filter.operation = value,
                "DRIFT_STATUS" => filter.drift = value,
                other => return Err(invalid(format!("`{other}` is not a filter of stack instances"))),
            }
        }
        Ok(filter)
    }

    fn fits(&self, place: &Place, instance: &Instance) -> bool {
        let same = |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|text| text == found);
        self.region.as_ref().is_none_or(|region| *region == place.region)
            && same(&self.detailed, instance.detailed.as_str())
            && same(&self.drift, instance.drift.as_str())
            && self.operation.as_deref().is_none_or(|wanted| {
                instance
                    .operation
                    .as_ref()
                    .is_some_and(|operation| operation.as_str() == wanted)
            })
    }

    fn scope(&self) -> String {
        let account = self.account.as_ref().map(AccountId::as_str);
        let region = self.region.as_ref().map(Region::as_str);
        let rest = [&self.detailed, &self.operation, &self.drift].map(Option::as_deref);
        [account, region]
            .into_iter()
            .chain(rest)
            .map(Option::unwrap_or_default)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// ListStackInstances: a page begins where the last one ended, and the instances of one account are found without
/// looking at the others.
pub(crate) fn list(world: &World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_set(world, call, &home)?;
    let filter = Filter::of(call)?;
    let pager = pager(call, &[set.id.as_str(), &filter.scope()])?;
    let first = filter.account.as_ref().map(|account| Place {
        account: account.clone(),
        region: Region::new(""),
    });
    let from = match (Place::parse(pager.after()), first) {
        (Some(after), _) => Bound::Excluded(after),
        (None, Some(first)) => Bound::Included(first),
        (None, None) => Bound::Unbounded,
    };
    let rest = set
        .instances
        .all()
        .range((from, Bound::Unbounded))
        .take_while(|(place, _)| {
            filter
                .account
                .as_ref()
                .is_none_or(|account| *account == place.account)
        })
        .filter(|(place, instance)| filter.fits(place, instance));
    let page = pager.take(rest, |(place, _)| place.to_string());
    let summaries = page
        .items
        .iter()
        .map(|(place, instance)| instance_view(set, place, instance, call.settings, false));
    let xml = Xml::default().list("Summaries", summaries);
    answer(call, xml.maybe("NextToken", page.next.as_deref()))
}
