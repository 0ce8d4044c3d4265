# Logs that nobody can change, and what the administrator's services do once it administers them.

locals {
  home = [landing_zone.home_region]
}

stack_set "log_archive" {
  template     = file("../baselines/log-archive/template.yaml")
  capabilities = ["CAPABILITY_NAMED_IAM"]
  parameters = {
    OrganizationId      = organization.id
    ManagementAccountId = landing_zone.management_account
    AuditAccountId      = account.security_tooling.id
  }
  auto_deployment = false
  deploy {
    targets = [account.log_archive]
    regions = local.home
  }
}

# The management account is out of reach of service-managed sets.
stack "organization_trail" {
  template = file("../baselines/organization-trail/template.yaml")
  parameters = {
    HomeRegion    = landing_zone.home_region
    LogBucketName = "lz-trail-${account.log_archive.id}-logs"
    LogKeyArn     = "arn:aws:kms:${landing_zone.home_region}:${account.log_archive.id}:alias/lz-logs"
  }
  termination_protection = true
  depends_on             = [stack_set.log_archive]
}
