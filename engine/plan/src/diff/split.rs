//! Updates that give and take at once are made in two steps where anything else changes what accounts may do:
//! first the policy denies the old and the new together, then the new alone. So no order has a gap.

use crate::context::Context;
use crate::draft::{Draft, Drafts, Guard};
use lz_model::plan::{Action, Change, Reason, Severity};
use lz_model::policy_type::PolicyType;
use lz_model::text::Text;
use lz_policy::document::Document;
use lz_policy::guard::{self, Effect};

/// Splits every update that needs it.
pub(super) fn mixed_updates(context: &Context<'_>, drafts: &mut Drafts) {
    let moves = drafts
        .list
        .iter()
        .any(|draft| matches!(draft.step.action, Action::MoveAccount { .. }));
    let guards = drafts.list.iter().filter(|draft| draft.guard.is_some()).count();
    // One update alone is safe: AWS replaces the document everywhere at once.
    if guards < 2 && !moves {
        return;
    }
    let mut grown = Vec::new();
    for draft in &mut drafts.list {
        grown.extend(split(context, draft));
    }
    for draft in grown {
        drafts.note(
            Severity::Info,
            "in_two_steps",
            draft.step.address.clone(),
            "the policy changes in two steps: until the rest is in place it denies the old and the new together",
        );
        drafts.push(draft);
    }
}

/// Turns an update into its second half and returns the first.
fn split(context: &Context<'_>, draft: &mut Draft) -> Option<Draft> {
    let guard = draft
        .guard
        .as_ref()
        .filter(|guard| guard.effect == Effect::Mixed)?;
    let targets = guard.targets.clone();
    let Action::UpdatePolicy {
        policy,
        policy_type,
        content: Some(content),
        accounts,
        ..
    } = &mut draft.step.action
    else {
        return None;
    };
    let both = union(*policy_type, content)?;
    let action = Action::UpdatePolicy {
        policy: policy.clone(),
        policy_type: *policy_type,
        name: None,
        description: None,
        content: Some(Change {
            before: content.before.clone(),
            after: both.clone(),
        }),
        accounts: *accounts,
    };
    content.before = both;
    let address = draft.step.address.clone();
    let mut first = Draft::new(context.desired, address, "grow", action, Reason::Differs {});
    first.policy.clone_from(&draft.policy);
    first.guard = Some(Guard {
        effect: Effect::Tighten,
        targets: targets.clone(),
    });
    draft.guard = Some(Guard {
        effect: Effect::Loosen,
        targets,
    });
    Some(first)
}

/// Returns the document between the old and the new; `None` where there is none or AWS would not take it.
fn union(policy_type: PolicyType, content: &Change<Text>) -> Option<Text> {
    let before = Document::parse(policy_type, content.before.known()?).ok()?;
    let after = Document::parse(policy_type, content.after.known()?).ok()?;
    let text = guard::union(&before, &after)?;
    (text.chars().count() <= policy_type.max_characters()).then(|| Text::literal(text))
}
