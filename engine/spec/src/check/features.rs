//! Settings that an organization has once: central root access, the resource policy.

use super::admins::need_trust;
use super::attributes::{Checker, Reader};
use super::document::document;
use super::tags::known_characters;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use lz_model::desired::{DesiredOrganization, DesiredResourcePolicy};
use lz_model::id::ServicePrincipal;
use lz_model::limits::RESOURCE_POLICY_CHARACTERS;
use lz_model::root_access::RootFeature;
use std::collections::BTreeMap;

/// Reads the `root_access` block of `organization`.
pub(super) fn root_access(organization: &Reader<'_, '_>) -> BTreeMap<RootFeature, bool> {
    let mut blocks = organization.body.blocks.iter();
    let found = blocks.find(|block| &*block.kind.text == "root_access");
    let kind = SPEC
        .block("organization")
        .and_then(|kind| kind.block("root_access"));
    let Some((block, kind)) = found.zip(kind) else {
        return BTreeMap::new();
    };
    let reader = organization.checker.reader(kind, &block.body, organization.each);
    let asked = RootFeature::ALL.into_iter();
    asked
        .filter_map(|feature| Some((feature, reader.bool(feature.name())?)))
        .collect()
}

/// Central root access needs trusted access of IAM (rule R39).
pub(super) fn check_root_access(checker: &Checker<'_>, organization: Option<&DesiredOrganization>) {
    let block = checker.world.declared.organization.and_then(|block| {
        let mut blocks = block.body.blocks.iter();
        blocks.find(|block| &*block.kind.text == "root_access")
    });
    let (Some(block), Some(wanted)) = (block, organization) else {
        return;
    };
    let needed: Result<ServicePrincipal, _> = "iam.amazonaws.com".parse();
    if let (true, Ok(needed)) = (wanted.root_access.values().any(|on| *on), needed) {
        let needed = [(needed, block.header)];
        need_trust(checker, &needed, "central root access", organization);
    }
}

/// Reads the `resource_policy` block.
pub(super) fn resource_policy(checker: &Checker<'_>) -> Option<DesiredResourcePolicy> {
    let block = checker.world.declared.resource_policy?;
    let reader = checker.reader(SPEC.block("resource_policy")?, &block.body, None);
    // That it is missing is said already.
    reader.attribute("content")?;
    let content = document(&reader, lz_model::policy_type::PolicyType::Rcp, block.header)?;
    let size = known_characters(&content);
    if size > RESOURCE_POLICY_CHARACTERS {
        let message = format!(
            "the document has {size} characters without white space, AWS takes {RESOURCE_POLICY_CHARACTERS}"
        );
        let at = reader
            .attribute("content")
            .map_or(block.header, |given| given.value.span);
        reader.error(SpecDiagnostic::new(Code::PolicySize, at, message).help("use wildcards"));
    }
    Some(DesiredResourcePolicy { content })
}
