//! Account Management: names, contacts, Regions, primary e-mail.

use bytes::Bytes;
use http::Request;

use crate::kit::*;

fn ask(world: &World, who: &str, path: &str, input: &Value) -> Result<Value, No> {
    let request = Request::post(format!("/{path}"))
        .header("authorization", authorization(who, "us-east-1", "account"))
        .body(Bytes::from(input.to_string()))
        .unwrap();
    read(&send(&world.twin, request).unwrap())
}

fn ok(world: &World, path: &str, input: Value) -> Value {
    match ask(world, MANAGEMENT, path, &input) {
        Ok(body) => body,
        Err(no) => panic!("{path} {input} was refused: {}", no.body),
    }
}

fn no(world: &World, path: &str, input: Value, wanted: (u16, &str)) {
    let no = ask(world, MANAGEMENT, path, &input).expect_err(path);
    assert_eq!(
        (no.status, no.brief().as_str()),
        wanted,
        "{path} {input}: {}",
        no.body
    );
    assert!(no.body.get("message").is_some(), "{}", no.body);
}

const INVALID: (u16, &str) = (400, "Validation");
const DENIED: (u16, &str) = (403, "AccessDenied");
const MISSING: (u16, &str) = (404, "ResourceNotFound");
const CONFLICT: (u16, &str) = (409, "Conflict");

/// An organization that manages its accounts, and a member.
fn managed() -> (World, String) {
    let world = World::new();
    world.trust("account.amazonaws.com");
    let account = world.account("a");
    (world, account)
}

#[test]
fn a_name_changes_where_organizations_shows_it() {
    let (world, account) = managed();
    ok(
        &world,
        "putAccountName",
        json!({"AccountId": account, "AccountName": "Audit 2"}),
    );
    let shown = world.ok("DescribeAccount", json!({"AccountId": account}));
    assert_eq!(text(&shown, "/Account/Name"), "Audit 2");
    let told = ok(&world, "getAccountInformation", json!({"AccountId": account}));
    assert_eq!(text(&told, "/AccountName"), "Audit 2");
    assert_eq!(text(&told, "/AccountState"), "ACTIVE");
    for name in ["", "<b>", "ä", &"a".repeat(51)] {
        no(&world, "putAccountName", json!({"AccountName": name}), INVALID);
    }
}

#[test]
fn other_accounts_take_trusted_access_and_the_right_caller() {
    let world = World::new();
    let account = world.account("a");
    let name = json!({"AccountId": account, "AccountName": "x"});
    no(&world, "putAccountName", name.clone(), DENIED);
    world.trust("account.amazonaws.com");
    ok(&world, "putAccountName", name.clone());
    no(
        &world,
        "putAccountName",
        json!({"AccountId": MANAGEMENT, "AccountName": "x"}),
        DENIED,
    );
    no(
        &world,
        "putAccountName",
        json!({"AccountId": NO_ACCOUNT, "AccountName": "x"}),
        DENIED,
    );
    no(
        &world,
        "putAccountName",
        json!({"AccountId": "1", "AccountName": "x"}),
        INVALID,
    );
    let other = world.account("b");
    let refused = ask(&world, &other, "putAccountName", &name).unwrap_err();
    assert_eq!(refused.brief(), "AccessDenied");
    world.delegate(&other, "account.amazonaws.com");
    assert_eq!(ask(&world, &other, "putAccountName", &name), Ok(Value::Null));
    assert_eq!(
        ask(&world, &other, "putAccountName", &json!({"AccountName": "own"})),
        Ok(Value::Null)
    );
}

#[test]
fn alternate_contacts_are_put_read_and_deleted() {
    let (world, account) = managed();
    let which = json!({"AccountId": account, "AlternateContactType": "SECURITY"});
    no(&world, "getAlternateContact", which.clone(), MISSING);
    let mut contact = json!({
        "AlternateContactType": "SECURITY", "Name": "S", "Title": "T",
        "EmailAddress": "s@example.com", "PhoneNumber": "+49 (30) 1-2",
    });
    contact["AccountId"] = json!(account);
    ok(&world, "putAlternateContact", contact.clone());
    let shown = ok(&world, "getAlternateContact", which.clone());
    assert_eq!(text(&shown, "/AlternateContact/EmailAddress"), "s@example.com");
    ok(&world, "deleteAlternateContact", which.clone());
    no(&world, "deleteAlternateContact", which, MISSING);
    for (member, value) in [
        ("AlternateContactType", "LEGAL"),
        ("EmailAddress", "nobody"),
        ("PhoneNumber", "call me"),
        ("Name", ""),
        ("Title", &"t".repeat(51)),
    ] {
        let mut odd = contact.clone();
        odd[member] = json!(value);
        no(&world, "putAlternateContact", odd, INVALID);
    }
}

