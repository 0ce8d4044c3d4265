//! How a service gets its delegated administrator and its trusted access, where Organizations alone is not enough
//! (aws-facts section 6). Data; the calls themselves are the provider's.

use crate::desired::Desired;
use crate::id::{Region, ServicePrincipal};

/// Where a service's own calls are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In each Region: the service has an administrator in each of them.
    EachRegion,
    /// Once, in the home Region.
    Home,
    /// Once, in the partition's first Region (`us-east-1`; UNCONFIRMED for Firewall Manager).
    Capital,
}

/// Who tells the administrators that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// A call of the service, one a Region.
    ByService,
    /// The list of Organizations, which is read anyway.
    ByOrganizations,
}

/// How many administrators a service bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Most {
    /// One: the old one goes before the new one comes.
    One,
    /// One that is the default, and others beside it; the default leaves last.
    OneDefault,
    /// Several: the new one comes before the old one goes.
    Several,
}

/// How trusted access of a service is switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// By a call, before an administrator is named.
    First,
    /// Naming the administrator is the only way (VPC IPAM).
    WithAdministrator,
}

/// A service that names its administrators by calls of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Administration {
    /// The service principal.
    pub principal: &'static str,
    /// Where the calls are made.
    pub place: Place,
    /// Who tells the present administrators.
    pub told: Told,
    /// How many there may be.
    pub most: Most,
    /// How trusted access comes about.
    pub trust: Trust,
}

const fn regional(principal: &'static str) -> Administration {
    Administration {
        principal,
        place: Place::EachRegion,
        told: Told::ByService,
        most: Most::One,
        trust: Trust::First,
    }
}

/// Services with calls of their own: service models and pages named in aws-facts section 6. Each of the calls
/// registers the account in Organizations as well.
const OWN: [Administration; 9] = [
    // Whether Audit Manager and Inspector bear a second administrator is UNCONFIRMED; their calls name one.
    regional("auditmanager.amazonaws.com"),
    Administration {
        principal: "cloudtrail.amazonaws.com",
        place: Place::Home,
        told: Told::ByOrganizations,
        most: Most::Several,
        trust: Trust::First,
    },
    regional("detective.amazonaws.com"),
    Administration {
        principal: "fms.amazonaws.com",
        place: Place::Capital,
        told: Told::ByService,
        most: Most::OneDefault,
        trust: Trust::First,
    },
    regional("guardduty.amazonaws.com"),
    regional("inspector2.amazonaws.com"),
    Administration {
        principal: "ipam.amazonaws.com",
        place: Place::Home,
        told: Told::ByOrganizations,
        most: Most::One,
        trust: Trust::WithAdministrator,
    },
    regional("macie.amazonaws.com"),
    regional("securityhub.amazonaws.com"),
];

/// Returns how a service names its administrators by itself; `None` where Organizations does it.
#[must_use]
pub fn own(service: &ServicePrincipal) -> Option<&'static Administration> {
    OWN.iter().find(|own| own.principal == service.as_str())
}

/// Returns the principals of every service with calls of its own.
pub fn principals() -> impl Iterator<Item = &'static str> {
    OWN.iter().map(|own| own.principal)
}

/// Returns whether a service's administrators may differ from Region to Region.
#[must_use]
pub fn is_regional(service: &ServicePrincipal) -> bool {
    own(service).is_some_and(|own| own.place == Place::EachRegion)
}

/// Returns whether trusted access of a service comes only with its administrator.
#[must_use]
pub fn trust_comes_with_administrator(service: &ServicePrincipal) -> bool {
    own(service).is_some_and(|own| own.trust == Trust::WithAdministrator)
}

/// Returns the Regions in which a service's own calls are made, in the order of the spec. There are none for a
/// service without such calls, and none where the spec names no Region at all: Organizations does it then.
#[must_use]
pub fn regions(desired: &Desired, service: &ServicePrincipal) -> Vec<Region> {
    let Some(own) = own(service) else {
        return Vec::new();
    };
    let zone = &desired.zone;
    let home = zone.home_region.iter().chain(&zone.regions).next();
    match own.place {
        Place::EachRegion => {
            let asked = desired.delegated_admins.get(service).map(|admin| &admin.regions);
            let named = asked.filter(|regions| !regions.is_empty());
            let named = named.unwrap_or(&zone.regions);
            if named.is_empty() {
                home.into_iter().cloned().collect()
            } else {
                named.clone()
            }
        }
        Place::Home => home.into_iter().cloned().collect(),
        Place::Capital => home.map(capital).into_iter().collect(),
    }
}

/// Returns the first Region of a Region's partition; for partitions other than AWS's first one, where nothing is
/// known, the Region itself.
fn capital(region: &Region) -> Region {
    let other = ["cn-", "us-gov-", "us-iso", "eusc-"];
    if other.iter().any(|prefix| region.as_str().starts_with(prefix)) {
        return region.clone();
    }
    "us-east-1".parse().unwrap_or_else(|_| region.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Name;
    use crate::desired::DesiredAdmin;

    fn region(name: &str) -> Region {
        name.parse().unwrap()
    }

    fn service(name: &str) -> ServicePrincipal {
        format!("{name}.amazonaws.com").parse().unwrap()
    }

    fn spec(regions: &[&str]) -> Desired {
        let mut desired = Desired::nothing("acme");
        desired.zone.home_region = Some(region("eu-west-1"));
        desired.zone.regions = regions.iter().map(|name| region(name)).collect();
        desired
    }

    #[test]
    fn the_table_names_each_service_once_and_in_order() {
        assert!(OWN.windows(2).all(|pair| pair[0].principal < pair[1].principal));
        for own in OWN {
            assert!(own.principal.parse::<ServicePrincipal>().is_ok());
        }
    }

    #[test]
    fn a_regional_service_is_administered_in_the_regions_of_the_landing_zone() {
        let all = spec(&["eu-west-1", "us-east-1"]);
        let guardduty = service("guardduty");
        assert_eq!(
            regions(&all, &guardduty),
            [region("eu-west-1"), region("us-east-1")]
        );
        assert_eq!(regions(&spec(&[]), &guardduty), [region("eu-west-1")]);
        let mut asked = all;
        let admin = DesiredAdmin {
            account: Name::new("audit"),
            regions: vec![region("ap-south-1")],
        };
        asked.delegated_admins.insert(guardduty.clone(), admin);
        assert_eq!(regions(&asked, &guardduty), [region("ap-south-1")]);
        assert!(regions(&Desired::nothing("acme"), &guardduty).is_empty());
    }

    #[test]
    fn other_services_are_administered_once() {
        let all = spec(&["eu-west-1", "ap-south-1"]);
        assert_eq!(regions(&all, &service("cloudtrail")), [region("eu-west-1")]);
        assert_eq!(regions(&all, &service("fms")), [region("us-east-1")]);
        assert!(regions(&all, &service("sso")).is_empty());
        let mut china = all;
        china.zone.home_region = Some(region("cn-north-1"));
        assert_eq!(regions(&china, &service("fms")), [region("cn-north-1")]);
    }
}
