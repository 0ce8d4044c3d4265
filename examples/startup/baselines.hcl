# Baselines: logs that nobody can change, detection read in the audit account, people who switch from the jump account,
# and production behind an approval that ends by itself.

locals {
  home      = [landing_zone.home_region]
  named_iam = ["CAPABILITY_NAMED_IAM"]
  log_key   = "arn:aws:kms:${landing_zone.home_region}:${account.log_archive.id}:alias/lz-logs"
}

stack_set "log_archive" {
  template = file("../baselines/log-archive/template.yaml")
  parameters = {
    OrganizationId      = organization.id
    ManagementAccountId = landing_zone.management_account
    AuditAccountId      = account.audit.id
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
    LogKeyArn     = local.log_key
  }
  termination_protection = true
  depends_on             = [stack_set.log_archive]
}

stack_set "config_recorder" {
  template     = file("../baselines/config-recorder/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion    = landing_zone.home_region
    LogBucketName = "lz-config-${account.log_archive.id}-logs"
    LogKeyArn     = local.log_key
  }
  depends_on = [stack_set.log_archive]
  deploy { targets = [root] }
  override {
    targets    = [ou.workloads.dev]
    parameters = { Frequency = "DAILY" }
  }
}

# The management account, which service-managed sets never reach.
stack "config_recorder" {
  for_each     = toset(landing_zone.regions)
  region       = each.value
  template     = file("../baselines/config-recorder/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion    = landing_zone.home_region
    LogBucketName = "lz-config-${account.log_archive.id}-logs"
    LogKeyArn     = local.log_key
  }
  depends_on = [stack_set.log_archive]
}

stack_set "config_aggregator" {
  template        = file("../baselines/config-aggregator/template.yaml")
  capabilities    = local.named_iam
  parameters      = { HomeRegion = landing_zone.home_region }
  depends_on      = [stack_set.config_recorder]
  auto_deployment = false
  deploy {
    targets = [account.audit]
    regions = local.home
  }
}

stack_set "detection_admin" {
  template     = file("../baselines/detection-admin/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion = landing_zone.home_region
    Inspector  = "skip"
  }
  auto_deployment = false
  deploy { targets = [account.audit] }
}

stack_set "security_hub_admin" {
  template     = file("../baselines/security-hub-admin/template.yaml")
  capabilities = local.named_iam
  parameters = {
    OrganizationRootId = root.id
    LinkedRegions      = setsubtract(landing_zone.regions, local.home)
  }
  auto_deployment = false
  depends_on      = [stack_set.config_recorder]
  deploy {
    targets = [account.audit]
    regions = local.home
  }
}

stack_set "detection" {
  template     = file("../baselines/detection/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion   = landing_zone.home_region
    AdminAccount = account.audit.id
    Inspector    = "skip"
  }
  depends_on = [stack_set.detection_admin, stack_set.security_hub_admin]
  deploy { targets = [root] }
  override {
    targets    = [account.audit] # the delegated administrator has the two sets above
    parameters = { GuardDuty = "skip", SecurityHub = "skip", Inspector = "skip" }
  }
}

stack_set "hardening" {
  template     = file("../baselines/account-hardening/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion     = landing_zone.home_region
    MetadataTokens = "required"
  }
  deploy { targets = [root] }
  rollout {
    wave "dev" {
      targets = [ou.workloads.dev]
      bake    = "1h"
    }
    wave "rest" {}
  }
}

# The management account, which service-managed sets never reach.
stack "hardening" {
  for_each     = toset(landing_zone.regions)
  region       = each.value
  template     = file("../baselines/account-hardening/template.yaml")
  capabilities = local.named_iam
  parameters   = { HomeRegion = landing_zone.home_region }
}

# People: groups here, roles there, production for a few hours at a time.
stack_set "jump_account" {
  template     = file("../baselines/jump-account/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion            = landing_zone.home_region
    DevelopmentAccountIds = [account.stage["development"].id]
    StagingAccountIds     = [account.stage["staging"].id]
    ProductionAccountIds  = [account.stage["production"].id]
  }
  auto_deployment = false
  deploy {
    targets = [account.jump]
    regions = local.home
  }
}

# Auto-deployment knows no overrides, so each stage has a set of its own.
stack_set "jump_roles" {
  for_each     = local.stages
  template     = file("../baselines/jump-roles/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion    = landing_zone.home_region
    JumpAccountId = account.jump.id
    Stage         = each.key
    Partners      = each.key == "production" ? "off" : "on"
  }
  depends_on = [stack_set.jump_account]
  deploy {
    targets = [each.value.ou]
    regions = local.home
  }
}

stack_set "production_access" {
  template     = file("../baselines/production-access/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion           = landing_zone.home_region
    ProductionAccountIds = [account.stage["production"].id]
    ApproverArns         = [for name in ["alice", "bob"] : "arn:aws:iam::${account.jump.id}:user/${name}"]
    ApproverEmail        = "on-call@${var.mail_domain}"
  }
  depends_on      = [stack_set.jump_account]
  auto_deployment = false
  deploy {
    targets = [account.jump]
    regions = local.home
  }
}

stack_set "remediation" {
  template     = file("../baselines/remediation/template.yaml")
  capabilities = local.named_iam
  parameters = {
    PublicBuckets      = "repair"
    UnencryptedBuckets = "repair"
    OpenSecurityGroups = "repair"
    PublicFunctions    = "repair"
  }
  depends_on = [stack_set.config_recorder]
  deploy { targets = [ou.workloads] }
  rollout {
    wave "dev" {
      targets = [ou.workloads.dev]
      bake    = "1h"
    }
    wave "staging" {
      targets = [ou.workloads.staging]
      bake    = "1d"
      gate { approval = "Is staging as it should be?" }
    }
    wave "prod" { max_concurrent = 1 }
  }
}

stack_set "notices" {
  template     = file("../baselines/notify-team/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion  = landing_zone.home_region
    AccountName = "New account"
    Team        = "Security"
    Email       = "security@${var.mail_domain}"
  }
  depends_on = [stack_set.detection]
  deploy { targets = [ou.workloads, ou.people] }
  override {
    for_each = local.stages
    targets  = [account.stage[each.key]]
    parameters = {
      AccountName = account.stage[each.key].name
      Team        = account.stage[each.key].tags.owner
      Email       = "${account.stage[each.key].tags.owner}@${var.mail_domain}"
      Environment = each.key == "production" ? "production" : "non-production"
    }
  }
}

stack_set "budgets" {
  template = file("../baselines/budgets/template.yaml")
  parameters = {
    HomeRegion   = landing_zone.home_region
    MonthlyLimit = 300
    Email        = "finance@${var.mail_domain}"
    TeamTopic    = "on"
  }
  depends_on = [stack_set.notices]
  deploy {
    targets = [ou.workloads]
    regions = local.home
  }
  override {
    targets    = [account.stage["production"]]
    parameters = { MonthlyLimit = 3000 }
  }
}
