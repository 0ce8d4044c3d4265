//! The `policy_pack` blocks.

use super::attributes::{Checker, Placed, Reader};
use super::document::{from_statement_blocks, from_value};
use super::policies::{bad_name, check_type_on, reserved_name};
use super::tags::tags;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::syntax::Block;
use crate::value::Thing;
use lz_model::address::Name;
use lz_model::desired::{DesiredOrganization, DesiredPack, DesiredTarget};
use lz_model::policy_type::PolicyType;
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Reads all packs.
pub(super) fn packs(
    checker: &Checker<'_>,
    organization: Option<&DesiredOrganization>,
) -> BTreeMap<Name, DesiredPack> {
    let mut packs = BTreeMap::new();
    let mut names: BTreeMap<(PolicyType, String), Span> = BTreeMap::new();
    let Some(kind) = SPEC.block("policy_pack") else {
        return packs;
    };
    for (label, block) in &checker.world.declared.packs {
        if let Some(policy) = checker.world.declared.policies.get(label) {
            let message = format!("`policy.{label}` is declared twice: by a policy and by a pack");
            checker.error(
                SpecDiagnostic::new(Code::DuplicateLabel, block.label.span, message)
                    .here("its policies would be `policy.LABEL[\"1\"]` and so on")
                    .also(policy.label.span, "here is the policy")
                    .help("give one of them another label"),
            );
        }
        let reader = checker.reader(kind, block.body, None);
        let written_type = reader.choice("type");
        let policy_type = written_type
            .as_ref()
            .and_then(|written| PolicyType::from_name(&written.value));
        let (name, at) = match reader.known("name") {
            Some(name) => (name.value.to_string(), name.span),
            None => ((*label).to_owned(), block.label.span),
        };
        if let Some(error) = bad_name(&name, at).or_else(|| reserved_name(&name, at)) {
            checker.error(error);
        }
        if let Some(policy_type) = policy_type
            && let Some(first) = names.insert((policy_type, name.clone()), at)
        {
            let message = format!("two packs of type `{policy_type}` have the name `{name}`");
            checker.error(
                SpecDiagnostic::new(Code::DuplicateName, at, message)
                    .here("again here")
                    .also(first, "first here"),
            );
        }
        let description = reader.text("description").map(|text| text.value);
        let guardrails = policy_type.and_then(|policy_type| guardrails(&reader, policy_type, block.header));
        let attach = reader.references("attach").map(|found| targets(&found));
        if let (Some(written), Some(policy_type)) = (&written_type, policy_type)
            && attach.as_ref().is_some_and(|targets| !targets.is_empty())
        {
            check_type_on(&reader, policy_type, written.span, organization);
        }
        let tags = tags(&reader);
        if let (Some(policy_type), Some(guardrails)) = (policy_type, guardrails) {
            let pack = DesiredPack {
                policy_type,
                name,
                description,
                guardrails,
                attach,
                tags,
                origin: Some(checker.origin(block.header)),
            };
            packs.insert(Name::new(*label), pack);
        }
    }
    packs
}

fn targets(found: &[Placed<std::sync::Arc<Thing>>]) -> BTreeSet<DesiredTarget> {
    let target = |thing: &Thing| match thing {
        Thing::Root => Some(DesiredTarget::Root),
        Thing::Ou(ou) => Some(DesiredTarget::Ou(ou.clone())),
        Thing::Account(name) => Some(DesiredTarget::Account(name.clone())),
        Thing::Organization
        | Thing::Policy(_)
        | Thing::PermissionSet(_)
        | Thing::StackSet(_)
        | Thing::Stack(_)
        | Thing::Tagged { .. } => None,
    };
    found.iter().filter_map(|thing| target(&thing.value)).collect()
}

/// Returns the documents of a pack: those of `guardrails`, then its statements as one.
fn guardrails(reader: &Reader<'_, '_>, policy_type: PolicyType, header: Span) -> Option<Vec<Text>> {
    let mut documents = Vec::new();
    let listed = reader.is_given("guardrails");
    if listed {
        for Placed { value, span } in reader.elements("guardrails")? {
            documents.push(from_value(reader, &value, span)?);
        }
    }
    let statements: Vec<&Block> = reader
        .body
        .blocks
        .iter()
        .filter(|block| &*block.kind.text == "statement")
        .collect();
    if !statements.is_empty() {
        documents.push(from_statement_blocks(reader, &statements, policy_type, header)?);
    }
    if documents.is_empty() {
        reader.error(
            SpecDiagnostic::new(Code::PolicyContent, header, "the pack has no guardrail")
                .help("write `guardrails = [file(\"...\"), ...]`, or `statement` blocks"),
        );
        return None;
    }
    Some(documents)
}
