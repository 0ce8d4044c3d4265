use aws_smithy_runtime_api::client::http::*;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_sdk_organizations as org;
#[derive(Debug, Clone)]
struct C(std::sync::Arc<[u8]>);
impl HttpConnector for C {
    fn call(&self, _r: HttpRequest) -> HttpConnectorFuture {
        let mut r = HttpResponse::new(200.try_into().unwrap(), SdkBody::from(self.0.to_vec()));
        r.headers_mut().insert("content-type", "application/x-amz-json-1.1");
        HttpConnectorFuture::ready(Ok(r))
    }
}
impl HttpClient for C {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/stat").unwrap();
    let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0
}
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let n = 20000;
    let accounts: Vec<String> = (0..20).map(|i| format!(r#"{{"Id":"1111222233{i:02}","Arn":"arn:aws:organizations::111122223333:account/o-abcdefghij/1111222233{i:02}","Email":"aws+team-{i}@example.com","Name":"Team {i} Prod","Status":"ACTIVE","State":"ACTIVE","JoinedMethod":"CREATED","JoinedTimestamp":1700000000.123,"Paths":["o-abcdefghij/r-ab12/ou-ab12-abcdefgh/ou-ab12-abcdefgi/1111222233{i:02}/"]}}"#)).collect();
    let small = r#"{"Targets":[{"TargetId":"ou-ab12-abcdefgh","Arn":"arn:aws:organizations::111122223333:ou/o-abcdefghij/ou-ab12-abcdefgh","Name":"Workloads","Type":"ORGANIZATIONAL_UNIT"}]}"#;
    let big = format!(r#"{{"Accounts":[{}],"NextToken":"x"}}"#, accounts.join(","));
    for (what, body) in [("20 accounts", big.as_str()), ("1 target", small)] {
        for mode in 0..2 {
            let mut b = org::Config::builder()
                .behavior_version(org::config::BehaviorVersion::latest())
                .region(org::config::Region::new("us-east-1"))
                .credentials_provider(org::config::Credentials::new("111122223333", "s", None, None, "t"))
                .http_client(C(body.as_bytes().into()))
                .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
                .retry_config(org::config::retry::RetryConfig::disabled())
                .timeout_config(org::config::timeout::TimeoutConfig::disabled())
                .stalled_stream_protection(org::config::StalledStreamProtectionConfig::disabled());
            if mode == 1 { b = b.endpoint_url("http://127.0.0.1:4000").identity_cache(org::config::IdentityCache::no_cache()); }
            let client = org::Client::from_conf(b.build());
            let t = cpu();
            for _ in 0..n {
                if what == "1 target" { client.list_targets_for_policy().policy_id("p-aaaaaaaa").max_results(20).send().await.unwrap(); }
                else { client.list_accounts().max_results(20).send().await.unwrap(); }
            }
            println!("{what} mode {mode}: {:.1} us", (cpu() - t) / n as f64 * 1e6);
        }
    }
}
