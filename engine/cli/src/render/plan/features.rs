//! Steps on settings that an organization has once, and on administrators by Region, in words.

use super::describe::{Detail, Sign};
use super::row::{Document, DocumentKind};
use super::summary::Counts;
use crate::render::page::{Line, Role};
use crate::render::words;
use lz_model::administration::is_regional;
use lz_model::id::{Region, ServicePrincipal};
use lz_model::plan::FeatureWork;

/// The most Regions that are named one by one in a brief row.
const NAMED: usize = 3;

/// Returns the sign of a step.
pub(super) const fn sign(work: &FeatureWork) -> Sign {
    match work {
        FeatureWork::EnableRootFeature { .. } | FeatureWork::PutResourcePolicy { before: None, .. } => {
            Sign::Create
        }
        FeatureWork::PutResourcePolicy { before: Some(_), .. } => Sign::Change,
        FeatureWork::DisableRootFeature { .. } | FeatureWork::DeleteResourcePolicy { .. } => Sign::Remove,
    }
}

/// Returns the verb of a step.
pub(super) const fn verb(work: &FeatureWork) -> &'static str {
    match work {
        FeatureWork::EnableRootFeature { .. } => "enable",
        FeatureWork::DisableRootFeature { .. } => "disable",
        FeatureWork::PutResourcePolicy { before: None, .. } => "create",
        FeatureWork::PutResourcePolicy { before: Some(_), .. } => "update",
        FeatureWork::DeleteResourcePolicy { .. } => "delete",
    }
}

/// Counts a step.
pub(super) const fn count(work: &FeatureWork, counts: &mut Counts) {
    match work {
        FeatureWork::EnableRootFeature { .. } => counts.enable += 1,
        FeatureWork::DisableRootFeature { .. } => counts.disable += 1,
        FeatureWork::PutResourcePolicy { before: None, .. } => counts.create += 1,
        FeatureWork::PutResourcePolicy { before: Some(_), .. } => counts.change += 1,
        FeatureWork::DeleteResourcePolicy { .. } => counts.delete += 1,
    }
}

/// Returns what one object of the step's kind is called.
pub(super) const fn noun(work: &FeatureWork) -> &'static str {
    match work {
        FeatureWork::EnableRootFeature { .. } | FeatureWork::DisableRootFeature { .. } => "feature",
        FeatureWork::PutResourcePolicy { .. } | FeatureWork::DeleteResourcePolicy { .. } => "policy",
    }
}

/// Returns what is printed as the object.
pub(crate) fn place(work: &FeatureWork) -> String {
    match work {
        FeatureWork::EnableRootFeature { .. } | FeatureWork::DisableRootFeature { .. } => {
            "organization.root_access".to_owned()
        }
        FeatureWork::PutResourcePolicy { .. } | FeatureWork::DeleteResourcePolicy { .. } => {
            "resource_policy".to_owned()
        }
    }
}

/// Returns what a step is about.
pub(super) fn what(work: &FeatureWork) -> Line {
    match work {
        FeatureWork::EnableRootFeature { feature } => Line::of(Role::Plain, feature.name()),
        FeatureWork::DisableRootFeature { feature } => {
            Line::of(Role::Plain, feature.name()).plain(", for the whole organization")
        }
        FeatureWork::PutResourcePolicy { after, .. } => {
            let statements = super::document::statements(&after.to_string());
            let size = statements.map(|count| words::count(count, "statement"));
            Line::of(Role::Plain, size.unwrap_or_default())
        }
        FeatureWork::DeleteResourcePolicy { .. } => {
            Line::of(Role::Plain, "nobody else manages policies then")
        }
    }
}

/// Returns the document that a step brings.
pub(super) fn document(work: &FeatureWork) -> Option<Document<'_>> {
    let FeatureWork::PutResourcePolicy { before, after, .. } = work else {
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
