//! Operations of Control Tower: each call starts one and names it.

use crate::classify::nonsense;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::read;
use crate::tower::{Tower, text};
use lz_model::tower::{ControlParameters, OuBaseline};
use lz_provider::{Created, ProviderError, TagList, TowerCall, TowerRequest};
use serde_json::{Map, Value, json};

/// The parameter that names the enabled baseline of Identity Center (Control Tower User Guide, "Examples for baseline
/// API usage").
const IDENTITY_CENTER: &str = "IdentityCenterEnabledBaselineArn";

/// Starts an operation. Returns its id, and the ARN of what it makes.
///
/// # Errors
/// Why AWS has not begun it, or that nobody knows.
pub(super) async fn start(connection: &Connection, call: &TowerCall) -> Result<Created, ProviderError> {
    let tower = Tower::of(connection, &call.region).await;
    let (operation, input) = input(&tower, &call.request).await?;
    let answer = tower.ask(operation, &input).await?;
    Ok(Created {
        id: text(operation, &answer, "/operationIdentifier")?.to_owned(),
        arn: answer.get("arn").and_then(Value::as_str).map(str::to_owned),
        tags: TagList::new(),
    })
}

async fn input(tower: &Tower<'_>, request: &TowerRequest) -> Result<(Operation, Value), ProviderError> {
    Ok(match request {
        TowerRequest::CreateZone {
            version,
            manifest,
            enrols_moved,
        } => {
            let operation = Operation::CreateLandingZone;
            let mut input = zone(operation, &version.to_string(), manifest)?;
            if *enrols_moved {
                input.insert("remediationTypes".to_owned(), remediation(true));
            }
            (operation, Value::Object(input))
        }
        TowerRequest::UpdateZone {
            landing_zone,
            version,
            manifest,
            enrols_moved,
        } => {
            let operation = Operation::UpdateLandingZone;
            let mut input = zone(operation, &version.to_string(), manifest)?;
            input.insert("landingZoneIdentifier".to_owned(), json!(landing_zone));
            if version.enrols_moved() {
                input.insert("remediationTypes".to_owned(), remediation(*enrols_moved));
            }
            (operation, Value::Object(input))
        }
        TowerRequest::ResetZone { landing_zone } => (
            Operation::ResetLandingZone,
            json!({"landingZoneIdentifier": landing_zone}),
        ),
        TowerRequest::EnableBaseline {
            baseline,
            version,
            target,
            identity_center,
        } => {
            let mut input = Map::from_iter([
                (
                    "baselineIdentifier".to_owned(),
                    json!(baseline_arn(tower, *baseline).await?),
                ),
                ("baselineVersion".to_owned(), json!(version)),
                ("targetIdentifier".to_owned(), json!(target)),
            ]);
            name_identity_center(tower, *identity_center, &mut input).await?;
            (Operation::EnableBaseline, Value::Object(input))
        }
        TowerRequest::UpdateBaseline {
            enabled,
            before: _,
            version,
            identity_center,
        } => {
            let mut input = Map::from_iter([
                ("enabledBaselineIdentifier".to_owned(), json!(enabled)),
                ("baselineVersion".to_owned(), json!(version)),
            ]);
            // What is left out stays as it was; a baseline that was given the name is refused with it once Control Tower
            // does not manage Identity Center any more (rule R29).
            input.insert("parameters".to_owned(), json!([]));
            name_identity_center(tower, *identity_center, &mut input).await?;
            (Operation::UpdateEnabledBaseline, Value::Object(input))
        }
        TowerRequest::ResetBaseline { enabled } => (
            Operation::ResetEnabledBaseline,
            json!({"enabledBaselineIdentifier": enabled}),
        ),
        TowerRequest::DisableBaseline { enabled } => (
            Operation::DisableBaseline,
            json!({"enabledBaselineIdentifier": enabled}),
        ),
        TowerRequest::EnableControl {
            arn,
            target,
            parameters,
            control: _,
        } => {
            let mut input = Map::from_iter([
                ("controlIdentifier".to_owned(), json!(arn)),
                ("targetIdentifier".to_owned(), json!(target)),
            ]);
            if !parameters.is_empty() {
                input.insert("parameters".to_owned(), listed(parameters));
            }
            (Operation::EnableControl, Value::Object(input))
        }
        TowerRequest::UpdateControl {
            enabled,
            parameters,
            control: _,
        } => (
            Operation::UpdateEnabledControl,
            json!({"enabledControlIdentifier": enabled, "parameters": listed(parameters)}),
        ),
        TowerRequest::ResetControl { enabled } => (
            Operation::ResetEnabledControl,
            json!({"enabledControlIdentifier": enabled}),
        ),
        TowerRequest::DisableControl { enabled } => (
            Operation::DisableControl,
            json!({"enabledControlIdentifier": enabled}),
        ),
    })
}

fn zone(operation: Operation, version: &str, manifest: &str) -> Result<Map<String, Value>, ProviderError> {
    let manifest: Value = serde_json::from_str(manifest)
        .map_err(|error| nonsense(operation, format!("the manifest: {error}")))?;
    Ok(Map::from_iter([
        ("version".to_owned(), json!(version)),
        ("manifest".to_owned(), manifest),
    ]))
}

/// Auto-enrolment is a remediation type (aws-facts section 4.2).
fn remediation(on: bool) -> Value {
    if on {
        json!(["INHERITANCE_DRIFT"])
    } else {
        json!([])
    }
}

fn listed(parameters: &ControlParameters) -> Value {
    parameters
        .iter()
        .map(|(key, value)| json!({"key": key, "value": value}))
        .collect()
}

async fn baseline_arn(tower: &Tower<'_>, baseline: OuBaseline) -> Result<String, ProviderError> {
    let offered = read::offered_baselines(tower).await?;
    let found = offered.into_iter().find(|(_, name)| name == baseline.name());
    found.map(|(arn, _)| arn).ok_or_else(|| {
        nonsense(
            Operation::ListBaselines,
            format!("Control Tower offers no `{baseline}` in this Region"),
        )
    })
}

/// Names the enabled baseline of Identity Center, where Control Tower manages it (rule R29).
async fn name_identity_center(
    tower: &Tower<'_>,
    wanted: bool,
    input: &mut Map<String, Value>,
) -> Result<(), ProviderError> {
    if !wanted {
        return Ok(());
    }
    if let Some(arn) = read::identity_center(tower).await? {
        let parameters = json!([{"key": IDENTITY_CENTER, "value": arn}]);
        input.insert("parameters".to_owned(), parameters);
    }
    Ok(())
}
