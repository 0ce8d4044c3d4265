# A media group: 303 accounts, 240 of them governed, 80 teams in a YAML file. Guardrails deny only what must never
# happen, above all breaking the guardrails themselves. An account changes its class by moving to another OU.

landing_zone "media" {
  management_account = "111122223333"
  home_region        = "ap-northeast-1"
  regions            = ["ap-northeast-1", "ap-northeast-3", "us-east-1", "us-west-2"]
}

variable "mail_domain" { default = "aws.media.example.com" }

organization {
  policy_types = ["scp", "tag"]
  trusted_services = [
    "access-analyzer.amazonaws.com",
    "account.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
    "config-multiaccountsetup.amazonaws.com",
    "guardduty.amazonaws.com",
    "iam.amazonaws.com",
    "inspector2.amazonaws.com",
    "securityhub.amazonaws.com",
    "securitylake.amazonaws.com",
    "stacksets",
  ]
}

safety {
  max_removals = 20
  max_closures = 3
  max_moves    = 30
}
