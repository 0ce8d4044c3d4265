//! The `moved` and `removed` blocks: addresses that need not be declared any more.

use super::attributes::{Checker, Reader};
use super::zone::account_id;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::syntax::{Expr, Reference, ReferenceStep};
use lz_model::address::{Address, Name, OuAddress};
use lz_model::desired::{Moved, Origin, Removal, Removed};
use std::collections::BTreeMap;

/// Reads all `moved` blocks.
pub(super) fn moved(checker: &Checker<'_>, origins: &BTreeMap<Address, Origin>) -> Vec<Moved> {
    let Some(kind) = SPEC.block("moved") else {
        return Vec::new();
    };
    let mut result: Vec<Moved> = Vec::new();
    let mut seen: BTreeMap<Address, Span> = BTreeMap::new();
    for block in &checker.world.declared.moved {
        let reader = checker.reader(kind, &block.body, None);
        let (Some((from, from_span)), Some((to, to_span))) =
            (address(&reader, "from"), address(&reader, "to"))
        else {
            continue;
        };
        let error = |span, message: String| SpecDiagnostic::new(Code::Moved, span, message);
        if std::mem::discriminant(&from) != std::mem::discriminant(&to) {
            checker.error(error(
                to_span,
                format!("`{from}` cannot become `{to}`: they are of different kinds"),
            ));
        } else if from == to {
            checker
                .error(error(to_span, "both addresses are the same".to_owned()).help("take the block out"));
        } else if origins.contains_key(&from) {
            let help =
                "a `moved` block is for a label that is gone; take the block out, or rename the other one";
            checker.error(error(from_span, format!("`{from}` is still declared")).help(help));
        } else if !origins.contains_key(&to) && !is_moved_on(checker, &to) {
            checker.error(error(to_span, format!("`{to}` is not declared")).help("name the present address"));
        } else if let Some(first) = seen.insert(from.clone(), from_span) {
            checker.error(
                error(from_span, format!("`{from}` moves twice"))
                    .here("again here")
                    .also(first, "first here"),
            );
        } else {
            result.push(Moved { from, to });
        }
    }
    result
}

/// Moves may form a chain: the end of one is the beginning of the next.
fn is_moved_on(checker: &Checker<'_>, to: &Address) -> bool {
    checker.world.declared.moved.iter().any(|block| {
        block
            .body
            .attribute("from")
            .and_then(|from| parse(&from.value))
            .is_some_and(|from| from == *to)
    })
}

/// Reads all `removed` blocks.
pub(super) fn removed(checker: &Checker<'_>, origins: &BTreeMap<Address, Origin>) -> Vec<Removed> {
    let Some(kind) = SPEC.block("removed") else {
        return Vec::new();
    };
    let mut result: Vec<Removed> = Vec::new();
    for block in &checker.world.declared.removed {
        let reader = checker.reader(kind, &block.body, None);
        let action = reader.choice("action");
        let id = account_id(&reader, "id").map(|id| id.value);
        let (Some((from, span)), Some(action)) = (address(&reader, "from"), action) else {
            continue;
        };
        let error = |span, message: String| SpecDiagnostic::new(Code::Removed, span, message);
        let removal = match &*action.value {
            "forget" => Removal::Forget,
            "release" => Removal::Release,
            "close" => Removal::Close,
            _ => {
                let message = "`action = \"suspend\"` is not supported yet";
                checker.error(
                    SpecDiagnostic::new(Code::NotSupported, action.span, message)
                        .help("use `release` or `close`"),
                );
                continue;
            }
        };
        if removal != Removal::Forget && !matches!(from, Address::Account(_)) {
            let message = format!("only an account can be given the action `{}`", action.value);
            checker.error(
                error(action.span, message)
                    .help("what else leaves the spec is removed by itself; `forget` keeps it"),
            );
        } else if origins.contains_key(&from) {
            checker.error(
                error(span, format!("`{from}` is still declared"))
                    .help("take its block out, or this `removed` block"),
            );
        } else if result.iter().any(|other| other.from == from) {
            checker.error(error(span, format!("`{from}` is removed twice")).help("keep one of the blocks"));
        } else {
            result.push(Removed {
                from,
                id,
                action: removal,
                origin: Some(checker.origin(block.header)),
            });
        }
    }
    result
}

/// Reads an attribute that is an address, without evaluating it: what it names may be gone.
fn address(reader: &Reader<'_, '_>, name: &str) -> Option<(Address, Span)> {
    let attribute = reader.attribute(name)?;
    let span = attribute.value.span;
    let found = parse(&attribute.value).filter(|address| {
        matches!(
            address,
            Address::Ou(_)
                | Address::Account(_)
                | Address::Policy(_)
                | Address::StackSet(_)
                | Address::Stack(_)
                | Address::PermissionSet(_)
        )
    });
    if found.is_none() {
        let message = format!("`{name}` is not the address of an OU, account, policy, stack set or stack");
        reader.error(
            SpecDiagnostic::new(Code::BadValue, span, message)
                .help("such as `account.shop`, `ou.workloads.prod` or `account.team[\"shop\"]`"),
        );
    }
    found.map(|address| (address, span))
}

fn parse(expression: &Expr) -> Option<Address> {
    if let Some(text) = expression.literal() {
        return text.parse().ok();
    }
    from_reference(&expression.reference()?)
}

fn from_reference(reference: &Reference<'_>) -> Option<Address> {
    let mut names: Vec<Name> = Vec::new();
    for step in &reference.steps {
        match step {
            ReferenceStep::Name(word) => names.push(Name::new(&*word.text)),
            ReferenceStep::Key(key) => {
                let last = names.last_mut().filter(|last| last.key.is_none())?;
                last.key = Some(key.literal()?.to_owned());
            }
        }
    }
    let mut names = names.into_iter();
    let first = names.next()?;
    match &**reference.root {
        "ou" => Some(Address::Ou(
            names.fold(OuAddress::top(first), |address, name| address.child(name)),
        )),
        "account" if names.next().is_none() => Some(Address::Account(first)),
        "policy" if names.next().is_none() => Some(Address::Policy(first)),
        "stack_set" if names.next().is_none() => Some(Address::StackSet(first)),
        "stack" if names.next().is_none() => Some(Address::Stack(first)),
        "permission_set" if names.next().is_none() => Some(Address::PermissionSet(first)),
        _ => None,
    }
}
