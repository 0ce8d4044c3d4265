//! Notices: what a run did, told to commands, webhooks and topics. A notice that fails is a warning and nothing else.

use super::history::Outcome;
use super::{git, identity};
use crate::args::EndpointUrl;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Level, Problem};
use crate::session::Session;
use lz_model::desired::{Desired, Notice, Occasion, Recipient, SecretPlace};
use lz_model::event::Stamped;
use lz_provider::Topics as _;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The version of what commands and topics are told. It rises with the first new field.
const FORMAT: u32 = 1;
/// How long a webhook may take to answer, and a command to end.
const PATIENCE: Duration = Duration::from_secs(10);
const COMMAND_PATIENCE: Duration = Duration::from_secs(60);
/// Waits before a webhook is tried again.
const AGAIN: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];
/// The most bytes of a message to a topic (Amazon SNS API Reference, "Publish"), with room for what surrounds it.
const TOPIC_BYTES: usize = 250_000;
/// The most characters of a text in a block of Slack (Slack, "Section block").
const SLACK_CHARACTERS: usize = 2_900;

/// What a notice tells.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Told {
    /// The version of the format.
    pub(crate) format: u32,
    /// What happened.
    pub(crate) occasion: Occasion,
    /// One line about it.
    pub(crate) summary: String,
    /// How the run ended.
    pub(crate) outcome: Outcome,
    /// The landing zone.
    pub(crate) zone: String,
    /// What was read or changed: `aws`, `twin` or a URL.
    pub(crate) target: String,
    /// The command line, without values of variables.
    pub(crate) command: String,
    /// `user@host`.
    pub(crate) user: String,
    /// Where a pipeline shows the run.
    pub(crate) pipeline: Option<String>,
    /// The commit that the spec is at.
    pub(crate) commit: Option<String>,
    /// The run's name in the history, if it is kept there.
    pub(crate) run: Option<String>,
    /// What was wrong.
    pub(crate) problems: Vec<String>,
    /// What happened, one by one; empty where it would be too long.
    pub(crate) events: Vec<Stamped>,
}

/// What a run has to tell.
#[derive(Debug)]
pub(crate) struct News<'a> {
    /// What happened.
    pub(crate) occasions: BTreeSet<Occasion>,
    /// One line about it, if there is more to say than how it ended.
    pub(crate) summary: Option<String>,
    /// The command's name.
    pub(crate) verb: &'a str,
    /// What was read or changed.
    pub(crate) target: String,
    /// The run's name in the history.
    pub(crate) run: Option<String>,
}

/// Tells whom the spec names how a run ended, unless notices are turned off. Returns how it ended, unchanged.
///
/// # Errors
/// The run's own.
pub(crate) fn tell(
    context: &Context<'_>,
    directory: &Path,
    desired: &Desired,
    session: Option<&Session<'_>>,
    mut news: News<'_>,
    ended: Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    // Whoever plans a spec that nobody has reviewed yet runs none of its commands and reads none of its secrets.
    if context.global.no_notices || context.environment.no_notices {
        return ended;
    }
    let exit = ended.as_ref().map_or_else(|failure| failure.exit, |exit| *exit);
    if !matches!(exit, Exit::Done | Exit::Changes) {
        news.occasions.insert(Occasion::Failure);
    }
    let notices = &desired.pipeline.notices;
    let wanted = |notice: &&Notice| notice.on.iter().any(|on| news.occasions.contains(on));
    if !notices.iter().any(|notice| wanted(&notice)) {
        return ended;
    }
    let told = told(
        context,
        directory,
        desired,
        session,
        &news,
        exit,
        ended.as_ref().err(),
    );
    let mut warnings = Vec::new();
    for notice in notices.iter().filter(wanted) {
        let occasion = said(notice, &news.occasions);
        let told = Told {
            occasion,
            ..told.clone()
        };
        if let Err(error) = send(context, directory, session, notice, &told) {
            let message = format!(
                "the notice `{}` about this {} was not sent: {error}",
                notice.name, news.verb
            );
            warnings.push(Problem {
                level: Level::Warning,
                ..Problem::new("lz::cli::notice", message)
            });
        }
    }
    if !warnings.is_empty() {
        context.warn(&warnings)?;
    }
    ended
}

/// A failure is said before what failed.
fn said(notice: &Notice, happened: &BTreeSet<Occasion>) -> Occasion {
    let both = notice.on.intersection(happened);
    both.max().copied().unwrap_or(Occasion::Failure)
}

