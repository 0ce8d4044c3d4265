//! Manifests that do not fit their schema (aws-facts 4.2, R36).

use crate::kit::*;
use crate::tower::*;

fn refused(version: &str, manifest: fn(&Tower) -> Value, change: impl Fn(&mut Value), word: &str) {
    let tower = Tower::ready();
    let mut manifest = manifest(&tower);
    change(&mut manifest);
    let input = json!({"version": version, "manifest": manifest});
    tower.no("create-landingzone", input, INVALID, word);
}

fn remove(value: &mut Value, name: &str) {
    value.as_object_mut().unwrap().remove(name);
}

#[test]
fn a_manifest_of_3_names_logging_roles_and_structure() {
    for name in ["centralizedLogging", "securityRoles", "organizationStructure"] {
        refused("3.3", Tower::manifest_3, |manifest| remove(manifest, name), name);
    }
    refused(
        "3.1",
        Tower::manifest_3,
        |manifest| *manifest = Value::Null,
        "takes a manifest",
    );
}

#[test]
fn a_manifest_of_3_has_no_member_of_4_and_the_other_way_round() {
    let config = |manifest: &mut Value| manifest["config"] = json!({"enabled": true});
    refused("3.2", Tower::manifest_3, config, "`config`");
    let structure = |manifest: &mut Value| manifest["organizationStructure"] = json!({});
    refused("4.0", Tower::manifest, structure, "`organizationStructure`");
}

#[test]
fn no_key_is_unknown() {
    refused(
        "4.0",
        Tower::manifest,
        |manifest| manifest["regionDeny"] = json!(true),
        "`regionDeny`",
    );
    let inside = |manifest: &mut Value| manifest["securityRoles"]["name"] = json!("x");
    refused("4.0", Tower::manifest, inside, "`securityRoles.name`");
    let unit = |manifest: &mut Value| manifest["organizationStructure"]["prod"] = json!({"name": "x"});
    refused("3.3", Tower::manifest_3, unit, "`organizationStructure.prod`");
}

#[test]
fn unit_names_have_1_to_120_characters() {
    for name in [String::new(), "x".repeat(121)] {
        let change =
            |manifest: &mut Value| manifest["organizationStructure"]["security"]["name"] = json!(name);
        refused("3.3", Tower::manifest_3, change, "1 to 120");
    }
}

#[test]
fn every_part_of_4_says_whether_it_is_on_and_where() {
    for part in [
        "centralizedLogging",
        "config",
        "securityRoles",
        "accessManagement",
        "backup",
    ] {
        let change = |manifest: &mut Value| remove(&mut manifest[part], "enabled");
        refused(
            "4.0",
            Tower::manifest,
            change,
            &format!("`{part}.enabled` is required"),
        );
    }
    for part in ["centralizedLogging", "config", "securityRoles"] {
        let change = |manifest: &mut Value| remove(&mut manifest[part], "accountId");
        refused(
            "4.0",
            Tower::manifest,
            change,
            &format!("`{part}.accountId` is required"),
        );
    }
}

#[test]
fn backup_takes_its_configurations() {
    let on = |manifest: &mut Value| manifest["backup"] = json!({"enabled": true});
    refused("4.0", Tower::manifest, on, "`backup.configurations` is required");
    refused(
        "3.3",
        Tower::manifest_3,
        on,
        "`backup.configurations` is required",
    );
}

#[test]
fn values_have_their_types() {
    let account = |manifest: &mut Value| manifest["config"]["accountId"] = json!(123_456_789_012u64);
    refused("4.0", Tower::manifest, account, "12 digits");
    let enabled = |manifest: &mut Value| manifest["config"]["enabled"] = json!("yes");
    refused("4.0", Tower::manifest, enabled, "true or false");
    let regions = |manifest: &mut Value| manifest["governedRegions"] = json!("us-east-1");
    refused("4.0", Tower::manifest, regions, "must be a list");
    let days = |manifest: &mut Value| {
        manifest["centralizedLogging"]["configurations"]["loggingBucket"]["retentionDays"] = json!(0);
    };
    refused("3.3", Tower::manifest_3, days, "days");
}

#[test]
fn integrations_need_one_another() {
    let off = |part: &'static str| move |manifest: &mut Value| manifest[part] = json!({"enabled": false});
    refused(
        "4.0",
        Tower::manifest,
        off("config"),
        "`securityRoles` can't be enabled without `config`",
    );
    let access = |manifest: &mut Value| {
        manifest["securityRoles"] = json!({"enabled": false});
        manifest["accessManagement"] = json!({"enabled": true});
    };
    refused("4.0", Tower::manifest, access, "without `securityRoles`");
}

#[test]
fn a_landing_zone_of_4_0_needs_no_manifest() {
    let tower = Tower::ready();
    tower.ok("create-landingzone", json!({"version": "4.0"}));
    tower.world.wait(HOUR);
    assert_eq!(at(&tower.zone(), "/manifest"), &json!({}));
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.no(
        "enable-baseline",
        tower.enabling(&unit),
        INVALID,
        "Config integration",
    );
}

#[test]
fn remediation_is_of_a_known_type() {
    let tower = Tower::ready();
    let input = json!({"version": "4.0", "manifest": tower.manifest(), "remediationTypes": ["MAGIC"]});
    tower.no("create-landingzone", input, INVALID, "MAGIC");
}
