# The guardrail of the guardrails: nobody but the baseline's own roles touches what detects.
policy "protect_detection" {
  type        = "scp"
  name        = "ProtectDetection"
  description = "Trails, recorders, detectors and the baseline's roles stay as they are."
  attach      = [ou.mandatory, ou.optional]
  content     = file("guardrails/protect-detection.json")
}

policy "stay" {
  type        = "scp"
  name        = "StayInTheOrganization"
  description = "No account leaves the group by itself."
  attach      = [root]

  statement "Stay" {
    effect    = "Deny"
    actions   = ["organizations:LeaveOrganization", "account:CloseAccount"]
    resources = ["*"]
  }
}

# Root users are taken back centrally: whoever still has the keys can do nothing with them.
policy "no_root" {
  type        = "scp"
  name        = "NoRootUser"
  description = "The root user of a member account does nothing."
  attach      = [ou.mandatory, ou.security]

  statement "NoRoot" {
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
    condition "ArnLike" "aws:PrincipalArn" { values = ["arn:aws:iam::*:root"] }
  }
}

# Machines started in a Region that nobody uses were the finding that mattered.
policy "compute_regions" {
  type        = "scp"
  name        = "ComputeRegions"
  description = "Machines run in Regions that somebody watches."
  attach      = [ou.mandatory]

  statement "OnlyWatchedRegions" {
    effect    = "Deny"
    actions   = ["ec2:RunInstances", "ec2:StartInstances", "lambda:CreateFunction*", "ecs:RunTask"]
    resources = ["*"]
    condition "StringNotEquals" "aws:RequestedRegion" { values = landing_zone.regions }
  }
}

# Logs are kept: in the security accounts nobody deletes them.
policy "keep_logs" {
  type        = "scp"
  name        = "KeepLogs"
  description = "Log buckets and their objects cannot be deleted or opened."
  attach      = [account.log_archive]

  statement "KeepLogs" {
    effect = "Deny"
    actions = [
      "s3:DeleteBucket",
      "s3:DeleteBucketPolicy",
      "s3:DeleteObject*",
      "s3:PutBucketAcl",
      "s3:PutBucketPolicy",
      "s3:PutLifecycleConfiguration",
    ]
    resources = ["arn:aws:s3:::*-logs", "arn:aws:s3:::*-logs/*"]
    condition "ArnNotLike" "aws:PrincipalArn" {
      values = ["arn:aws:iam::*:role/baseline-*", "arn:aws:iam::*:role/stacksets-exec-*"]
    }
  }
}

policy "owner_tags" {
  type    = "tag"
  name    = "OwnerTags"
  attach  = [ou.mandatory, ou.optional]
  content = jsonencode({
    tags = {
      for key in ["team", "stage", "cost_center"] : key => { tag_key = { "@@assign" = key } }
    }
  })
}

delegated_admin "access-analyzer.amazonaws.com" { account = account.security_tooling }
delegated_admin "config.amazonaws.com" { account = account.security_tooling }
delegated_admin "config-multiaccountsetup.amazonaws.com" { account = account.security_tooling }
delegated_admin "guardduty.amazonaws.com" { account = account.security_tooling }
delegated_admin "inspector2.amazonaws.com" { account = account.security_tooling }
delegated_admin "securityhub.amazonaws.com" { account = account.security_tooling }
