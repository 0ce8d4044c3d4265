# A start-up's landing zone: accounts by duty, people in one jump account, production behind approvals.
#
#   lz plan  --target twin examples/startup     what would happen
#   lz apply --target twin examples/startup     let it happen, in the twin

landing_zone "startup" {
  management_account = "111122223333" # any other organization is refused
  home_region        = "ap-northeast-1"
  regions            = ["ap-northeast-1", "us-east-1"]
}

variable "mail_domain" {
  description = "Every account's root user has an address here."
  default     = "aws.example.com"
}

organization {
  policy_types = ["scp", "rcp", "tag"]
  trusted_services = [
    "access-analyzer.amazonaws.com",
    "account.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
    "guardduty.amazonaws.com",
    "securityhub.amazonaws.com",
    "sso.amazonaws.com",
    "stacksets",
  ]
}

# What one plan may do at most. A plan that would do more is refused.
safety {
  max_removals = 10
  max_closures = 1
  max_moves    = 10
}
