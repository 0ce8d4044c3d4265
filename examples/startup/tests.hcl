# What the guardrails are for, as questions with answers: `lz test` asks them of the spec, `lz plan` of every plan.

test "nobody leaves the organization" {
  ou     = root
  action = "organizations:LeaveOrganization"
  expect = "deny"
}

test "what records stays on" {
  ou = root
  action = [
    "cloudtrail:StopLogging",
    "config:StopConfigurationRecorder",
    "guardduty:DeleteDetector",
    "securityhub:DisableSecurityHub",
  ]

  case "for people" { expect = "deny" }
  case "but not for lz itself" {
    principal = "role/lz-admin"
    expect    = "allow"
  }
}

test "work happens in our Regions" {
  ou     = ou.workloads
  action = "ec2:RunInstances"

  case "at home" {
    context = { "aws:RequestedRegion" = landing_zone.home_region }
    expect  = "allow"
  }
  case "and nowhere else" {
    context = { "aws:RequestedRegion" = "eu-central-1" }
    expect  = "deny"
  }
  case "though IAM is everywhere" {
    action  = "iam:GetRole"
    context = { "aws:RequestedRegion" = "us-east-1" }
    expect  = "allow"
  }
}

test "people do not read customers' data" {
  action   = "s3:GetObject"
  resource = "arn:aws:s3:::orders/2026/january.csv"

  case "in production" {
    account   = account.stage["production"]
    principal = "role/people-operations"
    expect    = "deny"
  }
  case "but in development" {
    account   = account.stage["development"]
    principal = "role/people-operations"
    expect    = "allow"
  }
  case "while the shop does" {
    account   = account.stage["production"]
    principal = "role/shop-service"
    expect    = "allow"
  }
}

test "IAM is changed by machines" {
  account = account.stage["production"]
  action  = ["iam:CreateUser", "iam:AttachRolePolicy"]

  case "not by hand" { expect = "deny" }
  case "but by CloudFormation" {
    principal = "role/cfn-service-app"
    expect    = "allow"
  }
}

test "logs are for us" {
  account  = account.log_archive
  action   = "s3:GetObject"
  resource = "arn:aws:s3:::lz-trail-logs/AWSLogs/today.json.gz"

  case "auditors read them" {
    principal = "arn:aws:iam::${account.audit.id}:role/auditor"
    expect    = "allow"
  }
  case "strangers don't" {
    principal = "arn:aws:iam::999988887777:role/stranger"
    expect    = "deny"
  }
}
