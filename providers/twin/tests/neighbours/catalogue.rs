//! Control Catalog: which controls there are, and which ARN belongs to which alias.

use crate::kit::*;
use crate::tower::*;

const VOLUMES: &str = "AWS-GR_ENCRYPTED_VOLUMES";

fn ask(world: &World, path: &str, input: &Value) -> Result<Value, No> {
    rest(world, (MANAGEMENT, HOME, "controlcatalog"), ("POST", path), input)
}

fn get(world: &World, arn: &str) -> Result<Value, No> {
    ask(world, "/get-control", &json!({"ControlArn": arn}))
}

/// Every row of the list, and how many pages it took.
fn all(world: &World, size: usize, filter: &Value) -> (Vec<Value>, usize) {
    let (mut rows, mut pages, mut next) = (Vec::new(), 0, String::new());
    loop {
        let path = format!("/list-controls?maxResults={size}{next}");
        let page = ask(world, &path, filter).unwrap();
        rows.extend(at(&page, "/Controls").as_array().unwrap().clone());
        pages += 1;
        match page.get("NextToken") {
            Some(token) => next = format!("&nextToken={}", token.as_str().unwrap()),
            None => return (rows, pages),
        }
    }
}

#[test]
fn the_list_comes_in_pages_of_a_hundred() {
    let world = World::set(|_| ());
    let (rows, pages) = all(&world, 100, &json!({}));
    assert!(rows.len() > 300);
    assert_eq!(pages, rows.len().div_ceil(100));
    let arns: std::collections::BTreeSet<String> = rows.iter().map(|row| text(row, "/Arn")).collect();
    assert_eq!(arns.len(), rows.len());
    let volumes = rows
        .iter()
        .find(|row| row["Aliases"] == json!([VOLUMES]))
        .unwrap();
    assert_eq!(text(volumes, "/Behavior"), "DETECTIVE");
    for size in [0, 101] {
        let no = ask(&world, &format!("/list-controls?maxResults={size}"), &json!({})).unwrap_err();
        assert_eq!((no.status, no.brief().as_str()), INVALID);
        assert!(text(&no.body, "/Message").contains("maxResults"), "{}", no.body);
    }
}

#[test]
fn the_list_is_filtered_by_what_implements_a_control() {
    let world = World::set(|_| ());
    let filter = |implementations: Value| json!({"Filter": {"Implementations": implementations}});
    let (rows, _) = all(&world, 100, &filter(json!({"Identifiers": ["S3.4"]})));
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["Aliases"], json!(["SH.S3.4"]));
    let (hooks, _) = all(
        &world,
        100,
        &filter(json!({"Types": ["AWS::CloudFormation::Type::HOOK"]})),
    );
    assert!(!hooks.is_empty() && hooks.iter().all(|row| row["Behavior"] == "PROACTIVE"));
    let no = ask(&world, "/list-controls", &filter(json!({"Types": ["a", "b"]}))).unwrap_err();
    assert_eq!((no.status, no.brief().as_str()), INVALID);
}

#[test]
fn a_control_is_found_by_each_form_of_its_arn() {
    let tower = Tower::ready();
    let global = tower.global_arn("CT.S3.PR.1");
    let regional = lz_twin::regional_control_arn("CT.S3.PR.1", "eu-west-1").unwrap();
    for arn in [&global, &regional] {
        let shown = get(&tower.world, arn).unwrap();
        assert_eq!(text(&shown, "/Arn"), global);
        assert_eq!(shown["Aliases"], json!(["CT.S3.PR.1"]));
        assert_eq!(text(&shown, "/Behavior"), "PROACTIVE");
        assert_eq!(text(&shown, "/RegionConfiguration/Scope"), "REGIONAL");
    }
    let legacy = get(&tower.world, &Tower::control_arn(VOLUMES)).unwrap();
    assert_eq!(text(&legacy, "/Arn"), tower.global_arn(VOLUMES));
}

#[test]
fn what_is_no_control_is_not_found_and_what_is_no_arn_is_invalid() {
    let world = World::set(|settings| {
        settings.control_tower.missing_controls.insert(VOLUMES.to_owned());
        settings
            .control_tower
            .more_controls
            .insert("CT.NEW.PV.1".to_owned());
    });
    let (rows, _) = all(&world, 100, &json!({}));
    let has = |alias: &str| rows.iter().any(|row| row["Aliases"] == json!([alias]));
    assert!(has("CT.NEW.PV.1") && !has(VOLUMES) && !has("AWS-GR_REGION_DENY"));
    for (arn, wanted) in [
        (Tower::control_arn(VOLUMES), MISSING),
        (Tower::control_arn("AWS-GR_REGION_DENY"), MISSING),
        (
            "arn:aws:controlcatalog:::control/000000000000000000000000".to_owned(),
            MISSING,
        ),
        (Tower::control_arn("CT.S3.PR.1"), INVALID),
        ("CT.S3.PR.1".to_owned(), INVALID),
        (String::new(), INVALID),
    ] {
        let no = get(&world, &arn).unwrap_err();
        assert_eq!((no.status, no.brief().as_str()), wanted, "{arn}");
    }
}

#[test]
fn everybody_may_read_the_catalogue() {
    let world = World::set(|_| ());
    let place = ("999988887777", "eu-west-1", "controlcatalog");
    let page = rest(&world, place, ("POST", "/list-controls"), &json!({})).unwrap();
    assert_eq!(at(&page, "/Controls").as_array().unwrap().len(), 100);
}
