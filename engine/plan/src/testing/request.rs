//! The request that a test asks, with what AWS always says about caller and resource.

use crate::future::{Future, Node};
use lz_model::desired::{Desired, DesiredTest, TestPrincipal};
use lz_policy::evaluate::{Request, RequestError};
use std::collections::BTreeMap;

/// Returns the ARN of who asks in an account.
pub(super) fn principal(test: &DesiredTest, future: &Future, subject: &Node) -> String {
    match &test.principal {
        TestPrincipal::Own(name) => format!("arn:aws:iam::{}:{name}", account_of(future, subject)),
        TestPrincipal::Arn(arn) => future.ids().filled(arn),
    }
}

/// An OU without accounts is asked for an account that is in none.
pub(super) fn account_of(future: &Future, subject: &Node) -> String {
    match subject.kind {
        crate::future::NodeKind::Account => future.id_of(subject),
        crate::future::NodeKind::Ou | crate::future::NodeKind::Root => "000000000000".to_owned(),
    }
}

/// Returns a request. What the test does not say is as AWS would say it of a request over TLS in the home Region,
/// for a resource of the tested account (IAM User Guide, "AWS global condition context keys").
pub(super) fn request(
    desired: &Desired,
    test: &DesiredTest,
    future: &Future,
    (subject, caller): (&Node, Option<&Node>),
    (action, resource): (&str, &str),
) -> Result<Request, RequestError> {
    let ids = future.ids();
    let mut context: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut say = |key: &str, values: Vec<String>| {
        context.insert(key.to_ascii_lowercase(), values);
    };
    say("aws:SecureTransport", vec!["true".to_owned()]);
    say("aws:PrincipalIsAWSService", vec!["false".to_owned()]);
    say("aws:ViaAWSService", vec!["false".to_owned()]);
    if let Some(region) = &desired.zone.home_region {
        say("aws:RequestedRegion", vec![region.to_string()]);
    }
    say("aws:ResourceAccount", vec![account_of(future, subject)]);
    say("aws:ResourceOrgID", vec![ids.organization().to_owned()]);
    say("aws:ResourceOrgPaths", vec![org_path(future, subject)]);
    if let Some(caller) = caller {
        say("aws:PrincipalOrgID", vec![ids.organization().to_owned()]);
        say("aws:PrincipalOrgPaths", vec![org_path(future, caller)]);
    }
    for (key, values) in &test.context {
        let values = values.iter().map(|text| ids.filled(text)).collect();
        say(key, values);
    }
    Request::new(principal(test, future, subject), action, resource, context)
}

/// An account's place: `o-.../r-.../ou-.../` (IAM User Guide, "AWS global condition context keys":
/// `aws:PrincipalOrgPaths`).
fn org_path(future: &Future, node: &Node) -> String {
    let mut path = format!("{}/", future.ids().organization());
    for level in future.path(node) {
        if level.kind != crate::future::NodeKind::Account {
            path.push_str(&future.id_of(level));
            path.push('/');
        }
    }
    path
}
