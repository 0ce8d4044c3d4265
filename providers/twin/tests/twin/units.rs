//! OUs: the tree, its limits, its names.

use crate::kit::*;

#[test]
fn an_ou_has_id_arn_and_path() {
    let world = World::new();
    let root = world.root();
    let outer = world.ou(&root, "Workloads");
    let inner = world.ou(&outer, "Prod");
    let shown = world.ok(
        "DescribeOrganizationalUnit",
        json!({"OrganizationalUnitId": inner}),
    );
    let organization = text(&world.ok("DescribeOrganization", json!({})), "/Organization/Id");
    assert!(inner.starts_with(&root.replacen("r-", "ou-", 1)), "{inner}");
    assert_eq!(text(&shown, "/OrganizationalUnit/Name"), "Prod");
    assert_eq!(
        text(&shown, "/OrganizationalUnit/Arn"),
        format!("arn:aws:organizations::{MANAGEMENT}:ou/{organization}/{inner}")
    );
    assert_eq!(
        text(&shown, "/OrganizationalUnit/Path"),
        format!("{organization}/{root}/{outer}/{inner}/")
    );
    assert_eq!(
        world.ok("ListParents", json!({"ChildId": inner})),
        json!({"Parents": [{"Id": outer, "Type": "ORGANIZATIONAL_UNIT"}]})
    );
    let children = world.ok(
        "ListChildren",
        json!({"ParentId": outer, "ChildType": "ORGANIZATIONAL_UNIT"}),
    );
    assert_eq!(
        children,
        json!({"Children": [{"Id": inner, "Type": "ORGANIZATIONAL_UNIT"}]})
    );
    let listed = world.ok("ListOrganizationalUnitsForParent", json!({"ParentId": outer}));
    assert_eq!(
        at(&listed, "/OrganizationalUnits/0"),
        at(&shown, "/OrganizationalUnit")
    );
}

#[test]
fn paths_can_be_withheld() {
    let world = World::set(|settings| settings.paths = false);
    let ou = world.ou(&world.root(), "a");
    let shown = world.ok("DescribeOrganizationalUnit", json!({"OrganizationalUnitId": ou}));
    assert_eq!(shown.pointer("/OrganizationalUnit/Path"), None);
}

#[test]
fn ous_nest_five_levels_deep() {
    let world = World::new();
    let mut parent = world.root();
    for level in 1..=5 {
        parent = world.ou(&parent, &format!("level {level}"));
    }
    let sixth = json!({"ParentId": parent, "Name": "level 6"});
    world.no(
        "CreateOrganizationalUnit",
        sixth,
        "ConstraintViolation/OU_DEPTH_LIMIT_EXCEEDED",
    );
}

#[test]
fn there_are_only_so_many_ous() {
    let world = World::set(|settings| settings.units = 2);
    let root = world.root();
    world.ou(&root, "a");
    world.ou(&root, "b");
    let third = json!({"ParentId": root, "Name": "c"});
    world.no(
        "CreateOrganizationalUnit",
        third,
        "ConstraintViolation/OU_NUMBER_LIMIT_EXCEEDED",
    );
}

#[test]
fn siblings_have_different_names() {
    let world = World::new();
    let root = world.root();
    let a = world.ou(&root, "a");
    let b = world.ou(&root, "b");
    world.no(
        "CreateOrganizationalUnit",
        json!({"ParentId": root, "Name": "a"}),
        "DuplicateOrganizationalUnit",
    );
    let rename = json!({"OrganizationalUnitId": b, "Name": "a"});
    world.no("UpdateOrganizationalUnit", rename, "DuplicateOrganizationalUnit");
    world.ok(
        "UpdateOrganizationalUnit",
        json!({"OrganizationalUnitId": a, "Name": "a"}),
    );
    world.ou(&a, "a");
}

#[test]
fn the_scope_of_names_is_a_setting() {
    let world = World::set(|settings| settings.unit_names = lz_twin::NameScope::Organization);
    let a = world.ou(&world.root(), "a");
    world.no(
        "CreateOrganizationalUnit",
        json!({"ParentId": a, "Name": "a"}),
        "DuplicateOrganizationalUnit",
    );
}

