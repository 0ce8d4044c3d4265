//! Templates and what goes with them, as the SDK sends them.

use crate::site::Stacks;
use aws_sdk_cloudformation::types::{Capability as SdkCapability, Parameter, Tag};
use lz_model::limits::TEMPLATE_INLINE_BYTES;
use lz_model::stack::Capability;
use lz_provider::{ProviderError, TagList, TemplateText};
use std::collections::{BTreeMap, BTreeSet};

/// A template as a call takes it: one of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) body: Option<String>,
    pub(super) url: Option<String>,
}

/// Returns a template as a call takes it. One that is too long for a call is put into S3 first.
///
/// # Errors
/// Why it could not be put there.
pub(super) async fn template(stacks: &Stacks<'_>, text: &TemplateText) -> Result<Template, ProviderError> {
    let url = match text {
        TemplateText::Body(body) if body.len() <= TEMPLATE_INLINE_BYTES => {
            return Ok(Template {
                body: Some(body.clone()),
                url: None,
            });
        }
        TemplateText::Body(body) => crate::bucket::put(stacks, body).await?,
        TemplateText::Url(url) => url.clone(),
    };
    Ok(Template {
        body: None,
        url: Some(url),
    })
}

/// Returns parameters as the SDK sends them.
pub(super) fn sdk_parameters(parameters: &BTreeMap<String, String>) -> Vec<Parameter> {
    let parameters = parameters.iter();
    parameters
        .map(|(key, value)| {
            let parameter = Parameter::builder().parameter_key(key);
            parameter.parameter_value(value).build()
        })
        .collect()
}

/// Returns capabilities as the SDK sends them.
pub(super) fn sdk_capabilities(capabilities: &BTreeSet<Capability>) -> Vec<SdkCapability> {
    let capabilities = capabilities.iter();
    capabilities
        .map(|capability| SdkCapability::from(capability.name()))
        .collect()
}

/// Returns tags of a stack or a set as the SDK sends them.
pub(super) fn sdk_stack_tags(tags: &TagList) -> Vec<Tag> {
    let tags = tags.iter();
    tags.map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect()
}
