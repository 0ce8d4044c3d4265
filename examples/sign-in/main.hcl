# Who may do what where: people sign in through IAM Identity Center, groups come from the company's directory.
#
#   lz plan  --target aws examples/sign-in

landing_zone "sign-in" {
  management_account = "111122223333" # any other organization is refused
  home_region        = "us-east-1"
}

variable "mail_domain" {
  description = "Every account's root user has an address here."
  default     = "aws.example.com"
}

organization {
  policy_types     = ["scp"]
  trusted_services = ["account", "sso"]
  # Nobody keeps access that this spec does not give: what was given by hand goes with the next apply.
  exclusive = ["assignments"]
}

safety { max_removals = 10 }
