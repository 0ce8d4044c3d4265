//! Which service speaks how, and where its operations are.

use bytes::Bytes;
use http::Request;

use crate::wire::{Input, Operation, Protocol, Route, Service, find_route};
use crate::{administrators, controlcatalog, controltower, iam, identitystore, sns, sso};

/// A service that works with Organizations through calls of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Neighbour {
    /// IAM Access Analyzer.
    AccessAnalyzer,
    /// AWS Audit Manager.
    AuditManager,
    /// AWS Backup.
    Backup,
    /// AWS CloudTrail.
    CloudTrail,
    /// AWS Control Catalog.
    ControlCatalog,
    /// AWS Control Tower.
    ControlTower,
    /// Amazon Detective.
    Detective,
    /// Amazon EC2, for VPC IPAM.
    Ec2,
    /// AWS Firewall Manager.
    FirewallManager,
    /// Amazon GuardDuty.
    GuardDuty,
    /// AWS IAM.
    Iam,
    /// The identity store of IAM Identity Center.
    IdentityStore,
    /// Amazon Inspector.
    Inspector,
    /// Amazon Macie.
    Macie,
    /// AWS Resource Access Manager.
    Ram,
    /// AWS Security Hub CSPM.
    SecurityHub,
    /// AWS Service Catalog.
    ServiceCatalog,
    /// Amazon SNS.
    Sns,
    /// IAM Identity Center.
    SsoAdmin,
}

impl Neighbour {
    /// Returns the name that usage counts and rate settings go by.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Neighbour::AccessAnalyzer => "accessanalyzer",
            Neighbour::AuditManager => "auditmanager",
            Neighbour::Backup => "backup",
            Neighbour::CloudTrail => "cloudtrail",
            Neighbour::ControlCatalog => "controlcatalog",
            Neighbour::ControlTower => "controltower",
            Neighbour::Detective => "detective",
            Neighbour::Ec2 => "ec2",
            Neighbour::FirewallManager => "fms",
            Neighbour::GuardDuty => "guardduty",
            Neighbour::Iam => "iam",
            Neighbour::IdentityStore => "identitystore",
            Neighbour::Inspector => "inspector2",
            Neighbour::Macie => "macie2",
            Neighbour::Ram => "ram",
            Neighbour::SecurityHub => "securityhub",
            Neighbour::ServiceCatalog => "servicecatalog",
            Neighbour::Sns => "sns",
            Neighbour::SsoAdmin => "sso-admin",
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

static TABLE: &[(Neighbour, Speech)] = &[
    (
        Neighbour::ControlCatalog,
        Speech::Rest("controlcatalog", controlcatalog::ROUTES),
    ),
    (
        Neighbour::ControlTower,
        Speech::Rest("controltower", controltower::ROUTES),
    ),
    (
        Neighbour::GuardDuty,
        Speech::Rest("guardduty", administrators::GUARDDUTY),
    ),
    (
        Neighbour::SecurityHub,
        Speech::Rest("securityhub", administrators::SECURITYHUB),
    ),
    (Neighbour::Macie, Speech::Rest("macie2", administrators::MACIE)),
    (
        Neighbour::Detective,
        Speech::Rest("detective", administrators::DETECTIVE),
    ),
    (
        Neighbour::Inspector,
        Speech::Rest("inspector2", administrators::INSPECTOR),
    ),
    (
        Neighbour::AuditManager,
        Speech::Rest("auditmanager", administrators::AUDIT),
    ),
    (Neighbour::Ram, Speech::Rest("ram", administrators::SHARING)),
    (Neighbour::Backup, Speech::Rest("backup", administrators::BACKUP)),
    (
        Neighbour::AccessAnalyzer,
        Speech::Rest("access-analyzer", administrators::ANALYZER),
    ),
    (
        Neighbour::FirewallManager,
        Speech::Json("AWSFMS_20180101", administrators::FIREWALL),
    ),
    (
        Neighbour::CloudTrail,
        Speech::Json(
            "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
            administrators::CLOUDTRAIL,
        ),
    ),
    // Newer SDKs leave out the name space.
    (
        Neighbour::CloudTrail,
        Speech::Json("CloudTrail_20131101", administrators::CLOUDTRAIL),
    ),
    (
        Neighbour::ServiceCatalog,
        Speech::Json("AWS242ServiceCatalogService", administrators::CATALOG),
    ),
    (
        Neighbour::Ec2,
        Speech::Ec2(
            "2016-11-15",
            "http://ec2.amazonaws.com/doc/2016-11-15/",
            administrators::EC2,
        ),
    ),
    (
        Neighbour::SsoAdmin,
        Speech::Json("SWBExternalService", sso::OPERATIONS),
    ),
    (
        Neighbour::IdentityStore,
        Speech::Json("AWSIdentityStore", identitystore::OPERATIONS),
    ),
    (
        Neighbour::Iam,
        Speech::Query(iam::VERSION, iam::NAMESPACE, iam::OPERATIONS),
    ),
    (
        Neighbour::Sns,
        Speech::Query(sns::VERSION, sns::NAMESPACE, sns::OPERATIONS),
    ),
];

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

/// Writes an operation of a neighbour: its variant, the service's name, its own name, how it runs.
macro_rules! operation {
    ($who:ident, $service:literal, $name:literal, $run:expr) => {
        crate::wire::Operation {
            service: crate::wire::Service::Neighbour(crate::neighbour::Neighbour::$who),
            name: $name,
            full_name: concat!($service, ":", $name),
            run: $run,
            rate: None,
            row: concat!($service, ":", $name),
        }
    };
}

/// Writes an operation of a neighbour together with its method, its path and its fields in the query string.
macro_rules! route {
    ($who:ident, $service:literal, $method:literal, $path:literal, $query:expr, $name:literal, $run:expr) => {
        crate::wire::Route {
            method: $method,
            path: $path,
            query: $query,
            operation: crate::neighbour::operation!($who, $service, $name, $run),
        }
    };
}

pub(crate) use {operation, route};
