//! Packs become ordinary policies: [`expand`] puts the guardrails of each `policy_pack` into as few documents as AWS's
//! limits allow. The live organization says which statement was where, so a small edit moves little.

use crate::future::Ids;
use crate::pair;
use crate::refusal::{Problems, Refusal};
use lz_model::address::{ADDRESS_TAG, Address, Name, ZONE_TAG};
use lz_model::desired::{Desired, DesiredPack, DesiredPolicy, DesiredTarget};
use lz_model::live::{LiveOrganization, LivePolicy, PolicyText};
use lz_model::policy_type::PolicyType;
use lz_model::text::{Hole, Piece, Text};
use lz_policy::language::{Kind, Policy};
use lz_policy::limits::Limits;
use lz_policy::pack::{Packed, pack};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Stands before and after a made-up id in a document that is packed; a private character that no policy holds.
const MARK: char = '\u{F8FF}';

/// Returns the spec with the policies of its packs in place of the packs.
///
/// # Errors
/// Guardrails that are no policies or do not fit, and targets with more policies than AWS takes.
pub fn expand<'d>(
    desired: &'d Desired,
    live: Option<&LiveOrganization>,
) -> Result<Cow<'d, Desired>, Refusal> {
    if desired.packs.is_empty() {
        return Ok(Cow::Borrowed(desired));
    }
    let mut problems = Problems::new(desired);
    let mut expanded = desired.clone();
    expanded.packs.clear();
    // What is ambiguous is told where the plan is made.
    let pairs = live.map(|live| pair::pair(desired, live, &mut Problems::new(desired)));
    let ids = Ids::new(desired, live, &pairs.unwrap_or_default());
    for (name, wanted) in &desired.packs {
        let before = before(desired, live, name, wanted.policy_type);
        match policies(&ids, wanted, &before) {
            Ok(made) => {
                for (number, content) in made {
                    let name = Name::keyed(&name.label, number.to_string());
                    let origin = wanted.origin.clone();
                    expanded
                        .origins
                        .extend(origin.map(|origin| (Address::Policy(name.clone()), origin)));
                    expanded.policies.insert(name, policy(wanted, number, content));
                }
            }
            Err(why) => problems.add_at(
                "not_packed",
                wanted.origin.clone(),
                format!("the pack `{}` cannot be packed: {why}", name.label),
                "correct the guardrails; `lz policy lint` tells more about each",
            ),
        }
    }
    check_names(&expanded, &mut problems);
    check_attachments(desired, &expanded, &mut problems);
    problems.settle()?;
    Ok(Cow::Owned(expanded))
}

fn policy(wanted: &DesiredPack, number: usize, content: Text) -> DesiredPolicy {
    DesiredPolicy {
        policy_type: wanted.policy_type,
        name: format!("{}-{number}", wanted.name),
        description: wanted.description.clone(),
        id: None,
        content,
        attach: wanted.attach.clone(),
        tags: wanted.tags.clone(),
    }
}

/// A policy of the last time: its number, and what it says.
struct Before {
    number: usize,
    policy: Option<Policy>,
}

/// Returns the live policies of a pack, by their numbers.
fn before(
    desired: &Desired,
    live: Option<&LiveOrganization>,
    name: &Name,
    policy_type: PolicyType,
) -> Vec<Before> {
    let own = |policy: &&LivePolicy| {
        policy.policy_type == policy_type && policy.tags.get(ZONE_TAG) == Some(&desired.zone.name)
    };
    let mut found: Vec<Before> = live
        .into_iter()
        .flat_map(|live| live.policies.values())
        .filter(own)
        .filter_map(|policy| {
            let address = Address::from_tag(policy.tags.get(ADDRESS_TAG)?)?;
            let Address::Policy(Name { label, key }) = address else {
                return None;
            };
            let number = key?.parse().ok().filter(|_| label == name.label)?;
            let text = match &policy.content {
                PolicyText::Read(text) => text,
                PolicyText::NotRead => return None,
            };
            let policy = Policy::parse(Kind::of_type(policy_type)?, text).ok();
            Some(Before { number, policy })
        })
        .collect();
    found.sort_by_key(|before| before.number);
    found.dedup_by_key(|before| before.number);
    found
}

