//! Where IAM Identity Center is, and everything that is wanted of it.

use super::{assignment, set};
use crate::check::stacks::{Context, home};
use crate::schema::SPEC;
use crate::source::Span;
use crate::syntax::Body;
use lz_model::address::Address;
use lz_model::desired::{DesiredIdentity, Origin};
use lz_model::id::{Arn, Region};
use std::collections::BTreeMap;

/// Reads all blocks of Identity Center; nothing where there is none.
pub(in crate::check) fn identity(
    context: &Context<'_, '_>,
    origins: &mut BTreeMap<Address, Origin>,
) -> Option<DesiredIdentity> {
    let declared = context.checker.world.declared;
    let block = declared.identity_center;
    let sets = declared.permission_sets.values();
    let first = sets.chain(declared.assignments.values()).next();
    let header = block
        .map(|block| block.header)
        .or(first.map(|block| block.header))?;
    let (region, instance) = place(context, block.map(|block| &block.body), header);
    let sets = set::sets(context.checker, origins);
    let assignments = assignment::assignments(context.checker, origins);
    Some(DesiredIdentity {
        region: region?,
        instance,
        sets,
        assignments,
    })
}

fn place(context: &Context<'_, '_>, body: Option<&Body>, header: Span) -> (Option<Region>, Option<Arn>) {
    // Without a block of its own, there is nothing in it.
    let nothing = Body {
        attributes: Vec::new(),
        blocks: Vec::new(),
        span: header,
    };
    let Some(kind) = SPEC.block("identity_center") else {
        return (None, None);
    };
    let reader = context.checker.reader(kind, body.unwrap_or(&nothing), None);
    let instance = reader
        .known("instance")
        .and_then(|written| set::arn(&reader, &written, "instance", ":sso:::instance/"));
    (home(context, &reader, header), instance)
}
