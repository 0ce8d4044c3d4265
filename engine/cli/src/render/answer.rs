//! The shorter answers as pages: drift, the organization's tree, a checked spec, files.

use super::page::{Line, Page, Role};
use super::plan::plan_rows;
use super::{safe, words};
use crate::answer::{Checked, Drift, Files, FilesWhat, Fold, Node, NodeKind, ResourceDrift, SetDrift, Tree};
use crate::policies::{Packed, PolicyDiff};

/// Objects of one kind that are shown before the rest is folded.
const SHOWN: usize = 10;
/// Accounts of one parent that are shown before the rest is folded.
const SHOWN_ACCOUNTS: usize = 12;

/// Returns what differs and what is not managed.
pub(crate) fn drift(drift: &Drift, fold: Fold, columns: usize) -> Page {
    let mut page = Page::default();
    let plan = &drift.plan;
    if plan.is_empty() {
        page.push_wrapped(
            &Line::of(Role::Success, "Nothing differs from the spec."),
            0,
            columns,
        );
    } else {
        let words = format!(
            "Differs from the spec; {} would bring it back:",
            words::count(plan.steps.len(), "step")
        );
        page.push_wrapped(&Line::of(Role::Strong, words), 0, columns);
        page.append(plan_rows(plan, columns, fold == Fold::Nothing));
    }
    for set in drift.stack_sets.iter().flatten() {
        page.gap();
        page.append(set_drift(set, fold, columns));
    }
    let ending = plan
        .notes
        .iter()
        .filter(|note| note.code.starts_with("account_expire"));
    for note in ending {
        page.gap();
        page.push_wrapped(&Line::of(Role::Warning, &note.text), 2, columns);
    }
    let unmanaged = &plan.unmanaged;
    let kinds = [
        ("OU", &unmanaged.ous),
        ("account", &unmanaged.accounts),
        ("policy", &unmanaged.policies),
        ("trusted service", &unmanaged.trusted_services),
        ("delegated administrator", &unmanaged.delegated_admins),
        ("stack set", &unmanaged.stack_sets),
        ("baseline", &unmanaged.baselines),
        ("control", &unmanaged.controls),
        ("permission set", &unmanaged.permission_sets),
    ];
    page.gap();
    if unmanaged.count() == 0 {
        page.push_wrapped(
            &Line::of(Role::Plain, "Everything is managed by this spec."),
            0,
            columns,
        );
        return page;
    }
    page.push_wrapped(
        &Line::of(Role::Strong, "Not managed by this spec, and left alone:"),
        0,
        columns,
    );
    for (noun, objects) in kinds {
        if objects.is_empty() {
            continue;
        }
        page.push(Line::of(
            Role::Plain,
            format!("  {}", words::count(objects.len(), noun)),
        ));
        let shown = shown(objects.len(), SHOWN, fold);
        for object in objects.iter().take(shown) {
            page.push_wrapped(&Line::of(Role::Plain, "    ").plain(object), 6, columns);
        }
        folded(&mut page, objects.len() - shown, noun, 4);
    }
    page
}

/// Returns what AWS found in the stacks of one set: stack by stack, resource by resource.
fn set_drift(set: &SetDrift, fold: Fold, columns: usize) -> Page {
    let mut page = Page::default();
    let line = Line::of(Role::Strong, format!("Stack set {} in {}", set.name, set.region));
    let compared = words::count(set.stacks, "stack");
    if set.drifted.is_empty() && set.unknown.is_empty() {
        let words = format!(": {compared} compared, none differs from its template.");
        page.push_wrapped(&line.plain(words), 2, columns);
        return page;
    }
    let words = format!(
        ": {} of {compared} differ from their template.",
        words::number(set.drifted.len() as u64)
    );
    page.push_wrapped(&line.plain(words), 2, columns);
    let shown = shown(set.drifted.len(), SHOWN, fold);
    for stack in set.drifted.iter().take(shown) {
        let stack_line = Line::of(Role::Plain, format!("  {} {}", stack.account, stack.region));
        page.push_wrapped(&stack_line, 4, columns);
        for resource in &stack.resources {
            resource_drift(&mut page, resource, columns);
        }
    }
    folded(&mut page, set.drifted.len() - shown, "stack", 2);
    for unknown in &set.unknown {
        let line = Line::of(Role::Warning, "  not compared: ").plain(unknown);
        page.push_wrapped(&line, 4, columns);
    }
    page
}

fn resource_drift(page: &mut Page, resource: &ResourceDrift, columns: usize) {
    let (role, sign) = if resource.deleted {
        (Role::Remove, "-")
    } else {
        (Role::Change, "~")
    };
    let mut line = Line::of(role, format!("    {sign} "))
        .plain(&resource.logical_id)
        .with(Role::Muted, format!(" {}", resource.resource_type));
    if !resource.physical_id.is_empty() {
        line = line.with(Role::Id, format!(" {}", resource.physical_id));
    }
    page.push_wrapped(&line, 6, columns);
    for property in &resource.properties {
        let line = Line::of(Role::Plain, format!("        {} ", property.path))
            .with(Role::Create, &property.expected)
            .plain(" -> ")
            .with(Role::Remove, &property.actual);
        page.push_wrapped(&line, 10, columns);
    }
}

