//! CloseAccount: its states, its limits.

use crate::kit::*;

fn state(world: &World, account: &str) -> (String, String) {
    let shown = world.ok("DescribeAccount", json!({"AccountId": account}));
    (text(&shown, "/Account/State"), text(&shown, "/Account/Status"))
}

fn pair(state: &str, status: &str) -> (String, String) {
    (state.to_owned(), status.to_owned())
}

#[test]
fn an_account_closes_in_stages_and_stays_listed_for_ninety_days() {
    let world = World::new();
    let account = world.account("a");
    let close = json!({"AccountId": account});
    world.ok("CloseAccount", close.clone());
    assert_eq!(
        state(&world, &account),
        pair("PENDING_CLOSURE", "PENDING_CLOSURE")
    );
    world.no("CloseAccount", close.clone(), "Conflict");
    world.wait(60);
    assert_eq!(state(&world, &account), pair("CLOSED", "SUSPENDED"));
    world.no("CloseAccount", close, "AccountAlreadyClosed");
    world.wait(90 * DAY - 1);
    assert_eq!(state(&world, &account), pair("CLOSED", "SUSPENDED"));
    world.wait(1);
    world.no(
        "DescribeAccount",
        json!({"AccountId": account}),
        "AccountNotFound",
    );
    world.account("a");
}

#[test]
fn the_management_account_is_not_closed() {
    let reason = "ConstraintViolation/CANNOT_CLOSE_MANAGEMENT_ACCOUNT";
    World::new().no("CloseAccount", json!({"AccountId": MANAGEMENT}), reason);
}

#[test]
fn three_accounts_close_at_once() {
    let world = World::new();
    let accounts: Vec<_> = (0..4).map(|n| world.account(&format!("a{n}"))).collect();
    for account in &accounts[..3] {
        world.ok("CloseAccount", json!({"AccountId": account}));
    }
    let fourth = json!({"AccountId": accounts[3]});
    world.no(
        "CloseAccount",
        fourth.clone(),
        "ConstraintViolation/CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED",
    );
    world.wait(60);
    world.ok("CloseAccount", fourth);
}

#[test]
fn closures_in_thirty_days_have_a_quota() {
    let world = World::set(|settings| settings.closures_floor = 1);
    let (a, b) = (world.account("a"), world.account("b"));
    world.ok("CloseAccount", json!({"AccountId": a}));
    world.wait(60);
    let second = json!({"AccountId": b});
    world.no(
        "CloseAccount",
        second.clone(),
        "ConstraintViolation/CLOSE_ACCOUNT_QUOTA_EXCEEDED",
    );
    world.wait(30 * DAY);
    world.ok("CloseAccount", second);
}

#[test]
fn the_quota_is_a_share_of_the_members_up_to_a_cap() {
    for (cap, allowed) in [(1000, 2), (1, 1)] {
        let world = World::set(|settings| {
            settings.closures_floor = 0;
            settings.closures_cap = cap;
        });
        let accounts: Vec<_> = (0..10).map(|n| world.account(&format!("a{n}"))).collect();
        for account in &accounts[..allowed] {
            world.ok("CloseAccount", json!({"AccountId": account}));
            world.wait(60);
        }
        let over = json!({"AccountId": accounts[allowed]});
        world.no(
            "CloseAccount",
            over,
            "ConstraintViolation/CLOSE_ACCOUNT_QUOTA_EXCEEDED",
        );
    }
}

#[test]
fn a_closed_account_keeps_its_ou_unless_the_settings_say_otherwise() {
    for blocks in [true, false] {
        let world = World::set(|settings| settings.closed_account_blocks_unit = blocks);
        let root = world.root();
        let (ou, account) = (world.ou(&root, "a"), world.account("a"));
        let into = json!({"AccountId": account, "SourceParentId": root, "DestinationParentId": ou});
        world.ok("MoveAccount", into);
        world.ok("CloseAccount", json!({"AccountId": account}));
        world.wait(60);
        let delete = json!({"OrganizationalUnitId": ou});
        if blocks {
            world.no("DeleteOrganizationalUnit", delete, "OrganizationalUnitNotEmpty");
        } else {
            world.ok("DeleteOrganizationalUnit", delete);
            assert_eq!(
                ids(&world.ok("ListParents", json!({"ChildId": account})), "/Parents"),
                [root]
            );
        }
    }
}

#[test]
fn whether_a_closed_account_moves_is_a_setting() {
    for moves in [true, false] {
        let world = World::set(|settings| settings.closed_account_moves = moves);
        let root = world.root();
        let (ou, account) = (world.ou(&root, "a"), world.account("a"));
        world.ok("CloseAccount", json!({"AccountId": account}));
        world.wait(60);
        let into = json!({"AccountId": account, "SourceParentId": root, "DestinationParentId": ou});
        match moves {
            true => assert_eq!(world.ok("MoveAccount", into), Value::Null),
            false => world.no("MoveAccount", into, "AccountNotFound"),
        }
    }
}

#[test]
fn whether_a_delegated_administrator_closes_is_a_setting() {
    for refuses in [true, false] {
        let world = World::set(|settings| settings.close_refuses_delegated_administrator = refuses);
        let account = world.account("a");
        world.delegate(&account, "sso.amazonaws.com");
        let close = json!({"AccountId": account});
        match refuses {
            true => world.no("CloseAccount", close, "Conflict"),
            false => assert_eq!(world.ok("CloseAccount", close), Value::Null),
        }
    }
}

#[test]
fn an_account_that_is_gone_leaves_nothing_in_the_tagging_index() {
    let world = World::new();
    let account = world.account("a");
    world.ok(
        "TagResource",
        json!({"ResourceId": account, "Tags": [{"Key": "a", "Value": "b"}]}),
    );
    world.ok("CloseAccount", json!({"AccountId": account}));
    world.wait(60 + 90 * DAY);
    assert_eq!(crate::tagging::arns(&world, json!({})), Vec::<String>::new());
}
