//! The `assignment` blocks.

use crate::check::attributes::{Checker, Reader};
use crate::check::declared::Labelled;
use crate::check::stacks::for_each_object;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::value::{Thing, Value};
use lz_model::address::{Address, Name};
use lz_model::desired::{AccessUnit, DesiredAssignment, Origin};
use lz_model::identity::{Principal, PrincipalKind};
use std::collections::{BTreeMap, BTreeSet};

/// Reads all assignments.
pub(super) fn assignments(
    checker: &Checker<'_>,
    origins: &mut BTreeMap<Address, Origin>,
) -> BTreeMap<Name, DesiredAssignment> {
    let mut assignments = BTreeMap::new();
    for_each_object(checker, "assignment", |block, address, each| {
        if let Some(assignment) = one(checker, block, each) {
            let origin = checker.origin(block.header);
            origins.insert(Address::Assignment(address.clone()), origin);
            assignments.insert(address.clone(), assignment);
        }
    });
    assignments
}

fn one(checker: &Checker<'_>, block: Labelled<'_>, each: Option<&Value>) -> Option<DesiredAssignment> {
    let reader = checker.reader(SPEC.block("assignment")?, block.body, each);
    let set = reader.reference("permission_set").and_then(|found| {
        if let Thing::PermissionSet(name) = &*found.value {
            Some(name.clone())
        } else {
            None
        }
    });
    let mut principals = BTreeSet::new();
    named(&reader, "groups", PrincipalKind::Group, &mut principals);
    named(&reader, "users", PrincipalKind::User, &mut principals);
    let accounts = accounts(&reader);
    let units = units(&reader);
    for (names, what, empty) in [
        (["groups", "users"], "to nobody", principals.is_empty()),
        (
            ["accounts", "ous"],
            "nowhere",
            accounts.is_empty() && units.is_empty(),
        ),
    ] {
        // A list that is given may be empty on purpose: a map of teams without teams.
        if empty && !names.iter().any(|name| reader.is_given(name)) {
            let message = format!(
                "`assignment.{}` assigns its permission set {what}",
                block.label.text
            );
            reader.error(
                SpecDiagnostic::new(Code::EmptyAssignment, block.header, message)
                    .help(format!("add `{}` or `{}`", names[0], names[1])),
            );
        }
    }
    Some(DesiredAssignment {
        set: set?,
        principals,
        accounts,
        units,
    })
}

/// Reads names of the identity store: 1 to 1,024 characters for a group, 128 for a user (Identity Store API
/// Reference, `GroupDisplayName` and `UserName`).
fn named(reader: &Reader<'_, '_>, name: &str, kind: PrincipalKind, principals: &mut BTreeSet<Principal>) {
    let most = match kind {
        PrincipalKind::Group => 1_024,
        PrincipalKind::User => 128,
    };
    for written in reader.texts(name).unwrap_or_default() {
        let size = written.value.chars().count();
        let error = if !(1..=most).contains(&size) {
            format!(
                "the name of a {} has 1 to {most} characters, this one has {size}",
                kind.word()
            )
        } else if principals.insert(Principal {
            kind,
            name: written.value.to_string(),
        }) {
            continue;
        } else {
            format!("`{}` stands twice", written.value)
        };
        reader.error(SpecDiagnostic::new(Code::BadValue, written.span, error));
    }
}

fn accounts(reader: &Reader<'_, '_>) -> BTreeSet<Name> {
    let found = reader.references("accounts").unwrap_or_default();
    let names = found.iter().filter_map(|found| {
        if let Thing::Account(name) = &*found.value {
            Some(name.clone())
        } else {
            None
        }
    });
    names.collect()
}

fn units(reader: &Reader<'_, '_>) -> BTreeSet<AccessUnit> {
    let found = reader.references("ous").unwrap_or_default();
    let units = found.iter().filter_map(|found| match &*found.value {
        Thing::Root => Some(AccessUnit::Root),
        Thing::Ou(ou) => Some(AccessUnit::Ou(ou.clone())),
        Thing::Organization
        | Thing::Account(_)
        | Thing::Policy(_)
        | Thing::StackSet(_)
        | Thing::Stack(_)
        | Thing::PermissionSet(_)
        | Thing::Tagged { .. } => None,
    });
    units.collect()
}
