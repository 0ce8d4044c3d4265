//! Where templates come from, and what a request must acknowledge about them.

use std::sync::Arc;

use bytes::Bytes;

use crate::cloudformation::template::{Template, read};
use crate::cloudformation::wire::{Code, invalid, text, texts};
use crate::wire::{Call, Input, Refusal};
use crate::world::World;

/// Returns the template that a request brings along: inline up to 51,200 bytes, in S3 up to 1 MB (aws-facts 3.3).
pub(crate) fn template_source(
    world: &World,
    call: &Call<'_>,
) -> Result<Option<(Arc<str>, Template)>, Refusal> {
    let (inline, in_bucket) = call.settings.template_bytes;
    let body = text(call.input, "TemplateBody")?;
    let url = text(call.input, "TemplateURL")?;
    let found: String = match (body, url) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            return Err(invalid("Both TemplateURL and TemplateBody cannot be specified."));
        }
        (Some(body), None) => {
            refuse_too_long(body.len(), inline)?;
            body.to_owned()
        }
        (None, Some(url)) => {
            let bytes = object_at(world, call, url)?;
            if bytes.len() > in_bucket {
                return Err(invalid(format!(
                    "Template may not exceed {in_bucket} bytes in size, but `{url}` has {}",
                    bytes.len()
                )));
            }
            String::from_utf8(bytes.to_vec())
                .map_err(|_| invalid("Template format error: the template is not text"))?
        }
    };
    let template = read(&found).map_err(invalid)?;
    Ok(Some((Arc::from(found), template)))
}

/// A template has a greatest length (aws-facts 3.3, quotas).
fn refuse_too_long(bytes: usize, most: usize) -> Result<(), Refusal> {
    if bytes <= most {
        return Ok(());
    }
    Err(invalid(format!(
        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length \
         less than or equal to {most}"
    )))
}

/// Returns the capabilities that a request acknowledges.
pub(crate) fn capabilities(input: &Input) -> Result<Option<Vec<String>>, Refusal> {
    const KNOWN: [&str; 3] = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"];
    let given = texts(input, "Capabilities")?;
    let odd = given
        .iter()
        .flatten()
        .find(|name| !KNOWN.contains(&name.as_str()));
    match odd {
        Some(odd) => Err(invalid(format!("`{odd}` is not a capability"))),
        None => Ok(given),
    }
}

/// A template that makes IAM resources or uses transforms must be acknowledged (botocore model, Capabilities).
pub(crate) fn refuse_missing_capabilities(template: &Template, given: &[String]) -> Result<(), Refusal> {
    let missing = template.missing_capabilities(given);
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("Requires capabilities : [{}]", missing.join(", "));
    Err(Code::InsufficientCapabilities.because(message))
}

/// SERVICE_MANAGED sets take no nested stacks, macros or transforms (aws-facts 3.3).
pub(crate) fn refuse_composed(template: &Template) -> Result<(), Refusal> {
    if template.is_composed() {
        return Err(invalid(
            "Nested stacks, macros and transforms are not supported with the permission model SERVICE_MANAGED",
        ));
    }
    Ok(())
}

/// Returns the object that an address in S3 names. The twin reads its own buckets only, and those of the caller.
pub(crate) fn object_at(world: &World, call: &Call<'_>, url: &str) -> Result<Bytes, Refusal> {
    let known = crate::s3::address(url).ok_or_else(|| {
        invalid(format!(
            "`{url}` must be the address of an object in S3, like https://bucket.s3.us-east-1.amazonaws.com/key"
        ))
    })?;
    let (bucket, key) = known;
    let found = world
        .buckets
        .get(&bucket)
        .filter(|bucket| bucket.owner == *call.caller)
        .ok_or_else(|| {
            invalid(format!(
                "S3 error: the bucket `{bucket}` of `{url}` can't be read"
            ))
        })?;
    let object = found.objects.get(&key);
    object
        .map(|object| object.body.clone())
        .ok_or_else(|| invalid("S3 error: The specified key does not exist."))
}
