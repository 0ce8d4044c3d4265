//! A request as it arrives: which service, which operation, from whom.

use bytes::Bytes;
use http::{HeaderMap, Method, Request};

use super::{Input, Operation, Refusal, Service, form};
use crate::{account, cloudformation, cloudwatch, neighbour, organizations, s3, sts, tagging};

/// How a service speaks: the form of its answers follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// JSON 1.1: the operation is in `X-Amz-Target`.
    Json,
    /// REST JSON: the operation is the path.
    RestJson,
    /// RPC v2 with CBOR: the operation is in the path.
    Cbor,
    /// REST XML: the operation is method, path and query.
    RestXml {
        /// Whether the answer has no body, as for HEAD.
        bodiless: bool,
    },
    /// Query: the operation is a field of the form. Answers are in this namespace.
    Query(&'static str),
    /// EC2's query: like query, but results and errors are wrapped otherwise.
    Ec2(&'static str),
}

/// A request that has been understood as far as it can be.
pub(crate) struct Arrival {
    pub(crate) protocol: Protocol,
    /// `service:Operation` as far as known, for counting.
    pub(crate) name: String,
    /// The operation and its input, or why there is none.
    pub(crate) operation: Result<(&'static Operation, Input), Refusal>,
    /// The access key that signed the request.
    pub(crate) access_key: Option<String>,
    /// The Region that the request was signed for.
    pub(crate) region: String,
}

/// The scope of a signature: access key, Region, service.
#[derive(Debug, Default, PartialEq, Eq)]
struct Scope {
    access_key: Option<String>,
    region: String,
    service: String,
}

impl Scope {
    /// Reads `Credential=KEY/DATE/REGION/SERVICE/aws4_request` in the `Authorization` header.
    fn of(headers: &HeaderMap) -> Scope {
        let authorization = headers
            .get(http::header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let Some((_, rest)) = authorization.and_then(|text| text.split_once("Credential=")) else {
            return Scope::default();
        };
        let credential = rest.split([',', ' ']).next().unwrap_or_default();
        let mut parts = credential.split('/');
        let access_key = parts.next().filter(|key| !key.is_empty()).map(str::to_owned);
        let region = parts.nth(1).unwrap_or_default().to_owned();
        Scope {
            access_key,
            region,
            service: parts.next().unwrap_or_default().to_owned(),
        }
    }
}

impl Arrival {
    /// Reads a request.
    pub(crate) fn read(request: &Request<Bytes>) -> Arrival {
        let scope = Scope::of(request.headers());
        let target = request
            .headers()
            .get("x-amz-target")
            .and_then(|value| value.to_str().ok());
        let (protocol, name, operation) = match target {
            Some(target) => json_operation(target, request.body()),
            None if request.headers().contains_key("smithy-protocol") => cbor_operation(request),
            None if s3::is_meant(&scope.service, request) => bucket_operation(request),
            None => match rest_operation(&scope.service, request) {
                Some(found) => found,
                None => query_operation(&scope.service, request),
            },
        };
        Arrival {
            protocol,
            name,
            operation,
            access_key: scope.access_key,
            region: scope.region,
        }
    }
}

impl Arrival {
    /// Returns the name of the operation; empty where there is none.
    pub(crate) fn operation_name(&self) -> &'static str {
        self.operation
            .as_ref()
            .map_or("", |(operation, _)| operation.name)
    }
}

type Found = (Protocol, String, Result<(&'static Operation, Input), Refusal>);

fn json_operation(target: &str, body: &Bytes) -> Found {
    let (prefix, operation) = target.rsplit_once('.').unwrap_or((target, ""));
    let found = match prefix {
        organizations::TARGET => (Service::Organizations, organizations::find(operation)),
        tagging::TARGET => (Service::Tagging, tagging::find(operation)),
        cloudwatch::TARGET => (Service::CloudWatch, cloudwatch::find(operation)),
        _ => match neighbour::json_operation(prefix, operation) {
            Some(found) => found,
            None => {
                return (
                    Protocol::Json,
                    format!("{prefix}:{operation}"),
                    Err(Refusal::unknown_service(prefix)),
                );
            }
        },
    };
    named(Protocol::Json, found, operation, || Input::from_json(body))
}

fn rest_operation(service: &str, request: &Request<Bytes>) -> Option<Found> {
    let path = request.uri().path().trim_matches('/');
    if path.is_empty() {
        return None;
    }
    if let Some((found, name, input)) = neighbour::rest_operation(service, request) {
        return Some(named(Protocol::RestJson, found, &name, || input));
    }
    if !matches!(service, "account" | "") {
        let refusal = Refusal::unknown_service(service);
        return Some((Protocol::RestJson, format!("{service}:{path}"), Err(refusal)));
    }
    let operation = (request.method() == Method::POST)
        .then(|| account::find_path(path))
        .flatten();
    let name = operation.map_or(path, |operation| operation.name);
    Some(named(
        Protocol::RestJson,
        (Service::Account, operation),
        name,
        || Input::from_json(request.body()),
    ))
}

/// Reads a call to `/service/NAME/operation/NAME`.
fn cbor_operation(request: &Request<Bytes>) -> Found {
    let mut parts = request.uri().path().trim_start_matches('/').split('/').skip(1);
    let service = parts.next().unwrap_or_default();
    let operation = parts.nth(1).unwrap_or_default();
    if service != cloudwatch::TARGET {
        let refusal = Refusal::unknown_service(service);
        return (Protocol::Cbor, format!("{service}:{operation}"), Err(refusal));
    }
    let found = (Service::CloudWatch, cloudwatch::find(operation));
    named(Protocol::Cbor, found, operation, || {
        Input::from_cbor(request.body())
    })
}

fn bucket_operation(request: &Request<Bytes>) -> Found {
    let protocol = Protocol::RestXml {
        bodiless: request.method() == Method::HEAD,
    };
    let (operation, input) = s3::route(request);
    match s3::find(operation) {
        Some(found) => (protocol, found.full_name.to_owned(), Ok((found, input))),
        None => (
            protocol,
            format!("s3:{operation}"),
            Err(Refusal::unknown_operation("s3", operation)),
        ),
    }
}

fn query_operation(service: &str, request: &Request<Bytes>) -> Found {
    let mut fields = form::read(request.body());
    if fields.is_empty() {
        fields = form::read(request.uri().query().unwrap_or_default().as_bytes());
    }
    let field = |name: &str| {
        fields
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.clone())
    };
    let action = field("Action").unwrap_or_default();
    let (protocol, found) = match field("Version").as_deref() {
        Some(sts::VERSION) => (
            Protocol::Query(sts::NAMESPACE),
            (Service::Sts, sts::find(&action)),
        ),
        Some(cloudwatch::VERSION) => (
            Protocol::Query(cloudwatch::NAMESPACE),
            (Service::CloudWatch, cloudwatch::find(&action)),
        ),
        Some(cloudformation::VERSION) => (
            Protocol::Query(cloudformation::NAMESPACE),
            (Service::CloudFormation, cloudformation::find(&action)),
        ),
        version => match neighbour::query_operation(version, &action) {
            Some(found) => found,
            None => {
                let service = if service.is_empty() { "unknown" } else { service };
                let refusal = Refusal::unknown_service(service);
                let protocol = Protocol::Query(sts::NAMESPACE);
                return (protocol, format!("{service}:{action}"), Err(refusal));
            }
        },
    };
    named(protocol, found, &action, move || Some(Input::from_form(fields)))
}

fn named(
    protocol: Protocol,
    (service, operation): (Service, Option<&'static Operation>),
    name: &str,
    input: impl FnOnce() -> Option<Input>,
) -> Found {
    let full = format!("{}:{name}", service.as_str());
    let operation = match operation {
        None => Err(Refusal::unknown_operation(service.as_str(), name)),
        Some(operation) => match input() {
            Some(input) => Ok((operation, input)),
            None => Err(Refusal::new(
                "SerializationException",
                400,
                "the body is not a JSON object",
            )),
        },
    };
    (protocol, full, operation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_tells_key_region_and_service() {
        let mut headers = HeaderMap::new();
        let text = "AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/organizations/aws4_request, \
                    SignedHeaders=host, Signature=00";
        headers.insert(http::header::AUTHORIZATION, text.parse().unwrap());
        let scope = Scope::of(&headers);
        assert_eq!(scope.access_key.as_deref(), Some("111122223333"));
        assert_eq!(
            (scope.region.as_str(), scope.service.as_str()),
            ("us-east-1", "organizations")
        );
        assert_eq!(Scope::of(&HeaderMap::new()), Scope::default());
    }
}
