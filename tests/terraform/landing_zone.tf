# An organization of 30 accounts. The test sets the variables, and changes some of them for a second apply.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }

variable "workloads_name" {
  type    = string
  default = "Workloads"
}

variable "moved_account_unit" {
  type    = string
  default = "Workloads/Prod"
}

variable "denied_action" {
  type    = string
  default = "cloudtrail:StopLogging"
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "111122223333"
  secret_key                  = "any secret"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  endpoints {
    account       = var.endpoint
    organizations = var.endpoint
    sts           = var.endpoint
  }
}

locals {
  tops    = ["Infrastructure", "Sandbox", "Security", "Workloads"]
  middles = ["Infrastructure/Network", "Workloads/Prod", "Workloads/SDLC"]
  leaves  = ["Workloads/Prod/Europe", "Workloads/SDLC/Staging"]

  units = merge(
    { for name, unit in aws_organizations_organizational_unit.top : name => unit.id },
    { for name, unit in aws_organizations_organizational_unit.middle : name => unit.id },
    { for name, unit in aws_organizations_organizational_unit.leaf : name => unit.id },
    { "Workloads/Prod/Europe/Shop" = aws_organizations_organizational_unit.fourth.id },
    { "Workloads/Prod/Europe/Shop/Blue" = aws_organizations_organizational_unit.fifth.id },
  )
  places = sort(keys(local.units))

  accounts = { for n in range(30) : format("account-%02d", n) => n }
  policies = { for n in range(20) : format("guard-%02d", n) => n }
}

resource "aws_organizations_organization" "this" {
  feature_set = "ALL"
  aws_service_access_principals = [
    "account.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
    "guardduty.amazonaws.com",
    "securityhub.amazonaws.com",
    "sso.amazonaws.com",
  ]
  enabled_policy_types = ["SERVICE_CONTROL_POLICY", "TAG_POLICY"]
}

resource "aws_organizations_organizational_unit" "top" {
  for_each  = toset(local.tops)
  name      = each.key == "Workloads" ? var.workloads_name : each.key
  parent_id = aws_organizations_organization.this.roots[0].id
}

resource "aws_organizations_organizational_unit" "middle" {
  for_each  = toset(local.middles)
  name      = basename(each.key)
  parent_id = aws_organizations_organizational_unit.top[dirname(each.key)].id
  tags      = { stage = lower(basename(each.key)) }
}

resource "aws_organizations_organizational_unit" "leaf" {
  for_each  = toset(local.leaves)
  name      = basename(each.key)
  parent_id = aws_organizations_organizational_unit.middle[dirname(each.key)].id
}

resource "aws_organizations_organizational_unit" "fourth" {
  name      = "Shop"
  parent_id = aws_organizations_organizational_unit.leaf["Workloads/Prod/Europe"].id
}

resource "aws_organizations_organizational_unit" "fifth" {
  name      = "Blue"
  parent_id = aws_organizations_organizational_unit.fourth.id
}

resource "aws_organizations_account" "this" {
  for_each  = local.accounts
  name      = each.key
  email     = "${each.key}@example.com"
  role_name = "OrganizationAccountAccessRole"
  parent_id = each.value == 29 ? local.units[var.moved_account_unit] : local.units[local.places[each.value % length(local.places)]]
  tags      = { owner = "team-${each.value % 4}" }

  # AWS does not tell the role again, so the provider can't read it.
  lifecycle { ignore_changes = [role_name] }
}

resource "aws_organizations_policy" "guard" {
  for_each    = local.policies
  name        = each.key
  description = "guardrail ${each.value}"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Guard${each.value}"
      Effect   = "Deny"
      Action   = each.value == 0 ? [var.denied_action] : ["cloudtrail:DeleteTrail", "config:Delete*"]
      Resource = "*"
    }]
  })
  depends_on = [aws_organizations_organization.this]
}

resource "aws_organizations_policy_attachment" "unit" {
  for_each  = local.policies
  policy_id = aws_organizations_policy.guard[each.key].id
  target_id = local.units[local.places[each.value % length(local.places)]]
}

resource "aws_organizations_policy_attachment" "account" {
  for_each  = { for name, n in local.policies : name => n if n < 5 }
  policy_id = aws_organizations_policy.guard[each.key].id
  target_id = aws_organizations_account.this[format("account-%02d", each.value)].id
}

resource "aws_organizations_policy_attachment" "root" {
  policy_id = aws_organizations_policy.guard["guard-19"].id
  target_id = aws_organizations_organization.this.roots[0].id
}

resource "aws_organizations_policy" "tags" {
  name       = "tags"
  type       = "TAG_POLICY"
  content    = jsonencode({ tags = { owner = { tag_key = { "@@assign" = "owner" } } } })
  depends_on = [aws_organizations_organization.this]
}

resource "aws_organizations_policy_attachment" "tags" {
  policy_id = aws_organizations_policy.tags.id
  target_id = aws_organizations_organization.this.roots[0].id
}

resource "aws_organizations_delegated_administrator" "this" {
  for_each = {
    "cloudtrail.amazonaws.com"  = "account-00"
    "config.amazonaws.com"      = "account-00"
    "guardduty.amazonaws.com"   = "account-00"
    "securityhub.amazonaws.com" = "account-00"
    "sso.amazonaws.com"         = "account-01"
  }
  account_id        = aws_organizations_account.this[each.value].id
  service_principal = each.key
}

resource "aws_organizations_resource_policy" "this" {
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ReadPolicies"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${aws_organizations_account.this["account-00"].id}:root" }
      Action    = ["organizations:DescribePolicy", "organizations:ListPolicies"]
      Resource  = "*"
    }]
  })
}

resource "aws_account_alternate_contact" "security" {
  account_id             = aws_organizations_account.this["account-02"].id
  alternate_contact_type = "SECURITY"
  name                   = "N. N."
  title                  = "Owner"
  email_address          = "n@example.com"
  phone_number           = "+1 555 0100"
}

output "accounts" {
  value = { for name, account in aws_organizations_account.this : name => account.id }
}

output "units" {
  value = local.units
}
