ou "security" { name = "Security" }

ou "workloads" {
  name = "Workloads"

  ou "prod" { name = "Prod" }
  ou "sdlc" { name = "SDLC" }
}

# All findings are read here.
account "security_tooling" {
  name  = "Security Tooling"
  email = "aws+security-tooling@${var.mail_domain}"
  ou    = ou.security
  tags  = { duty = "detection", owner = "security" }
}

# Audit logs of all accounts end up here.
account "log_archive" {
  name  = "Log Archive"
  email = "aws+log-archive@${var.mail_domain}"
  ou    = ou.security
  tags  = { duty = "logs", owner = "security" }
}

locals {
  tickets = {
    sale    = ou.workloads.prod
    payment = ou.workloads.prod
    staging = ou.workloads.sdlc
  }
}

account "tickets" {
  for_each = local.tickets
  name     = "Tickets ${title(each.key)}"
  email    = "aws+tickets-${each.key}@${var.mail_domain}"
  ou       = each.value
  tags     = { duty = each.key, owner = "tickets" }
}
