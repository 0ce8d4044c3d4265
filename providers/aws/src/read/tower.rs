//! Control Tower, in as few calls as it allows (aws-facts section 7).

use crate::classify::nonsense;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::tower::{Tower, text};
use aws_sdk_account::types::RegionOptStatus;
use lz_model::id::{AccountId, OuId, Region};
use lz_model::limits::TOWER_PAGES;
use lz_model::live::{
    BaselineTarget, Enablement, LandingZoneStatus, LiveBaseline, LiveControl, LiveLandingZone, LiveTower,
};
use lz_model::plan::TowerKind;
use lz_model::tower::{ControlName, ControlParameters, OuBaseline};
use lz_provider::{ProviderError, TowerProgress, TowerScope};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Most Regions in one page (Account Management API Reference, "ListRegions").
const REGIONS_PAGE: i32 = 50;

/// Reads Control Tower: a call where there is no landing zone, else four and one for each further page.
///
/// # Errors
/// The first call that fails for good.
pub(crate) async fn read(connection: &Connection, scope: &TowerScope) -> Result<LiveTower, ProviderError> {
    let tower = Tower::of(connection, &scope.region).await;
    let landing_zone = landing_zone(&tower).await?;
    let mut live = LiveTower {
        region: scope.region.clone(),
        landing_zone,
        baselines: Vec::new(),
        controls: Vec::new(),
        regions_off: regions_off(connection, &scope.regions).await?,
    };
    if live.landing_zone.is_some() {
        live.baselines = baselines(&tower).await?;
        live.controls = controls(&tower, scope).await?;
    }
    Ok(live)
}

/// Returns which of these Regions are off in the caller's account. Without any, nothing is asked.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn regions_off(
    connection: &Connection,
    regions: &BTreeSet<Region>,
) -> Result<BTreeSet<Region>, ProviderError> {
    if regions.is_empty() {
        return Ok(BTreeSet::new());
    }
    let on = connection
        .list(
            Operation::ListRegions,
            |token| {
                let request = connection.clients.account.list_regions();
                request
                    .region_opt_status_contains(RegionOptStatus::Enabled)
                    .region_opt_status_contains(RegionOptStatus::EnabledByDefault)
                    .max_results(REGIONS_PAGE)
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.regions, answer.next_token),
        )
        .await?;
    let on: BTreeSet<&str> = on.iter().filter_map(|region| region.region_name()).collect();
    let off = regions.iter().filter(|region| !on.contains(region.as_str()));
    Ok(off.cloned().collect())
}

async fn landing_zone(tower: &Tower<'_>) -> Result<Option<LiveLandingZone>, ProviderError> {
    let operation = Operation::ListLandingZones;
    let listed = tower.list(operation, "landingZones", Map::new()).await?;
    let Some(listed) = listed.first() else {
        return Ok(None);
    };
    let arn = text(operation, listed, "/arn")?;
    let operation = Operation::GetLandingZone;
    let answer = tower
        .ask(operation, &json!({"landingZoneIdentifier": arn}))
        .await?;
    let found = answer
        .get("landingZone")
        .ok_or_else(|| nonsense(operation, "the answer has no `landingZone`"))?;
    let version = |pointer| {
        let version = text(operation, found, pointer)?;
        version
            .parse()
            .map_err(|error| nonsense(operation, format!("in `{pointer}`: {error}")))
    };
    let remediation = found.get("remediationTypes").and_then(Value::as_array);
    Ok(Some(LiveLandingZone {
        arn: arn.to_owned(),
        version: version("/version")?,
        latest: version("/latestAvailableVersion").ok(),
        status: match found.get("status").and_then(Value::as_str) {
            Some("PROCESSING") => LandingZoneStatus::Processing,
            Some("FAILED") => LandingZoneStatus::Failed,
            // The model calls the member optional; what is not named otherwise works.
            Some(_) | None => LandingZoneStatus::Active,
        },
        drifted: is_drifted(found.pointer("/driftStatus/status")),
        manifest: found.get("manifest").cloned().unwrap_or_else(|| json!({})),
        enrols_moved: remediation
            .is_some_and(|types| types.iter().any(|one| one.as_str() == Some("INHERITANCE_DRIFT"))),
    }))
}

