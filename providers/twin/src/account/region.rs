//! Regions: which an account has on, and switching them.

use serde::Serialize;

use super::refusal::{conflict, invalid, invalid_region, throttled, unreadable};
use super::subject::subject;
use crate::settings::Partition;
use crate::wire::{Answer, Call, Pager, Refusal, empty, json, scope_of};
use crate::world::{Account, AccountId, RegionChange, Timer, World};

/// Regions that every account has on (botocore endpoints; Account Management Reference Guide, Regions).
const BY_DEFAULT: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Regions that an account switches on.
const OPT_IN: [&str; 17] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

fn by_default(partition: Partition) -> &'static [&'static str] {
    match partition {
        Partition::Aws => &BY_DEFAULT,
        Partition::China => &["cn-north-1", "cn-northwest-1"],
        Partition::GovCloud => &["us-gov-east-1", "us-gov-west-1"],
    }
}

fn opt_in(partition: Partition) -> &'static [&'static str] {
    match partition {
        Partition::Aws => &OPT_IN,
        Partition::China | Partition::GovCloud => &[],
    }
}

/// Returns whether a partition has a Region.
pub(crate) fn is_known(region: &str, partition: Partition) -> bool {
    by_default(partition).contains(&region) || opt_in(partition).contains(&region)
}

/// Returns whether an account has a Region on.
pub(crate) fn is_on(account: &Account, region: &str, partition: Partition) -> bool {
    matches!(
        status(account, region, partition),
        Some("ENABLED_BY_DEFAULT" | "ENABLED" | "DISABLING")
    )
}

fn status(account: &Account, region: &str, partition: Partition) -> Option<&'static str> {
    if by_default(partition).contains(&region) {
        return Some("ENABLED_BY_DEFAULT");
    }
    let known = opt_in(partition).contains(&region);
    known.then(|| match account.regions.get(region) {
        None => "DISABLED",
        Some(RegionChange::Enabling { .. }) => "ENABLING",
        Some(RegionChange::Enabled) => "ENABLED",
        Some(RegionChange::Disabling { .. }) => "DISABLING",
    })
}

fn region_name<'a>(call: &'a Call<'_>) -> Result<&'a str, Refusal> {
    let region = call.input.required_text("RegionName").map_err(unreadable)?;
    if (1..=50).contains(&region.chars().count()) {
        return Ok(region);
    }
    Err(invalid("RegionName", "must have 1 to 50 characters"))
}

fn unknown(region: &str) -> Refusal {
    invalid("RegionName", &format!("is `{region}`, which is not a Region"))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RegionView<'a> {
    region_name: &'a str,
    region_opt_status: &'static str,
}

/// GetRegionOptStatus.
pub(crate) fn get_status(world: &World, call: &Call<'_>) -> Answer {
    let region_name = region_name(call)?;
    let (_, account) = subject(world, call)?;
    let region_opt_status =
        status(account, region_name, call.settings.partition).ok_or_else(|| unknown(region_name))?;
    json(&RegionView {
        region_name,
        region_opt_status,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RegionsAnswer<'a> {
    regions: Vec<RegionView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

const STATUSES: [&str; 5] = [
    "ENABLED",
    "ENABLING",
    "DISABLING",
    "DISABLED",
    "ENABLED_BY_DEFAULT",
];

/// ListRegions.
pub(crate) fn list(world: &World, call: &Call<'_>) -> Answer {
    let wanted = call
        .input
        .texts("RegionOptStatusContains")
        .map_err(unreadable)?
        .unwrap_or_default();
    if wanted.iter().any(|status| !STATUSES.contains(status)) {
        return Err(invalid(
            "RegionOptStatusContains",
            "names a status that does not exist",
        ));
    }
    let size = match call.input.number("MaxResults").map_err(unreadable)? {
        None => 50,
        Some(size) => usize::try_from(size)
            .ok()
            .filter(|size| (1..=50).contains(size))
            .ok_or_else(|| invalid("MaxResults", "must be 1 to 50"))?,
    };
    let (id, account) = subject(world, call)?;
    let parts: Vec<&str> = ["ListRegions", id.as_str()]
        .into_iter()
        .chain(wanted.iter().copied())
        .collect();
    let token = call.input.text("NextToken").map_err(unreadable)?;
    let pager = Pager::new(scope_of(&parts), size, token, call.settings.empty_first_page)
        .ok_or_else(|| invalid("NextToken", "was not given out by this operation for this input"))?;
    let partition = call.settings.partition;
    let mut names: Vec<&str> = by_default(partition)
        .iter()
        .chain(opt_in(partition))
        .copied()
        .collect();
    names.sort_unstable();
    let views = names
        .into_iter()
        .filter(|name| *name > pager.after())
        .filter_map(|region_name| {
            let region_opt_status = status(account, region_name, partition)?;
            Some(RegionView {
                region_name,
                region_opt_status,
            })
        });
    let fitting = views.filter(|view| wanted.is_empty() || wanted.contains(&view.region_opt_status));
    let page = pager.take(fitting, |view| view.region_name.to_owned());
    json(&RegionsAnswer {
        regions: page.items,
        next_token: page.next,
    })
}

/// EnableRegion: takes a while.
pub(crate) fn enable(world: &mut World, call: &Call<'_>) -> Answer {
    change(world, call, Switch::On)
}

/// DisableRegion: takes a while.
pub(crate) fn disable(world: &mut World, call: &Call<'_>) -> Answer {
    change(world, call, Switch::Off)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Switch {
    On,
    Off,
}

fn change(world: &mut World, call: &Call<'_>, switch: Switch) -> Answer {
    let region = region_name(call)?.to_owned();
    let (id, account) = subject(world, call)?;
    let settled = match (status(account, &region, call.settings.partition), switch) {
        (None, _) => return Err(unknown(&region)),
        (Some("ENABLED_BY_DEFAULT"), _) => {
            return Err(invalid_region(format!("Region `{region}` is always on")));
        }
        (Some("ENABLING"), Switch::On) | (Some("DISABLING"), Switch::Off) => return empty(),
        (Some("ENABLING" | "DISABLING"), _) => {
            return Err(conflict(format!(
                "Region `{region}` is being switched the other way"
            )));
        }
        (Some(status), Switch::On) => status == "ENABLED",
        (Some(status), Switch::Off) => status == "DISABLED",
    };
    if settled {
        return empty();
    }
    let id = id.clone();
    refuse_too_many(world, call, &id)?;
    let until = call.now.after(call.settings.region_opt_seconds.duration());
    let change = match switch {
        Switch::On => RegionChange::Enabling { until },
        Switch::Off => RegionChange::Disabling { until },
    };
    if let Some(account) = world.accounts.get_mut(&id) {
        account.regions.insert(region.clone(), change);
    }
    world.timers.set(until, Timer::RegionSettles(id, region));
    empty()
}

/// 6 changes at once in an account, 50 in an organization (aws-facts 1.7, TooManyRequestsException).
fn refuse_too_many(world: &World, call: &Call<'_>, id: &AccountId) -> Result<(), Refusal> {
    let running = |id: &AccountId| world.accounts.get(id).map_or(0, Account::regions_in_change);
    if running(id) >= call.settings.region_opts_per_account {
        return Err(throttled("too many Regions of this account are being switched"));
    }
    let Some(org) = world.organization_of(id) else {
        return Ok(());
    };
    let all: usize = org.members().keys().map(running).sum();
    if all >= call.settings.region_opts_per_organization {
        return Err(throttled(
            "too many Regions of this organization are being switched",
        ));
    }
    Ok(())
}
