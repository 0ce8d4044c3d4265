ou "security" {
  name = "Security"
}

ou "people" {
  name = "People"
}

ou "workloads" {
  name = "Workloads"

  ou "prod" { name = "Prod" }
  ou "staging" { name = "Staging" }
  ou "dev" { name = "Dev" }
}

# Logs of all accounts end up here, and nobody can change them.
account "log_archive" {
  name  = "Log Archive"
  email = "aws+log-archive@${var.mail_domain}"
  ou    = ou.security
  tags  = { duty = "logs", owner = "security" }
}

# Config, Security Hub, GuardDuty and Access Analyzer are read here.
account "audit" {
  name  = "Audit"
  email = "aws+audit@${var.mail_domain}"
  ou    = ou.security
  tags  = { duty = "audit", owner = "security" }
}

# The only account with people in it; from here they switch to named roles elsewhere.
account "jump" {
  name  = "Jump"
  email = "aws+jump@${var.mail_domain}"
  ou    = ou.people
  tags  = { duty = "user-management", owner = "security" }
}

account "billing" {
  name  = "Billing"
  email = "aws+billing@${var.mail_domain}"
  ou    = ou.people
  tags  = { duty = "billing", owner = "finance" }
}

locals {
  stages = {
    production  = { ou = ou.workloads.prod, owner = "operations" }
    staging     = { ou = ou.workloads.staging, owner = "operations" }
    development = { ou = ou.workloads.dev, owner = "engineering" }
  }
}

account "stage" {
  for_each = local.stages
  name     = title(each.key)
  email    = "aws+${each.key}@${var.mail_domain}"
  ou       = each.value.ou
  tags     = { duty = each.key, owner = each.value.owner }
}
