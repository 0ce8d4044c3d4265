# Stack sets under both permission models, their instances, and a stack of the management account's own.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }

variable "size" {
  type    = string
  default = "small"
}

variable "kind" {
  type    = string
  default = "AWS::SNS::Topic"
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "111122223333"
  secret_key                  = "any secret"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  s3_use_path_style           = true

  endpoints {
    cloudformation = var.endpoint
    organizations  = var.endpoint
    s3             = var.endpoint
    sts            = var.endpoint
  }
}

locals {
  management = "111122223333"
  template = yamlencode({
    Description = "a topic"
    Parameters  = { Size = { Type = "String", Default = "tiny" } }
    Resources   = { Topic = { Type = var.kind } }
    Outputs     = { Size = { Value = { Ref = "Size" } } }
  })
}

resource "aws_organizations_organization" "this" {
  feature_set                   = "ALL"
  aws_service_access_principals = ["stacksets.cloudformation.amazonaws.com"]
}

resource "aws_organizations_organizational_unit" "work" {
  name      = "Work"
  parent_id = aws_organizations_organization.this.roots[0].id
}

resource "aws_organizations_account" "team" {
  count             = 2
  name              = "team-${count.index}"
  email             = "team-${count.index}@example.com"
  parent_id         = aws_organizations_organizational_unit.work.id
  close_on_deletion = false
}

resource "aws_cloudformation_stack_set" "managed" {
  name             = "managed"
  description      = "baseline of every team"
  permission_model = "SERVICE_MANAGED"
  template_body    = local.template
  parameters       = { Size = var.size }
  tags             = { team = "security" }

  auto_deployment {
    enabled                          = true
    retain_stacks_on_account_removal = false
  }

  managed_execution {
    active = true
  }

  operation_preferences {
    failure_tolerance_count = 1
    max_concurrent_count    = 2
    region_concurrency_type = "PARALLEL"
  }

  depends_on = [aws_organizations_organization.this]
}

resource "aws_cloudformation_stack_set_instance" "managed" {
  stack_set_name = aws_cloudformation_stack_set.managed.name
  region         = "eu-west-1"

  deployment_targets {
    organizational_unit_ids = [aws_organizations_organizational_unit.work.id]
  }

  depends_on = [aws_organizations_account.team]
}

resource "aws_cloudformation_stack_set" "own" {
  name                    = "own"
  administration_role_arn = "arn:aws:iam::${local.management}:role/AWSCloudFormationStackSetAdministrationRole"
  template_body           = local.template
  parameters              = { Size = "medium" }
}

resource "aws_cloudformation_stack_set_instance" "own" {
  stack_set_name      = aws_cloudformation_stack_set.own.name
  account_id          = local.management
  region              = "us-east-1"
  parameter_overrides = { Size = var.size }
}

resource "aws_cloudformation_stack" "management" {
  name          = "management"
  template_body = local.template
  parameters    = { Size = var.size }
  tags          = { team = "security" }
}

output "size" { value = aws_cloudformation_stack.management.outputs["Size"] }
output "unit" { value = aws_organizations_organizational_unit.work.id }
