//! `lz vend`: writes an account request, and says at once what is wrong with it.

use crate::answer::{Answer, Files, FilesWhat};
use crate::args::Vend as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::next::{self, Repeat};
use crate::problem::{Failure, Level, Problem};
use crate::{measure, render::page::Line, render::page::Role, spec};
use lz_model::address::{Name, is_label};
use lz_model::date::Date;
use lz_spec::{FieldInfo, Loaded, RequestChange, RequestError, TemplateInfo};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Gathers what the request says, checks it together with the whole spec, and writes it.
///
/// # Errors
/// The spec or the request is wrong, the request is there already, or the file cannot be written.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let before = spec::peek(context, &args.dir, None)?;
    let (label, mut change) = told(args)?;
    let label = match label {
        Some(label) => label,
        None => ask(context, "The account's label, such as shop-prod:").ok_or_else(no_label)?,
    };
    if !is_label(&label) {
        return Err(bad_label(&label));
    }
    let path = args.dir.join("accounts").join(format!("{label}.yaml"));
    let existing = existing(&path, args)?;
    if existing.is_none() {
        complete(context, &before, &label, &mut change);
    }
    let text = match &existing {
        Some(text) => change.edit(text).map_err(|error| not_edited(&path, &error))?,
        None => change.text(),
    };
    let name = format!("accounts/{label}.yaml");
    let after = spec::peek(context, &args.dir, Some((&name, &text)))?;
    if let Some(wrong) = after.left_out.iter().find(|wrong| wrong.label == label) {
        return Err(spec::wrong_request(wrong));
    }
    warn_of_the_past(context, &after, &label)?;
    if args.dry_run {
        context.answer(&Answer::Text(&text))?;
        return Ok(Exit::Done);
    }
    let changed = existing.as_deref() != Some(&text);
    if changed {
        write(&path, &text, existing.is_some())?;
    }
    context.answer(&Answer::Files(&Files {
        what: if changed {
            FilesWhat::Written
        } else {
            FilesWhat::Unchanged
        },
        paths: vec![path.to_string_lossy().into_owned()],
        next: Some((
            "To see what will happen".to_owned(),
            next::command(context.global, "plan", &args.dir, Repeat::Always),
        )),
    }))?;
    Ok(Exit::Done)
}

/// A last day that is over is most likely mistyped.
fn warn_of_the_past(context: &Context<'_>, after: &Loaded, label: &str) -> Result<(), Failure> {
    let wanted = after.desired.accounts.get(&Name::new(label));
    let now = Duration::try_from_secs_f64(measure::now_seconds()).unwrap_or_default();
    let today = Date::of_unix_seconds(now.as_secs());
    let Some((expires, today)) = wanted.and_then(|wanted| wanted.expires).zip(today) else {
        return Ok(());
    };
    if expires >= today {
        return Ok(());
    }
    let message = format!("the last day of `account.{label}`, {expires}, is over");
    let mut problem = Problem::new("lz::cli::expired", message).help("give a day to come, or leave it out");
    problem.level = Level::Warning;
    context.warn(&[problem])
}

/// Returns what the command line says, on top of a file of answers.
fn told(args: &Args) -> Result<(Option<String>, RequestChange), Failure> {
    let (mut label, mut change) = (None, RequestChange::default());
    if let Some(file) = &args.answers {
        let text = std::fs::read_to_string(file).map_err(|error| Failure::file("read", file, &error))?;
        (label, change) = RequestChange::answers(&text).map_err(|error| not_edited(file, &error))?;
    }
    let map = |pairs: &[crate::args::Variable]| -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|pair| (pair.name.clone(), pair.value.clone()))
            .collect()
    };
    change.with(RequestChange {
        template: args.template.clone(),
        name: args.name.clone(),
        email: args.email.clone(),
        ou: args.ou.clone(),
        expires: args.expires.clone(),
        invite: args.invite.clone(),
        fields: map(&args.fields),
        tags: map(&args.tags),
    });
    Ok((args.label.clone().or(label), change))
}

/// Returns the request that is there, if it may be changed.
fn existing(path: &Path, args: &Args) -> Result<Option<String>, Failure> {
    if !path.exists() {
        return if args.edit { Err(not_there(path)) } else { Ok(None) };
    }
    if !args.edit {
        let problem = Problem::new(
            "lz::cli::request_there",
            format!("`{}` is there already", path.display()),
        );
        return Err(Failure::of(
            Exit::Error,
            problem.help("add --edit to change it in place, with --dry-run to look first"),
        ));
    }
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))?;
    Ok(Some(text))
}

