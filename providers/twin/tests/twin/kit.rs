//! A twin whose clock stands still, and short words for calling it.

use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
pub use serde_json::{Value, json};

use lz_twin::{AwsTime, Clock, ConnectionLost, FaultScript, ManualTime, Settings, Twin};

pub const MANAGEMENT: &str = "111122223333";
pub const ALLOW: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
pub const SCP: &str = "SERVICE_CONTROL_POLICY";
pub const RCP: &str = "RESOURCE_CONTROL_POLICY";
pub const DAY: u64 = 86_400;

/// An answer that says no.
#[derive(Debug, PartialEq)]
pub struct No {
    pub status: u16,
    pub code: String,
    pub reason: Option<String>,
    pub body: Value,
}

impl No {
    /// The code without `Exception`, and the Reason behind a slash.
    pub fn brief(&self) -> String {
        let code = self.code.strip_suffix("Exception").unwrap_or(&self.code);
        match &self.reason {
            Some(reason) => format!("{code}/{reason}"),
            None => code.to_owned(),
        }
    }
}

/// A twin and the hands of its clock.
pub struct World {
    pub twin: Twin,
    pub hands: ManualTime,
}

pub fn authorization(key: &str, region: &str, service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
    )
}

/// Sends a request; a clock that stands still never makes the twin wait.
pub fn send(twin: &Twin, request: Request<Bytes>) -> Result<Response<Bytes>, ConnectionLost> {
    match pin!(twin.handle(request)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("the twin waits"),
    }
}

pub fn json_request(key: &str, region: &str, target: &str, input: &Value) -> Request<Bytes> {
    Request::post("/")
        .header("x-amz-target", target)
        .header("authorization", authorization(key, region, "organizations"))
        .body(Bytes::from(input.to_string()))
        .unwrap()
}

pub fn read(response: &Response<Bytes>) -> Result<Value, No> {
    let body: Value = if response.body().is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(response.body()).unwrap()
    };
    let status = response.status().as_u16();
    if status == 200 {
        return Ok(body);
    }
    let header = response
        .headers()
        .get("x-amzn-errortype")
        .expect("an error names its type");
    let code = header.to_str().unwrap().to_owned();
    if let Some(named) = body.get("__type") {
        assert_eq!(named, code.as_str(), "header and body name one code");
    }
    let reason = body
        .get("Reason")
        .map(|reason| reason.as_str().unwrap().to_owned());
    Err(No {
        status,
        code,
        reason,
        body,
    })
}

impl World {
    /// One account, no organization, nothing throttled.
    pub fn alone() -> World {
        World::with(Settings::unthrottled())
    }

    pub fn with(settings: Settings) -> World {
        World::scripted(settings, FaultScript::none())
    }

    pub fn scripted(settings: Settings, faults: FaultScript) -> World {
        let clock = Clock::manual(AwsTime::EXAMPLE);
        let Clock::Manual(hands) = clock.clone() else {
            panic!("a manual clock is manual")
        };
        World {
            twin: Twin::new(settings, faults, clock),
            hands,
        }
    }

    /// An organization with all features.
    pub fn new() -> World {
        World::set(|_| ())
    }

    /// An organization with all features, and some settings changed.
    pub fn set(change: impl FnOnce(&mut Settings)) -> World {
        let mut settings = Settings::unthrottled();
        change(&mut settings);
        let world = World::with(settings);
        world.ok("CreateOrganization", json!({}));
        world
    }

    pub fn wait(&self, seconds: u64) {
        self.hands.advance(Duration::from_secs(seconds));
    }

    pub fn try_as(&self, who: &str, operation: &str, input: Value) -> Result<Value, No> {
        let target = format!("AWSOrganizationsV20161128.{operation}");
        read(&send(&self.twin, json_request(who, "us-east-1", &target, &input)).unwrap())
    }

    pub fn ok_as(&self, who: &str, operation: &str, input: Value) -> Value {
        let shown = input.to_string();
        match self.try_as(who, operation, input) {
            Ok(body) => body,
            Err(no) => panic!("{operation} {shown} was refused: {} {}", no.brief(), no.body),
        }
    }

    pub fn ok(&self, operation: &str, input: Value) -> Value {
        self.ok_as(MANAGEMENT, operation, input)
    }

