//! One call to one operation, and the tables that operations are listed in.

use super::{Answer, Input};
use crate::clock::AwsTime;
use crate::neighbour::Neighbour;
use crate::organizations::Organization;
use crate::settings::{Rate, Settings};
use crate::world::{AccountId, Session, World};

/// A service that the twin plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Service {
    /// AWS Organizations.
    Organizations,
    /// AWS Account Management.
    Account,
    /// Resource Groups Tagging API.
    Tagging,
    /// AWS Security Token Service.
    Sts,
    /// AWS CloudFormation.
    CloudFormation,
    /// Amazon S3.
    S3,
    /// Amazon CloudWatch.
    CloudWatch,
    /// A service that works with Organizations through calls of its own.
    Neighbour(Neighbour),
}

impl Service {
    /// Returns the name that usage counts and rate settings go by.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Service::Organizations => "organizations",
            Service::Account => "account",
            Service::Tagging => "tagging",
            Service::Sts => "sts",
            Service::CloudFormation => "cloudformation",
            Service::S3 => "s3",
            Service::CloudWatch => "cloudwatch",
            Service::Neighbour(neighbour) => neighbour.as_str(),
        }
    }
}

/// Who may call an operation (aws-facts 1.3, column caller).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// The management account.
    Management,
    /// The management account, delegated administrators, and whom the resource policy names.
    ManagementOrDelegate,
    /// The management account, and whom the resource policy names.
    ManagementOrGranted,
    /// Any account of the organization.
    Member,
}

/// A call as an operation sees it.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'static str,
    pub(crate) caller: &'a AccountId,
    /// The role session behind the caller, if it came through AssumeRole.
    pub(crate) session: Option<&'a Session>,
    /// The Region that the call was signed for.
    pub(crate) region: &'a str,
    pub(crate) input: &'a Input,
    pub(crate) now: AwsTime,
    pub(crate) settings: &'a Settings,
}

/// What an operation that reads an organization gets.
pub(crate) struct Seen<'a> {
    pub(crate) world: &'a World,
    pub(crate) org: &'a Organization,
    pub(crate) call: &'a Call<'a>,
}

/// What an operation that changes an organization gets; the world does not hold the organization meanwhile.
pub(crate) struct Change<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) org: &'a mut Organization,
    pub(crate) call: &'a Call<'a>,
}

/// How an operation runs.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// Reads the caller's organization.
    OrgRead(Access, fn(&Seen<'_>) -> Answer),
    /// Changes the caller's organization.
    OrgWrite(Access, fn(&mut Change<'_>) -> Answer),
    /// Reads without needing an organization.
    Read(fn(&World, &Call<'_>) -> Answer),
    /// Changes without needing an organization.
    Write(fn(&mut World, &Call<'_>) -> Answer),
}

impl Run {
    /// Returns whether it changes anything.
    pub(crate) fn is_write(&self) -> bool {
        match self {
            Run::OrgWrite(..) | Run::Write(_) => true,
            Run::OrgRead(..) | Run::Read(_) => false,
        }
    }
}

/// One operation.
pub(crate) struct Operation {
    pub(crate) service: Service,
    pub(crate) name: &'static str,
    /// `service:name`.
    pub(crate) full_name: &'static str,
    pub(crate) run: Run,
    /// Its published bucket; none where none is published.
    pub(crate) rate: Option<Rate>,
    /// The first API of its row on the quotas page.
    pub(crate) row: &'static str,
}

/// Returns the bucket of one calling account.
pub(crate) const fn bucket(rate: f64, burst: f64) -> Option<Rate> {
    Some(Rate {
        rate,
        burst,
        organization_rate: None,
        organization_burst: None,
    })
}

/// Returns the buckets of one calling account and of its organization.
pub(crate) const fn buckets(
    rate: f64,
    burst: f64,
    organization: f64,
    organization_burst: f64,
) -> Option<Rate> {
    let (organization_rate, organization_burst) = (Some(organization), Some(organization_burst));
    Some(Rate {
        rate,
        burst,
        organization_rate,
        organization_burst,
    })
}
