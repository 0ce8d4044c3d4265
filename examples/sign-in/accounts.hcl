# Accounts by duty. Production and staging are stricter than development.

locals {
  stages = {
    production  = { title = "Production", place = "prod" }
    staging     = { title = "Staging", place = "prod" }
    development = { title = "Development", place = "dev" }
  }
}

ou "security" { name = "Security" }

ou "workloads" {
  name = "Workloads"
  ou "prod" { name = "Prod" }
  ou "dev" { name = "Dev" }
}

account "audit" {
  name  = "Audit"
  email = "aws+audit@${var.mail_domain}"
  ou    = ou.security
}

account "log_archive" {
  name  = "Log Archive"
  email = "aws+log-archive@${var.mail_domain}"
  ou    = ou.security
}

account "billing" {
  name  = "Billing"
  email = "aws+billing@${var.mail_domain}"
  ou    = ou.security
}

account "stage" {
  for_each = local.stages
  name     = each.value.title
  email    = "aws+${each.key}@${var.mail_domain}"
  ou       = each.value.place == "prod" ? ou.workloads.prod : ou.workloads.dev

  # AWS calls these when something burns.
  contact "security" {
    name  = "Security on call"
    title = "On call"
    email = "security@${var.mail_domain}"
    phone = "+81-3-0000-0000"
  }
  contact "operations" {
    name  = "Platform on call"
    title = "On call"
    email = "platform@${var.mail_domain}"
    phone = "+81-3-0000-0001"
  }
  contact "billing" {
    name  = "Accounts payable"
    title = "Finance"
    email = "finance@${var.mail_domain}"
    phone = "+81-3-0000-0002"
  }
}
