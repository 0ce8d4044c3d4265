//! Endpoints of the services of the table, and of IAM, which has one for each partition.

use super::api::{Host, Route, Slot, Speech};
use super::request::request;
use crate::classify::nonsense;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::signed::Request;
use crate::site::{Stacks, partition, suffix};
use lz_model::id::Region;
use lz_provider::ProviderError;

/// Returns a service's endpoint in a Region (AWS General Reference, "AWS service endpoints").
pub(crate) fn endpoint(host: &Host, region: &Region) -> String {
    let (prefix, suffix) = (host.prefix, suffix(region));
    if !host.is_global {
        return format!("https://{prefix}.{region}.{suffix}");
    }
    match partition(region) {
        "aws" => format!("https://{prefix}.{suffix}"),
        "aws-us-gov" => format!("https://{prefix}.us-gov.{suffix}"),
        _ => format!("https://{prefix}.{region}.{suffix}"),
    }
}

/// The Region that IAM's requests of a partition are signed for (AWS General Reference, "AWS Identity and Access
/// Management endpoints and quotas").
fn seat_of_iam(region: &Region) -> Option<Region> {
    let name = match partition(region) {
        "aws" => "us-east-1",
        "aws-us-gov" => "us-gov-west-1",
        "aws-cn" => "cn-north-1",
        "aws-iso" => "us-iso-east-1",
        "aws-iso-b" => "us-isob-east-1",
        _ => return Some(region.clone()),
    };
    name.parse().ok()
}

static IAM: Host = Host {
    prefix: "iam",
    signing: "iam",
    is_global: true,
};

/// IAM of the caller's account.
pub(crate) struct Iam<'a>(Stacks<'a>);

impl<'a> Iam<'a> {
    /// Returns IAM of the caller's partition.
    ///
    /// # Errors
    /// [`lz_provider::Kind::Bug`] where the configuration names no Region.
    pub(crate) async fn of(connection: &'a Connection, operation: Operation) -> Result<Self, ProviderError> {
        let missing = || nonsense(operation, "the configured Region is no Region code");
        let home = connection.clients.sites.home().ok_or_else(missing)?;
        let seat = seat_of_iam(&home).ok_or_else(missing)?;
        Ok(Self(Stacks::of(connection, &seat).await))
    }

    /// Returns the partition.
    pub(crate) fn partition(&self) -> &'static str {
        partition(self.0.region())
    }

    /// Returns the Region that requests are signed for.
    pub(crate) fn region(&self) -> &Region {
        self.0.region()
    }

    /// Returns the request of a call without parameters.
    pub(crate) fn request(&self, operation: Operation) -> Request {
        let route = Route {
            operation,
            method: "POST",
            path: "/",
            account: Slot::None,
        };
        request(&self.0, &IAM, Speech::Query("2010-05-08"), &route, None)
    }

    /// Sends a call without parameters. Returns the body of the answer.
    ///
    /// # Errors
    /// The class of the last answer.
    pub(crate) async fn send(&self, operation: Operation) -> Result<String, ProviderError> {
        self.0.send_signed(operation, &self.request(operation)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_those_of_the_partition() {
        let guardduty = Host {
            prefix: "guardduty",
            signing: "guardduty",
            is_global: false,
        };
        for (region, own, iam, seat) in [
            (
                "eu-west-1",
                "https://guardduty.eu-west-1.amazonaws.com",
                "https://iam.amazonaws.com",
                "us-east-1",
            ),
            (
                "us-gov-east-1",
                "https://guardduty.us-gov-east-1.amazonaws.com",
                "https://iam.us-gov.amazonaws.com",
                "us-gov-west-1",
            ),
            (
                "cn-north-1",
                "https://guardduty.cn-north-1.amazonaws.com.cn",
                "https://iam.cn-north-1.amazonaws.com.cn",
                "cn-north-1",
            ),
        ] {
            let region: Region = region.parse().unwrap();
            assert_eq!(endpoint(&guardduty, &region), own);
            assert_eq!(endpoint(&IAM, &region), iam);
            assert_eq!(seat_of_iam(&region).unwrap().as_str(), seat);
        }
    }
}
