policy "keep_visibility" {
  type        = "scp"
  name        = "KeepVisibility"
  description = "Detectors, trails and recorders stay on, and accounts stay in the organization."
  attach      = [root]

  statement "KeepDetection" {
    effect = "Deny"
    actions = [
      "cloudtrail:DeleteTrail",
      "cloudtrail:StopLogging",
      "config:DeleteConfigurationRecorder",
      "config:StopConfigurationRecorder",
      "guardduty:DeleteDetector",
      "guardduty:DisassociateFromAdministratorAccount",
      "organizations:LeaveOrganization",
      "securityhub:DisableSecurityHub",
      "securityhub:DisassociateFromAdministratorAccount",
    ]
    resources = ["*"]
  }
}

policy "keep_logs" {
  type        = "scp"
  name        = "KeepLogs"
  description = "Nobody deletes audit logs."
  attach      = [account.log_archive]

  statement "KeepLogs" {
    effect    = "Deny"
    actions   = ["s3:DeleteBucket*", "s3:DeleteObject*", "s3:PutLifecycleConfiguration"]
    resources = ["arn:aws:s3:::lz-*"]
  }
}
