//! The `lock`, `history` and `notify` blocks.

use super::attributes::{Checker, Placed, Reader};
use super::declared::Labelled;
use super::zone;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::syntax::Block;
use lz_model::desired::{LandingZone, Notice, ObjectPlace, Occasion, Pipeline, Recipient, SecretPlace};
use lz_model::id::Region;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most bytes of the key of an object (S3 User Guide, "Naming Amazon S3 objects").
const KEY_BYTES: usize = 1024;
/// What a history puts behind its prefix.
const BEHIND_PREFIX: usize = 124;

/// Reads the three kinds of blocks.
pub(super) fn pipeline(checker: &Checker<'_>, zone: Option<&LandingZone>) -> Pipeline {
    let declared = &checker.world.declared;
    let home = zone.and_then(|zone| zone.home_region.as_ref());
    let place = |block: Option<&Block>, kind: &str| place(checker, block?, kind, home);
    let lock = place(declared.lock, "lock");
    let history = place(declared.history, "history");
    if let (Some(lock), Some(history), Some(block)) = (&lock, &history, declared.history)
        && lock.bucket == history.bucket
        && format!("{}/", lock.key).starts_with(&format!("{}/", history.key))
    {
        let message = format!("the lock `{lock}` lies where the history keeps its runs");
        checker.error(
            SpecDiagnostic::new(Code::Store, block.header, message)
                .help("give the history a prefix of its own"),
        );
    }
    Pipeline {
        lock,
        history,
        notices: declared
            .notices
            .values()
            .filter_map(|block| notice(checker, block))
            .collect(),
    }
}

fn place(checker: &Checker<'_>, block: &Block, kind: &str, home: Option<&Region>) -> Option<ObjectPlace> {
    let reader = checker.reader(SPEC.block(kind)?, &block.body, None);
    // That it is missing is said already.
    reader.attribute("s3")?;
    let written = reader.known("s3");
    let region = match reader.known("region") {
        Some(region) => zone::region(&reader, &region),
        None if reader.is_given("region") => None,
        None if home.is_none() => {
            let message = format!("nothing says in which Region the bucket of the {kind} is");
            checker.error(
                SpecDiagnostic::new(Code::Store, block.header, message)
                    .help("add `region = \"...\"` here, or `home_region` to the landing zone"),
            );
            None
        }
        None => home.cloned(),
    };
    let written = written?;
    let text = written.value.strip_prefix("s3://").unwrap_or(&written.value);
    let (bucket, key) = text.split_once('/').unwrap_or((text, ""));
    let key = key.trim_end_matches('/');
    let wrong = |message: String, help: &str| {
        checker.error(SpecDiagnostic::new(Code::Store, written.span, message).help(help));
    };
    if !is_bucket(bucket) {
        let message = format!("`{bucket}` cannot be the name of a bucket");
        wrong(
            message,
            "write `bucket/key`; a bucket has 3 to 63 lower-case letters, digits, `-` and `.`",
        );
        return None;
    }
    if key.is_empty() || key.starts_with('/') || key.len() > KEY_BYTES - BEHIND_PREFIX {
        let message = format!("`{}` names no object in a bucket", written.value);
        wrong(
            message,
            "write `bucket/key`, such as `acme-lz/lock` or `acme-lz/history`",
        );
        return None;
    }
    Some(ObjectPlace {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        region: region?,
    })
}

/// The names that S3 gives to buckets (S3 User Guide, "General purpose bucket naming rules").
fn is_bucket(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    let outer = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name.chars().all(inner)
        && name.starts_with(outer)
        && name.ends_with(outer)
        && !name.contains("..")
}

fn notice(checker: &Checker<'_>, block: &Labelled<'_>) -> Option<Notice> {
    let reader = checker.reader(SPEC.block("notify")?, block.body, None);
    let on = occasions(&reader);
    let given: Vec<&str> = ["command", "webhook", "sns"]
        .into_iter()
        .filter(|name| reader.attribute(name).is_some())
        .collect();
    let to = match given.as_slice() {
        ["command"] => command(&reader),
        ["webhook"] => reader
            .known("webhook")
            .and_then(|written| webhook(checker, &written)),
        ["sns"] => reader.known("sns").and_then(|written| topic(checker, &written)),
        [] => {
            wrong(checker, block.header, "the notice goes to nobody", WAYS);
            None
        }
        _ => {
            let message = format!("the notice goes to {} at once", given.join(" and "));
            wrong(
                checker,
                block.header,
                &message,
                "write one `notify` block for each",
            );
            None
        }
    };
    Some(Notice {
        name: block.label.text.to_string(),
        on: on?,
        to: to?,
    })
}

