//! What a stack set or stack is made from: as wanted, as found, and whether the two differ by meaning.

use crate::context::Context;
use lz_model::address::{ADDRESS_TAG, Address, ZONE_TAG};
use lz_model::desired::{DesiredStack, DesiredStackSet, Permissions, Tags, Template};
use lz_model::live::{LivePermissions, LiveStack, LiveStackSet, LiveTags};
use lz_model::plan::{Conduct, Definition, PlannedPermissions, StackDefinition, TemplateSource};
use lz_model::text::{Attribute, Text};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The key of the tag that tells from which address in S3 a template came: AWS shows the text only.
pub(crate) const TEMPLATE_TAG: &str = "lz:template";

/// What AWS shows instead of a value that the template hides.
const HIDDEN: &str = "****";

/// Names that AWS uses where a self-managed set gives none (aws-facts section 3.3).
const ADMINISTRATION_ROLE: &str = ":role/AWSCloudFormationStackSetAdministrationRole";
const EXECUTION_ROLE: &str = "AWSCloudFormationStackSetExecutionRole";

/// Returns what a declared set is made from. What the spec leaves out stays as it is found.
pub(crate) fn of_set(
    context: &Context<'_>,
    address: &Address,
    wanted: &DesiredStackSet,
    live: Option<&LiveStackSet>,
) -> Definition {
    let found = live.map_or("", |live| live.description.as_str());
    Definition {
        description: wanted.description.as_deref().unwrap_or(found).to_owned(),
        template: source(context, &wanted.template),
        parameters: filled(context, &wanted.parameters),
        capabilities: wanted.capabilities.clone(),
        tags: tags(
            context,
            address,
            wanted.tags.as_ref(),
            live.map(|live| &live.tags),
            &wanted.template,
        ),
        permissions: permissions(context, &wanted.permissions),
    }
}

/// Returns what a set that was found is made from.
pub(crate) fn of_live_set(live: &LiveStackSet) -> Definition {
    Definition {
        description: live.description.clone(),
        template: TemplateSource::Body(Text::literal(live.template.clone())),
        parameters: literal(&live.parameters),
        capabilities: live.capabilities.clone(),
        tags: literal(&live.tags),
        permissions: match &live.permissions {
            LivePermissions::Service { .. } => PlannedPermissions::Service {},
            LivePermissions::OwnRoles {
                administration_role,
                execution_role,
            } => PlannedPermissions::OwnRoles {
                administration_role: administration_role.clone().map(Text::literal),
                execution_role: execution_role.clone(),
            },
        },
    }
}

/// Returns whether a set must change. Tags of lz alone are no reason: every stack would be touched for them.
pub(crate) fn set_differs(context: &Context<'_>, wanted: &DesiredStackSet, live: &LiveStackSet) -> bool {
    let described = wanted.description.as_ref();
    described.is_some_and(|wanted| *wanted != live.description)
        || template_differs(context, &wanted.template, &live.template, &live.tags)
        || parameters_differ(
            context,
            &wanted.template,
            &wanted.parameters,
            &live.template,
            &live.parameters,
        )
        || wanted.capabilities != live.capabilities
        || tags_differ(context, wanted.tags.as_ref(), &live.tags)
        || permissions_differ(context, &wanted.permissions, &live.permissions)
}

/// Returns what a declared stack is made from.
pub(crate) fn of_stack(
    context: &Context<'_>,
    address: &Address,
    wanted: &DesiredStack,
    live: Option<&LiveStack>,
) -> StackDefinition {
    StackDefinition {
        template: source(context, &wanted.template),
        parameters: filled(context, &wanted.parameters),
        capabilities: wanted.capabilities.clone(),
        tags: tags(
            context,
            address,
            wanted.tags.as_ref(),
            live.map(|live| &live.tags),
            &wanted.template,
        ),
        termination_protection: wanted.termination_protection,
    }
}

/// Returns what a stack that was found is made from.
pub(crate) fn of_live_stack(live: &LiveStack) -> StackDefinition {
    StackDefinition {
        template: TemplateSource::Body(Text::literal(live.template.clone())),
        parameters: literal(&live.parameters),
        capabilities: live.capabilities.clone(),
        tags: literal(&live.tags),
        termination_protection: Some(live.termination_protection),
    }
}

