//! The landing zone of this suite: an audit account that administers every service that lz has a call for.

use lz_model::desired::Desired;

/// Services with calls of their own, by the name that `delegated_admin` takes.
pub(crate) const SERVICES: [&str; 9] = [
    "auditmanager",
    "cloudtrail",
    "detective",
    "fms",
    "guardduty",
    "inspector2",
    "ipam",
    "macie",
    "securityhub",
];

const TRUSTED: &str = r#""auditmanager", "cloudtrail", "detective", "fms", "guardduty", "iam", "inspector2", "macie",
    "ram", "securityhub", "servicecatalog", "sso""#;

/// Returns a spec of this text.
pub(crate) fn load(text: &str) -> Desired {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.hcl"), text).unwrap();
    let loaded = lz_spec::load_dir(folder.path(), &lz_spec::Inputs::default());
    loaded.unwrap_or_else(|errors| panic!("{errors:?}")).desired
}

/// Returns the accounts in three Regions, and these blocks beside them.
pub(crate) fn zone(organization: &str, blocks: &str) -> Desired {
    load(&format!(
        r#"
landing_zone "acme" {{
  home_region = "eu-west-1"
  regions     = ["eu-west-1", "us-east-1", "ap-northeast-1"]
}}
organization {{
  trusted_services = [{TRUSTED}]
  {organization}
}}
ou "security" {{ name = "Security" }}
account "audit" {{
  email = "aws+audit@example.com"
  ou    = ou.security
}}
account "tooling" {{
  email = "aws+tooling@example.com"
  ou    = ou.security
}}
{blocks}
"#
    ))
}

/// Returns an account as the administrator of services.
pub(crate) fn admins(account: &str, services: &[&str]) -> String {
    let block = |service: &&str| format!("delegated_admin \"{service}\" {{ account = account.{account} }}\n");
    services.iter().map(block).collect()
}
