//! Short words for calling CloudFormation, and for reading its XML.

use bytes::Bytes;
use http::Request;

use crate::kit::*;

pub const HOME: &str = "us-east-1";
pub const TEMPLATE: &str = "Parameters:\n  Size:\n    Type: String\n    Default: small\nResources:\n  Topic:\n    \
                            Type: AWS::SNS::Topic\n";
pub const OTHER_TEMPLATE: &str = "Parameters:\n  Size:\n    Type: String\n    Default: small\nResources:\n  \
                                  Queue:\n    Type: AWS::SQS::Queue\n";

/// A refusal: status, code and message.
#[derive(Debug, PartialEq)]
pub struct Refused {
    pub status: u16,
    pub code: String,
    pub message: String,
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

fn flatten(name: &str, value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                let name = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                flatten(&name, inner, into);
            }
        }
        Value::Array(items) if items.is_empty() => into.push(format!("{}=", encode(name))),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                flatten(&format!("{name}.member.{}", at + 1), item, into);
            }
        }
        Value::String(text) => into.push(format!("{}={}", encode(name), encode(text))),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            into.push(format!("{}={}", encode(name), encode(&value.to_string())));
        }
    }
}

/// Returns a call of the query protocol.
pub fn form_request(
    key: &str,
    region: &str,
    (service, version): (&str, &str),
    action: &str,
    input: &Value,
) -> Request<Bytes> {
    let mut fields = vec![format!("Action={action}&Version={version}")];
    flatten("", input, &mut fields);
    Request::post("/")
        .header("authorization", authorization(key, region, service))
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(Bytes::from(fields.join("&")))
        .unwrap()
}

impl World {
    pub fn try_cfn_in(
        &self,
        who: &str,
        region: &str,
        action: &str,
        input: &Value,
    ) -> Result<String, Refused> {
        let request = form_request(who, region, ("cloudformation", "2010-05-15"), action, input);
        let response = send(&self.twin, request).unwrap();
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        if response.status() == 200 {
            return Ok(body);
        }
        Err(Refused {
            status: response.status().as_u16(),
            code: one(&body, "Code"),
            message: one(&body, "Message"),
        })
    }

    pub fn try_cfn(&self, action: &str, input: &Value) -> Result<String, Refused> {
        self.try_cfn_in(MANAGEMENT, HOME, action, input)
    }

    pub fn cfn(&self, action: &str, input: Value) -> String {
        self.cfn_as(MANAGEMENT, action, input)
    }

    pub fn cfn_as(&self, who: &str, action: &str, input: Value) -> String {
        match self.try_cfn_in(who, HOME, action, &input) {
            Ok(body) => body,
            Err(no) => panic!("{action} {input} was refused: {no:?}"),
        }
    }

    /// Asserts a refusal by status and code without `Exception`.
    pub fn cfn_no(&self, action: &str, input: Value, status: u16, code: &str) -> Refused {
        self.cfn_no_as(MANAGEMENT, action, input, status, code)
    }

    pub fn cfn_no_as(&self, who: &str, action: &str, input: Value, status: u16, code: &str) -> Refused {
        match self.try_cfn_in(who, HOME, action, &input) {
            Ok(body) => panic!("{action} {input} must be refused as {code}, but answers {body}"),
            Err(no) => {
                let brief = no.code.strip_suffix("Exception").unwrap_or(&no.code);
                assert_eq!(
                    (no.status, brief),
                    (status, code),
                    "{action} {input}: {}",
                    no.message
                );
                assert!(!no.message.is_empty(), "{action} {input} says nothing");
                no
            }
        }
    }

    /// Creates a SERVICE_MANAGED set without auto-deployment.
    pub fn stack_set(&self, name: &str) -> String {
        self.stack_set_with(name, json!({}))
    }

    /// Creates a SERVICE_MANAGED set with further members.
    pub fn stack_set_with(&self, name: &str, more: Value) -> String {
        let mut input = json!({
            "StackSetName": name,
            "TemplateBody": TEMPLATE,
            "PermissionModel": "SERVICE_MANAGED",
            "AutoDeployment": {"Enabled": false},
        });
        merge(&mut input, more);
        one(&self.cfn("CreateStackSet", input), "StackSetId")
    }

    /// Creates a SELF_MANAGED set with further members.
    pub fn own_set_with(&self, name: &str, more: Value) -> String {
        let mut input = json!({"StackSetName": name, "TemplateBody": TEMPLATE});
        merge(&mut input, more);
        one(&self.cfn("CreateStackSet", input), "StackSetId")
    }

    /// Starts an operation and returns its id.
    pub fn begin(&self, action: &str, input: Value) -> String {
        one(&self.cfn(action, input), "OperationId")
    }

    pub fn operation(&self, set: &str, id: &str) -> String {
        let input = json!({"StackSetName": set, "OperationId": id});
        self.cfn("DescribeStackSetOperation", input)
    }

