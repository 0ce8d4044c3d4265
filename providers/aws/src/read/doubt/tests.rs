use super::*;
use lz_model::id::{AccountId, ParentId, RootId};
use lz_model::live::{AccountState, LiveAccount, LiveOu, LivePolicy, LiveRoot, PolicyText};
use lz_model::policy_type::PolicyType;

fn tags(pairs: &[(&str, &str)]) -> LiveTags {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn ours(address: &str) -> LiveTags {
    tags(&[(ZONE_TAG, "acme"), (ADDRESS_TAG, address)])
}

fn root() -> RootId {
    "r-ab12".parse().unwrap()
}

const OU: &str = "ou-ab12-workload";
const ACCOUNT: &str = "222233334444";
const POLICY: &str = "p-regions00";

fn ou(name: &str, tags: LiveTags) -> LiveOu {
    LiveOu {
        id: OU.parse().unwrap(),
        arn: "arn:aws:organizations::1:ou/o/u".parse().unwrap(),
        name: name.to_owned(),
        parent: ParentId::Root(root()),
        tags,
    }
}

fn policy(name: &str, tags: LiveTags) -> LivePolicy {
    LivePolicy {
        id: POLICY.parse().unwrap(),
        arn: "arn:aws:organizations::1:policy/o/x/p".parse().unwrap(),
        policy_type: PolicyType::Scp,
        name: name.to_owned(),
        description: String::new(),
        aws_managed: false,
        content: PolicyText::NotRead,
        targets: BTreeSet::new(),
        tags,
    }
}

/// An organization of one OU, one account and one policy, with these tags.
fn organization(of_ou: LiveTags, of_account: LiveTags, of_policy: LiveTags) -> LiveOrganization {
    let account: AccountId = ACCOUNT.parse().unwrap();
    let account = LiveAccount {
        id: account,
        arn: "arn:aws:organizations::1:account/o/a".parse().unwrap(),
        name: "Shop".to_owned(),
        email: "shop@example.com".parse().unwrap(),
        state: AccountState::Active,
        created: true,
        joined_at_seconds: None,
        parent: ParentId::Root(root()),
        tags: of_account,
    };
    let (ou, policy) = (ou("Workloads", of_ou), policy("regions", of_policy));
    LiveOrganization {
        id: "o-abcdefghij".parse().unwrap(),
        arn: "arn:aws:organizations::1:organization/o".parse().unwrap(),
        all_features: true,
        management_account: "111122223333".parse().unwrap(),
        root: LiveRoot {
            id: root(),
            arn: "arn:aws:organizations::1:root/o/r".parse().unwrap(),
            policy_types: BTreeMap::new(),
            tags: LiveTags::new(),
        },
        ous: BTreeMap::from([(ou.id.clone(), ou)]),
        accounts: BTreeMap::from([(account.id.clone(), account)]),
        policies: BTreeMap::from([(policy.id.clone(), policy)]),
        trusted_services: BTreeSet::new(),
        delegated_admins: BTreeMap::new(),
        administrators: BTreeMap::new(),
        regions_off: BTreeSet::new(),
        root_access: None,
        resource_policy: lz_model::live::LiveResourcePolicy::NotRead,
        invitations: BTreeMap::new(),
        creating: Vec::new(),
        stack_sets: BTreeMap::new(),
        stacks: BTreeMap::new(),
        tower: None,
        identity: None,
        settings: BTreeMap::new(),
    }
}

fn object(address: &str, key: DeclaredKey) -> DeclaredObject {
    DeclaredObject {
        address: address.to_owned(),
        key,
        id: None,
        tags: None,
    }
}

fn declared() -> Declared {
    Declared {
        zone: "acme".to_owned(),
        objects: vec![
            object("ou.workloads", DeclaredKey::Ou(vec!["Workloads".to_owned()])),
            object(
                "account.shop",
                DeclaredKey::Account("Shop@example.com".parse().unwrap()),
            ),
            object(
                "policy.regions",
                DeclaredKey::Policy(PolicyType::Scp, "regions".to_owned()),
            ),
        ],
    }
}

fn doubts(organization: &LiveOrganization, declared: &Declared) -> Vec<String> {
    let ous = organization
        .ous
        .values()
        .map(|ou| (ResourceId::Target(TargetId::Ou(ou.id.clone())), &ou.tags));
    let accounts = organization.accounts.values();
    let accounts = accounts.map(|one| (ResourceId::Target(TargetId::Account(one.id.clone())), &one.tags));
    let own = organization
        .policies
        .values()
        .map(|one| (ResourceId::Policy(one.id.clone()), &one.tags));
    let shown = ous
        .chain(accounts)
        .chain(own)
        .filter(|(_, tags)| !tags.is_empty());
    let known = Known::of_index(shown.map(|(id, tags)| (id, tags.clone())).collect());
    let mut doubtful = entities(organization, declared, &known);
    doubtful.extend(policies(&organization.policies, declared, &known));
    doubtful.into_iter().map(|id| id.as_str().to_owned()).collect()
}

fn settled() -> LiveOrganization {
    organization(ours("ou.workloads"), ours("account.shop"), ours("policy.regions"))
}

#[test]
fn nothing_is_asked_where_the_index_agrees_with_the_spec() {
    assert_eq!(doubts(&settled(), &declared()), [""; 0]);
}

#[test]
fn what_was_just_made_and_is_not_in_the_index_yet_is_asked() {
    let fresh = organization(LiveTags::new(), LiveTags::new(), LiveTags::new());
    assert_eq!(doubts(&fresh, &declared()), [OU, ACCOUNT, POLICY]);
}

#[test]
fn an_object_under_a_former_address_or_one_that_left_the_spec_is_asked() {
    let moved = organization(ours("ou.work"), ours("account.shop"), ours("policy.regions"));
    assert_eq!(doubts(&moved, &declared()), [OU]);
    let mut smaller = declared();
    smaller.objects.pop();
    assert_eq!(
        doubts(&settled(), &smaller),
        [POLICY],
        "its removal must rest on its own tags"
    );
}

#[test]
fn a_managed_tag_that_differs_is_asked_and_one_that_is_not_managed_is_not() {
    let mut wanted = declared();
    let mut live = settled();
    live.accounts.values_mut().for_each(|account| {
        account.tags.insert("owner".to_owned(), "web".to_owned());
        account.tags.insert("aws:made-by".to_owned(), "aws".to_owned());
    });
    assert_eq!(doubts(&live, &wanted), [""; 0]);
    wanted.objects[1].tags = Some(tags(&[("owner", "web")]));
    assert_eq!(doubts(&live, &wanted), [""; 0]);
    wanted.objects[1].tags = Some(tags(&[("owner", "shop")]));
    assert_eq!(doubts(&live, &wanted), [ACCOUNT]);
    wanted.objects[1].tags = Some(tags(&[]));
    assert_eq!(
        doubts(&live, &wanted),
        [ACCOUNT],
        "a tag that the spec has dropped"
    );
}

#[test]
fn another_zones_objects_and_unmanaged_ones_are_left_alone() {
    let other = organization(
        tags(&[(ZONE_TAG, "other"), (ADDRESS_TAG, "ou.x")]),
        tags(&[("owner", "web")]),
        LiveTags::new(),
    );
    let nothing = Declared {
        zone: "acme".to_owned(),
        objects: Vec::new(),
    };
    assert_eq!(doubts(&other, &nothing), [""; 0]);
}

#[test]
fn before_an_ou_or_policy_is_made_those_that_the_index_never_saw_are_asked() {
    let mut live = settled();
    live.ous.values_mut().for_each(|ou| {
        ou.name = "Arbeit".to_owned();
        ou.tags.clear();
    });
    assert_eq!(
        doubts(&live, &declared()),
        [OU],
        "it may be the declared one, renamed a moment ago"
    );
    let mut known = declared();
    known.objects.remove(0);
    assert_eq!(doubts(&live, &known), [""; 0]);
}

#[test]
fn a_pinned_id_counts_more_than_a_name() {
    let mut wanted = declared();
    wanted.objects[0].key = DeclaredKey::Ou(vec!["Elsewhere".to_owned()]);
    wanted.objects[0].id = Some(ResourceId::Target(TargetId::Ou(OU.parse().unwrap())));
    let mut live = settled();
    live.ous.values_mut().for_each(|ou| ou.tags.clear());
    assert_eq!(doubts(&live, &wanted), [OU]);
}
