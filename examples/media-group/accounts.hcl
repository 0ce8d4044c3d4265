locals {
  teams  = yamldecode(file("teams.yaml"))
  guests = yamldecode(file("guests.yaml"))
  stages = ["prod", "staging", "dev"]

  # One account for each team and stage: "atlas-prod" and so on.
  team_accounts = merge([
    for key, team in local.teams : {
      for stage in local.stages : "${key}-${stage}" => {
        title = "${team.title} ${title(stage)}"
        team  = key
        stage = stage
        class = team.class
        tags = {
          team        = key
          stage       = stage
          channel     = replace(team.channel, "#", "")
          cost_center = team.cost_center
        }
      }
    }
  ]...)
}

ou "security" { name = "Security" }

# Always the newest guardrails.
ou "mandatory" {
  name = "Mandatory"
  ou "prod" { name = "Prod" }
  ou "nonprod" { name = "NonProd" }
}

# A chosen subset, agreed with each team.
ou "optional" {
  name = "Optional"
  ou "prod" { name = "Prod" }
  ou "nonprod" { name = "NonProd" }
}

# Paid for, not governed yet.
ou "guests" { name = "Guests" }

account "log_archive" {
  name  = "Log Archive"
  email = "aws+log-archive@${var.mail_domain}"
  ou    = ou.security
}

account "security_tooling" {
  name  = "Security Tooling"
  email = "aws+security@${var.mail_domain}"
  ou    = ou.security
}

account "team" {
  for_each = local.team_accounts
  name     = each.value.title
  email    = "aws+${each.key}@${var.mail_domain}"
  ou = (
    each.value.class == "mandatory"
    ? (each.value.stage == "prod" ? ou.mandatory.prod : ou.mandatory.nonprod)
    : (each.value.stage == "prod" ? ou.optional.prod : ou.optional.nonprod)
  )
  tags = each.value.tags
}

account "guest" {
  for_each = local.guests
  name     = each.value.title
  email    = "aws+${each.key}@${var.mail_domain}"
  ou       = ou.guests
}
