//! Topics and messages.

use serde::{Deserialize, Serialize};

use crate::clock::AwsTime;
use crate::neighbour::{Neighbour, required};
use crate::wire::{Answer, Body, Call, Refusal, Xml};
use crate::world::World;

const WHO: Neighbour = Neighbour::Sns;
/// The most bytes of a message, and the most characters of a subject (Amazon SNS API Reference, "Publish").
const MESSAGE_BYTES: usize = 262_144;
const SUBJECT_CHARACTERS: usize = 100;
/// How many messages of a topic are kept to be looked at.
const KEPT: usize = 100;

/// A topic.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Topic {
    /// The newest messages, in their order. Nobody is subscribed; they are kept to be looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    messages: Vec<Message>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    at: AwsTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    text: String,
}

fn result(call: &Call<'_>, result: Xml) -> Answer {
    let name = format!("{}Result", call.operation);
    Ok(Body::new(Xml::default().inside(&name, result).into_bytes()))
}

fn text<'a>(call: &'a Call<'_>, name: &'static str) -> Result<Option<&'a str>, Refusal> {
    call.input.text(name).map_err(|error| WHO.unreadable(error))
}

/// The names of topics (Amazon SNS API Reference, "CreateTopic").
fn refuse_name(name: &str) -> Result<(), Refusal> {
    let base = name.strip_suffix(".fifo").unwrap_or(name);
    let fits = (1..=256).contains(&name.len())
        && !base.is_empty()
        && base
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if fits {
        return Ok(());
    }
    Err(WHO.invalid("Invalid parameter: Topic Name"))
}

/// CreateTopic: one that is there already is given back.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let name = required(WHO, call, "Name")?;
    refuse_name(name)?;
    let region = match call.region {
        "" => "us-east-1",
        region => region,
    };
    let partition = call.settings.partition.as_str();
    let arn = format!("arn:{partition}:sns:{region}:{}:{name}", call.caller);
    world.neighbours.topics.entry(arn.clone()).or_default();
    result(call, Xml::default().text("TopicArn", &arn))
}

/// DeleteTopic: one that is not there is deleted too.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let arn = required(WHO, call, "TopicArn")?;
    refuse_stranger(call, arn)?;
    world.neighbours.topics.remove(arn);
    Ok(Body::new(Vec::new()))
}

/// ListTopics: those of the caller in the Region.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let own = format!(":sns:{}:{}:", call.region, call.caller);
    let mut topics = Xml::default();
    for arn in world.neighbours.topics.keys().filter(|arn| arn.contains(&own)) {
        topics = topics.inside("member", Xml::default().text("TopicArn", arn));
    }
    result(call, Xml::default().inside("Topics", topics))
}

/// A topic's owner publishes; access policies of topics are not played.
fn refuse_stranger(call: &Call<'_>, arn: &str) -> Result<(), Refusal> {
    let owner = arn.split(':').nth(4).unwrap_or_default();
    if owner == call.caller.as_str() {
        return Ok(());
    }
    let message = format!(
        "User is not authorized to perform: SNS:{} on resource: {arn}",
        call.operation
    );
    Err(WHO.denied(message))
}

/// Publish.
pub(super) fn publish(world: &mut World, call: &Call<'_>) -> Answer {
    let arn = required(WHO, call, "TopicArn")?;
    let message = required(WHO, call, "Message")?;
    let subject = text(call, "Subject")?;
    if message.len() > MESSAGE_BYTES {
        return Err(WHO.invalid("Invalid parameter: Message too long"));
    }
    let is_subject = |subject: &str| {
        subject.chars().count() <= SUBJECT_CHARACTERS
            && !subject.is_empty()
            && subject.chars().all(|c| c.is_ascii_graphic() || c == ' ')
    };
    if subject.is_some_and(|subject| !is_subject(subject)) {
        return Err(WHO.invalid("Invalid parameter: Subject"));
    }
    if arn.ends_with(".fifo") && text(call, "MessageGroupId")?.is_none() {
        let message = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics";
        return Err(WHO.invalid(message));
    }
    refuse_stranger(call, arn)?;
    let count = world.neighbours.topics.len();
    let Some(topic) = world.neighbours.topics.get_mut(arn) else {
        return Err(Refusal::new("NotFound", 404, "Topic does not exist"));
    };
    topic.messages.push(Message {
        at: call.now,
        subject: subject.map(str::to_owned),
        text: message.to_owned(),
    });
    let many = topic.messages.len().saturating_sub(KEPT);
    topic.messages.drain(..many);
    let id = format!("00000000-0000-4000-8000-{count:04x}{:08x}", topic.messages.len());
    result(call, Xml::default().text("MessageId", &id))
}