/// Returns the documents of a pack by their numbers. A document keeps the number of the one that it goes on from.
fn policies(ids: &Ids, wanted: &DesiredPack, before: &[Before]) -> Result<BTreeMap<usize, Text>, String> {
    let kind = Kind::of_type(wanted.policy_type).ok_or("its type has no statements")?;
    let mut holes = BTreeMap::new();
    let mut guardrails = Vec::new();
    for (index, document) in wanted.guardrails.iter().enumerate() {
        let text = marked(ids, document, &mut holes);
        let policy = Policy::parse(kind, &text).map_err(|problems| {
            let first = problems.list().first().map(ToString::to_string);
            format!("guardrail {}: {}", index + 1, first.unwrap_or_default())
        })?;
        guardrails.push(policy);
    }
    let known: Vec<(usize, Policy)> = before
        .iter()
        .filter_map(|before| Some((before.number, before.policy.clone()?)))
        .collect();
    let held: Vec<Policy> = known.iter().map(|(_, policy)| policy.clone()).collect();
    let limit = Limits::current().of(wanted.policy_type).characters;
    let packed = pack(&guardrails, limit, &held).map_err(|error| error.to_string())?;
    let taken: BTreeSet<usize> = before.iter().map(|before| before.number).collect();
    Ok(numbered(packed, &known, &taken)
        .into_iter()
        .map(|(number, document)| (number, unmarked(&document, &holes)))
        .collect())
}

fn numbered(packed: Packed, known: &[(usize, Policy)], taken: &BTreeSet<usize>) -> BTreeMap<usize, String> {
    let mut free = (1..).filter(|number| !taken.contains(number));
    let mut documents = BTreeMap::new();
    for (document, home) in packed.documents.into_iter().zip(packed.homes) {
        let old = home.and_then(|home| known.get(home)).map(|(number, _)| *number);
        if let Some(number) = old.or_else(|| free.next()) {
            documents.insert(number, document);
        }
    }
    documents
}

/// Returns a document with its ids; those that AWS has yet to assign are made up and marked.
fn marked(ids: &Ids, document: &Text, holes: &mut BTreeMap<String, Hole>) -> String {
    let filled = document.fill(|hole| {
        Some(ids.assigned(hole).unwrap_or_else(|| {
            let made_up = ids.value(hole);
            holes.insert(made_up.clone(), hole.clone());
            format!("{MARK}{made_up}{MARK}")
        }))
    });
    filled.known().unwrap_or_default().to_owned()
}

fn unmarked(document: &str, holes: &BTreeMap<String, Hole>) -> Text {
    let mut text = Text::default();
    for (at, part) in document.split(MARK).enumerate() {
        match holes.get(part).filter(|_| at % 2 == 1) {
            Some(hole) => text.push(Piece::Hole(hole.clone())),
            None => text.push_str(part),
        }
    }
    text
}

/// Names are unique among the policies of a type (aws-facts section 1.5, DuplicatePolicy).
fn check_names(expanded: &Desired, problems: &mut Problems<'_>) {
    let mut names = BTreeMap::new();
    for (name, policy) in &expanded.policies {
        if let Some(first) = names.insert((policy.policy_type, &policy.name), name) {
            problems.add_at(
                "not_packed",
                expanded.origin(&Address::Policy(name.clone())).cloned(),
                format!(
                    "`policy.{first}` and `policy.{name}` both have the name `{}`",
                    policy.name
                ),
                "give the pack another `name`",
            );
        }
    }
}

/// Attachments of one type at one target are limited, AWS's own policies count (aws-facts section 5).
fn check_attachments(desired: &Desired, expanded: &Desired, problems: &mut Problems<'_>) {
    let mut attached: BTreeMap<(&DesiredTarget, PolicyType), usize> = BTreeMap::new();
    for policy in expanded.policies.values() {
        for target in policy.attach.iter().flatten() {
            *attached.entry((target, policy.policy_type)).or_default() += 1;
        }
    }
    for ((target, policy_type), count) in attached {
        let own = usize::from(policy_type == PolicyType::Rcp);
        let most = policy_type.max_attachments() - own;
        let packed = desired.packs.values().find(|pack| {
            pack.policy_type == policy_type && pack.attach.as_ref().is_some_and(|all| all.contains(target))
        });
        if let (true, Some(pack)) = (count > most, packed) {
            problems.add_at(
                "not_packed",
                pack.origin.clone(),
                format!(
                    "`{}` would have {count} policies of type `{policy_type}`, AWS takes {most}",
                    target.address()
                ),
                "attach some guardrails one level higher, or take some out",
            );
        }
    }
}
