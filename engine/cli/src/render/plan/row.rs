//! Steps to rows: what belongs together shares a row; the order of execution stays.

use super::describe::{self, Detail, Sign};
use super::{features, stacks, tower};
use crate::render::page::{Line, Role, Span};
use lz_model::address::Address;
use lz_model::id::Region;
use lz_model::plan::{Action, Change, Plan, Reason, StackSetWork, Step, StepId, TemplateSource, TowerKind};
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

const POLICY_TYPES: &str = "organization.policy_types";

/// One object's line in a plan, with what follows it.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// The kind of change.
    pub(crate) sign: Sign,
    /// What is printed as the object: an address, or the list that several objects are in.
    pub(crate) address: String,
    /// What is done, in order; never empty.
    pub(crate) parts: Vec<Part>,
    /// What the objects are called, for folding.
    pub(crate) noun: &'static str,
    /// Documents to show below.
    pub(crate) documents: Vec<Document<'a>>,
    key: Key<'a>,
}

/// A verb and its detail.
#[derive(Debug)]
pub(crate) struct Part {
    /// The verb.
    pub(crate) verb: &'static str,
    /// The rest.
    pub(crate) detail: Line,
}

/// A policy's document or a template in a step.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    /// What it is.
    pub(crate) kind: DocumentKind,
    /// The present one; `None` for a new policy.
    pub(crate) before: Option<&'a Text>,
    /// The one to come.
    pub(crate) after: &'a Text,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    /// A policy: JSON.
    Policy,
    /// A CloudFormation template: JSON or YAML.
    Template,
}

/// Steps with equal keys in a row share it.
#[derive(Debug, PartialEq)]
enum Key<'a> {
    /// Elements of one list: their details are one enumeration.
    List(&'static str, &'static str, &'a Reason),
    /// Services of one administrator.
    Services(&'static str, String, &'a [Region], &'a Reason),
    /// Several actions on one object that point the same way.
    Object(String, Sign),
    /// Everything that is done to one stack set.
    Set(&'a Address),
    /// The OUs of a baseline or a control: their details are one enumeration.
    Units(&'a Address, &'static str, &'a Reason),
}

impl Row<'_> {
    /// Returns the verb of the first part.
    pub(crate) fn verb(&self) -> &'static str {
        self.parts.first().map_or("", |part| part.verb)
    }

    /// Returns whether two rows say the same of two objects.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.sign == other.sign
            && self.noun == other.noun
            && self
                .parts
                .iter()
                .map(|part| part.verb)
                .eq(other.parts.iter().map(|part| part.verb))
    }
}

/// Returns the rows of a plan in the order of execution. An account's first move is told with its creation.
pub(crate) fn rows(plan: &Plan, detail: Detail) -> Vec<Row<'_>> {
    let around = Around::of(plan, detail);
    let mut rows: Vec<Row<'_>> = Vec::new();
    for step in &plan.steps {
        // A move of a new account whose creation is not in the plan keeps its own row.
        if describe::moves_new(&step.action).is_some_and(|made_by| around.steps.contains(made_by)) {
            continue;
        }
        let key = key(step);
        let row = match key {
            // Sets work side by side; each is told as a whole, where its first step stands.
            Key::Set(_) => rows.iter_mut().find(|row| row.key == key),
            // Services come one after the other; the administrator's Regions tell them apart.
            Key::Services(..) => {
                let mut services = rows.iter_mut().rev();
                services
                    .by_ref()
                    .take_while(|row| matches!(row.key, Key::Services(..)))
                    .find(|row| row.key == key)
            }
            Key::List(..) | Key::Object(..) | Key::Units(..) => rows.last_mut().filter(|row| row.key == key),
        };
        match row {
            Some(row) => extend(row, step, &around),
            None => rows.push(start(step, key, &around)),
        }
    }
    rows
}

