# A landing zone with controls, administrators of security services, and people with permission sets.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }

variable "allowed_regions" {
  type    = list(string)
  default = ["us-east-1"]
}

variable "session" {
  type    = string
  default = "PT1H"
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "111122223333"
  secret_key                  = "any secret"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  endpoints {
    controltower  = var.endpoint
    guardduty     = var.endpoint
    iam           = var.endpoint
    identitystore = var.endpoint
    organizations = var.endpoint
    securityhub   = var.endpoint
    ssoadmin      = var.endpoint
    sts           = var.endpoint
  }
}

resource "aws_organizations_organization" "this" {
  feature_set                   = "ALL"
  aws_service_access_principals = ["guardduty.amazonaws.com"]

  lifecycle {
    # The landing zone and Security Hub switch trusted access and SCPs on by themselves.
    ignore_changes = [aws_service_access_principals, enabled_policy_types]
  }
}

locals {
  root = aws_organizations_organization.this.roots[0].id
  trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "controltower.amazonaws.com" }
    }]
  })
}

resource "aws_organizations_organizational_unit" "shared" {
  name      = "Shared"
  parent_id = local.root
}

resource "aws_organizations_organizational_unit" "workloads" {
  name      = "Workloads"
  parent_id = local.root
}

resource "aws_organizations_account" "shared" {
  for_each  = toset(["audit", "log-archive"])
  name      = each.key
  email     = "aws+${each.key}@example.com"
  parent_id = aws_organizations_organizational_unit.shared.id
}

resource "aws_iam_role" "tower" {
  for_each = toset([
    "AWSControlTowerAdmin",
    "AWSControlTowerCloudTrailRole",
    "AWSControlTowerStackSetRole",
  ])
  name               = each.key
  path               = "/service-role/"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy_attachment" "tower" {
  role       = aws_iam_role.tower["AWSControlTowerAdmin"].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSControlTowerServiceRolePolicy"
}

resource "aws_iam_role_policy" "tower" {
  role = aws_iam_role.tower["AWSControlTowerStackSetRole"].name
  name = "assume"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "*" }]
  })
}

resource "aws_controltower_landing_zone" "this" {
  version = "4.0"
  tags    = { owner = "platform" }
  manifest_json = jsonencode({
    governedRegions    = ["us-east-1"]
    centralizedLogging = { enabled = true, accountId = aws_organizations_account.shared["log-archive"].id }
    config             = { enabled = true, accountId = aws_organizations_account.shared["audit"].id }
    securityRoles      = { enabled = true, accountId = aws_organizations_account.shared["audit"].id }
    accessManagement   = { enabled = false }
    backup             = { enabled = false }
  })
  depends_on = [aws_iam_role_policy_attachment.tower, aws_iam_role_policy.tower, aws_iam_role.tower]
}

resource "aws_controltower_control" "regions" {
  # CT.MULTISERVICE.PV.1, as the twin's catalogue has it.
  control_identifier = "arn:aws:controlcatalog:::control/ei6tcv4xlqnekj96417po8rgi"
  target_identifier  = aws_organizations_organizational_unit.workloads.arn

  parameters {
    key   = "AllowedRegions"
    value = jsonencode(var.allowed_regions)
  }

  depends_on = [aws_controltower_landing_zone.this]
}

resource "aws_controltower_control" "hook" {
  # CT.S3.PR.1 by its ARN of the Region, which answers must repeat.
  control_identifier = "arn:aws:controltower:us-east-1::control/MDEOCWVEPTMT"
  target_identifier  = aws_organizations_organizational_unit.workloads.arn
  depends_on         = [aws_controltower_landing_zone.this]
}

resource "aws_guardduty_organization_admin_account" "this" {
  admin_account_id = aws_organizations_account.shared["audit"].id
}

resource "aws_securityhub_organization_admin_account" "this" {
  admin_account_id = aws_organizations_account.shared["audit"].id
}

data "aws_ssoadmin_instances" "this" {
  depends_on = [aws_organizations_organization.this]
}

locals {
  instance = tolist(data.aws_ssoadmin_instances.this.arns)[0]
  store    = tolist(data.aws_ssoadmin_instances.this.identity_store_ids)[0]
}

resource "aws_identitystore_group" "admins" {
  identity_store_id = local.store
  display_name      = "admins"
  description       = "those who may"
}

resource "aws_identitystore_user" "ann" {
  identity_store_id = local.store
  user_name         = "ann"
  display_name      = "Ann Other"

  name {
    given_name  = "Ann"
    family_name = "Other"
  }

  emails {
    value   = "ann@example.com"
    primary = true
  }
}

resource "aws_identitystore_group_membership" "ann" {
  identity_store_id = local.store
  group_id          = aws_identitystore_group.admins.group_id
  member_id         = aws_identitystore_user.ann.user_id
}

data "aws_identitystore_group" "found" {
  identity_store_id = local.store

  alternate_identifier {
    unique_attribute {
      attribute_path  = "DisplayName"
      attribute_value = aws_identitystore_group.admins.display_name
    }
  }
}

resource "aws_ssoadmin_permission_set" "admin" {
  name             = "Admin"
  description      = "everything"
  instance_arn     = local.instance
  session_duration = var.session
  tags             = { owner = "platform" }
}

resource "aws_ssoadmin_permission_set_inline_policy" "admin" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.admin.arn
  inline_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "s3:Delete*", Resource = "*" }]
  })
}

resource "aws_ssoadmin_managed_policy_attachment" "admin" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.admin.arn
  managed_policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_ssoadmin_customer_managed_policy_attachment" "admin" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.admin.arn

  customer_managed_policy_reference {
    name = "own"
    path = "/"
  }
}

resource "aws_ssoadmin_permissions_boundary_attachment" "admin" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.admin.arn

  permissions_boundary {
    managed_policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
  }
}

resource "aws_ssoadmin_account_assignment" "admins" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.admin.arn
  principal_id       = aws_identitystore_group.admins.group_id
  principal_type     = "GROUP"
  target_id          = aws_organizations_account.shared["audit"].id
  target_type        = "AWS_ACCOUNT"
}

output "audit" { value = aws_organizations_account.shared["audit"].id }
output "found" { value = data.aws_identitystore_group.found.group_id }
output "group" { value = aws_identitystore_group.admins.group_id }
output "unit" { value = aws_organizations_organizational_unit.workloads.arn }
