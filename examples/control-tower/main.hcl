# A landing zone on Control Tower 4.0: OUs by policy need and life cycle, elective controls chosen for each OU.
#
#   lz plan  --target twin examples/control-tower     what would happen
#   lz apply --target twin examples/control-tower     let it happen, in the twin

landing_zone "tower" {
  management_account = "111122223333" # any other organization is refused
  home_region        = "us-east-1"
  regions            = ["us-east-1", "ap-northeast-1"]
}

variable "mail_domain" {
  description = "Every account's root user has an address here."
  default     = "aws.example.com"
}

# Config's trusted access is not in the list: Control Tower gives it itself.
organization {
  policy_types     = ["scp"]
  trusted_services = ["account.amazonaws.com", "sso.amazonaws.com"]
}

# What one plan may do at most. A plan that would do more is refused.
safety {
  max_removals = 5
  max_closures = 1
  max_moves    = 10
}
