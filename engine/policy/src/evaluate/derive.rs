//! What a principal's ARN tells of the request.

pub(crate) const PRINCIPAL_ARN: &str = "aws:principalarn";
pub(crate) const PRINCIPAL_ACCOUNT: &str = "aws:principalaccount";

/// Returns the `aws:PrincipalArn` of a principal: for the session of a role, the role
/// (IAM User Guide, "AWS global condition context keys": `aws:PrincipalArn`). The path of the role is not known.
pub(crate) fn principal_arn(principal: &str) -> Option<String> {
    let mut parts = principal.splitn(6, ':');
    let mut next = || parts.next();
    let (arn, partition, service, _region, account, resource) =
        (next()?, next()?, next()?, next()?, next()?, next()?);
    if arn != "arn" {
        return None;
    }
    let session = resource
        .strip_prefix("assumed-role/")
        .filter(|_| service == "sts");
    match session.and_then(|rest| rest.split_once('/')) {
        Some((role, _session)) => Some(format!("arn:{partition}:iam::{account}:role/{role}")),
        None => Some(principal.to_owned()),
    }
}

/// Returns the account of an ARN.
pub(crate) fn account(arn: &str) -> Option<&str> {
    arn.split(':')
        .nth(4)
        .filter(|account| account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()))
}

/// Service-linked roles have their own path, and names that begin with `AWSServiceRoleFor`; the ARN of a session
/// shows the name only (IAM User Guide, "Create a service-linked role").
pub(crate) fn is_service_linked(arn: &str) -> bool {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
    arn.split(':').nth(2) == Some("iam")
        && (resource.starts_with("role/aws-service-role/") || resource.starts_with("role/AWSServiceRoleFor"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_stands_for_its_role() {
        assert_eq!(
            principal_arn("arn:aws:sts::111122223333:assumed-role/lz-admin/me").as_deref(),
            Some("arn:aws:iam::111122223333:role/lz-admin")
        );
        let user = "arn:aws-cn:iam::111122223333:user/path/me";
        assert_eq!(principal_arn(user).as_deref(), Some(user));
        assert_eq!(principal_arn("*"), None);
        assert_eq!(account(user), Some("111122223333"));
        assert_eq!(account("arn:aws:s3:::bucket"), None);
    }

    #[test]
    fn service_linked_roles_are_known_by_path_and_name() {
        assert!(is_service_linked(
            "arn:aws:iam::111122223333:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty"
        ));
        assert!(is_service_linked(
            "arn:aws:iam::111122223333:role/AWSServiceRoleForSupport"
        ));
        assert!(!is_service_linked(
            "arn:aws:iam::111122223333:role/mine/aws-service-role"
        ));
        assert!(!is_service_linked(
            "arn:aws:iam::111122223333:user/aws-service-role/x"
        ));
    }
}