fn is_drifted(status: Option<&Value>) -> bool {
    status.and_then(Value::as_str) == Some("DRIFTED")
}

fn enablement(operation: Operation, found: &Value) -> Result<Enablement, ProviderError> {
    match text(operation, found, "/statusSummary/status")? {
        "SUCCEEDED" => Ok(Enablement::Succeeded),
        "FAILED" => Ok(Enablement::Failed),
        "UNDER_CHANGE" => Ok(Enablement::UnderChange),
        other => Err(nonsense(operation, format!("the status `{other}` is not known"))),
    }
}

fn last_operation(found: &Value) -> Option<String> {
    let id = found.pointer("/statusSummary/lastOperationIdentifier")?;
    Some(id.as_str()?.to_owned())
}

/// Returns the last part of a target's ARN: the id of an OU or account (aws-facts section 1.2).
fn target_id(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// Returns the baselines that Control Tower offers: ids differ from Region to Region, names do not (aws-facts
/// section 4.3).
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn offered(tower: &Tower<'_>) -> Result<BTreeMap<String, String>, ProviderError> {
    let operation = Operation::ListBaselines;
    let input = page(TOWER_PAGES.0);
    let listed = tower.list(operation, "baselines", input).await?;
    listed
        .iter()
        .map(|one| {
            let (arn, name) = (text(operation, one, "/arn")?, text(operation, one, "/name")?);
            Ok((arn.to_owned(), name.to_owned()))
        })
        .collect()
}

fn page(size: usize) -> Map<String, Value> {
    Map::from_iter([("maxResults".to_owned(), json!(size))])
}

async fn baselines(tower: &Tower<'_>) -> Result<Vec<LiveBaseline>, ProviderError> {
    let operation = Operation::ListEnabledBaselines;
    let mut input = page(TOWER_PAGES.0);
    input.insert("includeChildren".to_owned(), json!(true));
    let listed = tower.list(operation, "enabledBaselines", input).await?;
    if listed.is_empty() {
        return Ok(Vec::new());
    }
    let offered = offered(tower).await?;
    let baseline = |found: &Value| {
        let name = offered.get(text(operation, found, "/baselineIdentifier")?);
        let target = target_id(text(operation, found, "/targetIdentifier")?).to_owned();
        let target = match OuId::try_from(target.clone()) {
            Ok(ou) => BaselineTarget::Ou(ou),
            Err(_) => match AccountId::try_from(target) {
                Ok(account) => BaselineTarget::Account(account),
                Err(error) => return Err(nonsense(operation, format!("in `targetIdentifier`: {error}"))),
            },
        };
        Ok(LiveBaseline {
            arn: text(operation, found, "/arn")?.to_owned(),
            baseline: name.and_then(|name| OuBaseline::from_name(name)),
            version: found
                .get("baselineVersion")
                .and_then(Value::as_str)
                .map(str::to_owned),
            target,
            status: enablement(operation, found)?,
            drifted: is_drifted(found.pointer("/driftStatusSummary/types/inheritance/status")),
            operation: last_operation(found),
        })
    };
    let mut found = listed.iter().map(baseline).collect::<Result<Vec<_>, _>>()?;
    found.sort_by(|a, b| (&a.target, &a.arn).cmp(&(&b.target, &b.arn)));
    Ok(found)
}

async fn controls(tower: &Tower<'_>, scope: &TowerScope) -> Result<Vec<LiveControl>, ProviderError> {
    let operation = Operation::ListEnabledControls;
    let listed = tower
        .list(operation, "enabledControls", page(TOWER_PAGES.1))
        .await?;
    let mut found = Vec::new();
    for one in &listed {
        // A control whose name has a form of its own is nothing that a spec could name.
        let Ok(control) = text(operation, one, "/controlIdentifier")?.parse::<ControlName>() else {
            continue;
        };
        let target = target_id(text(operation, one, "/targetIdentifier")?);
        let Ok(ou) = target.parse::<OuId>() else { continue };
        let arn = text(operation, one, "/arn")?.to_owned();
        let parameters = if scope.parameters.contains(&control) || scope.enabled.contains(&arn) {
            Some(parameters(tower, &arn).await?)
        } else {
            None
        };
        found.push(LiveControl {
            arn,
            control,
            ou,
            status: enablement(operation, one)?,
            drifted: is_drifted(one.pointer("/driftStatusSummary/driftStatus")),
            parameters,
            operation: last_operation(one),
        });
    }
    found.sort_by(|a, b| (&a.control, &a.ou, &a.arn).cmp(&(&b.control, &b.ou, &b.arn)));
    Ok(found)
}

/// Returns the values of an enabled control's parameters.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn parameters(tower: &Tower<'_>, enabled: &str) -> Result<ControlParameters, ProviderError> {
    let operation = Operation::GetEnabledControl;
    let answer = tower
        .ask(operation, &json!({"enabledControlIdentifier": enabled}))
        .await?;
    let given = answer.pointer("/enabledControlDetails/parameters");
    let given = given.and_then(Value::as_array).into_iter().flatten();
    given
        .map(|one| {
            let value = one.get("value").cloned().unwrap_or(Value::Null);
            Ok((text(operation, one, "/key")?.to_owned(), value))
        })
        .collect()
}