    pub fn operation_status(&self, set: &str, id: &str) -> String {
        one(&self.operation(set, id), "Status")
    }

    /// Starts an operation, waits for its end, and returns its id.
    pub fn carry_out(&self, action: &str, input: Value) -> String {
        let set = text(&input, "/StackSetName");
        let id = self.begin(action, input);
        for _ in 0..10_000 {
            match self.operation_status(&set, &id).as_str() {
                "QUEUED" | "RUNNING" | "STOPPING" => self.wait(10),
                _ => return id,
            }
        }
        panic!("{action} does not end")
    }

    /// Every instance of a set as `account region status detailed`.
    pub fn instances(&self, set: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut token = None;
        loop {
            let mut input = json!({"StackSetName": set});
            if let Some(token) = &token {
                input["NextToken"] = json!(token);
            }
            let page = self.cfn("ListStackInstances", input);
            for row in rows(&page) {
                let part = |name| one(&row, name);
                found.push(format!(
                    "{} {} {} {}",
                    part("Account"),
                    part("Region"),
                    part("Status"),
                    part("DetailedStatus")
                ));
            }
            match maybe(&page, "NextToken") {
                Some(next) => token = Some(next),
                None => return found,
            }
        }
    }

    /// Results of an operation as `account region status`.
    pub fn results(&self, set: &str, id: &str) -> Vec<String> {
        let page = self.cfn(
            "ListStackSetOperationResults",
            json!({"StackSetName": set, "OperationId": id}),
        );
        let row = |row: &String| {
            let (account, region) = (one(row, "Account"), one(row, "Region"));
            format!("{account} {region} {}", one(row, "Status"))
        };
        rows(&page).iter().map(row).collect()
    }

    pub fn instance(&self, set: &str, account: &str, region: &str) -> String {
        self.cfn(
            "DescribeStackInstance",
            json!({"StackSetName": set, "StackInstanceAccount": account, "StackInstanceRegion": region}),
        )
    }

    pub fn relocate(&self, account: &str, from: &str, to: &str) {
        let input = json!({"AccountId": account, "SourceParentId": from, "DestinationParentId": to});
        self.ok("MoveAccount", input);
    }
}

/// Puts the members of one object into another.
pub fn merge(into: &mut Value, more: Value) {
    if let Value::Object(members) = more {
        for (name, value) in members {
            into[name] = value;
        }
    }
}

/// The text of the first element with that name, unescaped.
pub fn one(xml: &str, name: &str) -> String {
    maybe(xml, name).unwrap_or_else(|| panic!("no {name} in {xml}"))
}

pub fn maybe(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (inner, _) = rest.split_once(&format!("</{name}>"))?;
    Some(
        inner
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&"),
    )
}

/// The outermost `member` elements of the first list.
pub fn rows(xml: &str) -> Vec<String> {
    let mut rows = Vec::new();
    let (mut depth, mut row, mut rest) = (0usize, String::new(), xml);
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at(end);
        if depth > 0 {
            row.push_str(before);
        }
        match tag {
            "<member>" => {
                if depth > 0 {
                    row.push_str(tag);
                }
                depth += 1;
            }
            "</member>" => {
                depth -= 1;
                if depth == 0 {
                    rows.push(std::mem::take(&mut row));
                } else {
                    row.push_str(tag);
                }
            }
            tag if depth > 0 => row.push_str(tag),
            _ => {}
        }
        rest = after;
    }
    rows
}

/// An organization with stack sets switched on, an OU, and accounts in it. What was asked last is over.
pub struct Fleet {
    pub world: World,
    pub unit: String,
    pub accounts: Vec<String>,
}

impl Fleet {
    pub fn new(accounts: usize) -> Fleet {
        Fleet::set(accounts, |_| ())
    }

    pub fn set(accounts: usize, change: impl FnOnce(&mut lz_twin::Settings)) -> Fleet {
        let world = World::set(change);
        world.cfn("ActivateOrganizationsAccess", json!({}));
        let unit = world.ou(&world.root(), "Work");
        let mut ids: Vec<_> = (0..accounts)
            .map(|n| {
                let id = world.account(&format!("a{n}"));
                world.relocate(&id, &world.root(), &unit);
                id
            })
            .collect();
        ids.sort();
        Fleet {
            world,
            unit,
            accounts: ids,
        }
    }

    /// CreateStackInstances for the OU.
    pub fn deploy(&self, set: &str, regions: &[&str], more: Value) -> String {
        self.world
            .carry_out("CreateStackInstances", self.targets(set, regions, more))
    }

    /// The members that name the OU and Regions.
    pub fn targets(&self, set: &str, regions: &[&str], more: Value) -> Value {
        let mut input = json!({
            "StackSetName": set,
            "DeploymentTargets": {"OrganizationalUnitIds": [self.unit]},
            "Regions": regions,
        });
        merge(&mut input, more);
        input
    }
}
