
landing_zone "acme" {
  management_account = "111122223333"
  home_region        = "ap-northeast-1"
  regions            = ["ap-northeast-1", "us-east-1"]
}

variable "mail_domain" { default = "aws.example.com" }
locals { teams = yamldecode(file("teams.yaml")) }

organization {
  policy_types     = ["scp", "rcp", "tag"]
  trusted_services = ["guardduty.amazonaws.com", "account.amazonaws.com", "stacksets"]
}

ou "security" { name = "Security" }
ou "workloads" {
  name = "Workloads"
  ou "prod" { name = "Prod" }
  ou "sdlc" { name = "SDLC" }
}

account "audit" {
  name  = "Audit"
  email = "aws+audit@${var.mail_domain}"
  ou    = ou.security
  tags  = { owner = "security" }
}

account "team" {
  for_each = local.teams
  name     = "${each.value.title} Prod"
  email    = "aws+${each.key}-prod@${var.mail_domain}"
  ou       = ou.workloads.prod
}

policy "protect_guardrails" {
  type   = "scp"
  attach = [ou.workloads, ou.security]
  statement "KeepTrails" {
    effect    = "Deny"
    actions   = ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"]
    resources = ["*"]
    condition "ArnNotLike" "aws:PrincipalArn" { values = ["arn:aws:iam::*:role/lz-*"] }
  }
}

policy "regions" {
  type    = "scp"
  content = file("policies/regions.json")
  attach  = [ou.workloads]
}

delegated_admin "guardduty.amazonaws.com" { account = account.audit }

moved {
  from = account.shop
  to   = account.team["shop"]
}
removed {
  from   = account.old
  action = "close"
}
safety { max_closures = 1 }
