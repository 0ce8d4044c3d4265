//! Steps of stack sets and stacks in words.

use super::describe::{Detail, Sign, accounts_in_words};
use super::row::Part;
use crate::render::page::{Line, Role};
use crate::render::words;
use lz_model::address::Address;
use lz_model::id::Region;
use lz_model::plan::{
    Action, Change, Conduct, Definition, Plan, PlannedPermissions, Reach, Ref, StackDefinition, StackSetWork,
    StackWork, TemplateSource, Work,
};
use lz_model::stack::{ConcurrencyMode, Gate, Pace, RegionConcurrency};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the sign of what is done to a stack set.
pub(super) const fn set_sign(work: &StackSetWork) -> Sign {
    match work {
        StackSetWork::Create { .. } => Sign::Create,
        StackSetWork::Configure { .. } | StackSetWork::PassGate { .. } | StackSetWork::Await { .. } => {
            Sign::Change
        }
        StackSetWork::Operate { operation, .. } => match operation {
            Work::Create { .. } => Sign::Create,
            Work::Update { .. } | Work::Override { .. } => Sign::Change,
            Work::Delete { .. } => Sign::Remove,
        },
        StackSetWork::Delete { .. } => Sign::Remove,
    }
}

/// Returns the verb of what is done to a stack set.
pub(super) const fn set_verb(work: &StackSetWork) -> &'static str {
    match work {
        StackSetWork::Create { .. } => "create",
        StackSetWork::Configure { .. } => "set",
        StackSetWork::Operate { operation, .. } => match operation {
            Work::Create { .. } => "deploy",
            Work::Update { .. } => "update",
            Work::Override { .. } => "override",
            Work::Delete { retain: false } => "remove",
            Work::Delete { retain: true } => "let go",
        },
        StackSetWork::PassGate { .. } => "wait",
        StackSetWork::Await { .. } => "follow",
        StackSetWork::Delete { .. } => "delete",
    }
}

/// Returns what is done to a stack set, without its verb.
pub(super) fn set_what(work: &StackSetWork, detail: Detail) -> Line {
    match work {
        StackSetWork::Create { set, definition, .. } => Line::of(
            Role::Plain,
            format!(
                "{} in {}, {}, {}",
                set.name,
                set.region,
                managed(definition),
                template(&definition.template)
            ),
        ),
        StackSetWork::Configure { conduct, .. } => conduct_change(conduct),
        StackSetWork::Operate {
            wave,
            operation,
            reach,
            pace,
            ..
        } => {
            let line = operate(wave.as_deref(), operation, reach);
            match detail {
                Detail::Brief => line.with(Role::Muted, format!(", {} at a time", pace.max_concurrent)),
                Detail::Full => line.with(Role::Muted, format!(", {}", self::pace(pace))),
            }
        }
        StackSetWork::PassGate {
            wave,
            bake_seconds,
            gate,
            ..
        } => pass_gate(wave, *bake_seconds, gate.as_ref()),
        StackSetWork::Await {
            gains,
            loses,
            regions,
            ..
        } => awaited(gains, loses, regions.len()),
        StackSetWork::Delete { set } => Line::of(Role::Plain, format!("{} in {}", set.name, set.region)),
    }
}

fn managed(definition: &Definition) -> &'static str {
    match definition.permissions {
        PlannedPermissions::Service {} => "service-managed",
        PlannedPermissions::OwnRoles { .. } => "self-managed",
    }
}

fn template(source: &TemplateSource) -> String {
    match source {
        TemplateSource::Body(text) => {
            let bytes = text.to_string().len();
            format!("a template of {}", words::count(bytes, "byte"))
        }
        TemplateSource::Url(url) => format!("the template {url}"),
    }
}

fn operate(wave: Option<&str>, operation: &Work, reach: &Reach) -> Line {
    let mut line = Line::of(Role::Plain, self::reach(reach));
    if let Some(wave) = wave {
        line = line.plain(format!(", wave {wave}"));
    }
    let changed = match operation {
        Work::Update {
            definition: Some(definition),
        } => parts(definition),
        Work::Create { overrides } | Work::Override { overrides } => overridden(overrides),
        Work::Update { definition: None } => Vec::new(),
        Work::Delete { retain: true } => vec!["the stacks stay in their accounts".to_owned()],
        Work::Delete { retain: false } => Vec::new(),
    };
    for part in changed {
        line = line.plain(format!(", {part}"));
    }
    line
}

