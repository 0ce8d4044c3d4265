//! Accounts in the organization: reading, moving, removing, closing.

use serde::Serialize;

use crate::cloudformation;
use crate::organizations::Code;
use crate::organizations::rules::{account as rules, unit};
use crate::organizations::wire::{AccountView, account_id, pager, parent_id};
use crate::wire::{Answer, Change, Page, Refusal, Seen, empty, json};
use crate::world::{AccountId, AccountState, ParentId, Timer};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccountAnswer<'a> {
    account: AccountView<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccountsAnswer<'a> {
    accounts: Vec<AccountView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn not_found(id: &AccountId) -> Refusal {
    Code::AccountNotFound.because(format!("the organization has no account `{id}`"))
}

/// DescribeAccount.
pub(crate) fn describe(seen: &Seen<'_>) -> Answer {
    let id = account_id(seen.call.input, "AccountId")?;
    let account = AccountView::of(seen, &id).ok_or_else(|| not_found(&id))?;
    json(&AccountAnswer { account })
}

fn page_answer(seen: &Seen<'_>, page: &Page<&AccountId>) -> Answer {
    let accounts = page
        .items
        .iter()
        .filter_map(|id| AccountView::of(seen, id))
        .collect();
    json(&AccountsAnswer {
        accounts,
        next_token: page.next.clone(),
    })
}

/// ListAccounts.
pub(crate) fn list(seen: &Seen<'_>) -> Answer {
    let pager = pager(seen.call, &[])?;
    let from = match pager.after() {
        "" => std::ops::Bound::Unbounded,
        after => std::ops::Bound::Excluded(after),
    };
    let ids = seen
        .org
        .members()
        .range::<str, _>((from, std::ops::Bound::Unbounded))
        .map(|(id, _)| id);
    let page = pager.take(ids, |id| id.as_str().to_owned());
    page_answer(seen, &page)
}

/// ListAccountsForParent: the accounts right under it.
pub(crate) fn list_for_parent(seen: &Seen<'_>) -> Answer {
    let parent = parent_id(seen.call.input, "ParentId")?;
    let pager = pager(seen.call, &[parent.as_str()])?;
    unit::refuse_unknown_parent(seen.org, &parent)?;
    page_answer(seen, &pager.slice(seen.org.accounts_of(&parent)))
}

/// MoveAccount: synchronous (aws-facts 1.4).
pub(crate) fn relocate(change: &mut Change<'_>) -> Answer {
    let input = change.call.input;
    let id = account_id(input, "AccountId")?;
    let source = parent_id(input, "SourceParentId")?;
    let destination = parent_id(input, "DestinationParentId")?;
    let parent = change
        .org
        .member(&id)
        .ok_or_else(|| not_found(&id))?
        .parent
        .clone();
    rules::refuse_other_root(change.org, &source, &destination)?;
    rules::refuse_wrong_source(change.org, &id, &parent, &source, change.call.settings)?;
    rules::refuse_unknown_destination(change.org, &destination)?;
    rules::refuse_same_place(&id, &parent, &destination)?;
    rules::refuse_moving_closed(change.world, &id, change.call.settings)?;
    change.org.move_member(&id, &destination);
    let (now, settings) = (change.call.now, change.call.settings);
    cloudformation::account_moved(
        change.world,
        change.org,
        &id,
        (&parent, &destination),
        now,
        settings,
    );
    empty()
}

/// RemoveAccountFromOrganization: the account stands alone afterwards.
pub(crate) fn remove(change: &mut Change<'_>) -> Answer {
    let id = account_id(change.call.input, "AccountId")?;
    depart(change, &id)
}

/// LeaveOrganization: the caller removes itself.
pub(crate) fn leave(change: &mut Change<'_>) -> Answer {
    let id = change.call.caller.clone();
    depart(change, &id)
}

fn depart(change: &mut Change<'_>, id: &AccountId) -> Answer {
    let call = change.call;
    let member = change.org.member(id).ok_or_else(|| not_found(id))?;
    rules::refuse_management_leaving(change.org, id)?;
    rules::refuse_delegate_leaving(change.org, id)?;
    rules::refuse_young(member, id, call.now, call.settings)?;
    rules::refuse_without_payment(member, id, call.settings)?;
    change.world.part(change.org, id, call.settings, call.now);
    empty()
}

/// CloseAccount: asynchronous (aws-facts 1.4).
pub(crate) fn close(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let id = account_id(call.input, "AccountId")?;
    if change.org.member(&id).is_none() {
        return Err(not_found(&id));
    }
    rules::refuse_closing_management(change.org, &id)?;
    rules::refuse_closing_without_all_features(change.org)?;
    rules::refuse_closed(change.world, &id)?;
    rules::refuse_closing_delegate(change.org, &id, call.settings)?;
    rules::refuse_closures_at_once(change.org, call.now, call.settings)?;
    rules::refuse_closure_quota(change.org, call.now, call.settings)?;
    let until = call.now.after(call.settings.close_account_seconds.duration());
    if let Some(account) = change.world.accounts.get_mut(&id) {
        account.state = AccountState::PendingClosure { until };
    }
    change.org.closures.push_back(call.now);
    change.world.timers.set(until, Timer::ClosureEnds(id));
    empty()
}

/// Returns the id of a parent as a `Parent` shape names its type.
pub(super) fn parent_kind(parent: &ParentId) -> &'static str {
    match parent {
        ParentId::Root(_) => "ROOT",
        ParentId::Unit(_) => "ORGANIZATIONAL_UNIT",
    }
}
