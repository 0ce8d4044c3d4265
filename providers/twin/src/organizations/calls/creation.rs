//! CreateAccount and its status.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::organizations::rules::{creation as rules, tag_policy};
use crate::organizations::wire::{CreationView, email, enum_of, pager, request_id, tag_list, text_of};
use crate::organizations::{Code, CreateRequest, CreationState};
use crate::wire::{Answer, Change, Seen, json};
use crate::world::{RequestId, Timer};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatusAnswer<'a> {
    create_account_status: CreationView<'a>,
}

/// CreateAccount: asynchronous, without idempotency token (aws-facts 1.4).
pub(crate) fn create(change: &mut Change<'_>) -> Answer {
    let (call, input) = (change.call, change.call.input);
    let email = email(input, "Email")?;
    let name = text_of("AccountName", input.required_text("AccountName")?, 1, 50)?;
    rules::refuse_odd_name(name)?;
    let role = rules::role_name(input)?;
    rules::refuse_odd_billing_access(input)?;
    let tags = tag_list(input, call.settings)?;
    rules::refuse_finalizing(change.org, call.now, call.settings)?;
    rules::refuse_account_quota(change.world, change.org, call.settings)?;
    rules::refuse_creations_at_once(change.org, call.settings)?;
    rules::refuse_daily_creations(change.org, call.now, call.settings)?;
    tag_policy::refuse_noncompliant(change.org, "account", &tags)?;
    let id = change.world.mint.request();
    let until = call.now.after(call.settings.create_account_seconds.duration());
    let request = CreateRequest {
        name: name.to_owned(),
        email: email.to_owned(),
        role,
        requested_at: call.now,
        state: CreationState::InProgress { until },
        tags,
    };
    let answer = json(&StatusAnswer {
        create_account_status: CreationView::of(&id, &request),
    });
    change
        .world
        .timers
        .set(until, Timer::CreationEnds(change.org.id.clone(), id.clone()));
    change.org.put_creation(id, request);
    answer
}

/// DescribeCreateAccountStatus.
pub(crate) fn describe(seen: &Seen<'_>) -> Answer {
    let id = request_id(seen.call.input, "CreateAccountRequestId")?;
    let request = seen.org.creations.get(&id).ok_or_else(|| {
        Code::CreateAccountStatusNotFound.because(format!("there is no account creation `{id}`"))
    })?;
    json(&StatusAnswer {
        create_account_status: CreationView::of(&id, request),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatusesAnswer<'a> {
    create_account_statuses: Vec<CreationView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

const STATES: [&str; 3] = ["IN_PROGRESS", "SUCCEEDED", "FAILED"];

/// ListCreateAccountStatus: all of them, or those in some states.
pub(crate) fn list(seen: &Seen<'_>) -> Answer {
    let named = seen.call.input.texts("States")?.unwrap_or_default();
    let mut states = BTreeSet::new();
    for text in named {
        states.insert(enum_of("States", text, |text| {
            STATES.into_iter().find(|state| *state == text)
        })?);
    }
    if states.is_empty() {
        states.extend(STATES);
    }
    let filter: Vec<&str> = states.iter().copied().collect();
    let pager = pager(seen.call, &filter)?;
    // Merges the sorted lists of the states asked for, each no further than one page reaches.
    let from = match pager.after() {
        "" => std::ops::Bound::Unbounded,
        after => std::ops::Bound::Excluded(after),
    };
    let of_state = |state: &&str| {
        seen.org
            .creations_in(state)
            .range::<str, _>((from, std::ops::Bound::Unbounded))
            .take(21)
    };
    let merged: BTreeSet<&RequestId> = states.iter().flat_map(of_state).collect();
    let page = pager.take(merged.into_iter(), |id| id.as_str().to_owned());
    let views = page
        .items
        .iter()
        .filter_map(|id| Some(CreationView::of(id, seen.org.creations.get(*id)?)));
    json(&StatusesAnswer {
        create_account_statuses: views.collect(),
        next_token: page.next,
    })
}
