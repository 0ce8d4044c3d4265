//! Control Tower: what the spec says is what is wanted.

use crate::support::{codes, desired, load_files, rendered};
use lz_model::address::{Address, Name};
use lz_model::desired::{Desired, DesiredTower};
use lz_model::tower::OuBaseline;
use serde_json::json;

const ZONE: &str = r#"
landing_zone "test" {
  management_account = "111122223333"
  home_region        = "eu-west-1"
  regions            = ["eu-west-1", "us-east-1"]
}
ou "security" {}
ou "workloads" {
  ou "prod" {}
}
account "log" {
  email = "log@example.com"
  ou    = ou.security
}
account "audit" {
  email = "audit@example.com"
  ou    = ou.security
}
account "boss" {
  email = "root@example.com"
  id    = "111122223333"
}
"#;

const MIN: &str = "log_archive = account.log\naudit = account.audit\n";

fn block(version: &str, inside: &str) -> String {
    format!("control_tower {{\nversion = \"{version}\"\n{inside}\n}}\n")
}

fn spec(text: &str) -> Desired {
    desired(&[("zone.hcl", ZONE), ("main.hcl", text)])
}

fn wrong(text: &str) -> String {
    match load_files(&[("zone.hcl", ZONE), ("main.hcl", text)]) {
        Ok(loaded) => panic!("no error in {text}: {:?}", loaded.desired.tower),
        Err(errors) => format!("{}\n{}", codes(&errors).join(" "), rendered(&errors)),
    }
}

#[test]
fn a_spec_without_the_blocks_says_nothing_of_control_tower() {
    assert!(spec("").tower.is_empty());
}

#[test]
fn a_landing_zone_is_read_with_everything_in_it() {
    let text = block(
        "4.0",
        &format!(
            "{MIN}config = account.audit\ngoverned_regions = [\"eu-west-1\"]\nlog_retention_days = 365\n\
             access_log_retention_days = 3650\nkms_key = \"arn:aws:kms:eu-west-1:1:key/x\"\n\
             access_management = false\nauto_enroll = true\n\
             backup {{\n admin = account.log\n vault = account.audit\n kms_key = \"arn:aws:kms:eu-west-1:1:key/y\"\n}}"
        ),
    );
    let desired = spec(&text);
    let zone = desired.tower.zone.as_ref().unwrap();
    assert_eq!(zone.version.to_string(), "4.0");
    assert_eq!(zone.governed_regions.len(), 1);
    assert_eq!(zone.log_archive, Some(Name::new("log")));
    assert_eq!(
        (zone.log_retention_days, zone.access_log_retention_days),
        (Some(365), Some(3650))
    );
    assert_eq!(
        (zone.access_management, zone.auto_enroll),
        (Some(false), Some(true))
    );
    assert_eq!(zone.backup.as_ref().unwrap().vault, Name::new("audit"));
    assert!(desired.origins.contains_key(&Address::ControlTower));
}

#[test]
fn left_out_the_governed_regions_are_those_of_the_landing_zone() {
    let zone = spec(&block("3.3", MIN)).tower.zone.unwrap();
    assert_eq!(zone.governed_regions.len(), 2);
    assert_eq!(zone.auto_enroll, None, "what is left out is not managed");
}

fn tower(text: &str) -> DesiredTower {
    spec(text).tower
}

#[test]
fn baselines_and_controls_are_kept_by_ou() {
    let text = "baseline \"AWSControlTowerBaseline\" { targets = [ou.workloads, ou.workloads.prod] }\n\
         baseline \"BackupBaseline\" { targets = [ou.workloads] }\n\
         control \"AWS-GR_ENCRYPTED_VOLUMES\" { targets = [ou.workloads.prod] }\n\
         control \"arn:aws:controltower:eu-west-1::control/AWS-GR_ENCRYPTED_VOLUMES\" { targets = [ou.workloads] }\n\
         control \"CT.MULTISERVICE.PV.1\" {\n targets = [ou.workloads]\n parameters = { AllowedRegions = landing_zone.regions, Depth = 1 }\n}\n";
    let tower = tower(text);
    assert_eq!(tower.baselines[&OuBaseline::ControlTower].len(), 2);
    let volumes = "AWS-GR_ENCRYPTED_VOLUMES".parse().unwrap();
    assert_eq!(tower.controls[&volumes].len(), 2, "alias and ARN are one control");
    let deny = &tower.controls[&"CT.MULTISERVICE.PV.1".parse().unwrap()];
    let parameters = deny.values().next().unwrap().parameters.clone().unwrap();
    assert_eq!(parameters["AllowedRegions"], json!(["eu-west-1", "us-east-1"]));
    assert_eq!(parameters["Depth"], json!(1));
}

