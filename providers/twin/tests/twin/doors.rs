//! The two doors: an SDK client in this process, and HTTP on a socket.

use std::io::{Read as _, Write as _};

use aws_sdk_organizations::Client;
use aws_sdk_organizations::config::{BehaviorVersion, Credentials, Region};
use lz_twin::connector::TwinHttpClient;
use lz_twin::{Fault, FaultScript, server};

use crate::kit::*;

fn client(door: TwinHttpClient) -> Client {
    let config = aws_sdk_organizations::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(MANAGEMENT, "secret", None, None, "test"))
        .retry_config(aws_sdk_organizations::config::retry::RetryConfig::disabled())
        .http_client(door)
        .build();
    Client::from_conf(config)
}

#[tokio::test(start_paused = true)]
async fn an_sdk_client_reads_answers_and_refusals() {
    let world = World::alone();
    let client = client(TwinHttpClient::new(world.twin.clone()));
    let refused = client.describe_organization().send().await.unwrap_err();
    assert!(
        refused
            .into_service_error()
            .is_aws_organizations_not_in_use_exception()
    );
    let made = client.create_organization().send().await.unwrap();
    let id = made.organization().and_then(|org| org.id()).unwrap().to_owned();
    assert!(id.starts_with("o-"), "{id}");
    let accounts = client.list_accounts().send().await.unwrap();
    assert_eq!(accounts.accounts().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_crashed_client_stays_dead_and_a_new_one_lives() {
    let world = World::new();
    world.twin.set_faults(FaultScript::at_call(1, Fault::CrashAfter));
    let dead = client(TwinHttpClient::new(world.twin.clone()));
    for _ in 0..2 {
        assert!(dead.list_roots().send().await.is_err());
    }
    world.twin.crashed().await;
    assert_eq!(
        world.twin.usage().calls["organizations:ListRoots"],
        1,
        "the dead do not call"
    );
    let alive = client(TwinHttpClient::new(world.twin.clone()));
    assert!(alive.list_roots().send().await.is_ok());
}

#[tokio::test]
async fn a_server_answers_over_http_until_it_is_told_to_stop() {
    let world = World::new();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(server::serve(world.twin.clone(), listener, async {
        let _ = stopped.await;
    }));
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let request = "POST / HTTP/1.1\r\nhost: twin\r\nconnection: close\r\ncontent-length: 2\r\n\
                       x-amz-target: AWSOrganizationsV20161128.ListRoots\r\n\r\n{}";
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(text(&body, "/Roots/0/Id"), world.root());
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}
