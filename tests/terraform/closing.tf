# Two accounts that Terraform closes when they are destroyed.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }

variable "accounts" {
  type    = set(string)
  default = ["old", "older"]
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "111122223333"
  secret_key                  = "any secret"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  endpoints {
    organizations = var.endpoint
    sts           = var.endpoint
  }
}

resource "aws_organizations_organization" "this" {
  feature_set = "ALL"
}

resource "aws_organizations_account" "this" {
  for_each          = var.accounts
  name              = each.key
  email             = "${each.key}@example.com"
  close_on_deletion = true
  parent_id         = aws_organizations_organization.this.roots[0].id
}