const WAYS: &str = "add `command = [...]`, `webhook = \"env:NAME\"` or `sns = \"arn:...\"`";

fn wrong(checker: &Checker<'_>, span: Span, message: &str, help: &str) {
    checker.error(SpecDiagnostic::new(Code::Notify, span, message).help(help));
}

/// A plan that changes something is nothing to wake anybody for, unless the spec says so.
fn occasions(reader: &Reader<'_, '_>) -> Option<BTreeSet<Occasion>> {
    if reader.attribute("on").is_none() {
        return Some([Occasion::Apply, Occasion::Drift, Occasion::Failure].into());
    }
    let chosen = reader.choices("on")?;
    let all = Occasion::ALL.into_iter();
    Some(
        all.filter(|occasion| chosen.iter().any(|word| &*word.value == occasion.name()))
            .collect(),
    )
}

fn command(reader: &Reader<'_, '_>) -> Option<Recipient> {
    let words = reader.texts("command")?;
    if words.first().is_none_or(|first| first.value.is_empty()) {
        let span = reader.attribute("command")?.value.span;
        wrong(
            reader.checker,
            span,
            "the command is empty",
            "write `command = [\"program\", \"argument\"]`",
        );
        return None;
    }
    let words = words.into_iter().map(|word| word.value.to_string());
    Some(Recipient::Command(words.collect()))
}

/// Whoever has the address of a webhook can post there, so a spec only says where the address is kept.
fn webhook(checker: &Checker<'_>, written: &Placed<Arc<str>>) -> Option<Recipient> {
    let secret = match written.value.split_once(':') {
        Some(("env", name)) if is_variable(name) => SecretPlace::Environment(name.to_owned()),
        Some(("file", path)) if !path.is_empty() && !path.starts_with("//") => {
            SecretPlace::File(path.to_owned())
        }
        Some(("http" | "https", _)) => {
            let message = "the address of a webhook is a secret: whoever reads the spec could post there";
            checker.error(
                SpecDiagnostic::new(Code::LiteralSecret, written.span, message).help(
                    "put the address into an environment variable and write `webhook = \"env:WEBHOOK_URL\"`",
                ),
            );
            return None;
        }
        Some(_) | None => {
            let message = format!(
                "`{}` does not say where the webhook's address is kept",
                written.value
            );
            let help = "write `env:NAME` for an environment variable or `file:PATH` for a file";
            wrong(checker, written.span, &message, help);
            return None;
        }
    };
    Some(Recipient::Webhook(secret))
}

fn is_variable(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A topic's ARN has its Region, its account and its name (Amazon SNS API Reference, "Publish").
fn topic(checker: &Checker<'_>, written: &Placed<Arc<str>>) -> Option<Recipient> {
    let parts: Vec<&str> = written.value.split(':').collect();
    let found = match parts.as_slice() {
        ["arn", partition, "sns", region, account, name]
            if partition.starts_with("aws")
                && account.len() == 12
                && account.bytes().all(|byte| byte.is_ascii_digit())
                && is_topic(name) =>
        {
            region.parse().ok()
        }
        _ => None,
    };
    let Some(region) = found else {
        let message = format!("`{}` is not the ARN of a topic", written.value);
        let help = "it looks like `arn:aws:sns:eu-west-1:111122223333:landing-zone`";
        wrong(checker, written.span, &message, help);
        return None;
    };
    Some(Recipient::Topic {
        arn: written.value.to_string(),
        region,
    })
}

/// The names of topics (Amazon SNS API Reference, "CreateTopic").
fn is_topic(name: &str) -> bool {
    let base = name.strip_suffix(".fifo").unwrap_or(name);
    (1..=256).contains(&name.len())
        && !base.is_empty()
        && base
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}
