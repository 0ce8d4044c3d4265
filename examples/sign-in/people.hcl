# Permission sets by duty, and which group of the directory has which of them where.

locals {
  aws = "arn:aws:iam::aws:policy"
}

permission_set "developer" {
  name             = "Developer"
  description      = "Builds and runs workloads in development."
  session_duration = "8h"
  managed_policies = ["${local.aws}/PowerUserAccess"]

  # Roles are read and passed on, and made by CloudFormation alone.
  statement "Roles" {
    effect    = "Allow"
    actions   = ["iam:Get*", "iam:List*", "iam:PassRole"]
    resources = ["*"]
  }
}

permission_set "operator" {
  name             = "Operator"
  description      = "Runs workloads in production and staging, without what people must never do there."
  session_duration = "4h"
  managed_policies = ["${local.aws}/PowerUserAccess"]
  inline_policy    = file("policies/never-in-production.json")
}

permission_set "partner" {
  name             = "Partner"
  description      = "Sees how workloads run, and none of their data."
  session_duration = "4h"
  managed_policies = ["${local.aws}/job-function/ViewOnlyAccess"]
  inline_policy    = file("policies/never-in-production.json")
}

permission_set "viewer" {
  name             = "Viewer"
  description      = "Sees everything, changes nothing."
  session_duration = "8h"
  managed_policies = ["${local.aws}/ReadOnlyAccess"]
}

permission_set "auditor" {
  name             = "Auditor"
  description      = "Checks how accounts are set up."
  session_duration = "8h"
  managed_policies = ["${local.aws}/SecurityAudit", "${local.aws}/job-function/ViewOnlyAccess"]
}

permission_set "finance" {
  name             = "Finance"
  description      = "Pays the bill."
  session_duration = "8h"
  managed_policies = ["${local.aws}/job-function/Billing"]
}

permission_set "break_glass" {
  name             = "BreakGlass"
  description      = "Everything, for an hour, when nothing else helps. Each use is asked about."
  session_duration = "1h"
  managed_policies = ["${local.aws}/AdministratorAccess"]
}

assignment "developers" {
  permission_set = permission_set.developer
  groups         = ["developers"]
  ous            = [ou.workloads.dev]
}

assignment "developers_look" {
  permission_set = permission_set.viewer
  groups         = ["developers"]
  ous            = [ou.workloads.prod]
}

assignment "operators" {
  permission_set = permission_set.operator
  groups         = ["operators"]
  ous            = [ou.workloads]
}

assignment "partners" {
  permission_set = permission_set.partner
  groups         = ["partners"]
  accounts       = [account.stage["staging"]]
}

assignment "auditors" {
  permission_set = permission_set.auditor
  groups         = ["auditors"]
  ous            = [ou.security, ou.workloads]
}

assignment "finance" {
  permission_set = permission_set.finance
  groups         = ["finance"]
  accounts       = [account.billing]
}

assignment "break_glass" {
  permission_set = permission_set.break_glass
  groups         = ["break-glass"]
  ous            = [ou.workloads, ou.security]
}
