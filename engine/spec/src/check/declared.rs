//! What the spec declares, by label, before anything is evaluated.

use crate::codes::Code;
use crate::diagnostic::{Errors, SpecDiagnostic};
use crate::source::Span;
use crate::syntax::{Attribute, Block, Body, Word};
use lz_model::address::is_label;
use std::collections::BTreeMap;

/// Names that stand behind an object already: a nested OU of this label could not be referred to.
const ATTRIBUTES: &[&str] = &["id", "arn", "name", "email", "path"];

/// An `ou` block with those inside it.
pub(super) struct OuBlock<'a> {
    pub(super) label: &'a Word,
    pub(super) body: &'a Body,
    pub(super) header: Span,
    pub(super) children: BTreeMap<&'a str, OuBlock<'a>>,
}

/// A block with a label of its own.
#[derive(Clone, Copy)]
pub(super) struct Labelled<'a> {
    pub(super) label: &'a Word,
    pub(super) body: &'a Body,
    pub(super) header: Span,
}

/// Everything that the spec declares. Blocks with the same label as an earlier one are left out.
#[derive(Default)]
pub(super) struct Declared<'a> {
    pub(super) variables: BTreeMap<&'a str, Labelled<'a>>,
    pub(super) locals: BTreeMap<&'a str, &'a Attribute>,
    pub(super) zone: Option<Labelled<'a>>,
    pub(super) organization: Option<&'a Block>,
    pub(super) ous: BTreeMap<&'a str, OuBlock<'a>>,
    pub(super) accounts: BTreeMap<&'a str, Labelled<'a>>,
    pub(super) account_templates: BTreeMap<&'a str, Labelled<'a>>,
    pub(super) policies: BTreeMap<&'a str, Labelled<'a>>,
    pub(super) packs: BTreeMap<&'a str, Labelled<'a>>,
    pub(super) stack_sets: BTreeMap<&'a str, Labelled<'a>>,
    pub(super) stacks: BTreeMap<&'a str, Labelled<'a>>,
    pub(super) identity_center: Option<&'a Block>,
    pub(super) permission_sets: BTreeMap<&'a str, Labelled<'a>>,
    pub(super) assignments: BTreeMap<&'a str, Labelled<'a>>,
    pub(super) admins: Vec<Labelled<'a>>,
    pub(super) tests: Vec<Labelled<'a>>,
    pub(super) control_tower: Option<&'a Block>,
    pub(super) tower_baselines: Vec<Labelled<'a>>,
    pub(super) tower_controls: Vec<Labelled<'a>>,
    pub(super) moved: Vec<&'a Block>,
    pub(super) removed: Vec<&'a Block>,
    pub(super) safety: Option<&'a Block>,
    pub(super) resource_policy: Option<&'a Block>,
    pub(super) lock: Option<&'a Block>,
    pub(super) history: Option<&'a Block>,
    pub(super) notices: BTreeMap<&'a str, Labelled<'a>>,
}

impl<'a> Declared<'a> {
    /// Sorts the blocks of one file in.
    pub(super) fn add(&mut self, body: &'a Body, errors: &mut Errors) {
        for block in &body.blocks {
            match &*block.kind.text {
                "variable" => insert(&mut self.variables, block, errors),
                "locals" => self.add_locals(block, errors),
                "landing_zone" => once(&mut self.zone, block, errors),
                "organization" => keep_first(&mut self.organization, block, errors),
                "resource_policy" => keep_first(&mut self.resource_policy, block, errors),
                "safety" => keep_first(&mut self.safety, block, errors),
                "lock" => keep_first(&mut self.lock, block, errors),
                "history" => keep_first(&mut self.history, block, errors),
                "notify" => insert(&mut self.notices, block, errors),
                "ou" => add_ou(&mut self.ous, block, errors),
                "account" => insert(&mut self.accounts, block, errors),
                "account_template" => insert(&mut self.account_templates, block, errors),
                "policy" => insert(&mut self.policies, block, errors),
                "policy_pack" => insert(&mut self.packs, block, errors),
                "stack_set" => insert(&mut self.stack_sets, block, errors),
                "stack" => insert(&mut self.stacks, block, errors),
                "test" => self.tests.extend(labelled(block)),
                "identity_center" => keep_first(&mut self.identity_center, block, errors),
                "permission_set" => insert(&mut self.permission_sets, block, errors),
                "assignment" => insert(&mut self.assignments, block, errors),
                "delegated_admin" => self.admins.extend(labelled(block)),
                "control_tower" => keep_first(&mut self.control_tower, block, errors),
                "baseline" => self.tower_baselines.extend(labelled(block)),
                "control" => self.tower_controls.extend(labelled(block)),
                "moved" => self.moved.push(block),
                "removed" => self.removed.push(block),
                _ => {}
            }
        }
    }

