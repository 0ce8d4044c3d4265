//! Lists of targets.

use crate::check::attributes::{Placed, Reader};
use crate::value::Thing;
use lz_model::desired::StackTarget;

/// Reads a list of targets, each with its place. `None` means that the attribute is left out.
pub(super) fn targets(reader: &Reader<'_, '_>, name: &str) -> Option<Vec<Placed<StackTarget>>> {
    if !reader.is_given(name) {
        // Notes it where it must not be left out.
        reader.value(name);
        return None;
    }
    let things = reader.references(name).unwrap_or_default();
    let targets = things.into_iter().filter_map(|found| {
        Some(Placed {
            value: target(&found.value)?,
            span: found.span,
        })
    });
    Some(targets.collect())
}

fn target(thing: &Thing) -> Option<StackTarget> {
    match thing {
        Thing::Root => Some(StackTarget::Root),
        Thing::Ou(ou) => Some(StackTarget::Ou(ou.clone())),
        Thing::Account(name) => Some(StackTarget::Account(name.clone())),
        Thing::Tagged { key, value } => Some(StackTarget::Tag {
            key: key.to_string(),
            value: value.to_string(),
        }),
        Thing::Organization
        | Thing::Policy(_)
        | Thing::StackSet(_)
        | Thing::Stack(_)
        | Thing::PermissionSet(_) => None,
    }
}

/// Returns how the spec writes a target.
pub(super) fn written(target: &StackTarget) -> String {
    match target {
        StackTarget::Root => "root".to_owned(),
        StackTarget::Ou(ou) => ou.to_string(),
        StackTarget::Account(name) => format!("account.{name}"),
        StackTarget::Tag { key, value } => format!("tag({key:?}, {value:?})"),
    }
}