/// Chooses the only template, and asks for what is missing where somebody sits at the keyboard.
fn complete(context: &Context<'_>, before: &Loaded, label: &str, change: &mut RequestChange) {
    if change.template.is_none() && change.email.is_none() {
        change.template = match before.templates.as_slice() {
            [] => None,
            [one] => Some(one.label.clone()),
            several => {
                let labels: Vec<&str> = several.iter().map(|template| template.label.as_str()).collect();
                ask(context, &format!("The template ({}):", labels.join(", ")))
            }
        };
    }
    let template = change.template.as_deref();
    let template = before
        .templates
        .iter()
        .find(|known| Some(known.label.as_str()) == template);
    match template {
        Some(template) => complete_fields(context, template, change),
        None if change.name.is_none() => {
            change.name = ask(context, &format!("The account's name (empty for `{label}`):"));
        }
        None => {}
    }
    let gives_email = template.is_some_and(|template| template.gives.contains("email"));
    if change.email.is_none() && !gives_email {
        change.email = ask(context, "The root user's e-mail address:");
    }
}

fn complete_fields(context: &Context<'_>, template: &TemplateInfo, change: &mut RequestChange) {
    for field in template.fields.iter().filter(|field| field.required) {
        if change.fields.contains_key(&field.name) {
            continue;
        }
        if let Some(answer) = ask_field(context, field) {
            change.fields.insert(field.name.clone(), answer);
        }
    }
    for key in &template.required_tags {
        if change.tags.get(key).is_none_or(|value| value.trim().is_empty())
            && let Some(answer) = ask_tag(context, key)
        {
            change.tags.insert(key.clone(), answer);
        }
    }
}

/// Asks for a field until the answer fits or there is none.
fn ask_field(context: &Context<'_>, field: &FieldInfo) -> Option<String> {
    let mut question = match &field.description {
        Some(description) => format!("{}, {description}", field.name),
        None => field.name.clone(),
    };
    if !field.values.is_empty() {
        question = format!("{question} ({})", field.values.join(", "));
    }
    question.push(':');
    loop {
        let answer = ask(context, &question)?;
        let Some(wrong) = field.why_not(&answer) else {
            return Some(answer);
        };
        question = format!("{wrong}; {}:", field.name);
    }
}

/// Asks for a tag, and once more if nothing is typed: without a value the request is refused.
fn ask_tag(context: &Context<'_>, key: &str) -> Option<String> {
    ask(context, &format!("The tag {key}:"))
        .or_else(|| ask(context, &format!("The tag {key} needs a value:")))
}

/// Returns what somebody types; nothing where nobody can be asked, or nothing is typed.
fn ask(context: &Context<'_>, question: &str) -> Option<String> {
    context.terminal.ask_text(&Line::of(Role::Strong, question))
}

/// Writes a new file, or puts a changed one in the place of the old one at once.
fn write(path: &PathBuf, text: &str, replace: bool) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::file("write", path, &error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    if replace {
        let beside = path.with_extension("yaml.new");
        std::fs::write(&beside, text).map_err(failed)?;
        return std::fs::rename(&beside, path).map_err(failed);
    }
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// `--edit` changes what is there: a mistyped label must not become a new account.
fn not_there(path: &Path) -> Failure {
    let label = path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = path.parent().map(std::fs::read_dir);
    let entries = folder.and_then(Result::ok).into_iter().flatten().flatten();
    let labels: BTreeSet<String> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let problem = Problem::new(
        "lz::cli::no_request",
        format!("there is no request `{}` to change", path.display()),
    );
    let help = lz_spec::did_you_mean(&label, &labels)
        .unwrap_or_else(|| "without --edit, `lz vend` writes a new one".to_owned());
    Failure::of(Exit::Error, problem.help(help))
}

fn no_label() -> Failure {
    let problem = Problem::new("lz::cli::no_label", "the account needs a label");
    Failure::of(
        Exit::Error,
        problem.help("such as `lz vend shop-prod --template workload`, or `label` in the file of answers"),
    )
}

fn bad_label(label: &str) -> Failure {
    let problem = Problem::new(
        "lz::cli::bad_label",
        format!("`{label}` cannot be the label of an account"),
    );
    Failure::of(
        Exit::Error,
        problem.help("a label begins with a letter or `_`, then come letters, digits, `_` and `-`"),
    )
}

fn not_edited(path: &Path, error: &RequestError) -> Failure {
    let problem = Problem::new("lz::cli::request", format!("`{}`: {error}", path.display()));
    let help = match error {
        RequestError::NoPlace(_) => "change it by hand; `lz validate` checks it",
        RequestError::NotYaml { .. } | RequestError::NotAMap => {
            "it is a map of attributes, such as `name: Shop`"
        }
        RequestError::Unknown(_) => {
            "a file of answers has label, template, name, email, ou, expires, invite, fields and tags"
        }
    };
    Failure::of(Exit::Error, problem.help(help))
}