#[test]
fn the_primary_contact_is_replaced_as_a_whole() {
    let (world, account) = managed();
    no(
        &world,
        "getContactInformation",
        json!({"AccountId": account}),
        MISSING,
    );
    let information = json!({
        "FullName": "A", "AddressLine1": "B 1", "City": "C", "PostalCode": "1", "CountryCode": "DE",
        "PhoneNumber": "+49 1", "CompanyName": "D",
    });
    ok(
        &world,
        "putContactInformation",
        json!({"AccountId": account, "ContactInformation": information}),
    );
    let shown = ok(&world, "getContactInformation", json!({"AccountId": account}));
    assert_eq!(at(&shown, "/ContactInformation"), &information);
    for (member, value) in [("CountryCode", "D"), ("PhoneNumber", "49"), ("City", "")] {
        let mut odd = information.clone();
        odd[member] = json!(value);
        no(
            &world,
            "putContactInformation",
            json!({"ContactInformation": odd}),
            INVALID,
        );
    }
}

#[test]
fn a_region_is_switched_in_its_time() {
    let (world, account) = managed();
    let region = json!({"AccountId": account, "RegionName": "eu-south-2"});
    let status = || {
        text(
            &ok(&world, "getRegionOptStatus", region.clone()),
            "/RegionOptStatus",
        )
    };
    assert_eq!(status(), "DISABLED");
    ok(&world, "enableRegion", region.clone());
    assert_eq!(status(), "ENABLING");
    no(&world, "disableRegion", region.clone(), CONFLICT);
    world.wait(600);
    assert_eq!(status(), "ENABLED");
    ok(&world, "disableRegion", region.clone());
    assert_eq!(status(), "DISABLING");
    world.wait(600);
    assert_eq!(status(), "DISABLED");
    no(
        &world,
        "disableRegion",
        json!({"RegionName": "us-east-1"}),
        INVALID,
    );
    no(
        &world,
        "enableRegion",
        json!({"RegionName": "mars-north-1"}),
        INVALID,
    );
}

#[test]
fn six_regions_of_an_account_are_switched_at_once() {
    let (world, account) = managed();
    let listed = ok(
        &world,
        "listRegions",
        json!({"AccountId": account, "RegionOptStatusContains": ["DISABLED"]}),
    );
    let regions = at(&listed, "/Regions").as_array().unwrap();
    for region in &regions[..6] {
        ok(
            &world,
            "enableRegion",
            json!({"AccountId": account, "RegionName": region["RegionName"]}),
        );
    }
    let seventh = json!({"AccountId": account, "RegionName": regions[6]["RegionName"]});
    no(&world, "enableRegion", seventh, (429, "TooManyRequests"));
}

#[test]
fn regions_are_listed_in_pages() {
    let (world, account) = managed();
    let first = ok(
        &world,
        "listRegions",
        json!({"AccountId": account, "MaxResults": 30}),
    );
    assert_eq!(at(&first, "/Regions").as_array().unwrap().len(), 30);
    let rest = json!({"AccountId": account, "MaxResults": 30, "NextToken": first["NextToken"]});
    assert!(ok(&world, "listRegions", rest).get("NextToken").is_none());
    for odd in [
        json!({"MaxResults": 51}),
        json!({"NextToken": "x"}),
        json!({"RegionOptStatusContains": ["ON"]}),
    ] {
        no(&world, "listRegions", odd, INVALID);
    }
}

#[test]
fn a_primary_address_changes_with_its_code() {
    let (world, account) = managed();
    let with = |address: &str| json!({"AccountId": account, "PrimaryEmail": address});
    no(&world, "startPrimaryEmailUpdate", with("nobody"), INVALID);
    let management = text(
        &world.ok("DescribeOrganization", json!({})),
        "/Organization/MasterAccountEmail",
    );
    no(&world, "startPrimaryEmailUpdate", with(&management), CONFLICT);
    let mut accept = with("new@example.com");
    accept["Otp"] = json!("123456");
    no(&world, "acceptPrimaryEmailUpdate", accept.clone(), MISSING);
    let started = ok(&world, "startPrimaryEmailUpdate", with("new@example.com"));
    assert_eq!(started, json!({"Status": "PENDING"}));
    let mut wrong = accept.clone();
    wrong["Otp"] = json!("654321");
    no(&world, "acceptPrimaryEmailUpdate", wrong, INVALID);
    assert_eq!(
        ok(&world, "acceptPrimaryEmailUpdate", accept),
        json!({"Status": "ACCEPTED"})
    );
    let shown = ok(&world, "getPrimaryEmail", json!({"AccountId": account}));
    assert_eq!(shown, json!({"PrimaryEmail": "new@example.com"}));
    no(&world, "getPrimaryEmail", json!({}), INVALID);
    world.account("a");
}

#[test]
fn an_unknown_path_is_refused_by_name() {
    let world = World::alone();
    let refused = ask(&world, MANAGEMENT, "deleteAccount", &json!({})).unwrap_err();
    assert_eq!(refused.code, "UnknownOperationException");
    assert!(text(&refused.body, "/message").contains("deleteAccount"));
}

#[test]
fn calls_beyond_the_bucket_are_refused() {
    let world = World::with(lz_twin::Settings::default());
    ok(&world, "putAccountName", json!({"AccountName": "a"}));
    no(
        &world,
        "putAccountName",
        json!({"AccountName": "b"}),
        (429, "TooManyRequests"),
    );
    world.wait(1);
    ok(&world, "putAccountName", json!({"AccountName": "b"}));
}
