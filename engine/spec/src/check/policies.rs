//! The `policy` blocks.

use super::attributes::{Checker, Placed, Reader};
use super::declared::Labelled;
use super::document::document;
use super::tags::{known_characters, tags};
use super::world::{Instances, each};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::Scope;
use crate::schema::SPEC;
use crate::source::Span;
use crate::value::{Thing, Value};
use lz_model::address::{Address, Name};
use lz_model::desired::{DesiredOrganization, DesiredPolicy, DesiredTarget, Origin};
use lz_model::id::PolicyId;
use lz_model::policy_type::PolicyType;
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Names and ids that are taken, and what is attached where.
#[derive(Default)]
struct Taken {
    names: BTreeMap<(PolicyType, String), Span>,
    ids: BTreeMap<PolicyId, Span>,
    attached: BTreeMap<(DesiredTarget, PolicyType), Vec<Span>>,
}

/// Reads all policies.
pub(super) fn policies(
    checker: &Checker<'_>,
    organization: Option<&DesiredOrganization>,
    origins: &mut BTreeMap<Address, Origin>,
) -> BTreeMap<Name, DesiredPolicy> {
    let mut policies = BTreeMap::new();
    let mut taken = Taken::default();
    for (label, block) in &checker.world.declared.policies {
        let full = format!("policy.{label}");
        let instances = checker.world.instances(
            checker.evaluator,
            &full,
            block.body,
            &Scope::EMPTY,
            block.label.span,
        );
        let origin = checker.origin(block.header);
        let mut add = |name: Name, each: Option<&Value>| {
            if let Some(policy) = one(checker, *block, &name, each, organization, &mut taken) {
                origins.insert(Address::Policy(name.clone()), origin.clone());
                policies.insert(name, policy);
            }
        };
        match checker.noted(instances) {
            None => {}
            Some(Instances::Single) => add(Name::new(*label), None),
            Some(Instances::Each(elements)) => {
                for (key, value) in elements.iter() {
                    add(Name::keyed(*label, &**key), Some(&each(key, value)));
                }
            }
        }
    }
    check_attachments(checker, &taken);
    policies
}

fn one(
    checker: &Checker<'_>,
    block: Labelled<'_>,
    address: &Name,
    each: Option<&Value>,
    organization: Option<&DesiredOrganization>,
    taken: &mut Taken,
) -> Option<DesiredPolicy> {
    let reader = checker.reader(SPEC.block("policy")?, block.body, each);
    let written_type = reader.choice("type");
    let policy_type = written_type
        .as_ref()
        .and_then(|written| PolicyType::from_name(&written.value));
    let name = policy_type.and_then(|policy_type| name(&reader, block, address, policy_type, taken));
    let description = reader.text("description").map(|text| description(&reader, text));
    let id = reader.known("id").and_then(|written| {
        let id = written.value.parse().ok();
        if id.is_none() {
            let message = format!("`{}` is not a policy id", written.value);
            reader.error(
                SpecDiagnostic::new(Code::BadId, written.span, message).help("it looks like `p-ab12cd34`"),
            );
        }
        id.inspect(|id: &PolicyId| claim_id(&reader, id, written.span, taken))
    });
    let content = policy_type.and_then(|policy_type| document(&reader, policy_type, block.header));
    if let (Some(content), Some(policy_type)) = (&content, policy_type) {
        check_size(&reader, content, policy_type, block.header);
    }
    let attach = policy_type.and_then(|policy_type| targets(&reader, policy_type, taken));
    if let (Some(written), Some(policy_type)) = (&written_type, policy_type)
        && attach.as_ref().is_some_and(|targets| !targets.is_empty())
    {
        check_type_on(&reader, policy_type, written.span, organization);
    }
    let tags = tags(&reader);
    Some(DesiredPolicy {
        policy_type: policy_type?,
        name: name?,
        description,
        id,
        content: content?,
        attach,
        tags,
    })
}

fn name(
    reader: &Reader<'_, '_>,
    block: Labelled<'_>,
    address: &Name,
    policy_type: PolicyType,
    taken: &mut Taken,
) -> Option<String> {
    let (name, span) = match reader.known("name") {
        Some(name) => (name.value.to_string(), name.span),
        None if reader.is_given("name") => return None,
        None => (
            address.key.clone().unwrap_or_else(|| address.label.clone()),
            block.label.span,
        ),
    };
    if let Some(error) = bad_name(&name, span).or_else(|| reserved_name(&name, span)) {
        reader.error(error);
    }
    if let Some(first) = taken.names.insert((policy_type, name.clone()), span) {
        reader.error(duplicate_name(&name, policy_type, span, first));
    }
    Some(name)
}

/// A policy's name has 1 to 128 characters (aws-facts section 1.2).
pub(super) fn bad_name(name: &str, span: Span) -> Option<SpecDiagnostic> {
    let size = name.chars().count();
    let fits = (1..=128).contains(&size) && !name.chars().any(char::is_control);
    (!fits).then(|| {
        let message = format!("the name of a policy has 1 to 128 printable characters, this one has {size}");
        SpecDiagnostic::new(Code::BadName, span, message)
    })
}