    /// Returns the blocks of a kind whose objects are referred to by their label.
    pub(super) fn labelled(&self, kind: &str) -> &BTreeMap<&'a str, Labelled<'a>> {
        match kind {
            "account" => &self.accounts,
            "stack_set" => &self.stack_sets,
            "stack" => &self.stacks,
            "permission_set" => &self.permission_sets,
            "assignment" => &self.assignments,
            _ => &self.policies,
        }
    }

    /// Sorts in an account request, whose label is the name of its file.
    pub(super) fn add_request(&mut self, label: &'a Word, body: &'a Body, errors: &mut Errors) {
        insert_labelled(
            &mut self.accounts,
            Labelled {
                label,
                body,
                header: label.span,
            },
            "account",
            errors,
        );
    }

    fn add_locals(&mut self, block: &'a Block, errors: &mut Errors) {
        for attribute in &block.body.attributes {
            if let Some(first) = self.locals.get(&*attribute.name.text) {
                errors.push(duplicate("local", &attribute.name, first.name.span));
                continue;
            }
            self.locals.insert(&attribute.name.text, attribute);
        }
    }
}

fn labelled(block: &Block) -> Option<Labelled<'_>> {
    Some(Labelled {
        label: block.labels.first()?,
        body: &block.body,
        header: block.header,
    })
}

fn duplicate(kind: &str, label: &Word, first: Span) -> SpecDiagnostic {
    SpecDiagnostic::new(
        Code::DuplicateLabel,
        label.span,
        format!("`{kind}.{}` is declared twice", label.text),
    )
    .here("again here")
    .also(first, "first declared here")
    .help("give one of them another label")
}

fn insert<'a>(known: &mut BTreeMap<&'a str, Labelled<'a>>, block: &'a Block, errors: &mut Errors) {
    if let Some(labelled) = labelled(block) {
        insert_labelled(known, labelled, &block.kind.text, errors);
    }
}

fn insert_labelled<'a>(
    known: &mut BTreeMap<&'a str, Labelled<'a>>,
    block: Labelled<'a>,
    kind: &str,
    errors: &mut Errors,
) {
    check_label(block.label, errors);
    match known.get(&*block.label.text) {
        Some(first) => errors.push(duplicate(
            if kind == "variable" { "var" } else { kind },
            block.label,
            first.label.span,
        )),
        None => {
            known.insert(&block.label.text, block);
        }
    }
}

fn check_label(label: &Word, errors: &mut Errors) {
    if !is_label(&label.text) {
        let message = format!("`{}` cannot be a label", label.text);
        errors.push(
            SpecDiagnostic::new(Code::BadLabel, label.span, message)
                .help("a label begins with a letter or `_`, then come letters, digits, `_` and `-`"),
        );
    }
}

fn once<'a>(known: &mut Option<Labelled<'a>>, block: &'a Block, errors: &mut Errors) {
    let Some(labelled) = labelled(block) else { return };
    match known {
        Some(first) => errors.push(stands_twice(block, first.header)),
        None => *known = Some(labelled),
    }
}

fn keep_first<'a>(known: &mut Option<&'a Block>, block: &'a Block, errors: &mut Errors) {
    match known {
        Some(first) => errors.push(stands_twice(block, first.header)),
        None => *known = Some(block),
    }
}

fn stands_twice(block: &Block, first: Span) -> SpecDiagnostic {
    SpecDiagnostic::new(
        Code::DuplicateBlock,
        block.header,
        format!("`{}` stands twice", block.kind.text),
    )
    .here("again here")
    .also(first, "first here")
    .help("merge the two blocks")
}

fn add_ou<'a>(known: &mut BTreeMap<&'a str, OuBlock<'a>>, block: &'a Block, errors: &mut Errors) {
    let Some(Labelled { label, body, header }) = labelled(block) else {
        return;
    };
    check_label(label, errors);
    if ATTRIBUTES.contains(&&*label.text) {
        let message = format!(
            "an OU cannot have the label `{0}`, since `.{0}` is an attribute",
            label.text
        );
        errors.push(SpecDiagnostic::new(Code::BadLabel, label.span, message).help("choose another label"));
    }
    let mut children = BTreeMap::new();
    for inner in body.blocks.iter().filter(|inner| &*inner.kind.text == "ou") {
        add_ou(&mut children, inner, errors);
    }
    match known.get(&*label.text) {
        Some(first) => errors.push(duplicate("ou", label, first.label.span)),
        None => {
            known.insert(
                &label.text,
                OuBlock {
                    label,
                    body,
                    header,
                    children,
                },
            );
        }
    }
}
