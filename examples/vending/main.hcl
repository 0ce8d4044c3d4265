# Accounts on request: what every workload account has in common, and what each request must say.

landing_zone "vending" {
  management_account = "111122223333"
  home_region        = "eu-west-1"
  regions            = ["eu-west-1", "us-east-1"]
}

variable "mail_domain" { default = "aws.example.com" }

organization {
  policy_types     = ["scp"]
  trusted_services = ["account", "stacksets"]
}

ou "workloads" {
  name = "Workloads"
  ou "prod" { name = "Prod" }
  ou "sdlc" { name = "SDLC" }
}
ou "sandbox" { name = "Sandbox" }
ou "suspended" { name = "Suspended" }

policy "deny_everything" {
  name   = "DenyEverything"
  type   = "scp"
  attach = [ou.suspended]
  statement "Nothing" {
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
    condition "ArnNotLike" "aws:PrincipalArn" { values = ["arn:aws:iam::*:role/break-glass"] }
  }
}

policy "stay" {
  name   = "StayInTheOrganization"
  type   = "scp"
  attach = [ou.workloads, ou.sandbox]
  statement "NoLeaving" {
    effect    = "Deny"
    actions   = ["organizations:LeaveOrganization", "account:CloseAccount"]
    resources = ["*"]
  }
}

# What every account gets as soon as it is in one of these OUs, and loses when it leaves.
stack_set "hardening" {
  template     = file("../baselines/account-hardening/template.yaml")
  capabilities = ["CAPABILITY_NAMED_IAM"]
  parameters   = { HomeRegion = landing_zone.home_region }
  deploy { targets = [ou.workloads, ou.sandbox] }
}

account_template "workload" {
  name          = "${title(request.team)} ${title(request.stage)}"
  email         = "aws+${request.label}@${var.mail_domain}"
  ou            = ou.workloads.sdlc
  ous           = [ou.workloads]
  name_pattern  = "[A-Z][A-Za-z0-9 -]*"
  required_tags = ["owner"]
  tags = {
    team        = request.team
    channel     = request.channel
    cost_centre = request.cost_centre
    stage       = request.stage
  }

  # Whom AWS calls about the account's security.
  contact "security" {
    name  = "Security on call"
    title = "On call"
    email = "security@${var.mail_domain}"
    phone = "+1-555-0100"
  }

  field "team" {
    description = "the team that answers for the account"
    pattern     = "[a-z][a-z0-9-]*"
  }
  field "channel" {
    description = "where the team is told about findings, without the hash"
    pattern     = "[a-z0-9-]+"
  }
  field "cost_centre" {
    description = "four digits"
    pattern     = "[0-9]{4}"
  }
  field "stage" {
    default = "dev"
    values  = ["dev", "staging", "prod"]
  }
}

account_template "sandbox" {
  name    = "Sandbox ${title(request.person)}"
  email   = "aws+sandbox-${request.person}@${var.mail_domain}"
  ou      = ou.sandbox
  expires = request.expires
  tags    = { person = request.person }

  field "person" { pattern = "[a-z]+" }
  field "expires" { description = "the last day of the sandbox, such as 2027-12-31" }
}
