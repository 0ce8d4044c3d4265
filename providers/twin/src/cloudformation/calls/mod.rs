//! The operations, one function each.

pub(crate) mod access;
pub(crate) mod drift;
pub(crate) mod import;
pub(crate) mod instance;
pub(crate) mod operation;
pub(crate) mod set;
mod shown;
pub(crate) mod stack;
pub(crate) mod stack_read;
pub(crate) mod update;

/// Returns the physical id of a resource: one that is the same for the same stack and resource.
pub(crate) fn stack_resource_id(stack: &str, resource: &str) -> String {
    let number = crate::wire::scope_of(&[stack, resource]);
    let name = stack.rsplit('/').nth(1).unwrap_or_default();
    format!("{name}-{resource}-{:012X}", number & 0xffff_ffff_ffff)
}
