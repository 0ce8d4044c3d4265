//! ListControls and GetControl (botocore model of Control Catalog).

use serde_json::{Map, Value, json};

use super::entry::{Entry, regional_id};
use crate::controltower::Behaviour;
use crate::neighbour::{Neighbour, SMALL, page, required};
use crate::wire::{Answer, Call, Refusal, json as answer};
use crate::world::World;

const WHO: Neighbour = Neighbour::ControlCatalog;

/// Regions in which every control can be deployed.
const REGIONS: &[&str] = &[
    "ap-northeast-1",
    "ap-southeast-2",
    "eu-central-1",
    "eu-west-1",
    "us-east-1",
    "us-west-2",
];

/// Returns the type of a control's implementation and its id there, as samples of the catalogue show them.
fn implementation(entry: &Entry) -> (&'static str, Option<&str>) {
    match entry.behaviour {
        Behaviour::Preventive => ("AWS::Organizations::Policy::SERVICE_CONTROL_POLICY", None),
        Behaviour::Proactive => ("AWS::CloudFormation::Type::HOOK", None),
        Behaviour::Detective => match entry.name.strip_prefix("SH.") {
            Some(id) => ("AWS::SecurityHub::SecurityControl", Some(id)),
            None => ("AWS::Config::ConfigRule", entry.name.strip_prefix("AWS-GR_")),
        },
    }
}

/// Returns what a list shows of a control. Names and descriptions are the twin's own.
fn summary(entry: &Entry, call: &Call<'_>) -> Map<String, Value> {
    let behaviour = match entry.behaviour {
        Behaviour::Preventive => "PREVENTIVE",
        Behaviour::Detective => "DETECTIVE",
        Behaviour::Proactive => "PROACTIVE",
    };
    let (kind, id) = implementation(entry);
    let mut implementation = Map::from_iter([("Type".to_owned(), json!(kind))]);
    implementation.extend(id.map(|id| ("Identifier".to_owned(), json!(id))));
    let members = [
        ("Arn", json!(entry.arn(call.settings))),
        ("Aliases", json!([entry.name])),
        ("Name", json!(format!("Control {}", entry.name))),
        ("Description", json!("A control that the twin plays.")),
        ("Behavior", json!(behaviour)),
        ("Severity", json!("MEDIUM")),
        ("Implementation", Value::Object(implementation)),
    ];
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// The filter of ListControls: at most one type and one id of the implementation.
struct Filter {
    kind: Option<String>,
    id: Option<String>,
}

impl Filter {
    fn of(call: &Call<'_>) -> Result<Filter, Refusal> {
        let unreadable = |error| WHO.unreadable(error);
        let filter = call.input.object("Filter").map_err(unreadable)?;
        let wanted = match &filter {
            Some(filter) => filter.object("Implementations").map_err(unreadable)?,
            None => None,
        };
        let one = |name: &'static str| -> Result<Option<String>, Refusal> {
            let Some(wanted) = &wanted else { return Ok(None) };
            match wanted.texts(name).map_err(unreadable)?.as_deref() {
                None => Ok(None),
                Some([one]) => Ok(Some((*one).to_owned())),
                Some(_) => Err(WHO.invalid(format!("`{name}` holds one text"))),
            }
        };
        Ok(Filter {
            kind: one("Types")?,
            id: one("Identifiers")?,
        })
    }

    fn fits(&self, entry: &Entry) -> bool {
        let (kind, id) = implementation(entry);
        self.kind.as_deref().is_none_or(|wanted| wanted == kind)
            && self.id.as_deref().is_none_or(|wanted| Some(wanted) == id)
    }
}

/// ListControls: a hundred at a time, in the order of their ARNs.
pub(super) fn list(_: &World, call: &Call<'_>) -> Answer {
    let pager = page(WHO, call, &SMALL, 1..=100)?;
    let filter = Filter::of(call)?;
    let mut all: Vec<(String, Entry)> = Entry::all(call.settings)
        .filter(|entry| filter.fits(entry))
        .map(|entry| (entry.arn(call.settings), entry))
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    let rest = all.into_iter().filter(|(arn, _)| arn.as_str() > pager.after());
    let page = pager.take(rest, |(arn, _)| arn.clone());
    let page = page.map(|(_, entry)| Value::Object(summary(&entry, call)));
    let mut shown = Map::from_iter([("Controls".to_owned(), Value::Array(page.items))]);
    shown.extend(page.next.map(|token| ("NextToken".to_owned(), json!(token))));
    answer(&Value::Object(shown))
}

/// Returns whether text fits the model's pattern of a control's ARN.
fn is_arn(text: &str) -> bool {
    let Some((before, id)) = text.rsplit_once("::control/") else {
        return false;
    };
    let parts: Vec<&str> = before.split(':').collect();
    let [arn, partition, service, region] = parts.as_slice() else {
        return false;
    };
    let dashed = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (34..=2048).contains(&text.len())
        && *arn == "arn"
        && partition.starts_with("aws")
        && dashed(partition)
        && matches!(*service, "controlcatalog" | "controltower")
        && dashed(region)
        && !id.is_empty()
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// The parameters of CT.MULTISERVICE.PV.1 (Control Tower Controls Reference Guide, "Configure the OU Region deny
/// control").
pub(crate) const REGION_PARAMETERS: [&str; 3] =
    ["AllowedRegions", "ExemptedActions", "ExemptedPrincipalArns"];

/// GetControl: by either form of the ARN; the answer has the global one.
pub(super) fn get(_: &World, call: &Call<'_>) -> Answer {
    let arn = required(WHO, call, "ControlArn")?;
    if !is_arn(arn) {
        return Err(WHO.invalid(format!("`{arn}` is not the ARN of a control")));
    }
    let found = Entry::by_arn(arn, call.settings);
    // The Region deny control is in no catalogue.
    let listed = found.filter(|found| Entry::all(call.settings).any(|entry| entry == *found));
    let Some(entry) = listed else {
        let message = format!("there is no control `{arn}`");
        return Err(Refusal::new("ResourceNotFoundException", 404, message));
    };
    let mut shown = summary(&entry, call);
    let regions = match entry.behaviour {
        Behaviour::Preventive => json!({"Scope": "GLOBAL"}),
        Behaviour::Detective | Behaviour::Proactive => {
            json!({"Scope": "REGIONAL", "DeployableRegions": REGIONS})
        }
    };
    shown.insert("RegionConfiguration".to_owned(), regions);
    if entry.name == "CT.MULTISERVICE.PV.1" {
        let parameters = REGION_PARAMETERS.map(|name| json!({"Name": name}));
        shown.insert("Parameters".to_owned(), json!(parameters));
    }
    answer(&Value::Object(shown))
}

/// Returns the ARN that a control with this alias has in a Region, if it has one there: AWS publishes these in tables
/// only (Controls Reference Guide, "Tables of control metadata").
#[must_use]
pub fn regional_control_arn(alias: &str, region: &str) -> Option<String> {
    let id = regional_id(alias, region)?;
    Some(format!("arn:aws:controltower:{region}::control/{id}"))
}
