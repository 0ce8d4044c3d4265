//! What the calls of all neighbours have in common.

use super::Neighbour;
use crate::organizations::Organization;
use crate::wire::{Call, Pager, Refusal, scope_of};
use crate::world::{Mint, World};

/// Returns a required text.
pub(crate) fn required<'a>(
    who: Neighbour,
    call: &'a Call<'_>,
    name: &'static str,
) -> Result<&'a str, Refusal> {
    let text = call
        .input
        .required_text(name)
        .map_err(|error| who.unreadable(error))?;
    if text.is_empty() {
        return Err(who.invalid(format!("`{name}` is empty")));
    }
    Ok(text)
}

/// The names of the members that page through a list.
pub(crate) struct PageNames {
    pub(crate) size: &'static str,
    pub(crate) token: &'static str,
}

/// Members that begin with a small letter.
pub(crate) const SMALL: PageNames = PageNames {
    size: "maxResults",
    token: "nextToken",
};

/// Members that begin with a capital letter.
pub(crate) const CAPITAL: PageNames = PageNames {
    size: "MaxResults",
    token: "NextToken",
};

/// Returns the pager of a call whose page size lies in a range; absent, it is the largest.
pub(crate) fn page(
    who: Neighbour,
    call: &Call<'_>,
    names: &PageNames,
    range: std::ops::RangeInclusive<usize>,
) -> Result<Pager, Refusal> {
    let size = match call
        .input
        .number(names.size)
        .map_err(|error| who.unreadable(error))?
    {
        None => *range.end(),
        Some(number) => usize::try_from(number)
            .ok()
            .filter(|size| range.contains(size))
            .ok_or_else(|| {
                let (least, most) = (range.start(), range.end());
                who.invalid(format!("`{}` is {least} to {most}", names.size))
            })?,
    };
    let token = call
        .input
        .text(names.token)
        .map_err(|error| who.unreadable(error))?
        .filter(|token| !token.is_empty());
    let scope = scope_of(&[who.as_str(), call.operation, call.caller.as_str()]);
    Pager::new(scope, size, token, false)
        .ok_or_else(|| who.invalid(format!("`{}` does not belong to this list", names.token)))
}

/// Returns the organization that the caller manages.
pub(crate) fn management_organization<'a>(
    who: Neighbour,
    world: &'a World,
    call: &Call<'_>,
) -> Result<&'a Organization, Refusal> {
    let organization = world.organization_of(call.caller);
    organization
        .filter(|org| org.management == *call.caller)
        .ok_or_else(|| {
            let (caller, operation) = (call.caller, call.operation);
            who.denied(format!(
                "account `{caller}` may not call {operation}: it takes the management account of an organization"
            ))
        })
}

/// Returns a new UUID.
pub(crate) fn uuid(mint: &mut Mint) -> String {
    let (high, low) = (mint.number(), mint.number());
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0xfff,
        low & 0xffff_ffff_ffff
    )
}
