//! Documents that steps of stacks and of Identity Center bring.

use super::row::{Document, DocumentKind};
use lz_model::plan::{IdentityWork, StackWork, TemplateSource};
use lz_model::text::Text;

/// Returns a stack's template, where a step brings or changes its text.
pub(super) fn stack_template(work: &StackWork) -> Option<Document<'_>> {
    let (before, after) = match work {
        StackWork::Create { definition, .. } => (None, &definition.template),
        StackWork::Update { definition, .. } => {
            (Some(&definition.before.template), &definition.after.template)
        }
        StackWork::Delete { .. } => return None,
    };
    (before != Some(after)).then_some(())?;
    Some(Document {
        kind: DocumentKind::Template,
        before: before.and_then(body),
        after: body(after)?,
    })
}

/// Returns a permission set's inline policy, where a step brings or changes it.
pub(super) fn inline_policy(work: &IdentityWork) -> Option<Document<'_>> {
    let (before, after) = match work {
        IdentityWork::CreateSet { content, .. } => (None, content.inline.as_ref()?),
        IdentityWork::UpdateSet { content, .. } => {
            (content.before.inline.as_ref(), content.after.inline.as_ref()?)
        }
        IdentityWork::ProvisionSet { .. }
        | IdentityWork::DeleteSet { .. }
        | IdentityWork::Grant(_)
        | IdentityWork::Revoke(_) => return None,
    };
    (before != Some(after)).then_some(Document {
        kind: DocumentKind::Policy,
        before,
        after,
    })
}

const fn body(source: &TemplateSource) -> Option<&Text> {
    match source {
        TemplateSource::Body(text) => Some(text),
        TemplateSource::Url(_) => None,
    }
}
