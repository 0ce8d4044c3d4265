//! ListChildren and ListParents.

use serde::Serialize;

use super::account::parent_kind;
use crate::organizations::Code;
use crate::organizations::rules::unit;
use crate::organizations::wire::{InputProblem, enum_of, invalid, pager, parent_id};
use crate::wire::{Answer, Seen, json};
use crate::world::{AccountId, ParentId, UnitId};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EntityView<'a> {
    id: &'a str,
    r#type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ChildrenAnswer<'a> {
    children: Vec<EntityView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Clone, Copy)]
enum ChildType {
    Account,
    Unit,
}

/// ListChildren: the ids right under a parent.
pub(crate) fn list_children(seen: &Seen<'_>) -> Answer {
    let input = seen.call.input;
    let parent = parent_id(input, "ParentId")?;
    let text = input.required_text("ChildType")?;
    let kind = enum_of("ChildType", text, |text| match text {
        "ACCOUNT" => Some(ChildType::Account),
        "ORGANIZATIONAL_UNIT" => Some(ChildType::Unit),
        _ => None,
    })?;
    let pager = pager(seen.call, &[parent.as_str(), text])?;
    unit::refuse_unknown_parent(seen.org, &parent)?;
    let page = match kind {
        ChildType::Account => {
            let page = pager.slice(seen.org.accounts_of(&parent));
            page.map(|id| EntityView {
                id: id.as_str(),
                r#type: "ACCOUNT",
            })
        }
        ChildType::Unit => {
            let page = pager.slice(seen.org.units_of(&parent));
            page.map(|id| EntityView {
                id: id.as_str(),
                r#type: "ORGANIZATIONAL_UNIT",
            })
        }
    };
    json(&ChildrenAnswer {
        children: page.items,
        next_token: page.next,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ParentsAnswer<'a> {
    parents: Vec<EntityView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// ListParents: exactly one for every account and OU.
pub(crate) fn list_parents(seen: &Seen<'_>) -> Answer {
    let text = seen.call.input.required_text("ChildId")?;
    let pager = pager(seen.call, &[text])?;
    let parent: Option<&ParentId> = match (AccountId::parse(text), UnitId::parse(text)) {
        (Some(id), _) => seen.org.member(&id).map(|member| &member.parent),
        (None, Some(id)) => seen.org.unit(&id).map(|unit| &unit.parent),
        (None, None) => {
            let message = format!("`ChildId` is `{text}`, which does not match the required pattern");
            return Err(invalid(InputProblem::InvalidPattern, message));
        }
    };
    let parent = parent.ok_or_else(|| Code::ChildNotFound.because(format!("there is no child `{text}`")))?;
    let rest = pager.after().is_empty().then_some(parent);
    let page = pager.take(rest.into_iter(), |parent| parent.as_str().to_owned());
    let page = page.map(|parent| EntityView {
        id: parent.as_str(),
        r#type: parent_kind(parent),
    });
    json(&ParentsAnswer {
        parents: page.items,
        next_token: page.next,
    })
}
