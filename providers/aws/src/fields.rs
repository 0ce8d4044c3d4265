//! Takes the members of an answer out, parsed. AWS's model calls them all optional.

use crate::classify::nonsense;
use crate::operation::Operation;
use lz_model::id::IdError;
use lz_provider::ProviderError;

/// Returns a member that AWS always fills.
///
/// # Errors
/// [`lz_provider::Kind::Bug`] where it is missing.
pub(crate) fn required<T>(operation: Operation, member: &str, value: Option<T>) -> Result<T, ProviderError> {
    value.ok_or_else(|| nonsense(operation, format!("the answer has no `{member}`")))
}

/// Returns a member that AWS always fills with an id.
///
/// # Errors
/// [`lz_provider::Kind::Bug`] where it is missing or not of the documented form.
pub(crate) fn id<T>(operation: Operation, member: &str, value: Option<String>) -> Result<T, ProviderError>
where
    T: TryFrom<String, Error = IdError>,
{
    let text = required(operation, member, value)?;
    T::try_from(text).map_err(|error| nonsense(operation, format!("in `{member}`: {error}")))
}