/// Returns how far an operation is.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn operation(
    connection: &Connection,
    region: &Region,
    kind: TowerKind,
    id: &str,
) -> Result<TowerProgress, ProviderError> {
    let (operation, member) = match kind {
        TowerKind::Zone => (Operation::GetOperationOfZone, "operationDetails"),
        TowerKind::Baseline | TowerKind::Enrolment => {
            (Operation::GetOperationOfBaseline, "baselineOperation")
        }
        TowerKind::Control => (Operation::GetOperationOfControl, "controlOperation"),
    };
    let tower = Tower::of(connection, region).await;
    let answer = tower.ask(operation, &json!({"operationIdentifier": id})).await?;
    let found = answer
        .get(member)
        .ok_or_else(|| nonsense(operation, format!("the answer has no `{member}`")))?;
    match text(operation, found, "/status")? {
        "SUCCEEDED" => Ok(TowerProgress::Succeeded),
        "IN_PROGRESS" => Ok(TowerProgress::Running),
        "FAILED" => Ok(TowerProgress::Failed(
            found
                .get("statusMessage")
                .and_then(Value::as_str)
                .unwrap_or("AWS gives no reason")
                .to_owned(),
        )),
        other => Err(nonsense(operation, format!("the status `{other}` is not known"))),
    }
}

/// Returns the operation on the landing zone that is under way.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn zone_operation(
    connection: &Connection,
    region: &Region,
) -> Result<Option<String>, ProviderError> {
    let operation = Operation::ListLandingZoneOperations;
    let tower = Tower::of(connection, region).await;
    let mut input = page(TOWER_PAGES.0);
    input.insert("filter".to_owned(), json!({"statuses": ["IN_PROGRESS"]}));
    let listed = tower.list(operation, "landingZoneOperations", input).await?;
    let first = listed.first();
    first
        .map(|one| text(operation, one, "/operationIdentifier").map(str::to_owned))
        .transpose()
}

/// Returns the ARN under which Control Tower manages IAM Identity Center, which baselines of OUs name (rule R29).
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn identity_center(tower: &Tower<'_>) -> Result<Option<String>, ProviderError> {
    let offered = offered(tower).await?;
    let baseline = offered.iter().find(|(_, name)| *name == "IdentityCenterBaseline");
    let Some((baseline, _)) = baseline else {
        return Ok(None);
    };
    let operation = Operation::ListEnabledBaselines;
    let mut input = page(TOWER_PAGES.0);
    input.insert("filter".to_owned(), json!({"baselineIdentifiers": [baseline]}));
    let listed = tower.list(operation, "enabledBaselines", input).await?;
    let first = listed.first();
    first
        .map(|one| text(operation, one, "/arn").map(str::to_owned))
        .transpose()
}
