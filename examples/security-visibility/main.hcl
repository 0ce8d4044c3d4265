# Visibility in one place: one security tooling account administers the security services in every Region, a log
# archive keeps what nobody can change, and both are apart from the workloads.
#
#   lz plan  --target twin examples/security-visibility     what would happen
#   lz apply --target twin examples/security-visibility     let it happen, in the twin

landing_zone "security-visibility" {
  management_account = "111122223333" # any other organization is refused
  home_region        = "ap-northeast-1"
  regions = [
    "ap-northeast-1", "ap-northeast-3", "ap-southeast-1", "eu-central-1",
    "eu-west-1", "us-east-1", "us-east-2", "us-west-2",
  ]
}

variable "mail_domain" {
  description = "Every account's root user has an address here."
  default     = "aws.example.com"
}

organization {
  policy_types = ["scp"]
  trusted_services = [
    "cloudtrail",
    "config",
    "config-multiaccountsetup",
    "guardduty",
    "iam",
    "ram",
    "reporting.trustedadvisor.amazonaws.com",
    "securityhub",
    "stacksets",
  ]

  # Root users of members are looked after here: `lz root audit` shows who still has credentials.
  root_access {
    credentials_management = true
    sessions               = true
  }
}
