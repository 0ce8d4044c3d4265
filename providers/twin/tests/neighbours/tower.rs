//! An organization with Control Tower, and short words for calling it.

use bytes::Bytes;
use http::Request;

use lz_twin::{RoleCheck, Settings};

use crate::kit::*;

pub const HOME: &str = "us-east-1";
pub const HOUR: u64 = 3600;

/// Calls a REST JSON service; the input is the body.
pub fn rest(
    world: &World,
    (who, region, service): (&str, &str, &str),
    (method, path): (&str, &str),
    input: &Value,
) -> Result<Value, No> {
    let body = if input.is_null() {
        Bytes::new()
    } else {
        Bytes::from(input.to_string())
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", authorization(who, region, service))
        .body(body)
        .unwrap();
    read(&send(&world.twin, request).unwrap())
}

/// Control Tower in an organization.
pub struct Tower {
    pub world: World,
    pub root: String,
    pub log: String,
    pub audit: String,
}

impl Tower {
    /// An organization with log archive and audit accounts in an OU below the root, and no landing zone yet.
    pub fn ready() -> Tower {
        Tower::set(|_| ())
    }

    pub fn set(change: impl FnOnce(&mut Settings)) -> Tower {
        let world = World::set(|settings| {
            settings.control_tower.roles = RoleCheck::Assumed;
            change(settings);
        });
        let (root, log, audit) = (world.root(), world.account("log"), world.account("audit"));
        let shared = world.ou(&root, "Shared");
        for account in [&log, &audit] {
            relocate(&world, account, &root, &shared);
        }
        Tower {
            world,
            root,
            log,
            audit,
        }
    }

    /// With a landing zone of 4.0 in which everything is on but backup.
    pub fn running() -> Tower {
        Tower::running_with(|_| ())
    }

    pub fn running_with(change: impl FnOnce(&mut Settings)) -> Tower {
        let tower = Tower::set(change);
        tower.set_up("4.0", tower.manifest(), true);
        tower
    }

    /// With a landing zone of 3.3.
    pub fn running_3() -> Tower {
        let tower = Tower::ready();
        tower.set_up("3.3", tower.manifest_3(), false);
        tower
    }

    pub fn set_up(&self, version: &str, manifest: Value, enrols: bool) {
        let mut input = json!({"version": version, "manifest": manifest});
        if enrols {
            input["remediationTypes"] = json!(["INHERITANCE_DRIFT"]);
        }
        self.ok("create-landingzone", input);
        self.world.wait(HOUR);
        assert_eq!(text(&self.zone(), "/status"), "ACTIVE");
    }

    pub fn manifest(&self) -> Value {
        json!({
            "governedRegions": ["us-east-1", "ap-northeast-1"],
            "centralizedLogging": {"enabled": true, "accountId": self.log},
            "config": {"enabled": true, "accountId": self.audit},
            "securityRoles": {"enabled": true, "accountId": self.audit},
            "accessManagement": {"enabled": false},
            "backup": {"enabled": false},
        })
    }

    pub fn manifest_3(&self) -> Value {
        json!({
            "governedRegions": ["us-east-1"],
            "organizationStructure": {"security": {"name": "Security"}, "sandbox": {"name": "Sandbox"}},
            "centralizedLogging": {
                "accountId": self.log,
                "configurations": {"loggingBucket": {"retentionDays": 365}},
            },
            "securityRoles": {"accountId": self.audit},
            "accessManagement": {"enabled": false},
        })
    }

    pub fn ask(&self, path: &str, input: Value) -> Result<Value, No> {
        let place = (MANAGEMENT, HOME, "controltower");
        rest(&self.world, place, ("POST", &format!("/{path}")), &input)
    }

    pub fn ok(&self, path: &str, input: Value) -> Value {
        let shown = input.to_string();
        match self.ask(path, input) {
            Ok(body) => body,
            Err(no) => panic!("{path} {shown} was refused: {} {}", no.brief(), no.body),
        }
    }

    /// Asserts a refusal: status and code, and a word of the message.
    pub fn no(&self, path: &str, input: Value, (status, code): (u16, &str), word: &str) {
        let shown = input.to_string();
        let no = match self.ask(path, input) {
            Ok(body) => panic!("{path} {shown} must be refused as {code}, but answers {body}"),
            Err(no) => no,
        };
        assert_eq!(
            (no.status, no.brief().as_str()),
            (status, code),
            "{path} {shown}: {}",
            no.body
        );
        let message = text(&no.body, "/message");
        assert!(message.contains(word), "{path} {shown}: {message}");
    }

    pub fn zone_arn(&self) -> String {
        text(&self.ok("list-landingzones", json!({})), "/landingZones/0/arn")
    }

    pub fn zone(&self) -> Value {
        let input = json!({"landingZoneIdentifier": self.zone_arn()});
        at(&self.ok("get-landingzone", input), "/landingZone").clone()
    }

    pub fn ou_arn(&self, unit: &str) -> String {
        let shown = self.world.ok(
            "DescribeOrganizationalUnit",
            json!({"OrganizationalUnitId": unit}),
        );
        text(&shown, "/OrganizationalUnit/Arn")
    }

    pub fn baseline_arn(&self, name: &str) -> String {
        let all = self.ok("list-baselines", json!({}));
        let all = at(&all, "/baselines").as_array().unwrap();
        text(all.iter().find(|row| row["name"] == name).unwrap(), "/arn")
    }

    pub fn enabling(&self, unit: &str) -> Value {
        json!({
            "baselineIdentifier": self.baseline_arn("AWSControlTowerBaseline"),
            "baselineVersion": "5.0",
            "targetIdentifier": self.ou_arn(unit),
        })
    }

    /// Registers an OU and returns the ARN of its enabled baseline.
    pub fn register(&self, unit: &str) -> String {
        let made = self.ok("enable-baseline", self.enabling(unit));
        self.world.wait(2 * HOUR);
        self.assert_baseline(&made, "SUCCEEDED");
        text(&made, "/arn")
    }

    pub fn assert_baseline(&self, made: &Value, wanted: &str) {
        let input = json!({"operationIdentifier": made["operationIdentifier"]});
        let operation = self.ok("get-baseline-operation", input);
        assert_eq!(
            text(&operation, "/baselineOperation/status"),
            wanted,
            "{operation}"
        );
    }

    pub fn control_arn(name: &str) -> String {
        format!("arn:aws:controltower:us-east-1::control/{name}")
    }

    /// The global ARN of a control.
    pub fn global_arn(&self, alias: &str) -> String {
        let mut token = Value::Null;
        loop {
            let query = token
                .as_str()
                .map(|token| format!("?nextToken={token}"))
                .unwrap_or_default();
            let place = (MANAGEMENT, HOME, "controlcatalog");
            let path = format!("/list-controls{query}");
            let page = rest(&self.world, place, ("POST", &path), &json!({})).unwrap();
            let mut rows = at(&page, "/Controls").as_array().unwrap().iter();
            if let Some(row) = rows.find(|row| row["Aliases"] == json!([alias])) {
                return text(row, "/Arn");
            }
            token = page["NextToken"].clone();
            assert!(token.is_string(), "there is no control {alias}");
        }
    }

    pub fn controlling(&self, name: &str, unit: &str) -> Value {
        let arn = if name.contains('.') {
            self.global_arn(name)
        } else {
            Tower::control_arn(name)
        };
        let mut input = json!({"controlIdentifier": arn, "targetIdentifier": self.ou_arn(unit)});
        if name == "CT.MULTISERVICE.PV.1" {
            input["parameters"] = json!([{"key": "AllowedRegions", "value": ["us-east-1"]}]);
        }
        input
    }

    /// Enables a control and returns its ARN.
    pub fn control(&self, name: &str, unit: &str) -> String {
        let made = self.ok("enable-control", self.controlling(name, unit));
        self.world.wait(90);
        self.assert_control(&made, "SUCCEEDED");
        text(&made, "/arn")
    }

    pub fn assert_control(&self, made: &Value, wanted: &str) {
        let input = json!({"operationIdentifier": made["operationIdentifier"]});
        let operation = self.ok("get-control-operation", input);
        assert_eq!(
            text(&operation, "/controlOperation/status"),
            wanted,
            "{operation}"
        );
    }

    pub fn enabled_baselines(&self, input: Value) -> Vec<Value> {
        let listed = self.ok("list-enabled-baselines", input);
        at(&listed, "/enabledBaselines").as_array().unwrap().clone()
    }

    pub fn enabled_controls(&self, input: Value) -> Vec<Value> {
        let listed = self.ok("list-enabled-controls", input);
        at(&listed, "/enabledControls").as_array().unwrap().clone()
    }

    pub fn inheritance_of(&self, baseline: &str) -> String {
        let shown = self.ok(
            "get-enabled-baseline",
            json!({"enabledBaselineIdentifier": baseline}),
        );
        text(
            &shown,
            "/enabledBaselineDetails/driftStatusSummary/types/inheritance/status",
        )
    }
}

pub fn relocate(world: &World, account: &str, from: &str, to: &str) {
    world.ok(
        "MoveAccount",
        json!({"AccountId": account, "SourceParentId": from, "DestinationParentId": to}),
    );
}

pub const INVALID: (u16, &str) = (400, "Validation");
pub const DENIED: (u16, &str) = (403, "AccessDenied");
pub const MISSING: (u16, &str) = (404, "ResourceNotFound");
pub const CONFLICT: (u16, &str) = (409, "Conflict");
pub const QUOTA: (u16, &str) = (402, "ServiceQuotaExceeded");

/// Calls a JSON 1.1 service.
pub fn call(world: &World, who: &str, target: &str, input: &Value) -> Result<Value, No> {
    read(&send(&world.twin, json_request(who, HOME, target, input)).unwrap())
}

/// Calls a query service; the answer is XML, or the code of the refusal with its status.
pub fn query(
    world: &World,
    who: &str,
    version: &str,
    fields: &[(&str, &str)],
) -> Result<String, (u16, String)> {
    let mut body = format!("Version={version}");
    for (name, value) in fields {
        let value: String = value
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect();
        body.push_str(&format!("&{name}={value}"));
    }
    let request = Request::post("/")
        .header("authorization", authorization(who, HOME, "query"))
        .body(Bytes::from(body))
        .unwrap();
    let response = send(&world.twin, request).unwrap();
    let text = String::from_utf8(response.body().to_vec()).unwrap();
    if response.status() == 200 {
        return Ok(text);
    }
    let code = inside(&text, "Code").unwrap_or_else(|| panic!("no code in {text}"));
    Err((response.status().as_u16(), code))
}

/// The text of the first element with a name.
pub fn inside(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0.to_owned())
}
