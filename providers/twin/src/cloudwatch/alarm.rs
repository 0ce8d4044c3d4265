//! Metric alarms.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::shape::{invalid, required, text, texts, typed};
use crate::clock::AwsTime;
use crate::wire::{Answer, Body, Call, Pager, Refusal, moment, scope_of};
use crate::world::World;

/// A metric alarm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Alarm {
    /// What PutMetricAlarm was given, member by member.
    given: Map<String, Value>,
    state: String,
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason_data: Option<String>,
    configured_at: AwsTime,
    updated_at: AwsTime,
    transitioned_at: AwsTime,
}

/// Members of PutMetricAlarm that DescribeAlarms gives back.
const SHOWN: [&str; 21] = [
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "AlarmName",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluateLowSampleCountPercentile",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "InsufficientDataActions",
    "MetricName",
    "Metrics",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Threshold",
    "ThresholdMetricId",
    "TreatMissingData",
    "Unit",
];

/// Returns what the keys of the caller's alarms begin with.
fn prefix(call: &Call<'_>) -> String {
    let region = match call.region {
        "" => "us-east-1",
        region => region,
    };
    format!("{}/{region}/", call.caller)
}

/// An alarm watches a metric or an expression, and says what it compares (botocore model, PutMetricAlarmInput).
fn refuse_incomplete(given: &Map<String, Value>) -> Result<(), Refusal> {
    let has = |name: &str| given.contains_key(name);
    if !(has("Metrics") || has("MetricName") && has("Namespace")) {
        return Err(invalid(
            "Either MetricName and Namespace or Metrics must be specified",
        ));
    }
    for name in ["ComparisonOperator", "EvaluationPeriods"] {
        if !has(name) {
            return Err(invalid(format!("The parameter {name} is required.")));
        }
    }
    if !(has("Metrics") || has("Statistic") || has("ExtendedStatistic")) {
        return Err(invalid("Either Statistic or ExtendedStatistic must be specified"));
    }
    Ok(())
}

/// PutMetricAlarm: an alarm that is there already keeps its state.
pub(super) fn put(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(call.input, "AlarmName")?;
    let mut given = Map::new();
    for (member, value) in call.input.members() {
        if SHOWN.contains(&member.as_str()) && value != "" {
            given.insert(member.clone(), typed(member, value)?);
        }
    }
    refuse_incomplete(&given)?;
    let key = format!("{}{name}", prefix(call));
    let known = world.alarms.remove(&key);
    let alarm = match known {
        Some(alarm) => Alarm {
            given,
            configured_at: call.now,
            ..alarm
        },
        None => Alarm {
            given,
            state: "INSUFFICIENT_DATA".to_owned(),
            reason: "Unchecked: Initial alarm creation".to_owned(),
            reason_data: None,
            configured_at: call.now,
            updated_at: call.now,
            transitioned_at: call.now,
        },
    };
    world.alarms.insert(key, alarm);
    crate::wire::empty()
}

fn no_alarm(name: &str) -> Refusal {
    Refusal::new(
        "ResourceNotFound",
        404,
        format!("The alarm `{name}` does not exist"),
    )
}

/// SetAlarmState.
pub(super) fn set_state(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(call.input, "AlarmName")?;
    let state = required(call.input, "StateValue")?;
    if !matches!(state, "OK" | "ALARM" | "INSUFFICIENT_DATA") {
        return Err(invalid(format!("`{state}` is not a StateValue")));
    }
    let reason =
        text(call.input, "StateReason")?.ok_or_else(|| invalid("The parameter StateReason is required."))?;
    let data = text(call.input, "StateReasonData")?;
    let key = format!("{}{name}", prefix(call));
    let alarm = world.alarms.get_mut(&key).ok_or_else(|| no_alarm(name))?;
    if alarm.state != state {
        alarm.transitioned_at = call.now;
    }
    alarm.state = state.to_owned();
    alarm.reason = reason.to_owned();
    alarm.reason_data = data.map(str::to_owned);
    alarm.updated_at = call.now;
    crate::wire::empty()
}