#[test]
fn a_renamed_ou_keeps_its_id_and_frees_its_name() {
    let world = World::new();
    let root = world.root();
    let ou = world.ou(&root, "before");
    let renamed = world.ok(
        "UpdateOrganizationalUnit",
        json!({"OrganizationalUnitId": ou, "Name": "after"}),
    );
    assert_eq!(text(&renamed, "/OrganizationalUnit/Id"), ou);
    assert_eq!(text(&renamed, "/OrganizationalUnit/Name"), "after");
    world.ou(&root, "before");
}

#[test]
fn only_an_empty_ou_is_deleted() {
    let world = World::new();
    let root = world.root();
    let outer = world.ou(&root, "outer");
    let inner = world.ou(&outer, "inner");
    let account = world.account("a");
    let into = json!({"AccountId": account, "SourceParentId": root, "DestinationParentId": inner});
    world.ok("MoveAccount", into);
    let delete = |id: &str| json!({"OrganizationalUnitId": id});
    world.no(
        "DeleteOrganizationalUnit",
        delete(&outer),
        "OrganizationalUnitNotEmpty",
    );
    world.no(
        "DeleteOrganizationalUnit",
        delete(&inner),
        "OrganizationalUnitNotEmpty",
    );
    let back = json!({"AccountId": account, "SourceParentId": inner, "DestinationParentId": root});
    world.ok("MoveAccount", back);
    world.ok("DeleteOrganizationalUnit", delete(&inner));
    world.ok("DeleteOrganizationalUnit", delete(&outer));
    world.no(
        "DeleteOrganizationalUnit",
        delete(&outer),
        "OrganizationalUnitNotFound",
    );
}

#[test]
fn attached_policies_do_not_keep_an_ou_from_being_deleted() {
    let world = World::new();
    world.enable(SCP);
    let ou = world.ou(&world.root(), "a");
    let policy = world.policy(SCP, "p", ALLOW);
    world.ok("AttachPolicy", json!({"PolicyId": policy, "TargetId": ou}));
    world.ok("DeleteOrganizationalUnit", json!({"OrganizationalUnitId": ou}));
    assert_eq!(
        at(
            &world.ok("ListTargetsForPolicy", json!({"PolicyId": policy})),
            "/Targets"
        ),
        &json!([])
    );
    world.ok("DeletePolicy", json!({"PolicyId": policy}));
}

#[test]
fn what_does_not_exist_is_not_found() {
    let world = World::new();
    let unit = json!({"OrganizationalUnitId": NO_OU});
    world.no(
        "DescribeOrganizationalUnit",
        unit.clone(),
        "OrganizationalUnitNotFound",
    );
    world.no("UpdateOrganizationalUnit", unit, "OrganizationalUnitNotFound");
    for (operation, input) in [
        (
            "CreateOrganizationalUnit",
            json!({"ParentId": NO_OU, "Name": "a"}),
        ),
        ("ListOrganizationalUnitsForParent", json!({"ParentId": "r-zzzz"})),
        ("ListAccountsForParent", json!({"ParentId": NO_OU})),
        ("ListChildren", json!({"ParentId": NO_OU, "ChildType": "ACCOUNT"})),
    ] {
        world.no(operation, input, "ParentNotFound");
    }
    world.no("ListParents", json!({"ChildId": NO_OU}), "ChildNotFound");
    world.no("ListParents", json!({"ChildId": NO_ACCOUNT}), "ChildNotFound");
}

#[test]
fn members_out_of_shape_are_refused() {
    let world = World::new();
    let root = world.root();
    for (operation, input, reason) in [
        (
            "CreateOrganizationalUnit",
            json!({"ParentId": "x", "Name": "a"}),
            "INVALID_PATTERN",
        ),
        (
            "CreateOrganizationalUnit",
            json!({"ParentId": root, "Name": ""}),
            "MIN_LENGTH_EXCEEDED",
        ),
        (
            "CreateOrganizationalUnit",
            json!({"ParentId": root, "Name": "é".repeat(129)}),
            "MAX_LENGTH_EXCEEDED",
        ),
        (
            "DescribeOrganizationalUnit",
            json!({"OrganizationalUnitId": "ou-1"}),
            "INVALID_PATTERN",
        ),
        (
            "ListChildren",
            json!({"ParentId": root, "ChildType": "ROOT"}),
            "INVALID_ENUM",
        ),
        ("ListParents", json!({"ChildId": root}), "INVALID_PATTERN"),
    ] {
        world.no(operation, input, &format!("InvalidInput/{reason}"));
    }
    world.ou(&root, &"é".repeat(128));
}
