//! A landing zone with a template, and requests for it.

use lz_model::desired::Desired;
use std::fmt::Write as _;

const ZONE: &str = r#"landing_zone "acme" {
  home_region = "us-east-1"
  regions     = ["us-east-1"]
}
organization {
  policy_types     = ["scp"]
  trusted_services = ["account", "stacksets", "sso"]
}
ou "workloads" { name = "Workloads" }
ou "held" { name = "Held" }
policy "deny_all" {
  type   = "scp"
  attach = [ou.held]
  statement "Nothing" {
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
  }
}
account_template "workload" {
  name  = "Workload ${request.label}"
  email = "aws+${request.label}@acme.example.com"
  ou    = ou.workloads
  tags  = { team = request.team }
  field "team" {}
}
"#;

/// Returns the zone with these requests, each a label and more lines, and `more` beside them.
pub(crate) fn zone(requests: &[(String, &str)], more: &str) -> Desired {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("accounts")).unwrap();
    write("main.hcl", &format!("{ZONE}{more}"));
    for (label, lines) in requests {
        let mut text = "template: workload\nfields: { team: shop }\n".to_owned();
        let _ = writeln!(text, "{lines}");
        write(&format!("accounts/{label}.yaml"), &text);
    }
    let loaded = lz_spec::load_dir(folder.path(), &lz_spec::Inputs::default());
    loaded.unwrap_or_else(|errors| panic!("{errors:?}")).desired
}

/// Returns plain requests with these labels.
pub(crate) fn plain(labels: impl IntoIterator<Item = String>) -> Vec<(String, &'static str)> {
    labels.into_iter().map(|label| (label, "")).collect()
}