/// Returns `2,417 stacks (303 accounts x 8 Regions)`.
fn reach(reach: &Reach) -> String {
    let stacks = words::count(reach.instances, "stack");
    let regions = reach.regions.len();
    format!(
        "{stacks} ({} x {})",
        accounts_in_words(reach.accounts),
        words::count(regions, "Region")
    )
}

/// Returns how fast: `75 at a time, 5% may fail, Regions at once`.
fn pace(pace: &Pace) -> String {
    let mut text = format!(
        "{} at a time, {} may fail",
        pace.max_concurrent, pace.failure_tolerance
    );
    if pace.mode == ConcurrencyMode::Soft {
        text.push_str(" before it stops, some more meanwhile");
    }
    text.push_str(match pace.regions {
        RegionConcurrency::Sequential => ", Region by Region",
        RegionConcurrency::Parallel => ", all Regions at once",
    });
    text
}

/// Returns what a new definition changes.
fn parts(change: &Change<Definition>) -> Vec<String> {
    let (before, after) = (&change.before, &change.after);
    let mut parts = Vec::new();
    if before.template != after.template {
        parts.push("new template".to_owned());
    }
    parts.extend(parameters(&before.parameters, &after.parameters));
    for (differs, name) in [
        (before.tags != after.tags, "tags"),
        (before.capabilities != after.capabilities, "capabilities"),
        (roles_differ(&before.permissions, &after.permissions), "roles"),
        (before.description != after.description, "description"),
    ] {
        if differs {
            parts.push(format!("new {name}"));
        }
    }
    parts
}

/// A role that the spec does not name stays what it is.
fn roles_differ(before: &PlannedPermissions, after: &PlannedPermissions) -> bool {
    match (before, after) {
        (
            PlannedPermissions::OwnRoles {
                administration_role: old_administration,
                execution_role: old_execution,
            },
            PlannedPermissions::OwnRoles {
                administration_role,
                execution_role,
            },
        ) => {
            administration_role
                .as_ref()
                .is_some_and(|role| old_administration.as_ref() != Some(role))
                || execution_role
                    .as_ref()
                    .is_some_and(|role| old_execution.as_ref() != Some(role))
        }
        (PlannedPermissions::Service {}, PlannedPermissions::Service {}) => false,
        (PlannedPermissions::Service {}, PlannedPermissions::OwnRoles { .. })
        | (PlannedPermissions::OwnRoles { .. }, PlannedPermissions::Service {}) => true,
    }
}

fn parameters<T: PartialEq + std::fmt::Display>(
    before: &BTreeMap<String, T>,
    after: &BTreeMap<String, T>,
) -> Vec<String> {
    let set = after.iter().filter_map(|(name, value)| match before.get(name) {
        Some(old) if old == value => None,
        Some(old) => Some(format!("{name} \"{old}\" -> \"{value}\"")),
        None => Some(format!("{name}=\"{value}\"")),
    });
    let gone = before
        .keys()
        .filter(|name| !after.contains_key(*name))
        .map(|name| format!("{name} as the template has it"));
    set.chain(gone).collect()
}

fn overridden<T: std::fmt::Display>(overrides: &BTreeMap<String, T>) -> Vec<String> {
    let mut parts: Vec<String> = overrides
        .iter()
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    if parts.len() > 3 {
        let more = parts.split_off(3);
        parts.push(format!("{} more", words::count(more.len(), "value")));
    }
    parts
}

fn conduct_change(change: &Change<Conduct>) -> Line {
    let (before, after) = (&change.before, &change.after);
    let on_off = |on: bool| if on { "on" } else { "off" };
    let mut parts = Vec::new();
    if before.auto_deployment != after.auto_deployment {
        parts.push(format!(
            "automatic deployment {}",
            on_off(after.auto_deployment.unwrap_or(false))
        ));
    }
    if before.retain_stacks != after.retain_stacks {
        parts.push(
            if after.retain_stacks {
                "stacks stay when an account leaves"
            } else {
                "stacks go when an account leaves"
            }
            .to_owned(),
        );
    }
    if before.depends_on != after.depends_on {
        parts.push(format!(
            "automatic deployment waits for {}",
            words::count(after.depends_on.len(), "set")
        ));
    }
    if before.managed_execution != after.managed_execution {
        parts.push(format!("managed execution {}", on_off(after.managed_execution)));
    }
    Line::of(Role::Plain, parts.join(", "))
}