/// Returns the live organization, one entity a line.
pub(crate) fn tree(tree: &Tree, fold: Fold, columns: usize) -> Page {
    let mut page = Page::default();
    let Some(root) = &tree.root else {
        let line = Line::of(Role::Plain, "Account ")
            .with(Role::Id, &tree.account)
            .plain(" has no organization.");
        page.push_wrapped(&line, 0, columns);
        return page;
    };
    let line = Line::of(Role::Plain, "Organization ")
        .with(Role::Id, tree.organization.as_deref().unwrap_or_default());
    page.push_wrapped(
        &line.plain(", managed by ").with(Role::Id, &tree.account),
        0,
        columns,
    );
    let lists = [
        ("policy types", &tree.policy_types),
        ("trusted access", &tree.trusted_services),
        ("delegated administrators", &tree.delegated_admins),
    ];
    for (heading, items) in lists.into_iter().filter(|(_, items)| !items.is_empty()) {
        let line = Line::of(Role::Muted, format!("  {heading}: ")).plain(items.join(", "));
        page.push_wrapped(&line, 4, columns);
    }
    page.gap();
    node(&mut page, root, 0, fold, columns);
    page.gap();
    page.push_wrapped(&Line::of(Role::Muted, "* managed by this spec"), 0, columns);
    page
}

fn node(page: &mut Page, at: &Node, depth: usize, fold: Fold, columns: usize) {
    let indent = depth * 2;
    let mark = if at.address.is_some() { "* " } else { "  " };
    let role = match at.kind {
        NodeKind::Root | NodeKind::Ou => Role::Strong,
        NodeKind::Account => Role::Plain,
    };
    let mut line = Line::of(Role::Success, mark)
        .plain(" ".repeat(indent))
        .with(role, &at.name);
    line = line.plain(" ").with(Role::Id, &at.id);
    for note in &at.notes {
        line = line.with(Role::Muted, format!(" {note}"));
    }
    let aws = at.aws_policies.iter().filter(|_| fold == Fold::Nothing);
    let policies: Vec<&str> = at.policies.iter().chain(aws).map(String::as_str).collect();
    if !policies.is_empty() {
        line = line.with(Role::Muted, format!("  [{}]", policies.join(", ")));
    }
    page.push_wrapped(&line, indent + 6, columns);
    let (units, accounts): (Vec<_>, Vec<_>) = at
        .children
        .iter()
        .partition(|child| child.kind != NodeKind::Account);
    units
        .into_iter()
        .for_each(|child| node(page, child, depth + 1, fold, columns));
    let shown = shown(accounts.len(), SHOWN_ACCOUNTS, fold);
    accounts
        .iter()
        .take(shown)
        .for_each(|child| node(page, child, depth + 1, fold, columns));
    folded(page, accounts.len() - shown, "account", indent + 4);
}

fn shown(count: usize, limit: usize, fold: Fold) -> usize {
    match fold {
        Fold::Long if count > limit + 2 => limit,
        Fold::Long | Fold::Nothing => count,
    }
}

fn folded(page: &mut Page, hidden: usize, noun: &str, indent: usize) {
    if hidden > 0 {
        let words = format!(
            "{}... and {} more {}",
            " ".repeat(indent),
            words::number(hidden as u64),
            words::noun(hidden, noun)
        );
        page.push(Line::of(Role::Muted, words).with(Role::Hint, " (--all shows them)"));
    }
}

/// Returns what a spec declares.
pub(crate) fn checked(checked: &Checked, columns: usize) -> Page {
    let counts = [
        (checked.ous, "OU"),
        (checked.accounts, "account"),
        (checked.policies, "policy"),
        (checked.delegated_admins, "delegated administrator"),
        (checked.stack_sets, "stack set"),
        (checked.stacks, "stack"),
        (checked.tests, "test"),
        (checked.permission_sets, "permission set"),
        (checked.assignments, "assignment"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, noun)| words::count(n, noun))
        .collect();
    let line = match checked.left_out {
        0 => Line::of(Role::Success, "The spec is right."),
        n => Line::of(
            Role::Warning,
            format!("{} left out;", words::count(n, "account request")),
        )
        .plain(" the rest of the spec is right."),
    };
    let line = line.plain(" Landing zone ").with(Role::Strong, &checked.zone);
    let line = if counts.is_empty() {
        line.plain(".")
    } else {
        line.plain(format!(": {}.", words::list(&counts)))
    };
    let mut page = Page::default();
    page.push_wrapped(&line, 0, columns);
    page
}

/// Returns what a change of policies takes and gives, a sentence a line.
pub(crate) fn policy_diff(difference: &PolicyDiff) -> String {
    if difference.sentences.is_empty() {
        return "Nothing is lost or gained.\n".to_owned();
    }
    let sentences = difference.sentences.iter();
    sentences
        .map(|sentence| format!("{}\n", safe::escape(sentence)))
        .collect()
}

/// Returns packed documents, one a line.
pub(crate) fn packed(packed: &Packed) -> String {
    packed.texts.iter().map(|text| format!("{text}\n")).collect()
}

/// Returns which files were written.
pub(crate) fn files(files: &Files, columns: usize) -> Page {
    let verb = match files.what {
        FilesWhat::Written => "wrote",
        FilesWhat::Unchanged => "nothing to change in",
        FilesWhat::Formatted => "formatted",
        FilesWhat::Unformatted => "not formatted:",
    };
    let mut page = Page::default();
    for path in &files.paths {
        page.push(Line::of(Role::Plain, format!("{verb} {path}")));
    }
    if let Some((words, command)) = &files.next {
        page.gap();
        page.push_wrapped(
            &Line::of(Role::Plain, format!("{words}: ")).with(Role::Hint, command),
            2,
            columns,
        );
    }
    page
}
