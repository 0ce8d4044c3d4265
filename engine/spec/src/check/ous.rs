//! The `ou` blocks: a tree of names.

use super::attributes::Checker;
use super::declared::OuBlock;
use super::tags::tags;
use super::world::Instances;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use lz_model::address::{Address, Name, OuAddress};
use lz_model::desired::{DesiredOu, Origin};
use lz_model::id::OuId;
use std::collections::BTreeMap;

/// Levels of OUs below the root (aws-facts section 1.6).
const MAX_DEPTH: usize = 5;

/// OUs in an organization (aws-facts section 1.6).
const MAX_OUS: usize = 2000;

/// Reads all `ou` blocks.
pub(super) fn ous(
    checker: &Checker<'_>,
    origins: &mut BTreeMap<Address, Origin>,
) -> BTreeMap<OuAddress, DesiredOu> {
    let mut ous = BTreeMap::new();
    let mut siblings = Siblings::default();
    for block in checker.world.declared.ous.values() {
        read(checker, None, block, &mut ous, &mut siblings, origins);
    }
    check_number(checker, &ous);
    ous
}

/// Names and ids that are taken: (parent, name) and id, each with its place.
#[derive(Default)]
struct Siblings {
    names: BTreeMap<(Option<OuAddress>, String), Span>,
    ids: BTreeMap<OuId, Span>,
}

fn read(
    checker: &Checker<'_>,
    parent: Option<&OuAddress>,
    block: &OuBlock<'_>,
    ous: &mut BTreeMap<OuAddress, DesiredOu>,
    siblings: &mut Siblings,
    origins: &mut BTreeMap<Address, Origin>,
) {
    let Some(instances) = checker.noted(checker.world.ou_instances(checker.evaluator, parent, block)) else {
        return;
    };
    let names = match instances {
        Instances::Single => vec![Name::new(&*block.label.text)],
        Instances::Each(elements) => elements
            .keys()
            .map(|key| Name::keyed(&*block.label.text, &**key))
            .collect(),
    };
    for name in names {
        let address = parent.map_or_else(
            || OuAddress::top(name.clone()),
            |parent| parent.child(name.clone()),
        );
        if address.depth() > MAX_DEPTH {
            checker.error(too_deep(&address, block));
            return;
        }
        if let Some(ou) = one(checker, &address, block, siblings) {
            origins.insert(Address::Ou(address.clone()), checker.origin(block.header));
            ous.insert(address.clone(), ou);
        }
        for child in block.children.values() {
            read(checker, Some(&address), child, ous, siblings, origins);
        }
    }
}

fn one(
    checker: &Checker<'_>,
    address: &OuAddress,
    block: &OuBlock<'_>,
    siblings: &mut Siblings,
) -> Option<DesiredOu> {
    let each = checker.noted(checker.world.ou_each(checker.evaluator, address))?;
    let reader = checker.reader(SPEC.block("ou")?, block.body, each.as_ref());
    let label = || {
        address
            .name()
            .key
            .clone()
            .unwrap_or_else(|| block.label.text.to_string())
    };
    let (name, span) = match reader.known("name") {
        Some(name) => (name.value.to_string(), name.span),
        None if reader.is_given("name") => return None,
        None => (label(), block.label.span),
    };
    if let Some(error) = bad_name(&name, span) {
        checker.error(error);
    }
    if let Some(first) = siblings.names.insert((address.parent(), name.clone()), span) {
        checker.error(duplicate_name(&name, span, first));
    }
    let id = reader.known("id").and_then(|written| {
        let id: Option<OuId> = written.value.parse().ok();
        match &id {
            None => checker.error(
                SpecDiagnostic::new(
                    Code::BadId,
                    written.span,
                    format!("`{}` is not an OU id", written.value),
                )
                .help("it looks like `ou-ab12-cd34ef56`"),
            ),
            Some(id) => {
                if let Some(first) = siblings.ids.insert(id.clone(), written.span) {
                    checker.error(
                        SpecDiagnostic::new(
                            Code::DuplicateId,
                            written.span,
                            format!("two blocks claim `{id}`"),
                        )
                        .here("here")
                        .also(first, "and here"),
                    );
                }
            }
        }
        id
    });
    Some(DesiredOu {
        name,
        id,
        tags: tags(&reader),
        full_access: reader.bool("full_access"),
    })
}

/// An OU's name has 1 to 128 characters, of any kind (aws-facts section 1.2).
fn bad_name(name: &str, span: Span) -> Option<SpecDiagnostic> {
    let size = name.chars().count();
    if !(1..=128).contains(&size) {
        let message = format!("the name of an OU has 1 to 128 characters, this one has {size}");
        return Some(SpecDiagnostic::new(Code::BadName, span, message));
    }
    name.chars().any(char::is_control).then(|| {
        SpecDiagnostic::new(Code::BadName, span, "the name of an OU holds a control character")
            .help("write it on one line, without escapes")
    })
}

/// Names are unique below one parent (aws-facts section 1.5).
fn duplicate_name(name: &str, span: Span, first: Span) -> SpecDiagnostic {
    SpecDiagnostic::new(
        Code::DuplicateName,
        span,
        format!("two OUs below the same parent have the name `{name}`"),
    )
    .here("again here")
    .also(first, "first here")
    .help("AWS wants the names below one parent to differ")
}

fn too_deep(address: &OuAddress, block: &OuBlock<'_>) -> SpecDiagnostic {
    let message = format!(
        "`{address}` lies {} levels below the root, AWS takes {MAX_DEPTH}",
        address.depth()
    );
    SpecDiagnostic::new(Code::OuDepth, block.header, message)
        .here("one level too deep")
        .help("move it up, or replace a level by tags")
}

fn check_number(checker: &Checker<'_>, ous: &BTreeMap<OuAddress, DesiredOu>) {
    if ous.len() <= MAX_OUS {
        return;
    }
    let message = format!("there are {} OUs, AWS takes {MAX_OUS}", ous.len());
    checker.error(
        SpecDiagnostic::without_place(Code::TooManyOus, message).help("put accounts together by policy need"),
    );
}