/// Returns whether a stack must change.
pub(crate) fn stack_differs(context: &Context<'_>, wanted: &DesiredStack, live: &LiveStack) -> bool {
    let protection = wanted.termination_protection;
    protection.is_some_and(|wanted| wanted != live.termination_protection)
        || template_differs(context, &wanted.template, &live.template, &live.tags)
        || parameters_differ(
            context,
            &wanted.template,
            &wanted.parameters,
            &live.template,
            &live.parameters,
        )
        || wanted.capabilities != live.capabilities
        || tags_differ(context, wanted.tags.as_ref(), &live.tags)
}

/// Returns what happens by itself to a declared set.
pub(crate) fn conduct(context: &Context<'_>, wanted: &DesiredStackSet) -> Conduct {
    let automatic = match &wanted.permissions {
        Permissions::Service { auto_deployment } => Some(auto_deployment),
        Permissions::OwnRoles { .. } => None,
    };
    let on = automatic.and_then(Option::as_ref);
    // R26: AWS itself orders automatic deployment only, and only among sets that deploy automatically.
    let follows = |name: &&_| {
        let other = context.desired.stack_sets.get(name);
        on.is_some()
            && other.is_some_and(|other| deploys_automatically(other) && other.region == wanted.region)
    };
    Conduct {
        auto_deployment: automatic.map(Option::is_some),
        retain_stacks: on.is_some_and(|on| on.retain_stacks),
        depends_on: wanted
            .depends_on
            .iter()
            .filter(follows)
            .map(|name| context.fill(&Text::hole(Address::StackSet(name.clone()), Attribute::Arn)))
            .collect(),
        managed_execution: wanted.managed_execution,
    }
}

/// Returns what happens by itself to a set that was found.
pub(crate) fn live_conduct(live: &LiveStackSet) -> Conduct {
    let (auto_deployment, retain_stacks, depends_on) = match &live.permissions {
        LivePermissions::Service {
            auto_deployment: true,
            retain_stacks,
            depends_on,
        } => (
            Some(true),
            *retain_stacks,
            depends_on.iter().cloned().map(Text::literal).collect(),
        ),
        LivePermissions::Service {
            auto_deployment: false,
            ..
        } => (Some(false), false, BTreeSet::new()),
        LivePermissions::OwnRoles { .. } => (None, false, BTreeSet::new()),
    };
    Conduct {
        auto_deployment,
        retain_stacks,
        depends_on,
        managed_execution: live.managed_execution,
    }
}

/// Returns whether AWS deploys a declared set to accounts that come.
pub(crate) const fn deploys_automatically(wanted: &DesiredStackSet) -> bool {
    matches!(
        wanted.permissions,
        Permissions::Service {
            auto_deployment: Some(_)
        }
    )
}

/// Returns whether values of stacks' own differ; a hidden value is taken for the same.
pub(crate) fn values_differ(wanted: &BTreeMap<String, Text>, live: &BTreeMap<String, String>) -> bool {
    wanted.len() != live.len()
        || wanted
            .iter()
            .any(|(key, value)| !live.get(key).is_some_and(|live| is_same(value, live)))
}

fn is_same(wanted: &Text, live: &str) -> bool {
    live == HIDDEN || wanted.known() == Some(live)
}

fn filled(context: &Context<'_>, values: &BTreeMap<String, Text>) -> BTreeMap<String, Text> {
    values
        .iter()
        .map(|(key, value)| (key.clone(), context.fill(value)))
        .collect()
}

fn literal(values: &BTreeMap<String, String>) -> BTreeMap<String, Text> {
    values
        .iter()
        .map(|(key, value)| (key.clone(), Text::literal(value.clone())))
        .collect()
}

fn source(context: &Context<'_>, template: &Template) -> TemplateSource {
    match template {
        Template::Body(text) => TemplateSource::Body(context.fill(text)),
        Template::Url(url) => TemplateSource::Url(url.clone()),
    }
}

fn permissions(context: &Context<'_>, wanted: &Permissions) -> PlannedPermissions {
    match wanted {
        Permissions::Service { .. } => PlannedPermissions::Service {},
        Permissions::OwnRoles {
            administration_role,
            execution_role,
        } => PlannedPermissions::OwnRoles {
            administration_role: administration_role.as_ref().map(|role| context.fill(role)),
            execution_role: execution_role.clone(),
        },
    }
}