    /// Asserts a refusal: its code without `Exception`, and its Reason behind a slash.
    pub fn no_as(&self, who: &str, operation: &str, input: Value, wanted: &str) {
        let shown = input.to_string();
        match self.try_as(who, operation, input) {
            Ok(body) => panic!("{operation} {shown} must be refused as {wanted}, but answers {body}"),
            Err(no) => {
                assert_eq!(no.brief(), wanted, "{operation} {shown}: {}", no.body);
                assert_eq!(no.status, 400, "{operation}");
                let message = no.body.get("Message").and_then(Value::as_str);
                assert!(
                    message.is_some_and(|text| !text.is_empty()),
                    "{operation}: {}",
                    no.body
                );
            }
        }
    }

    pub fn no(&self, operation: &str, input: Value, wanted: &str) {
        self.no_as(MANAGEMENT, operation, input, wanted);
    }

    pub fn root(&self) -> String {
        text(&self.ok("ListRoots", json!({})), "/Roots/0/Id")
    }

    pub fn ou(&self, parent: &str, name: &str) -> String {
        let made = self.ok(
            "CreateOrganizationalUnit",
            json!({"ParentId": parent, "Name": name}),
        );
        text(&made, "/OrganizationalUnit/Id")
    }

    /// Asks for an account and returns the request's id.
    pub fn ask_account(&self, name: &str) -> String {
        let input = json!({"Email": format!("{name}@example.com"), "AccountName": name});
        text(&self.ok("CreateAccount", input), "/CreateAccountStatus/Id")
    }

    /// Creates an account and waits for it.
    pub fn account(&self, name: &str) -> String {
        let id = self.ask_account(name);
        self.wait(60);
        let status = self.ok(
            "DescribeCreateAccountStatus",
            json!({"CreateAccountRequestId": id}),
        );
        text(&status, "/CreateAccountStatus/AccountId")
    }

    pub fn policy(&self, kind: &str, name: &str, content: &str) -> String {
        let input = json!({"Type": kind, "Name": name, "Description": "", "Content": content});
        text(&self.ok("CreatePolicy", input), "/Policy/PolicySummary/Id")
    }

    pub fn enable(&self, kind: &str) {
        self.ok(
            "EnablePolicyType",
            json!({"RootId": self.root(), "PolicyType": kind}),
        );
    }

    pub fn trust(&self, principal: &str) {
        self.ok("EnableAWSServiceAccess", json!({"ServicePrincipal": principal}));
    }

    pub fn delegate(&self, account: &str, principal: &str) {
        self.trust(principal);
        let input = json!({"AccountId": account, "ServicePrincipal": principal});
        self.ok("RegisterDelegatedAdministrator", input);
    }

    pub fn attached(&self, target: &str, kind: &str) -> Vec<String> {
        let answer = self.ok(
            "ListPoliciesForTarget",
            json!({"TargetId": target, "Filter": kind}),
        );
        ids(&answer, "/Policies")
    }

    /// Invites an account that stands alone, and accepts for it.
    pub fn invite(&self, account: &str) {
        let input = json!({"Target": {"Id": account, "Type": "ACCOUNT"}});
        let id = text(&self.ok("InviteAccountToOrganization", input), "/Handshake/Id");
        self.ok_as(account, "AcceptHandshake", json!({"HandshakeId": id}));
    }
}

/// The text at a JSON pointer.
pub fn text(value: &Value, at: &str) -> String {
    match value.pointer(at).and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => panic!("no text at {at} in {value}"),
    }
}

pub fn at<'a>(value: &'a Value, at: &str) -> &'a Value {
    value
        .pointer(at)
        .unwrap_or_else(|| panic!("nothing at {at} in {value}"))
}

/// The member `Id` of every item of a list.
pub fn ids(value: &Value, list: &str) -> Vec<String> {
    let items = at(value, list).as_array().unwrap();
    items.iter().map(|item| text(item, "/Id")).collect()
}

/// An id of that form which nothing has.
pub const NO_OU: &str = "ou-abcd-00000000";
pub const NO_ACCOUNT: &str = "999999999999";
pub const NO_POLICY: &str = "p-0000000000";
pub const NO_HANDSHAKE: &str = "h-00000000";