fn told(
    context: &Context<'_>,
    directory: &Path,
    desired: &Desired,
    session: Option<&Session<'_>>,
    news: &News<'_>,
    exit: Exit,
    failure: Option<&Failure>,
) -> Told {
    let zone = desired.zone.name.clone();
    let problems: Vec<String> = failure
        .into_iter()
        .flat_map(|failure| &failure.problems)
        .map(ToString::to_string)
        .collect();
    let what = match (&news.summary, problems.first()) {
        (Some(summary), _) => summary.clone(),
        (None, Some(first)) => first.clone(),
        (None, None) => exit.name().replace('_', " "),
    };
    let twin = if news.target == "twin" { "[twin] " } else { "" };
    Told {
        format: FORMAT,
        occasion: Occasion::Failure,
        summary: format!("{twin}lz {} of {zone}: {what}", news.verb),
        outcome: Outcome::of(exit),
        zone,
        target: news.target.clone(),
        command: identity::command_line(),
        user: identity::user(context.environment),
        pipeline: context.environment.pipeline.clone(),
        commit: git::revision(directory).map(|revision| revision.commit),
        run: news.run.clone(),
        problems,
        events: session.map_or_else(Vec::new, Session::kept_events),
    }
}

fn send(
    context: &Context<'_>,
    directory: &Path,
    session: Option<&Session<'_>>,
    notice: &Notice,
    told: &Told,
) -> Result<(), String> {
    match &notice.to {
        Recipient::Command(command) => run(command, directory, &text(told)),
        Recipient::Webhook(place) => {
            let url = secret(context, directory, place)?;
            if !is_private(&url) {
                return Err(format!(
                    "the address in `{place}` does not begin with `https://`, so others could read it on the way"
                ));
            }
            post(&url, &slack(told).to_string())
        }
        Recipient::Topic { arn, region } => {
            let session = session.ok_or("AWS was not reached")?;
            let subject = subject(&told.summary);
            let message = message(told);
            let sent = session.block_on(session.provider().publish(arn, region, &subject, &message));
            sent.map_err(|error| error.to_string())
        }
    }
}

fn text(told: &Told) -> String {
    serde_json::to_string(told).unwrap_or_default() + "\n"
}

/// Returns what a topic is told: without the events where they would be too long.
fn message(told: &Told) -> String {
    let whole = text(told);
    if whole.len() <= TOPIC_BYTES {
        return whole;
    }
    text(&Told {
        events: Vec::new(),
        ..told.clone()
    })
}

/// A subject has up to 100 printable ASCII characters (Amazon SNS API Reference, "Publish").
fn subject(summary: &str) -> String {
    let printable = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    summary.chars().map(printable).take(100).collect()
}

/// Returns a webhook's address.
fn secret(context: &Context<'_>, directory: &Path, place: &SecretPlace) -> Result<String, String> {
    let found = match place {
        SecretPlace::Environment(name) => context
            .environment
            .secret(name)
            .ok_or_else(|| format!("the environment variable `{name}` is not set"))?,
        SecretPlace::File(path) => std::fs::read_to_string(directory.join(path))
            .map_err(|error| format!("cannot read the file `{path}`: {error}"))?,
    };
    let found = found.trim();
    if found.is_empty() {
        return Err(format!("`{place}` is empty"));
    }
    Ok(found.to_owned())
}

/// Returns whether nobody on the way reads an address that is itself a secret: it is encrypted, or stays on this machine.
fn is_private(url: &str) -> bool {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("https") || url.parse().is_ok_and(|url: EndpointUrl| url.is_loopback())
}

/// Posts, and tries again what may pass. On a runtime of its own: the embedded twin's time is virtual, a webhook's is not.
fn post(url: &str, json: &str) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(async {
        for wait in AGAIN {
            match lz_aws::post(url, json, PATIENCE).await {
                Ok(()) => return Ok(()),
                Err(error) if error.is_passing() => tokio::time::sleep(wait).await,
                Err(error) => return Err(error.to_string()),
            }
        }
        let last = lz_aws::post(url, json, PATIENCE).await;
        last.map_err(|error| format!("{error}, tried {} times", AGAIN.len() + 1))
    })
}

/// Runs a command with the notice on its standard input.
fn run(command: &[String], directory: &Path, text: &str) -> Result<(), String> {
    let (program, arguments) = command.split_first().ok_or("the command is empty")?;
    let mut process = Command::new(program);
    process
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::piped());
    // Standard output belongs to the result; what the command prints is a message.
    process.stdout(std::io::stderr());
    let mut child = process
        .spawn()
        .map_err(|error| format!("`{program}` cannot be run: {error}"))?;
    let stdin = child.stdin.take();
    let written = text.to_owned();
    // A command need not read what it is told; one that does not must not hold us.
    std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(written.as_bytes())));
    let step = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("`{program}` ended with {status}")),
            Ok(None) if waited < COMMAND_PATIENCE => {
                std::thread::sleep(step);
                waited += step;
            }
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!(
                    "`{program}` did not end within {} seconds",
                    COMMAND_PATIENCE.as_secs()
                ));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// Returns a notice as Slack shows it; other chats read `text`.
