# What nobody in a workload may do, whatever the account's own policies say.

policy "protect_guardrails" {
  type        = "scp"
  name        = "protect-guardrails"
  description = "Trails stay on and accounts stay in the organization"
  attach      = [ou.workloads]

  statement "KeepTrails" {
    effect    = "Deny"
    actions   = ["cloudtrail:DeleteTrail", "cloudtrail:StopLogging"]
    resources = ["*"]
  }
  statement "StayInTheOrganization" {
    effect    = "Deny"
    actions   = ["organizations:LeaveOrganization"]
    resources = ["*"]
  }
}