/// `FullAWSAccess` belongs to AWS, `aws-guardrails-` to Control Tower (rule R38).
pub(super) fn reserved_name(name: &str, span: Span) -> Option<SpecDiagnostic> {
    let owner = if matches!(name, "FullAWSAccess" | "RCPFullAWSAccess") {
        "AWS"
    } else if name.to_lowercase().starts_with("aws-guardrails-") {
        "Control Tower"
    } else {
        return None;
    };
    let error = SpecDiagnostic::new(
        Code::ReservedPolicy,
        span,
        format!("the policy `{name}` belongs to {owner}"),
    );
    Some(if owner == "AWS" {
        error.help("use `full_access = true` or `false` on an OU or account")
    } else {
        error.help("choose another name; Control Tower's own policies are never touched")
    })
}

/// Names are unique among the policies of a type (aws-facts section 1.5, DuplicatePolicy).
fn duplicate_name(name: &str, policy_type: PolicyType, span: Span, first: Span) -> SpecDiagnostic {
    let error = SpecDiagnostic::new(
        Code::DuplicateName,
        span,
        format!("two policies of type `{policy_type}` have the name `{name}`"),
    );
    if first == span {
        return error
            .here("the same for each element")
            .help("put `each.key` into it");
    }
    error
        .here("again here")
        .also(first, "first here")
        .help("give one of them another `name`")
}

/// A description has at most 512 characters (aws-facts section 1.2).
fn description(reader: &Reader<'_, '_>, text: Placed<Text>) -> Text {
    let size = known_characters(&text.value);
    if size > 512 {
        let message = format!("the description has {size} characters, AWS takes 512");
        reader.error(
            SpecDiagnostic::new(Code::BadName, text.span, message).help("put the rest into a comment"),
        );
    }
    text.value
}

fn claim_id(reader: &Reader<'_, '_>, id: &PolicyId, span: Span, taken: &mut Taken) {
    if let Some(first) = taken.ids.insert(id.clone(), span) {
        let message = format!("two blocks claim `{id}`");
        reader.error(
            SpecDiagnostic::new(Code::DuplicateId, span, message)
                .here("here")
                .also(first, "and here"),
        );
    }
}

/// The size counts after white space is taken out (aws-facts section 5).
fn check_size(reader: &Reader<'_, '_>, content: &Text, policy_type: PolicyType, header: Span) {
    let size = known_characters(content);
    let most = policy_type.max_characters();
    if size > most {
        let at = reader
            .attribute("content")
            .map_or(header, |content| content.value.span);
        let message = format!(
            "the document has {size} characters without white space, AWS takes {most} for `{policy_type}`"
        );
        reader.error(
            SpecDiagnostic::new(Code::PolicySize, at, message)
                .help("split it into two policies, or use wildcards"),
        );
    }
}

fn targets(
    reader: &Reader<'_, '_>,
    policy_type: PolicyType,
    taken: &mut Taken,
) -> Option<BTreeSet<DesiredTarget>> {
    let mut targets: BTreeMap<DesiredTarget, Span> = BTreeMap::new();
    for Placed { value, span } in reader.references("attach")? {
        let target = match &*value {
            Thing::Root => DesiredTarget::Root,
            Thing::Ou(ou) => DesiredTarget::Ou(ou.clone()),
            Thing::Account(account) => DesiredTarget::Account(account.clone()),
            Thing::Organization
            | Thing::Policy(_)
            | Thing::StackSet(_)
            | Thing::Stack(_)
            | Thing::PermissionSet(_)
            | Thing::Tagged { .. } => continue,
        };
        if let Some(first) = targets.get(&target) {
            let message = format!("the policy is attached twice to `{}`", target.address());
            let mut error =
                SpecDiagnostic::new(Code::DuplicateTarget, span, message).help("leave one of them out");
            if *first != span {
                error = error.here("again here").also(*first, "first here");
            }
            reader.error(error);
            continue;
        }
        taken
            .attached
            .entry((target.clone(), policy_type))
            .or_default()
            .push(span);
        targets.insert(target, span);
    }
    Some(targets.into_keys().collect())
}

/// Attachments of one type at one target are limited (aws-facts section 5); AWS's own full-access RCP counts.
fn check_attachments(checker: &Checker<'_>, taken: &Taken) {
    for ((target, policy_type), places) in &taken.attached {
        let own = usize::from(*policy_type == PolicyType::Rcp);
        let most = policy_type.max_attachments() - own;
        if let (true, Some(at)) = (places.len() > most, places.get(most)) {
            let message = format!(
                "`{}` has {} policies of type `{policy_type}`, AWS takes {most}{}",
                target.address(),
                places.len(),
                if own == 1 { " beside its own" } else { "" },
            );
            checker.error(
                SpecDiagnostic::new(Code::TooManyAttachments, *at, message)
                    .here("one too many")
                    .help("merge policies, or attach some of them one level higher"),
            );
        }
    }
}

/// AWS refuses to attach a policy whose type is off (rule R2).
pub(super) fn check_type_on(
    reader: &Reader<'_, '_>,
    policy_type: PolicyType,
    span: Span,
    organization: Option<&DesiredOrganization>,
) {
    let Some(organization) = organization else { return };
    let listed = reader
        .checker
        .world
        .declared
        .organization
        .and_then(|block| block.body.attribute("policy_types"));
    let Some(listed) = listed else { return };
    if !organization.policy_types.contains(&policy_type) {
        let message = format!("the policy type `{policy_type}` is not switched on");
        reader.error(
            SpecDiagnostic::new(Code::PolicyTypeOff, span, message)
                .here("the policy is attached, so its type must be on")
                .also(listed.value.span, "not in this list")
                .help(format!(
                    "add \"{policy_type}\" to `policy_types` of `organization`"
                )),
        );
    }
}
