# The shared accounts of Control Tower, and those of the security team. Never delete the first two.
ou "security" {
  name = "Security"
}

ou "infrastructure" {
  name = "Infrastructure"
}

ou "sandbox" {
  name = "Sandbox"
}

# Production never depends on what is not production, so each has an OU of its own.
ou "workloads" {
  name = "Workloads"

  ou "prod" { name = "Prod" }
  ou "sdlc" { name = "SDLC" }
}

account "log_archive" {
  name  = "Log Archive"
  email = "aws+log-archive@${var.mail_domain}"
  ou    = ou.security
}

account "audit" {
  name  = "Audit"
  email = "aws+audit@${var.mail_domain}"
  ou    = ou.security
}

locals {
  accounts = {
    read-only   = { title = "Read Only Access", ou = ou.security }
    break-glass = { title = "Break Glass", ou = ou.security }
    network     = { title = "Network", ou = ou.infrastructure }
    shared-it   = { title = "Shared IT", ou = ou.infrastructure }
    shop        = { title = "Shop Production", ou = ou.workloads.prod }
    shop-stage  = { title = "Shop Staging", ou = ou.workloads.sdlc }
    shop-dev    = { title = "Shop Development", ou = ou.workloads.sdlc }
  }
  engineers = ["aiko", "ben"]
}

account "member" {
  for_each = local.accounts
  name     = each.value.title
  email    = "aws+${each.key}@${var.mail_domain}"
  ou       = each.value.ou
}

# One account for each engineer to try things in.
account "sandbox" {
  for_each = toset(local.engineers)
  name     = "Sandbox ${title(each.key)}"
  email    = "aws+sandbox-${each.key}@${var.mail_domain}"
  ou       = ou.sandbox
}