/// What a row must know of the rest of the plan.
struct Around<'a> {
    told: Detail,
    steps: BTreeSet<&'a StepId>,
    /// The first move of an account, by the step that creates it.
    first_moves: BTreeMap<&'a StepId, &'a Step>,
    /// The steps that change a policy's document, in order.
    updates: BTreeMap<&'a Address, Vec<(&'a StepId, &'a Change<Text>)>>,
    /// What happens to each stack set, all steps together.
    sets: BTreeMap<&'a Address, stacks::Whole>,
}

/// The place of an update among those of one policy. A policy may deny the old and the new together for a while,
/// so that nobody is let through in passing; what it comes to is one difference.
enum Stage<'a> {
    /// The only one, or no update at all.
    Only,
    /// The first, and the document that all of them lead to.
    First(&'a Text),
    /// A later one.
    Later,
}

impl<'a> Around<'a> {
    fn of(plan: &'a Plan, told: Detail) -> Self {
        let first_move = |step: &'a Step| Some((describe::moves_new(&step.action)?, step));
        let mut updates: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for step in &plan.steps {
            if let Action::UpdatePolicy {
                content: Some(content),
                ..
            } = &step.action
            {
                updates
                    .entry(&step.address)
                    .or_default()
                    .push((&step.id, content));
            }
        }
        Self {
            told,
            steps: plan.steps.iter().map(|step| &step.id).collect(),
            first_moves: plan.steps.iter().filter_map(first_move).collect(),
            sets: stacks::wholes(plan),
            updates,
        }
    }

    fn stage(&self, step: &Step) -> Stage<'a> {
        match self.updates.get(&step.address).map(Vec::as_slice) {
            Some([(first, _), .., (_, last)]) if **first == step.id => Stage::First(&last.after),
            Some([_, later @ ..]) if later.iter().any(|(id, _)| **id == step.id) => Stage::Later,
            Some(_) | None => Stage::Only,
        }
    }

    fn detail(&self, step: &Step) -> Line {
        let detail = describe::detail(step, self.told);
        match self.stage(step) {
            Stage::Only => detail,
            Stage::First(_) => detail.plain(", the old and the new together"),
            Stage::Later => detail.plain(", the new alone"),
        }
    }

    fn document(&self, step: &'a Step) -> Option<Document<'a>> {
        if let Action::CreatePolicy { content, .. } = &step.action {
            return Some(Document {
                kind: DocumentKind::Policy,
                before: None,
                after: content,
            });
        }
        if let Action::Feature(work) = &step.action {
            return features::document(work);
        }
        if let Action::StackSet(work) = &step.action {
            return template(work);
        }
        if let Action::Tower(step) = &step.action {
            let (before, after) = tower::manifest(&step.work)?;
            return Some(Document {
                kind: DocumentKind::Policy,
                before,
                after,
            });
        }
        let Action::UpdatePolicy {
            content: Some(content),
            ..
        } = &step.action
        else {
            return None;
        };
        let each = Document {
            kind: DocumentKind::Policy,
            before: Some(&content.before),
            after: &content.after,
        };
        match (self.told, self.stage(step)) {
            (Detail::Full, _) | (Detail::Brief, Stage::Only) => Some(each),
            (Detail::Brief, Stage::First(last)) => Some(Document { after: last, ..each }),
            (Detail::Brief, Stage::Later) => None,
        }
    }
}

/// Returns a stack set's template, where a step brings or changes its text.
fn template(work: &StackSetWork) -> Option<Document<'_>> {
    let (before, after) = stacks::templates(work)?;
    let TemplateSource::Body(after) = after else {
        return None;
    };
    let before = match before {
        Some(TemplateSource::Body(text)) => Some(text),
        Some(TemplateSource::Url(_)) | None => None,
    };
    Some(Document {
        kind: DocumentKind::Template,
        before,
        after,
    })
}

