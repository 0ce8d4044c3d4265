# Roles that may do what people may not: lz itself, the baselines, stack sets, and CloudFormation's service role.
locals {
  machines = [
    "arn:aws:iam::*:role/lz-*",
    "arn:aws:iam::*:role/baseline-*",
    "arn:aws:iam::*:role/cfn-service-*",
    "arn:aws:iam::*:role/stacksets-exec-*",
  ]
}

# What records and detects stays on, everywhere.
policy "protect_guardrails" {
  type        = "scp"
  name        = "ProtectGuardrails"
  description = "Trails, recorders and detectors stay on, and accounts stay in the organization."
  attach      = [root]

  statement "KeepRecording" {
    effect = "Deny"
    actions = [
      "cloudtrail:DeleteTrail",
      "cloudtrail:PutEventSelectors",
      "cloudtrail:StopLogging",
      "cloudtrail:UpdateTrail",
      "config:DeleteConfigurationRecorder",
      "config:DeleteDeliveryChannel",
      "config:StopConfigurationRecorder",
      "guardduty:DeleteDetector",
      "guardduty:DisassociateFromAdministratorAccount",
      "securityhub:DisableSecurityHub",
    ]
    resources = ["*"]
    condition "ArnNotLike" "aws:PrincipalArn" {
      values = local.machines
    }
  }

  statement "StayInTheOrganization" {
    effect    = "Deny"
    actions   = ["organizations:LeaveOrganization"]
    resources = ["*"]
  }
}

# People and partners: no billing, no data, no new way out of the network.
policy "people" {
  type        = "scp"
  name        = "PeopleAndPartners"
  description = "What people and partners never do where customers' data is."
  attach      = [ou.workloads.prod, ou.workloads.staging]

  statement "NoBilling" {
    effect    = "Deny"
    actions   = ["aws-portal:*", "billing:Update*", "payments:*"]
    resources = ["*"]
  }

  statement "NoData" {
    effect    = "Deny"
    actions   = ["s3:GetObject", "s3:Delete*"]
    resources = ["*"]
    condition "ArnLike" "aws:PrincipalArn" {
      values = ["arn:aws:iam::*:role/people-*", "arn:aws:iam::*:role/partner-*"]
    }
  }

  statement "NoNewWayOut" {
    effect = "Deny"
    actions = [
      "ec2:AttachInternetGateway",
      "ec2:CreateInternetGateway",
      "ec2:CreateNatGateway",
      "ec2:CreateVpc*",
      "ec2:ModifyVpc*",
    ]
    resources = ["*"]
    condition "ArnNotLike" "aws:PrincipalArn" {
      values = local.machines
    }
  }
}

# IAM is changed through CloudFormation only; people read it and pass roles.
policy "iam_by_machines" {
  type        = "scp"
  name        = "IamByMachines"
  description = "IAM changes go through the CloudFormation service role."
  attach      = [ou.workloads.prod, ou.workloads.staging]

  statement "NoIamByHand" {
    effect = "Deny"
    actions = [
      for verb in ["Add", "Attach", "Create", "Delete", "Detach", "Put", "Remove", "Set", "Update", "Upload"] :
      "iam:${verb}*"
    ]
    resources = ["*"]
    condition "ArnNotLike" "aws:PrincipalArn" {
      values = local.machines
    }
  }
}

policy "regions" {
  type        = "scp"
  name        = "Regions"
  description = "Work happens in the landing zone's Regions."
  content     = templatefile("policies/regions.json", { regions = landing_zone.regions })
  attach      = [ou.workloads, ou.people]
}

# The log archive's buckets answer to this organization only.
policy "own_organization" {
  type        = "rcp"
  name        = "OwnOrganization"
  description = "Data of the security accounts is for principals of this organization."
  attach      = [ou.security]

  statement "OnlyUs" {
    effect     = "Deny"
    principals = "*"
    actions    = ["s3:*", "sts:AssumeRole"]
    resources  = ["*"]
    condition "StringNotEqualsIfExists" "aws:PrincipalOrgID" { values = [organization.id] }
    condition "BoolIfExists" "aws:PrincipalIsAWSService" { values = ["false"] }
  }
}

policy "duty_tag" {
  type    = "tag"
  name    = "DutyTag"
  content = file("policies/duty-tag.json")
  attach  = [root]
}

delegated_admin "access-analyzer.amazonaws.com" { account = account.audit }
delegated_admin "config.amazonaws.com" { account = account.audit }
delegated_admin "guardduty.amazonaws.com" { account = account.audit }
delegated_admin "securityhub.amazonaws.com" { account = account.audit }
