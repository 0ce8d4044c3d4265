//! Control Tower against exchanges in memory.

use super::canned::{Answer, Canned};
use lz_model::live::{BaselineTarget, Enablement, LandingZoneStatus};
use lz_model::plan::TowerKind;
use lz_model::tower::OuBaseline;
use lz_provider::{Call, ControlTower, Kind, Provider, TowerCall, TowerProgress, TowerRequest, TowerScope};
use serde_json::{Value, json};

const BASELINE: &str = "arn:aws:controltower:eu-west-1::baseline/17BSJV3IGJ2QSGA2";
const OU: &str = "arn:aws:organizations::111122223333:ou/o-abcdefghij/ou-ab12-11111111";

fn scope() -> TowerScope {
    TowerScope::plain("eu-west-1".parse().unwrap())
}

fn answer(operation: &str, input: &Value) -> Value {
    match operation {
        "list-landingzones" => json!({"landingZones": [{"arn": "arn:zone"}]}),
        "get-landingzone" => json!({"landingZone": {"arn": "arn:zone", "version": "3.3",
            "latestAvailableVersion": "4.0", "status": "PROCESSING", "driftStatus": {"status": "DRIFTED"},
            "remediationTypes": ["INHERITANCE_DRIFT"], "manifest": {"governedRegions": ["eu-west-1"]}}}),
        "list-baselines" => json!({"baselines": [{"arn": BASELINE, "name": "AWSControlTowerBaseline"}]}),
        "list-enabled-baselines" => match input.get("nextToken").and_then(Value::as_str) {
            None => json!({"enabledBaselines": [{"arn": "arn:b1", "baselineIdentifier": BASELINE,
                "baselineVersion": "4.0", "targetIdentifier": OU, "statusSummary": {"status": "UNDER_CHANGE",
                "lastOperationIdentifier": "op-1"},
                "driftStatusSummary": {"types": {"inheritance": {"status": "DRIFTED"}}}}], "nextToken": "2"}),
            Some(_) => json!({"enabledBaselines": [{"arn": "arn:b2", "baselineIdentifier": BASELINE,
                "targetIdentifier": "arn:aws:organizations::111122223333:account/o-abcdefghij/222233334444",
                "parentIdentifier": "arn:b1", "statusSummary": {"status": "SUCCEEDED"}}]}),
        },
        "list-enabled-controls" => json!({"enabledControls": [
            {"arn": "arn:c1", "controlIdentifier": "arn:aws:controltower:eu-west-1::control/SH.S3.4",
             "targetIdentifier": OU, "statusSummary": {"status": "FAILED"},
             "driftStatusSummary": {"driftStatus": "DRIFTED"}},
            {"arn": "arn:c2", "controlIdentifier": "arn:aws:controltower:eu-west-1::control/of no form",
             "targetIdentifier": OU, "statusSummary": {"status": "SUCCEEDED"}}]}),
        "get-enabled-control" => json!({"enabledControlDetails": {"parameters":
            [{"key": "AllowedRegions", "value": ["eu-west-1"]}]}}),
        other => panic!("nobody knows {other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn control_tower_is_read_in_few_calls() {
    let aws = Canned::new(|operation, input| Answer::Ok(answer(operation, input)));
    let tower = aws.provider().await.control_tower(&scope()).await.unwrap();
    let zone = tower.landing_zone.unwrap();
    assert_eq!(
        (
            zone.version.to_string(),
            zone.latest.unwrap().to_string(),
            zone.status
        ),
        ("3.3".to_owned(), "4.0".to_owned(), LandingZoneStatus::Processing)
    );
    assert!(zone.drifted && zone.enrols_moved);
    let [account, ou] = [&tower.baselines[1], &tower.baselines[0]];
    assert_eq!(
        (ou.baseline, ou.status, ou.drifted),
        (Some(OuBaseline::ControlTower), Enablement::UnderChange, true)
    );
    assert_eq!(ou.operation.as_deref(), Some("op-1"));
    assert!(matches!(&account.target, BaselineTarget::Account(id) if id.as_str() == "222233334444"));
    let [control] = tower.controls.as_slice() else {
        panic!(
            "a control with a name of another form is none that a spec can name: {:?}",
            tower.controls
        )
    };
    assert_eq!(
        (control.status, control.drifted, &control.parameters),
        (Enablement::Failed, true, &None)
    );
    assert_eq!(
        aws.seen().len(),
        6,
        "four lists, one of them on two pages, and the landing zone"
    );
    assert_eq!(aws.seen()[0].host, "controltower.eu-west-1.amazonaws.com");
}

#[tokio::test(start_paused = true)]
async fn parameters_are_asked_for_where_they_are_wanted() {
    let aws = Canned::new(|operation, input| Answer::Ok(answer(operation, input)));
    let mut scope = scope();
    scope.parameters.insert("SH.S3.4".parse().unwrap());
    let tower = aws.provider().await.control_tower(&scope).await.unwrap();
    let parameters = tower.controls[0].parameters.clone().unwrap();
    assert_eq!(parameters["AllowedRegions"], json!(["eu-west-1"]));
}

#[tokio::test(start_paused = true)]
async fn without_a_landing_zone_one_call_is_enough() {
    let aws = Canned::new(|_, _| Answer::Ok(json!({"landingZones": []})));
    let tower = aws.provider().await.control_tower(&scope()).await.unwrap();
    assert_eq!(tower.landing_zone, None);
    assert_eq!(aws.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_comes_twice_is_no_list() {
    let aws = Canned::new(|_, _| Answer::Ok(json!({"landingZones": [], "nextToken": "1"})));
    let error = aws.provider().await.control_tower(&scope()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Bug);
}

fn call(request: TowerRequest) -> Call {
    Call::Tower(Box::new(TowerCall {
        region: "eu-west-1".parse().unwrap(),
        request,
    }))
}

#[tokio::test(start_paused = true)]
async fn a_landing_zone_is_created_with_its_manifest_and_says_its_operation() {
    let aws = Canned::new(|_, _| Answer::Ok(json!({"arn": "arn:zone", "operationIdentifier": "op-1"})));
    let request = TowerRequest::CreateZone {
        version: "4.0".parse().unwrap(),
        manifest: r#"{"backup":{"enabled":false}}"#.to_owned(),
        enrols_moved: true,
    };
    let made = aws
        .provider()
        .await
        .perform(&call(request))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (made.id.as_str(), made.arn.as_deref()),
        ("op-1", Some("arn:zone"))
    );
    assert_eq!(
        aws.seen()[0].input,
        json!({"version": "4.0", "manifest": {"backup": {"enabled": false}},
               "remediationTypes": ["INHERITANCE_DRIFT"]})
    );
}

#[tokio::test(start_paused = true)]
async fn a_conflict_and_a_quota_are_told_and_not_tried_again() {
    for (status, code, kind) in [
        (409, "ConflictException", Kind::Conflict),
        (402, "ServiceQuotaExceededException", Kind::LimitReached),
        (404, "ResourceNotFoundException", Kind::NotFound),
        (400, "ValidationException", Kind::Invalid),
        (500, "InternalServerException", Kind::OutcomeUnknown),
    ] {
        let aws = Canned::new(move |_, _| Answer::Refuse(status, code, ""));
        let request = TowerRequest::ResetZone {
            landing_zone: "arn:zone".to_owned(),
        };
        let error = aws.provider().await.perform(&call(request)).await.unwrap_err();
        assert_eq!((error.kind, aws.seen().len()), (kind, 1), "{code}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_failed_has_its_reason() {
    let aws = Canned::new(|_, _| {
        Answer::Ok(json!({"controlOperation": {"status": "FAILED", "statusMessage": "no room"}}))
    });
    let region = "eu-west-1".parse().unwrap();
    let progress = aws
        .provider()
        .await
        .tower_operation(&region, TowerKind::Control, "op-1")
        .await;
    assert_eq!(progress.unwrap(), TowerProgress::Failed("no room".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn an_update_names_identity_center_or_clears_its_name() {
    const CENTER: &str = "arn:aws:controltower:eu-west-1::baseline/LN25R72TTG6IGPTQ";
    let aws = Canned::new(|operation, _| {
        Answer::Ok(match operation {
            "list-baselines" => json!({"baselines": [{"arn": CENTER, "name": "IdentityCenterBaseline"}]}),
            "list-enabled-baselines" => json!({"enabledBaselines": [{"arn": "arn:center"}]}),
            _ => json!({"operationIdentifier": "op-1"}),
        })
    });
    let named = json!([{"key": "IdentityCenterEnabledBaselineArn", "value": "arn:center"}]);
    for (identity_center, parameters) in [(false, json!([])), (true, named)] {
        let request = TowerRequest::UpdateBaseline {
            enabled: "arn:b1".to_owned(),
            before: "5.0".to_owned(),
            version: "5.0".to_owned(),
            identity_center,
        };
        aws.provider().await.perform(&call(request)).await.unwrap();
        assert_eq!(aws.seen().last().unwrap().input["parameters"], parameters);
    }
}
