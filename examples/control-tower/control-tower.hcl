control_tower {
  version                   = "4.0"
  governed_regions          = landing_zone.regions
  log_archive               = account.log_archive
  audit                     = account.audit
  log_retention_days        = 365
  access_log_retention_days = 3650
  access_management         = true # IAM Identity Center for sign-in and audit across accounts
  auto_enroll               = true # an account that moves is enrolled by itself
}

# Registered OUs. The Security OU is the landing zone's own and not among them.
baseline "AWSControlTowerBaseline" {
  targets = [
    ou.infrastructure,
    ou.sandbox,
    ou.workloads,
    ou.workloads.prod,
    ou.workloads.sdlc,
  ]
}

# Mandatory controls are on by themselves, among them those that protect the logs and Control Tower's roles.
# Preventive ones hold for everything below an OU.
control "AWS-GR_RESTRICT_ROOT_USER" {
  targets = [ou.infrastructure, ou.workloads]
}

control "AWS-GR_DISALLOW_CROSS_REGION_NETWORKING" {
  targets = [ou.workloads.prod]
}

# Detective ones are not inherited: each OU that holds accounts has its own.
locals {
  workloads = [ou.workloads.prod, ou.workloads.sdlc]
}

control "AWS-GR_ROOT_ACCOUNT_MFA_ENABLED" {
  targets = concat([ou.infrastructure, ou.sandbox], local.workloads)
}

control "AWS-GR_S3_BUCKET_PUBLIC_READ_PROHIBITED" {
  targets = local.workloads
}

control "AWS-GR_S3_BUCKET_PUBLIC_WRITE_PROHIBITED" {
  targets = concat([ou.sandbox], local.workloads)
}

control "AWS-GR_ENCRYPTED_VOLUMES" {
  targets = [ou.workloads.prod]
}

# Engineers try things where somebody looks.
control "CT.MULTISERVICE.PV.1" {
  targets    = [ou.sandbox]
  parameters = { AllowedRegions = landing_zone.regions }
}