#[test]
fn yaml_says_the_same() {
    let yaml = "control_tower:\n  version: \"4.0\"\n  log_archive: ${account.log}\n  audit: ${account.audit}\n\
         control:\n  AWS-GR_ENCRYPTED_VOLUMES:\n    targets: [\"${ou.workloads}\"]\n";
    let hcl = format!(
        "{}control \"AWS-GR_ENCRYPTED_VOLUMES\" {{ targets = [ou.workloads] }}\n",
        block("4.0", MIN)
    );
    let from_yaml = desired(&[("zone.hcl", ZONE), ("main.lz.yaml", yaml)]);
    assert_eq!(from_yaml.tower, tower(&hcl));
}

#[test]
fn exclusive_takes_both_lists() {
    let desired = spec("organization { exclusive = [\"baselines\", \"controls\"] }\n");
    assert_eq!(desired.organization.unwrap().exclusive.len(), 2);
}

#[test]
fn what_aws_would_refuse_is_told_with_the_rule() {
    let both = "baseline \"AWSControlTowerBaseline\" { targets = [ou.workloads] }\nbaseline \"ConfigBaseline\" { targets = [ou.workloads] }\n";
    for (text, code, word) in [
        (block("5.0", MIN), "bad_value", "not a value of `version`"),
        (
            block("3.3", "audit = account.audit"),
            "missing_attribute",
            "has no `log_archive`",
        ),
        (
            block("4.0", "log_archive = account.log\naudit = account.log"),
            "control_tower",
            "one account",
        ),
        (block("4.0", "audit = account.boss"), "management_account", "R28"),
        (
            block("4.0", &format!("{MIN}security_ou = \"Security\"")),
            "control_tower",
            "no place in version 4.0",
        ),
        (
            block("3.3", &format!("{MIN}config = account.audit")),
            "control_tower",
            "no place in version 3.3",
        ),
        (
            block("4.0", &format!("{MIN}governed_regions = [\"us-east-1\"]")),
            "control_tower",
            "home Region",
        ),
        (
            block("4.0", &format!("{MIN}log_retention_days = 6000")),
            "control_tower",
            "1 to 5,475 days",
        ),
        (
            block("4.0", &format!("{MIN}kms_key = \"alias/x\"")),
            "control_tower",
            "ARN of a key",
        ),
        (block("4.0", MIN) + &block("4.0", MIN), "duplicate_block", "twice"),
        (both.to_owned(), "control_tower", "R29"),
        (
            "baseline \"AuditBaseline\" { targets = [ou.workloads] }\n".to_owned(),
            "control_tower",
            "belong to the landing zone",
        ),
        (
            "baseline \"AWSControlTowerBaselin\" { targets = [ou.workloads] }\n".to_owned(),
            "control_tower",
            "did you mean",
        ),
        (
            "baseline \"BackupBaseline\" { targets = [account.log] }\n".to_owned(),
            "wrong_reference",
            "an organizational unit",
        ),
        (
            "baseline \"BackupBaseline\" { targets = [ou.workloads, ou.workloads] }\n".to_owned(),
            "duplicate_target",
            "twice",
        ),
        (
            "control \"AWS-GR_CLOUDTRAIL_ENABLED\" { targets = [ou.workloads] }\n".to_owned(),
            "control",
            "mandatory",
        ),
        (
            "control \"AWS-GR_REGION_DENY\" { targets = [ou.workloads] }\n".to_owned(),
            "control",
            "CT.MULTISERVICE.PV.1",
        ),
        (
            "control \"encrypted\" { targets = [ou.workloads] }\n".to_owned(),
            "control",
            "form of no control",
        ),
        (
            "control \"SH.S3.4\" {\n targets = [ou.workloads]\n parameters = \"x\"\n}\n".to_owned(),
            "control",
            "is a map",
        ),
        (
            "control \"SH.S3.4\" {\n targets = [ou.workloads]\n parameters = { A = account.log.id }\n}\n"
                .to_owned(),
            "control",
            "known only after apply",
        ),
        (
            "control \"SH.S3.4\" {}\n".to_owned(),
            "missing_attribute",
            "targets",
        ),
    ] {
        let told = wrong(&text);
        let first = told.lines().next().unwrap_or_default().to_owned();
        assert!(first.split(' ').any(|found| found == code), "{text}\n{told}");
        // Messages are wrapped where they are shown.
        let flat = told
            .split_whitespace()
            .filter(|word| *word != "│")
            .collect::<Vec<_>>()
            .join(" ");
        assert!(flat.contains(word), "{text}: `{word}` is not in\n{told}");
    }
}

#[test]
fn control_tower_has_a_home_region() {
    let zone = ZONE.replace("  home_region        = \"eu-west-1\"\n", "");
    let text = "control \"SH.S3.4\" { targets = [ou.workloads] }\n";
    let Err(errors) = load_files(&[("zone.hcl", &zone), ("main.hcl", text)]) else {
        panic!("no error")
    };
    assert_eq!(codes(&errors), ["missing_attribute"]);
}
