//! Steps in Control Tower in words.

use super::describe::{Sign, accounts_in_words};
use crate::render::page::{Line, Role};
use lz_model::plan::{Change, TowerTarget, TowerWork};
use lz_model::text::Text;
use lz_model::tower::ControlParameters;

/// Returns the sign of a step.
pub(super) const fn sign(work: &TowerWork) -> Sign {
    match work {
        TowerWork::MakeRoles { .. }
        | TowerWork::CreateZone { .. }
        | TowerWork::EnableBaseline { .. }
        | TowerWork::EnableControl { .. } => Sign::Create,
        TowerWork::UpdateZone { .. }
        | TowerWork::ResetZone { .. }
        | TowerWork::UpdateBaseline { .. }
        | TowerWork::ResetBaseline { .. }
        | TowerWork::UpdateControl { .. }
        | TowerWork::ResetControl { .. }
        | TowerWork::AwaitEnrolment { .. } => Sign::Change,
        TowerWork::DisableBaseline { .. } | TowerWork::DisableControl { .. } => Sign::Remove,
    }
}

/// Returns the verb of a step.
pub(super) const fn verb(work: &TowerWork) -> &'static str {
    match work {
        TowerWork::MakeRoles { .. } => "prepare",
        TowerWork::CreateZone { .. } => "create",
        TowerWork::UpdateZone { .. } | TowerWork::UpdateBaseline { .. } | TowerWork::UpdateControl { .. } => {
            "update"
        }
        TowerWork::ResetZone { .. } | TowerWork::ResetBaseline { .. } | TowerWork::ResetControl { .. } => {
            "reset"
        }
        TowerWork::EnableBaseline { .. } | TowerWork::EnableControl { .. } => "enable",
        TowerWork::DisableBaseline { .. } | TowerWork::DisableControl { .. } => "disable",
        TowerWork::AwaitEnrolment { .. } => "enrol",
    }
}

/// Returns what one object of the step's kind is called.
pub(super) const fn noun(work: &TowerWork) -> &'static str {
    match work {
        TowerWork::MakeRoles { .. }
        | TowerWork::CreateZone { .. }
        | TowerWork::UpdateZone { .. }
        | TowerWork::ResetZone { .. } => "landing zone",
        TowerWork::EnableBaseline { .. }
        | TowerWork::UpdateBaseline { .. }
        | TowerWork::ResetBaseline { .. }
        | TowerWork::DisableBaseline { .. } => "baseline",
        TowerWork::EnableControl { .. }
        | TowerWork::UpdateControl { .. }
        | TowerWork::ResetControl { .. }
        | TowerWork::DisableControl { .. } => "control",
        TowerWork::AwaitEnrolment { .. } => "account",
    }
}

/// Returns what a step is about, without its verb.
pub(super) fn what(work: &TowerWork) -> Line {
    match work {
        TowerWork::MakeRoles { version } => plain(format!(
            "the roles of Control Tower {version}, as far as they are missing"
        )),
        TowerWork::CreateZone {
            version,
            enrols_moved,
            ..
        } => plain(format!("landing zone {version}, {}", enrolment(*enrols_moved))),
        TowerWork::UpdateZone {
            version,
            manifest,
            enrols_moved,
            ..
        } => update(
            version.before == version.after,
            &format!("{} -> {}", version.before, version.after),
            manifest,
            enrols_moved,
        ),
        TowerWork::ResetZone { version, .. } => {
            plain(format!("landing zone {version}, which has drifted or failed"))
        }
        TowerWork::EnableBaseline {
            version,
            target,
            accounts,
            ..
        } => plain(format!(
            "{version} on {}, {}",
            target.name,
            accounts_in_words(*accounts)
        )),
        TowerWork::UpdateBaseline {
            version,
            target,
            accounts,
            ..
        } => plain(format!(
            "{} on {}, {}",
            changed(version),
            target.name,
            accounts_in_words(*accounts)
        )),
        TowerWork::ResetBaseline { target, accounts, .. }
        | TowerWork::DisableBaseline { target, accounts, .. } => {
            plain(format!("on {}, {}", target.name, accounts_in_words(*accounts)))
        }
        TowerWork::EnableControl {
            target, parameters, ..
        } => on(target).plain(given(parameters)),
        TowerWork::UpdateControl {
            target, parameters, ..
        } => on(target).plain(given(&parameters.after)),
        TowerWork::ResetControl { target, .. } | TowerWork::DisableControl { target, .. } => on(target),
        TowerWork::AwaitEnrolment { target, .. } => {
            plain(format!("in {}, which Control Tower does by itself", target.name))
        }
    }
}

/// Returns the element that a step adds to a row of several OUs.
pub(super) fn element(work: &TowerWork) -> Line {
    let accounts = if let TowerWork::EnableBaseline { accounts, .. }
    | TowerWork::UpdateBaseline { accounts, .. }
    | TowerWork::ResetBaseline { accounts, .. }
    | TowerWork::DisableBaseline { accounts, .. } = work
    {
        Some(*accounts)
    } else {
        None
    };
    let name = work.target().map_or("", |target| target.name.as_str());
    match accounts {
        Some(accounts) => plain(format!("{name}, {}", accounts_in_words(accounts))),
        None => plain(name.to_owned()),
    }
}

/// Returns the manifest of a step: the present one, and the one to come.
pub(super) const fn manifest(work: &TowerWork) -> Option<(Option<&Text>, &Text)> {
    if let TowerWork::CreateZone { manifest, .. } = work {
        return Some((None, manifest));
    }
    if let TowerWork::UpdateZone { manifest, .. } = work {
        return Some((Some(&manifest.before), &manifest.after));
    }
    None
}

fn plain(text: String) -> Line {
    Line::of(Role::Plain, text)
}

fn on(target: &TowerTarget) -> Line {
    plain(format!("on {}", target.name))
}

fn changed(version: &Change<String>) -> String {
    if version.before == version.after {
        version.after.clone()
    } else {
        format!("{} -> {}", version.before, version.after)
    }
}

const fn enrolment(by_itself: bool) -> &'static str {
    if by_itself {
        "accounts that move are enrolled by themselves"
    } else {
        "accounts that move are not enrolled by themselves"
    }
}

fn update(same: bool, versions: &str, manifest: &Change<Text>, enrols: &Change<bool>) -> Line {
    let mut parts = Vec::new();
    if !same {
        parts.push(format!("version {versions}"));
    }
    if enrols.before != enrols.after {
        parts.push(enrolment(enrols.after).to_owned());
    }
    if manifest.before != manifest.after {
        parts.push("another manifest".to_owned());
    }
    plain(parts.join(", "))
}

fn given(parameters: &ControlParameters) -> String {
    let words: Vec<String> = parameters
        .iter()
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    if words.is_empty() {
        String::new()
    } else {
        format!(", {}", words.join(", "))
    }
}