fn pass_gate(wave: &str, bake_seconds: u64, gate: Option<&Gate>) -> Line {
    let mut parts = Vec::new();
    if bake_seconds > 0 {
        parts.push(words::about(bake_seconds));
    }
    parts.extend(gate.map(self::gate));
    Line::of(
        Role::Plain,
        format!("after wave {wave}: {}", parts.join(", then ")),
    )
}

/// Returns what a gate asks.
pub(crate) fn gate(gate: &Gate) -> String {
    match gate {
        Gate::Command { command } => format!("run {}", command.join(" ")),
        Gate::Alarm { name, region } => format!("alarm {name} in {region} must be quiet"),
        Gate::Approval { question } => format!("ask \"{question}\""),
    }
}

fn awaited<T>(gains: &[Ref<T>], loses: &[Ref<T>], regions: usize) -> Line {
    let mut parts = Vec::new();
    let told = |accounts: &[Ref<T>]| match accounts {
        [one] => one.name.clone(),
        many => words::count(many.len(), "account"),
    };
    if !gains.is_empty() {
        parts.push(format!("comes to {}", told(gains)));
    }
    if !loses.is_empty() {
        parts.push(format!("leaves {}", told(loses)));
    }
    let parts = parts.join(", ");
    Line::of(
        Role::Plain,
        format!("AWS {parts} by itself, in {}", words::count(regions, "Region")),
    )
}

/// Returns the sign of what is done to a stack.
pub(super) const fn stack_sign(work: &StackWork) -> Sign {
    match work {
        StackWork::Create { .. } => Sign::Create,
        StackWork::Update { .. } => Sign::Change,
        StackWork::Delete { .. } => Sign::Remove,
    }
}

/// Returns the verb of what is done to a stack.
pub(super) const fn stack_verb(work: &StackWork) -> &'static str {
    match work {
        StackWork::Create { .. } => "create",
        StackWork::Update { .. } => "update",
        StackWork::Delete { .. } => "delete",
    }
}

/// Returns what is done to a stack, without its verb.
pub(super) fn stack_what(work: &StackWork) -> Line {
    match work {
        StackWork::Create {
            name,
            region,
            definition,
        } => Line::of(
            Role::Plain,
            format!("{name} in {region}, {}", template(&definition.template)),
        ),
        StackWork::Update {
            name,
            region,
            definition,
        } => {
            let mut parts = vec![format!("{name} in {region}")];
            parts.extend(stack_parts(definition));
            Line::of(Role::Plain, parts.join(", "))
        }
        StackWork::Delete { name, region } => Line::of(Role::Plain, format!("{name} in {region}")),
    }
}

fn stack_parts(change: &Change<StackDefinition>) -> Vec<String> {
    let (before, after) = (&change.before, &change.after);
    let mut parts = Vec::new();
    if before.template != after.template {
        parts.push("new template".to_owned());
    }
    parts.extend(parameters(&before.parameters, &after.parameters));
    for (differs, name) in [
        (before.tags != after.tags, "tags"),
        (before.capabilities != after.capabilities, "capabilities"),
    ] {
        if differs {
            parts.push(format!("new {name}"));
        }
    }
    match after.termination_protection {
        Some(on) if before.termination_protection != Some(on) => parts.push(format!(
            "termination protection {}",
            if on { "on" } else { "off" }
        )),
        Some(_) | None => {}
    }
    parts
}

