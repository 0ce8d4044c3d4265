//! Pages: their size, their tokens, and empty ones in between.

use crate::kit::*;

fn five_ous(world: &World) -> String {
    let root = world.root();
    for n in 0..5 {
        world.ou(&root, &format!("a{n}"));
    }
    root
}

fn all_pages(world: &World, root: &str, size: u64) -> (Vec<String>, usize) {
    let (mut found, mut pages, mut token) = (Vec::new(), 0, Value::Null);
    loop {
        let input = json!({"ParentId": root, "MaxResults": size, "NextToken": token});
        let answer = world.ok("ListOrganizationalUnitsForParent", input);
        let page = ids(&answer, "/OrganizationalUnits");
        assert!(page.len() <= size as usize);
        found.extend(page);
        pages += 1;
        match answer.get("NextToken") {
            Some(next) => token = next.clone(),
            None => return (found, pages),
        }
    }
}

#[test]
fn pages_are_complete_whatever_their_size() {
    let world = World::new();
    let root = five_ous(&world);
    let (whole, pages) = all_pages(&world, &root, 20);
    assert_eq!((whole.len(), pages), (5, 1));
    assert_eq!(all_pages(&world, &root, 1), (whole.clone(), 5));
    assert_eq!(all_pages(&world, &root, 2), (whole.clone(), 3));
    assert_eq!(all_pages(&world, &root, 5), (whole, 1));
}

#[test]
fn an_empty_page_with_a_token_is_not_the_end() {
    let world = World::set(|settings| settings.empty_first_page = true);
    let root = five_ous_under(&world);
    let first = world.ok("ListOrganizationalUnitsForParent", json!({"ParentId": root}));
    assert_eq!(at(&first, "/OrganizationalUnits"), &json!([]));
    text(&first, "/NextToken");
    let (found, pages) = all_pages(&world, &root, 20);
    assert_eq!((found.len(), pages), (5, 2));
}

/// The root's id must be read past its own empty page.
fn five_ous_under(world: &World) -> String {
    let first = world.ok("ListRoots", json!({}));
    let next = world.ok("ListRoots", json!({"NextToken": text(&first, "/NextToken")}));
    let root = text(&next, "/Roots/0/Id");
    for n in 0..5 {
        world.ou(&root, &format!("a{n}"));
    }
    root
}

#[test]
fn the_default_page_size_is_a_setting() {
    let world = World::set(|settings| settings.default_page_size = 3);
    let root = five_ous(&world);
    let first = world.ok("ListOrganizationalUnitsForParent", json!({"ParentId": root}));
    assert_eq!(ids(&first, "/OrganizationalUnits").len(), 3);
}

#[test]
fn page_sizes_run_from_one_to_twenty() {
    let world = World::new();
    let root = world.root();
    for (operation, input) in [
        ("ListAccounts", json!({})),
        ("ListAccountsForParent", json!({"ParentId": root})),
        ("ListAWSServiceAccessForOrganization", json!({})),
        ("ListChildren", json!({"ParentId": root, "ChildType": "ACCOUNT"})),
        ("ListCreateAccountStatus", json!({})),
        ("ListDelegatedAdministrators", json!({})),
        ("ListHandshakesForAccount", json!({})),
        ("ListHandshakesForOrganization", json!({})),
        ("ListOrganizationalUnitsForParent", json!({"ParentId": root})),
        ("ListParents", json!({"ChildId": MANAGEMENT})),
        ("ListPolicies", json!({"Filter": SCP})),
        ("ListPoliciesForTarget", json!({"TargetId": root, "Filter": SCP})),
        ("ListRoots", json!({})),
        ("ListTargetsForPolicy", json!({"PolicyId": "p-FullAWSAccess"})),
        (
            "ListAccountsWithInvalidEffectivePolicy",
            json!({"PolicyType": "TAG_POLICY"}),
        ),
    ] {
        let with = |name: &str, value: Value| {
            let mut input = input.clone();
            input[name] = value;
            input
        };
        world.no(
            operation,
            with("MaxResults", json!(0)),
            "InvalidInput/MIN_VALUE_EXCEEDED",
        );
        world.no(
            operation,
            with("MaxResults", json!(21)),
            "InvalidInput/MAX_VALUE_EXCEEDED",
        );
        world.no(
            operation,
            with("NextToken", json!("made up")),
            "InvalidInput/INVALID_NEXT_TOKEN",
        );
        world.ok(operation, with("MaxResults", json!(20)));
        world.ok(operation, with("MaxResults", json!(1)));
    }
}

#[test]
fn a_token_fits_only_the_listing_that_gave_it() {
    let world = World::new();
    let root = five_ous(&world);
    let listed = world.ok(
        "ListOrganizationalUnitsForParent",
        json!({"ParentId": root, "MaxResults": 1}),
    );
    let token = text(&listed, "/NextToken");
    let ou = text(&listed, "/OrganizationalUnits/0/Id");
    let refusal = "InvalidInput/INVALID_NEXT_TOKEN";
    world.no("ListAccounts", json!({"NextToken": token}), refusal);
    world.no(
        "ListOrganizationalUnitsForParent",
        json!({"ParentId": ou, "NextToken": token}),
        refusal,
    );
}

#[test]
fn tags_page_without_a_page_size() {
    let world = World::set(|settings| settings.tags_page_size = 2);
    let tags: Vec<_> = (0..3)
        .map(|n| json!({"Key": format!("k{n}"), "Value": ""}))
        .collect();
    world.ok("TagResource", json!({"ResourceId": MANAGEMENT, "Tags": tags}));
    let first = world.ok("ListTagsForResource", json!({"ResourceId": MANAGEMENT}));
    assert_eq!(at(&first, "/Tags").as_array().unwrap().len(), 2);
    let rest = world.ok(
        "ListTagsForResource",
        json!({"ResourceId": MANAGEMENT, "NextToken": first["NextToken"]}),
    );
    assert_eq!(rest, json!({"Tags": [{"Key": "k2", "Value": ""}]}));
}