fn view(alarm: &Alarm, call: &Call<'_>) -> Value {
    let mut shown = alarm.given.clone();
    let name = shown.get("AlarmName").and_then(Value::as_str).unwrap_or_default();
    let key = prefix(call);
    let region = key.split('/').nth(1).unwrap_or_default();
    let (partition, account) = (call.settings.partition.as_str(), call.caller);
    let arn = format!("arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}");
    shown.entry("ActionsEnabled").or_insert(json!(true));
    for list in [
        "OKActions",
        "AlarmActions",
        "InsufficientDataActions",
        "Dimensions",
    ] {
        shown.entry(list).or_insert(json!([]));
    }
    shown.insert("AlarmArn".to_owned(), json!(arn));
    shown.insert("StateValue".to_owned(), json!(alarm.state));
    shown.insert("StateReason".to_owned(), json!(alarm.reason));
    if let Some(data) = &alarm.reason_data {
        shown.insert("StateReasonData".to_owned(), json!(data));
    }
    for (name, at) in [
        ("AlarmConfigurationUpdatedTimestamp", alarm.configured_at),
        ("StateUpdatedTimestamp", alarm.updated_at),
        ("StateTransitionedTimestamp", alarm.transitioned_at),
    ] {
        shown.insert(name.to_owned(), moment(at));
    }
    Value::Object(shown)
}

/// DescribeAlarms: by names, by the beginning of the name, by state.
pub(super) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let names = texts(call.input, "AlarmNames")?;
    let beginning = text(call.input, "AlarmNamePrefix")?;
    let state = text(call.input, "StateValue")?;
    if !names.is_empty() && beginning.is_some() {
        return Err(invalid("AlarmNames and AlarmNamePrefix exclude each other"));
    }
    let most = match call.input.number("MaxRecords") {
        Ok(number) => number,
        Err(_) => text(call.input, "MaxRecords")?.and_then(|text| text.parse().ok()),
    };
    let size = usize::try_from(most.unwrap_or(50))
        .ok()
        .filter(|size| (1..=100).contains(size))
        .ok_or_else(|| invalid("MaxRecords is 1 to 100"))?;
    let types = texts(call.input, "AlarmTypes")?;
    let metric = types.is_empty() || types.iter().any(|kind| kind == "MetricAlarm");
    let own = prefix(call);
    let scope = scope_of(&[
        "DescribeAlarms",
        &own,
        &names.join("\n"),
        beginning.unwrap_or_default(),
        state.unwrap_or_default(),
    ]);
    let token = text(call.input, "NextToken")?.filter(|token| !token.is_empty());
    let pager = Pager::new(scope, size, token, false)
        .ok_or_else(|| Refusal::new("InvalidNextToken", 400, "The next token specified is invalid."))?;
    let all = world
        .alarms
        .range(own.clone()..)
        .take_while(|(key, _)| key.starts_with(&own));
    let fitting = all.filter(|(key, alarm)| {
        let name = key.strip_prefix(&own).unwrap_or_default();
        metric
            && key.as_str() > pager.after()
            && (names.is_empty() || names.iter().any(|wanted| wanted == name))
            && beginning.is_none_or(|beginning| name.starts_with(beginning))
            && state.is_none_or(|state| alarm.state == state)
    });
    let page = pager.take(fitting, |(key, _)| (*key).clone());
    let alarms: Vec<Value> = page.items.iter().map(|(_, alarm)| view(alarm, call)).collect();
    let mut tree = json!({"MetricAlarms": alarms, "CompositeAlarms": []});
    if let (Some(next), Some(members)) = (page.next, tree.as_object_mut()) {
        members.insert("NextToken".to_owned(), json!(next));
    }
    Ok(Body::tree(tree))
}

/// DeleteAlarms: all of them or, if one does not exist, none.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let names = texts(call.input, "AlarmNames")?;
    let own = prefix(call);
    for name in &names {
        if !world.alarms.contains_key(&format!("{own}{name}")) {
            return Err(no_alarm(name));
        }
    }
    for name in &names {
        world.alarms.remove(&format!("{own}{name}"));
    }
    crate::wire::empty()
}