/// Returns what tells an operation from the others of its set.
pub(crate) fn place(work: &StackSetWork) -> Option<String> {
    match work {
        StackSetWork::Operate { wave, reach, .. } => {
            let wave = wave.as_ref().map(|wave| format!("wave {wave}, "));
            Some(format!("{}{}", wave.unwrap_or_default(), self::reach(reach)))
        }
        StackSetWork::PassGate { wave, .. } => Some(format!("after wave {wave}")),
        StackSetWork::Await { gains, loses, .. } => Some(words::count(gains.len() + loses.len(), "account")),
        StackSetWork::Create { .. } | StackSetWork::Configure { .. } | StackSetWork::Delete { .. } => None,
    }
}

/// Returns the template before and after, where a step changes it.
pub(super) fn templates(work: &StackSetWork) -> Option<(Option<&TemplateSource>, &TemplateSource)> {
    match work {
        StackSetWork::Create { definition, .. } => Some((None, &definition.template)),
        StackSetWork::Operate {
            operation: Work::Update {
                definition: Some(change),
            },
            ..
        } => (change.before.template != change.after.template)
            .then_some((Some(&change.before.template), &change.after.template)),
        StackSetWork::Operate { .. }
        | StackSetWork::Configure { .. }
        | StackSetWork::PassGate { .. }
        | StackSetWork::Await { .. }
        | StackSetWork::Delete { .. } => None,
    }
}

/// What happens to one stack set, all steps together.
#[derive(Debug, Default)]
pub(super) struct Whole {
    created: bool,
    deleted: bool,
    /// Stacks by what is done to them, in the order in which people ask for them.
    stacks: BTreeMap<Kind, usize>,
    regions: BTreeSet<Region>,
    waves: BTreeSet<String>,
    operations: usize,
    /// Seconds that all of it takes.
    seconds: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Update,
    Deploy,
    Override,
    Remove,
}

impl Kind {
    const fn verb(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Deploy => "deploy",
            Self::Override => "override",
            Self::Remove => "remove",
        }
    }
}

/// Returns what happens to each stack set of a plan.
pub(super) fn wholes(plan: &Plan) -> BTreeMap<&Address, Whole> {
    let mut wholes: BTreeMap<&Address, Whole> = BTreeMap::new();
    for step in &plan.steps {
        if let Action::StackSet(work) = &step.action {
            wholes.entry(&step.address).or_default().add(work);
        }
    }
    for (address, whole) in &mut wholes {
        whole.seconds = lz_plan::estimate::object_seconds(plan, address);
    }
    wholes
}

impl Whole {
    fn add(&mut self, work: &StackSetWork) {
        match work {
            StackSetWork::Create { .. } => self.created = true,
            StackSetWork::Delete { .. } => self.deleted = true,
            StackSetWork::Operate {
                wave,
                operation,
                reach,
                ..
            } => {
                let kind = match operation {
                    Work::Create { .. } => Kind::Deploy,
                    Work::Update { .. } => Kind::Update,
                    Work::Override { .. } => Kind::Override,
                    Work::Delete { .. } => Kind::Remove,
                };
                *self.stacks.entry(kind).or_default() += reach.instances;
                self.regions.extend(reach.regions.iter().cloned());
                self.waves.extend(wave.clone());
                self.operations += 1;
            }
            StackSetWork::Configure { .. } | StackSetWork::PassGate { .. } | StackSetWork::Await { .. } => {}
        }
    }

    /// Returns the sign of the whole.
    pub(super) const fn sign(&self) -> Sign {
        match (self.created, self.deleted) {
            (true, _) => Sign::Create,
            (false, true) => Sign::Remove,
            (false, false) => Sign::Change,
        }
    }

    /// Returns the first line of a set with several operations: all stacks together.
    pub(super) fn part(&self) -> Option<Part> {
        if self.operations < 2 {
            return None;
        }
        let mut kinds = self.stacks.iter();
        let (first, count) = kinds.next()?;
        let mut text = words::count(*count, "stack");
        for (kind, count) in kinds {
            text.push_str(&format!(", {} {}", kind.verb(), words::number(*count as u64)));
        }
        text.push_str(&format!(", {}", words::count(self.regions.len(), "Region")));
        if self.waves.len() > 1 {
            text.push_str(&format!(", {}", words::count(self.waves.len(), "wave")));
        }
        text.push_str(&format!(", {}", words::about(self.seconds)));
        Some(Part {
            verb: first.verb(),
            detail: Line::of(Role::Strong, text),
        })
    }
}
