//! Effective policies through the public API.

use lz_model::policy_type::PolicyType;
use lz_policy::inherit::{Settings, effective};
use serde_json::json;

#[test]
fn a_backup_plan_is_merged_down_the_tree() {
    let read = |value: serde_json::Value| Settings::parse(PolicyType::Backup, &value.to_string()).unwrap();
    let root = read(json!({"plans": {"Daily": {
        "regions": {"@@append": ["us-east-1"], "@@operators_allowed_for_child_policies": ["@@append"]},
        "rules": {"R": {"schedule_expression": {"@@assign": "cron(0 5 ? * * *)"}}}}}}));
    let unit = read(json!({"plans": {"Daily": {"regions": {"@@append": ["eu-west-1"]}}}}));
    let account = read(json!({"plans": {"Daily": {"regions": {"@@remove": ["us-east-1"]},
        "rules": {"R": {"schedule_expression": {"@@assign": "cron(0 9 ? * * *)"}}}}}}));
    assert_eq!(
        effective([vec![&root], vec![&unit], vec![&account]]),
        json!({"plans": {"Daily": {"regions": ["us-east-1", "eu-west-1"],
            "rules": {"R": {"schedule_expression": "cron(0 9 ? * * *)"}}}}})
    );
}
