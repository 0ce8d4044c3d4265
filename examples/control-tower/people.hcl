# People sign in through IAM Identity Center, which comes with the landing zone, and so do the groups named here. Who is in
# a group is the directory's business.
locals {
  aws = "arn:aws:iam::aws:policy"
}

# Audit across accounts: looks at how things are set up, and at nobody's data.
permission_set "auditor" {
  name             = "Auditor"
  description      = "Checks how accounts are set up."
  session_duration = "8h"
  managed_policies = ["${local.aws}/SecurityAudit", "${local.aws}/job-function/ViewOnlyAccess"]
}

permission_set "platform" {
  name             = "Platform"
  description      = "Runs shared infrastructure, and tries things in sandboxes."
  session_duration = "4h"
  managed_policies = ["${local.aws}/PowerUserAccess"]
}

assignment "auditors" {
  permission_set = permission_set.auditor
  groups         = ["AWSSecurityAuditors"]
  ous            = [ou.security, ou.infrastructure, ou.sandbox, ou.workloads]
}

assignment "platform" {
  permission_set = permission_set.platform
  groups         = ["AWSControlTowerAdmins"]
  ous            = [ou.infrastructure, ou.sandbox]
}
