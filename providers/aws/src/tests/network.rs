//! What needs a real socket, or shows where requests go.

use super::canned::{Answer, Canned, refuse};
use crate::classify::classify;
use crate::connect::connect;
use crate::operation::Operation;
use crate::{AwsProvider, Credentials, Options, Transport};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use lz_model::event::Silent;
use lz_model::id::Region;
use lz_provider::{Declared, Kind, Provider, Scope, ServiceScope, StackScope, Texts};
use serde_json::json;
use std::collections::BTreeSet;

fn keys() -> Credentials {
    Credentials::Static {
        access_key: "111122223333".to_owned(),
        secret_key: "secret".to_owned(),
    }
}

#[tokio::test]
async fn a_refused_connection_has_surely_done_nothing() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let clients = connect(&Options {
        endpoint_url: Some(format!("http://{address}")),
        credentials: keys(),
        ..Options::default()
    })
    .await;
    let error = clients
        .organizations
        .create_organization()
        .send()
        .await
        .unwrap_err();
    let failure = classify(Operation::CreateOrganization, error);
    assert_eq!(failure.error.kind, Kind::Unavailable, "{}", failure.error);
    let text = failure.error.to_string();
    assert!(
        text.contains("no connection") && text.contains("check the network"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn credentials_that_cannot_be_had_are_a_denial_with_a_remedy() {
    let aws = Canned::new(|_, _| refuse("AccessDenied"));
    let provider = AwsProvider::connect(&Options {
        role: Some(crate::Role {
            arn: "arn:aws:iam::111122223333:role/lz".to_owned(),
            session_name: None,
            external_id: None,
        }),
        ..Options::in_process(aws, &"111122223333".parse().unwrap())
    })
    .await;
    let error = provider
        .perform(&lz_provider::Call::CreateOrganization)
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Denied);
    assert_eq!(error.code, "no credentials");
    assert!(error.message.contains("role"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn each_partition_has_its_own_endpoints() {
    for (region, organizations, tagging, sts) in [
        (
            "ap-northeast-1",
            "organizations.us-east-1.amazonaws.com",
            "tagging.us-east-1.amazonaws.com",
            "sts.ap-northeast-1.amazonaws.com",
        ),
        (
            "cn-north-1",
            "organizations.cn-northwest-1.amazonaws.com.cn",
            "tagging.cn-northwest-1.amazonaws.com.cn",
            "sts.cn-north-1.amazonaws.com.cn",
        ),
        (
            "us-gov-east-1",
            "organizations.us-gov-west-1.amazonaws.com",
            "tagging.us-gov-west-1.amazonaws.com",
            "sts.us-gov-east-1.amazonaws.com",
        ),
    ] {
        let aws = Canned::new(|operation, _| match operation {
            "DescribeOrganization" => Answer::Ok(json!({"Organization": {
                "Id": "o-abcdefghij", "Arn": "arn:aws:organizations::111122223333:organization/o-abcdefghij",
                "FeatureSet": "CONSOLIDATED_BILLING", "MasterAccountId": "111122223333"}})),
            "ListRoots" => Answer::Ok(json!({"Roots": [{
                "Id": "r-ab12", "Arn": "arn:aws:organizations::111122223333:root/o-abcdefghij/r-ab12"}]})),
            _ => Answer::Ok(json!({})),
        });
        let provider = AwsProvider::connect(&Options {
            region: Some(region.parse::<Region>().unwrap()),
            credentials: keys(),
            transport: Transport::Given(SharedHttpClient::new(aws.clone())),
            ..Options::default()
        })
        .await;
        let scope = Scope {
            texts: Texts::All,
            policy_types: BTreeSet::new(),
            declared: Declared::default(),
            stacks: StackScope::default(),
            services: ServiceScope::default(),
            tower: None,
            identity: None,
            settings: Vec::new(),
        };
        provider.read(&scope, &Silent).await.unwrap();
        for (operation, host) in [
            ("DescribeOrganization", organizations),
            ("GetResources", tagging),
            ("GetCallerIdentity", sts),
        ] {
            let seen = aws
                .seen()
                .into_iter()
                .find(|seen| seen.operation == operation)
                .unwrap();
            assert_eq!(seen.host, host, "{operation} in {region}");
        }
    }
}