fn slack(told: &Told) -> serde_json::Value {
    let sign = match (told.occasion, told.outcome.code) {
        (Occasion::Failure, _) => ":x:",
        (Occasion::Apply, 0) => ":white_check_mark:",
        (Occasion::Apply, _) | (Occasion::Drift, _) => ":warning:",
        (Occasion::Plan, _) => ":memo:",
    };
    let headline = format!("{sign} {}", escaped(&told.summary));
    let mut lines = vec![format!("*{}*", escaped(&told.summary))];
    lines.extend(
        told.problems
            .iter()
            .take(5)
            .map(|problem| format!("• {}", escaped(problem))),
    );
    let mut facts = vec![format!("{} · {}", escaped(&told.user), escaped(&told.target))];
    facts.extend(
        told.commit
            .as_deref()
            .map(|commit| commit.chars().take(12).collect()),
    );
    facts.extend(
        told.pipeline
            .as_deref()
            .map(|url| format!("<{}|pipeline>", escaped(url))),
    );
    facts.extend(told.run.as_deref().map(|run| format!("run {}", escaped(run))));
    serde_json::json!({
        "text": headline,
        "blocks": [
            { "type": "section", "text": { "type": "mrkdwn", "text": cut(&format!("{sign} {}", lines.join("\n"))) } },
            { "type": "context", "elements": [{ "type": "mrkdwn", "text": cut(&facts.join(" · ")) }] },
        ],
    })
}

/// Three characters have a meaning in Slack's texts (Slack, "Formatting text for app surfaces").
fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn cut(text: &str) -> String {
    if text.chars().count() <= SLACK_CHARACTERS {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(SLACK_CHARACTERS).collect();
    short.push_str(" ...");
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Told {
        Told {
            format: FORMAT,
            occasion: Occasion::Failure,
            summary: "lz apply of acme: 2 of 3 steps done <!channel>".to_owned(),
            outcome: Outcome::of(Exit::ApplyIncomplete),
            zone: "acme".to_owned(),
            target: "aws".to_owned(),
            command: "lz apply".to_owned(),
            user: "alice@host".to_owned(),
            pipeline: Some("https://ci.example.com/7".to_owned()),
            commit: Some("0123456789abcdef".to_owned()),
            run: None,
            problems: vec!["a & b".repeat(2_000)],
            events: Vec::new(),
        }
    }

    #[test]
    fn slack_is_told_in_texts_that_nobody_can_forge_and_that_fit() {
        let message = slack(&example());
        let text = message["text"].as_str().unwrap();
        assert!(
            text.contains("&lt;!channel&gt;") && !text.contains("<!channel>"),
            "{text}"
        );
        let section = message["blocks"][0]["text"]["text"].as_str().unwrap();
        assert!(section.chars().count() <= 3_000);
        let context = message["blocks"][1]["elements"][0]["text"].as_str().unwrap();
        assert!(
            context.contains("<https://ci.example.com/7|pipeline>"),
            "{context}"
        );
        assert!(context.contains("0123456789ab"), "{context}");
    }

    #[test]
    fn a_topic_is_told_without_events_that_would_be_too_long() {
        let event = Stamped {
            format: 2,
            at_seconds: 0.0,
            event: lz_model::event::Event::ReadProgress {
                part: "accounts".repeat(20),
                calls: 1,
            },
        };
        let mut told = example();
        told.events = vec![event.clone()];
        assert!(message(&told).contains("read_progress"));
        told.events = vec![event; 2_000];
        let short = message(&told);
        assert!(short.len() <= TOPIC_BYTES && !short.contains("read_progress"));
        assert_eq!(subject("a\nbé"), "a?b?");
        assert_eq!(subject(&"x".repeat(200)).len(), 100);
    }

    #[test]
    fn an_address_that_is_a_secret_crosses_no_network_in_clear() {
        let private = [
            "https://hooks.example.com/T0",
            "HTTPS://hooks.example.com",
            "http://127.0.0.1:1/x",
            "http://localhost/x",
        ];
        assert!(private.into_iter().all(is_private));
        let open = [
            "http://hooks.example.com/T0",
            "http://127.0.0.1.example.com/",
            "http://localhost:1@example.com/",
            "ftp://127.0.0.1/",
            "",
        ];
        assert!(!open.into_iter().any(is_private));
    }

    #[test]
    fn a_failure_is_said_before_what_failed() {
        let notice = |on: &[Occasion]| Notice {
            name: "n".to_owned(),
            on: on.iter().copied().collect(),
            to: Recipient::Command(vec!["true".to_owned()]),
        };
        let happened = [Occasion::Apply, Occasion::Failure].into();
        assert_eq!(said(&notice(&Occasion::ALL), &happened), Occasion::Failure);
        assert_eq!(said(&notice(&[Occasion::Apply]), &happened), Occasion::Apply);
    }
}
