//! Request members with the lengths and patterns that botocore's model gives them.

use super::{InputProblem, invalid};
use crate::settings::PolicyType;
use crate::wire::{Call, Input, Pager, Refusal, scope_of};
use crate::world::{AccountId, HandshakeId, ParentId, PolicyId, RequestId, RootId, TargetId, UnitId};

fn pattern(name: &str, text: &str) -> Refusal {
    invalid(
        InputProblem::InvalidPattern,
        format!("`{name}` is `{text}`, which does not match the required pattern"),
    )
}

/// Returns a required id, refused with INVALID_PATTERN.
fn id<T>(input: &Input, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Refusal> {
    let text = input.required_text(name)?;
    parse(text).ok_or_else(|| pattern(name, text))
}

/// Returns a required account id.
pub(crate) fn account_id(input: &Input, name: &'static str) -> Result<AccountId, Refusal> {
    id(input, name, AccountId::parse)
}

/// Returns a required OU id.
pub(crate) fn unit_id(input: &Input, name: &'static str) -> Result<UnitId, Refusal> {
    id(input, name, UnitId::parse)
}

/// Returns a required root id.
pub(crate) fn root_id(input: &Input, name: &'static str) -> Result<RootId, Refusal> {
    id(input, name, RootId::parse)
}

/// Returns a required id of a root or an OU.
pub(crate) fn parent_id(input: &Input, name: &'static str) -> Result<ParentId, Refusal> {
    id(input, name, ParentId::parse)
}

/// Returns a required id of an account creation.
pub(crate) fn request_id(input: &Input, name: &'static str) -> Result<RequestId, Refusal> {
    id(input, name, RequestId::parse)
}

/// Returns a required handshake id.
pub(crate) fn handshake_id(input: &Input, name: &'static str) -> Result<HandshakeId, Refusal> {
    id(input, name, HandshakeId::parse)
}

/// Returns a required policy id; it has a Reason of its own.
pub(crate) fn policy_id(input: &Input) -> Result<PolicyId, Refusal> {
    let text = input.required_text("PolicyId")?;
    PolicyId::parse(text).ok_or_else(|| {
        invalid(
            InputProblem::InvalidSyntaxPolicyId,
            format!("`{text}` is not a policy id"),
        )
    })
}

/// Returns the id of what a policy can be attached to; it has a Reason of its own.
pub(crate) fn target_id(text: &str) -> Result<TargetId, Refusal> {
    TargetId::parse(text).ok_or_else(|| {
        let message = format!("`{text}` is not the id of a root, an organizational unit or an account");
        invalid(InputProblem::InvalidPatternTargetId, message)
    })
}

/// Returns a required policy type; it has a Reason of its own.
pub(crate) fn policy_type(input: &Input, name: &'static str) -> Result<PolicyType, Refusal> {
    let text = input.required_text(name)?;
    PolicyType::parse(text).ok_or_else(|| {
        invalid(
            InputProblem::InvalidEnumPolicyType,
            format!("`{text}` is not a policy type"),
        )
    })
}

/// Returns one of a list of words that a text names.
pub(crate) fn enum_of<T>(name: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Refusal> {
    parse(text).ok_or_else(|| {
        invalid(
            InputProblem::InvalidEnum,
            format!("`{name}` is `{text}`, which is not a value of it"),
        )
    })
}

/// Returns a text, if its length in characters lies in the range.
pub(crate) fn text_of<'a>(name: &str, text: &'a str, min: usize, max: usize) -> Result<&'a str, Refusal> {
    let length = text.chars().count();
    if length > max {
        let message = format!("`{name}` has {length} characters, but at most {max} are allowed");
        return Err(invalid(InputProblem::MaxLength, message));
    }
    if length < min {
        let message = format!("`{name}` has {length} characters, but at least {min} are required");
        return Err(invalid(InputProblem::MinLength, message));
    }
    Ok(text)
}

/// Returns an optional text, if its length in characters lies in the range.
pub(crate) fn optional_text<'a>(
    input: &'a Input,
    name: &'static str,
    min: usize,
    max: usize,
) -> Result<Option<&'a str>, Refusal> {
    input
        .text(name)?
        .map(|text| text_of(name, text, min, max))
        .transpose()
}

/// Returns a required service principal, 1 to 128 characters of `[\w+=,.@-]`.
pub(crate) fn service_principal(input: &Input) -> Result<&str, Refusal> {
    let text = text_of(
        "ServicePrincipal",
        input.required_text("ServicePrincipal")?,
        1,
        128,
    )?;
    let fits = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c));
    if fits {
        Ok(text)
    } else {
        Err(pattern("ServicePrincipal", text))
    }
}

/// Returns whether a text is an e-mail address that AWS accepts (aws-facts 1.2, names).
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let odd = |c: char| {
        c.is_whitespace() || !c.is_ascii() || c.is_ascii_control() || "\"'()<>[]:;,\\|%&@".contains(c)
    };
    let local_fits = !local.is_empty() && !local.starts_with('.') && !local.contains(odd);
    let label = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let edge = |c: char| c == '-' || c == '.';
    let domain_fits = domain.contains('.')
        && domain.chars().all(label)
        && !domain.starts_with(edge)
        && !domain.ends_with(edge);
    local_fits && domain_fits
}

/// Returns a required e-mail address of 6 to 64 characters.
pub(crate) fn email<'a>(input: &'a Input, name: &'static str) -> Result<&'a str, Refusal> {
    let text = text_of(name, input.required_text(name)?, 6, 64)?;
    if is_email(text) {
        Ok(text)
    } else {
        Err(pattern(name, text))
    }
}

/// Returns where a page begins and how long it is; `filter` is what else tells this listing from others.
pub(crate) fn pager(call: &Call<'_>, filter: &[&str]) -> Result<Pager, Refusal> {
    let size = match call.input.number("MaxResults")? {
        None => call.settings.default_page_size,
        Some(size) if size < 1 => {
            return Err(invalid(
                InputProblem::MinValue,
                format!("`MaxResults` is {size}, but at least 1 is required"),
            ));
        }
        Some(size) => usize::try_from(size)
            .ok()
            .filter(|size| *size <= 20)
            .ok_or_else(|| {
                invalid(
                    InputProblem::MaxValue,
                    format!("`MaxResults` is {size}, but at most 20 is allowed"),
                )
            })?,
    };
    pager_of(call, filter, size)
}

/// Returns the pager of a listing that fixes its page size itself.
pub(crate) fn pager_of(call: &Call<'_>, filter: &[&str], size: usize) -> Result<Pager, Refusal> {
    let parts: Vec<&str> = std::iter::once(call.operation)
        .chain(filter.iter().copied())
        .collect();
    let token = optional_text(call.input, "NextToken", 0, 100_000)?;
    Pager::new(scope_of(&parts), size, token, call.settings.empty_first_page).ok_or_else(|| {
        invalid(
            InputProblem::InvalidNextToken,
            "`NextToken` was not given out by this operation for this input",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_aws_refuses_are_refused() {
        for good in ["a@b.co", "aws+audit@example.com", "x.y@sub.example-1.com"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "nobody",
            "a@b",
            ".a@b.co",
            "a b@c.co",
            "a@@b.co",
            "a@-b.co",
            "a@b.co.",
            "a@b_c.co",
            "a(b@c.co",
            "ä@b.co",
            "a@b.co@c.co",
            "@b.co",
            "a%b@c.co",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
