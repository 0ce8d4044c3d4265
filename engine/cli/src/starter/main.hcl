# A small landing zone. Bring it up on the embedded twin, without an AWS account:
#
#   lz apply --target twin
#
# For a real organization put in your own account id and mail domain first.

landing_zone "starter" {
  management_account = "111122223333"
  home_region        = "eu-west-1"
  regions            = ["eu-west-1", "us-east-1"]
}

variable "mail_domain" {
  default = "aws.example.com"
}

organization {
  policy_types     = ["scp"]
  trusted_services = ["account.amazonaws.com"]
}

ou "security" {
  name = "Security"
}

ou "workloads" {
  name = "Workloads"

  ou "prod" {
    name = "Prod"
  }
  ou "sdlc" {
    name = "SDLC"
  }
}

account "audit" {
  name  = "Audit"
  email = "aws+audit@${var.mail_domain}"
  ou    = ou.security
}

account "log_archive" {
  name  = "Log archive"
  email = "aws+logs@${var.mail_domain}"
  ou    = ou.security
}

account "shop" {
  for_each = {
    prod = ou.workloads.prod
    dev  = ou.workloads.sdlc
  }
  name  = "Shop ${each.key}"
  email = "aws+shop-${each.key}@${var.mail_domain}"
  ou    = each.value
}
