//! Which service speaks how, and where its operations are.

use bytes::Bytes;
use http::Request;

use crate::controltower;
use crate::wire::{Input, Operation, Protocol, Route, Service, find_route};

/// A service that works with Organizations through calls of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Neighbour {
    /// AWS Control Tower.
    ControlTower,
}

impl Neighbour {
    /// Returns the name that usage counts and rate settings go by.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Neighbour::ControlTower => "controltower",
        }
    }
}

/// How a service speaks.
enum Speech {
    /// REST JSON, signed for this name.
    Rest(&'static str, &'static [Route]),
    /// JSON 1.1, with this prefix of the target.
    Json(&'static str, &'static [Operation]),
    /// Query, with this version and namespace.
    Query(&'static str, &'static str, &'static [Operation]),
    /// EC2's query, with this version and namespace.
    Ec2(&'static str, &'static str, &'static [Operation]),
}

static TABLE: &[(Neighbour, Speech)] = &[(
    Neighbour::ControlTower,
    Speech::Rest("controltower", controltower::ROUTES),
)];

type Found = (Service, Option<&'static Operation>);

fn named(operations: &'static [Operation], name: &str) -> Option<&'static Operation> {
    operations.iter().find(|operation| operation.name == name)
}

/// Returns the operation behind a target of the JSON protocol, if a neighbour has the prefix.
pub(crate) fn json_operation(prefix: &str, name: &str) -> Option<Found> {
    TABLE.iter().find_map(|(neighbour, speech)| match speech {
        Speech::Json(own, operations) if *own == prefix => {
            Some((Service::Neighbour(*neighbour), named(operations, name)))
        }
        Speech::Json(..) | Speech::Rest(..) | Speech::Query(..) | Speech::Ec2(..) => None,
    })
}

/// Returns the operation behind a method and a path, its name and its input, if a neighbour is signed for.
pub(crate) fn rest_operation(
    signed: &str,
    request: &Request<Bytes>,
) -> Option<(Found, String, Option<Input>)> {
    let (neighbour, routes) = TABLE.iter().find_map(|(neighbour, speech)| match speech {
        Speech::Rest(own, routes) if *own == signed => Some((*neighbour, *routes)),
        Speech::Json(..) | Speech::Rest(..) | Speech::Query(..) | Speech::Ec2(..) => None,
    })?;
    let service = Service::Neighbour(neighbour);
    Some(match find_route(routes, request) {
        Some((operation, input)) => ((service, Some(operation)), operation.name.to_owned(), input),
        None => {
            let name = format!("{} {}", request.method(), request.uri().path());
            ((service, None), name, None)
        }
    })
}

/// Returns the protocol and the operation of a query, if a neighbour has the version.
pub(crate) fn query_operation(version: Option<&str>, name: &str) -> Option<(Protocol, Found)> {
    TABLE.iter().find_map(|(neighbour, speech)| {
        let (own, protocol, operations) = match speech {
            Speech::Query(own, namespace, operations) => (own, Protocol::Query(namespace), operations),
            Speech::Ec2(own, namespace, operations) => (own, Protocol::Ec2(namespace), operations),
            Speech::Json(..) | Speech::Rest(..) => return None,
        };
        let found = (Service::Neighbour(*neighbour), named(operations, name));
        (version == Some(*own)).then_some((protocol, found))
    })
}