fn key(step: &Step) -> Key<'_> {
    let verb = describe::verb(&step.action);
    match &step.action {
        Action::EnableTrustedService { .. } | Action::DisableTrustedService { .. } => {
            Key::List("organization.trusted_services", verb, &step.reason)
        }
        Action::EnablePolicyType { .. } => Key::List(POLICY_TYPES, verb, &step.reason),
        Action::RegisterAdmin {
            service,
            account,
            regions,
        }
        | Action::DeregisterAdmin {
            service,
            account,
            regions,
        } => {
            let regions = features::told(service, regions);
            Key::Services(verb, account.name.clone(), regions, &step.reason)
        }
        Action::Feature(work) => Key::Object(features::place(work), describe::sign(step)),
        Action::StackSet(_) => Key::Set(&step.address),
        Action::Tower(tower) => match tower.work.kind() {
            TowerKind::Baseline | TowerKind::Control => Key::Units(&step.address, verb, &step.reason),
            TowerKind::Zone | TowerKind::Enrolment => {
                Key::Object(step.address.to_string(), describe::sign(step))
            }
        },
        Action::CreateOrganization {}
        | Action::DisablePolicyType { .. }
        | Action::CreateOu { .. }
        | Action::RenameOu { .. }
        | Action::DeleteOu { .. }
        | Action::CreateAccount { .. }
        | Action::MoveAccount { .. }
        | Action::RenameAccount { .. }
        | Action::CloseAccount { .. }
        | Action::ReleaseAccount { .. }
        | Action::CreatePolicy { .. }
        | Action::UpdatePolicy { .. }
        | Action::DeletePolicy { .. }
        | Action::AttachPolicy { .. }
        | Action::DetachPolicy { .. }
        | Action::SetTags { .. }
        | Action::Stack(_)
        | Action::Identity(_)
        | Action::Settings(_) => Key::Object(step.address.to_string(), describe::sign(step)),
    }
}

fn start<'a>(step: &'a Step, key: Key<'a>, around: &Around<'a>) -> Row<'a> {
    let mut detail = match &key {
        Key::List(..) | Key::Services(..) => describe::listed(step),
        Key::Object(..) | Key::Set(_) | Key::Units(..) => around.detail(step),
    };
    let first_move = around.first_moves.get(&step.id);
    if let Some(Action::MoveAccount { to, .. }) = first_move.map(|step| &step.action) {
        detail = detail
            .plain(", then ")
            .with(Role::Move, "move")
            .plain(format!(" to {}", to.name));
    }
    let address = match (&key, &step.action) {
        (Key::List(list, ..), _) => (*list).to_owned(),
        (Key::Services(..), _) => "delegated_admin".to_owned(),
        (Key::Object(..), Action::DisablePolicyType { .. }) => POLICY_TYPES.to_owned(),
        (Key::Object(address, _), _) => address.clone(),
        (Key::Set(address) | Key::Units(address, ..), _) => address.to_string(),
    };
    let part = Part {
        verb: describe::verb(&step.action),
        detail,
    };
    let whole = match &key {
        Key::Set(address) => around.sets.get(address).and_then(stacks::Whole::part),
        Key::List(..) | Key::Services(..) | Key::Object(..) | Key::Units(..) => None,
    };
    Row {
        sign: match &key {
            Key::Set(address) => around
                .sets
                .get(address)
                .map_or_else(|| describe::sign(step), stacks::Whole::sign),
            Key::List(..) | Key::Services(..) | Key::Object(..) | Key::Units(..) => describe::sign(step),
        },
        address,
        parts: whole.into_iter().chain([part]).collect(),
        noun: describe::noun(&step.action),
        documents: around.document(step).into_iter().collect(),
        key,
    }
}

fn extend<'a>(row: &mut Row<'a>, step: &'a Step, around: &Around<'a>) {
    row.documents.extend(around.document(step));
    match (&row.key, row.parts.last_mut()) {
        (Key::Units(..), Some(part)) => {
            part.detail.push(Span::plain("; "));
            part.detail.append(describe::element(&step.action));
        }
        (Key::List(..) | Key::Services(..), Some(part)) => {
            part.detail.push(Span::plain(", "));
            part.detail.append(describe::element(&step.action));
        }
        (Key::Object(..) | Key::Set(_), _) | (_, None) => {
            let verb = describe::verb(&step.action);
            row.parts.push(Part {
                verb,
                detail: around.detail(step),
            });
        }
    }
}
