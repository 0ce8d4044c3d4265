//! Steps on settings that an organization has once, and on administrators by Region, in words.

use super::describe::{Detail, Sign};
use super::row::{Document, DocumentKind};
use super::summary::Counts;
use crate::render::page::{Line, Role};
use crate::render::words;
use lz_model::administration::is_regional;
use lz_model::id::{Region, ServicePrincipal};
use lz_model::plan::SettingWork;

/// The most Regions that are named one by one in a brief row.
const NAMED: usize = 3;

/// Returns the sign of a step.
pub(super) const fn sign(work: &SettingWork) -> Sign {
    match work {
        SettingWork::EnableRootFeature { .. } | SettingWork::PutResourcePolicy { before: None, .. } => {
            Sign::Create
        }
        SettingWork::PutResourcePolicy { before: Some(_), .. } => Sign::Change,
        SettingWork::DisableRootFeature { .. } | SettingWork::DeleteResourcePolicy { .. } => Sign::Remove,
    }
}

/// Returns the verb of a step.
pub(super) const fn verb(work: &SettingWork) -> &'static str {
    match work {
        SettingWork::EnableRootFeature { .. } => "enable",
        SettingWork::DisableRootFeature { .. } => "disable",
        SettingWork::PutResourcePolicy { before: None, .. } => "create",
        SettingWork::PutResourcePolicy { before: Some(_), .. } => "update",
        SettingWork::DeleteResourcePolicy { .. } => "delete",
    }
}

/// Counts a step.
pub(super) const fn count(work: &SettingWork, counts: &mut Counts) {
    match work {
        SettingWork::EnableRootFeature { .. } => counts.enable += 1,
        SettingWork::DisableRootFeature { .. } => counts.disable += 1,
        SettingWork::PutResourcePolicy { before: None, .. } => counts.create += 1,
        SettingWork::PutResourcePolicy { before: Some(_), .. } => counts.change += 1,
        SettingWork::DeleteResourcePolicy { .. } => counts.delete += 1,
    }
}

/// Returns what one object of the step's kind is called.
pub(super) const fn noun(work: &SettingWork) -> &'static str {
    match work {
        SettingWork::EnableRootFeature { .. } | SettingWork::DisableRootFeature { .. } => "feature",
        SettingWork::PutResourcePolicy { .. } | SettingWork::DeleteResourcePolicy { .. } => "policy",
    }
}

/// Returns what is printed as the object.
pub(super) fn place(work: &SettingWork) -> String {
    match work {
        SettingWork::EnableRootFeature { .. } | SettingWork::DisableRootFeature { .. } => {
            "organization.root_access".to_owned()
        }
        SettingWork::PutResourcePolicy { .. } | SettingWork::DeleteResourcePolicy { .. } => {
            "resource_policy".to_owned()
        }
    }
}

/// Returns what a step is about.
pub(super) fn what(work: &SettingWork) -> Line {
    match work {
        SettingWork::EnableRootFeature { feature } => Line::of(Role::Plain, feature.name()),
        SettingWork::DisableRootFeature { feature } => {
            Line::of(Role::Plain, feature.name()).plain(", for the whole organization")
        }
        SettingWork::PutResourcePolicy { after, .. } => {
            let statements = super::document::statements(&after.to_string());
            let size = statements.map(|count| words::count(count, "statement"));
            Line::of(Role::Plain, size.unwrap_or_default())
        }
        SettingWork::DeleteResourcePolicy { .. } => {
            Line::of(Role::Plain, "nobody else manages policies then")
        }
    }
}

/// Returns the document that a step brings.
pub(super) fn document(work: &SettingWork) -> Option<Document<'_>> {
    let SettingWork::PutResourcePolicy { before, after, .. } = work else {
        return None;
    };
    Some(Document {
        kind: DocumentKind::Policy,
        before: before.as_ref(),
        after,
    })
}

/// Returns the Regions that say something: a service that is called in one Region for all of them has none to tell.
pub(super) fn told<'a>(service: &ServicePrincipal, regions: &'a [Region]) -> &'a [Region] {
    if is_regional(service) { regions } else { &[] }
}

/// Returns ` in eu-west-1 and us-east-1`, or how many Regions there are; nothing where Organizations does it.
pub(super) fn regions(regions: &[Region], detail: Detail) -> String {
    match (regions.len(), detail) {
        (0, _) => String::new(),
        (count, Detail::Brief) if count > NAMED => format!(" in {count} Regions"),
        _ => {
            let names: Vec<String> = regions.iter().map(ToString::to_string).collect();
            format!(" in {}", words::list(&names))
        }
    }
}