fn permissions_differ(context: &Context<'_>, wanted: &Permissions, live: &LivePermissions) -> bool {
    match (wanted, live) {
        (Permissions::Service { .. }, LivePermissions::Service { .. }) => false,
        (
            Permissions::OwnRoles {
                administration_role,
                execution_role,
            },
            LivePermissions::OwnRoles {
                administration_role: live_administration,
                execution_role: live_execution,
            },
        ) => {
            let administration = match (administration_role, live_administration) {
                (Some(wanted), Some(live)) => context.fill(wanted).known() != Some(live),
                (Some(wanted), None) => context
                    .fill(wanted)
                    .known()
                    .is_none_or(|role| !role.ends_with(ADMINISTRATION_ROLE)),
                (None, Some(live)) => !live.ends_with(ADMINISTRATION_ROLE),
                (None, None) => false,
            };
            let execution = execution_role.as_deref().unwrap_or(EXECUTION_ROLE);
            administration || execution != live_execution.as_deref().unwrap_or(EXECUTION_ROLE)
        }
        (Permissions::Service { .. }, LivePermissions::OwnRoles { .. })
        | (Permissions::OwnRoles { .. }, LivePermissions::Service { .. }) => true,
    }
}

/// JSON and YAML of one meaning are no change; a template at an address is as old as the address.
fn template_differs(context: &Context<'_>, wanted: &Template, live: &str, tags: &LiveTags) -> bool {
    match wanted {
        Template::Body(text) => !context
            .fill(text)
            .known()
            .is_some_and(|text| lz_template::same(live, text)),
        Template::Url(url) => tags.get(TEMPLATE_TAG) != Some(&address_digest(url)),
    }
}

/// Returns a short form of an address that fits into a tag.
fn address_digest(url: &str) -> String {
    let digest = Sha256::digest(url.as_bytes());
    digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// A parameter that the spec leaves out has the template's own value.
fn parameters_differ(
    context: &Context<'_>,
    template: &Template,
    wanted: &BTreeMap<String, Text>,
    live_template: &str,
    live: &BTreeMap<String, String>,
) -> bool {
    let given = wanted.iter().any(|(key, value)| match live.get(key) {
        Some(live) => !is_same(&context.fill(value), live),
        None => true,
    });
    if given || live.keys().all(|key| wanted.contains_key(key)) {
        return given;
    }
    let text = match template {
        Template::Body(text) => context.fill(text).known().map(str::to_owned),
        Template::Url(_) => Some(live_template.to_owned()),
    };
    let declared = text
        .and_then(|text| lz_template::Template::parse(&text).ok())
        .map(|template| template.parameters())
        .unwrap_or_default();
    let left_out = live.iter().filter(|(key, _)| !wanted.contains_key(*key));
    left_out.into_iter().any(|(key, value)| {
        let default = declared.get(key).and_then(|parameter| parameter.default.as_ref());
        value != HIDDEN && default.is_some_and(|default| default != value)
    })
}

fn tags(
    context: &Context<'_>,
    address: &Address,
    wanted: Option<&Tags>,
    live: Option<&LiveTags>,
    template: &Template,
) -> Tags {
    let kept: Tags = match wanted {
        Some(_) => Tags::new(),
        None => live
            .into_iter()
            .flatten()
            .filter(|(key, _)| !is_reserved(key))
            .map(|(key, value)| (key.clone(), Text::literal(value.clone())))
            .collect(),
    };
    let mut tags = context.all_tags(address, wanted);
    tags.extend(kept);
    if let Template::Url(url) = template {
        tags.insert(TEMPLATE_TAG.to_owned(), Text::literal(address_digest(url)));
    }
    tags
}

fn tags_differ(context: &Context<'_>, wanted: Option<&Tags>, live: &LiveTags) -> bool {
    let Some(wanted) = wanted else { return false };
    let own: BTreeMap<String, String> = live
        .iter()
        .filter(|(key, _)| !is_reserved(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let wanted: BTreeMap<String, Text> = filled(context, wanted)
        .into_iter()
        .filter(|(key, _)| !is_reserved(key))
        .collect();
    wanted.len() != own.len()
        || wanted
            .iter()
            .any(|(key, value)| value.known() != own.get(key).map(String::as_str))
}

/// Tags of AWS and of lz are nobody's business in the spec.
fn is_reserved(key: &str) -> bool {
    key.starts_with("aws:") || key == ZONE_TAG || key == ADDRESS_TAG || key == TEMPLATE_TAG
}
