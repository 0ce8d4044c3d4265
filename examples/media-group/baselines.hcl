# Baselines: about 2,500 environments (accounts x Regions), always the same templates. The numbers of the waves are those
# that the owners agreed to; a roll-back takes the widest safe concurrency by itself.

locals {
  home      = [landing_zone.home_region]
  named_iam = ["CAPABILITY_NAMED_IAM"]
  log_key   = "arn:aws:kms:${landing_zone.home_region}:${account.log_archive.id}:alias/lz-logs"
}

# Log archive and what fills it.
stack_set "log_archive" {
  template = file("../baselines/log-archive/template.yaml")
  parameters = {
    OrganizationId      = organization.id
    ManagementAccountId = landing_zone.management_account
    AuditAccountId      = account.security_tooling.id
    LockMode            = "GOVERNANCE"
    LockDays            = 400
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

stack_set "siem" {
  template     = file("../baselines/siem-delivery/template.yaml")
  capabilities = local.named_iam
  parameters = {
    LogBucketName = "lz-trail-${account.log_archive.id}-logs"
    Endpoint      = "https://siem.media.example.com/firehose"
    SecretArn     = "arn:aws:secretsmanager:${landing_zone.home_region}:${account.log_archive.id}:secret:siem-AbCdEf"
  }
  depends_on      = [stack_set.log_archive]
  auto_deployment = false
  deploy {
    targets = [account.log_archive]
    regions = local.home
  }
}

stack_set "security_lake" {
  template     = file("../baselines/security-lake/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion          = landing_zone.home_region
    SubscriberAccountId = account.security_tooling.id
    ExternalId          = "media-siem"
  }
  auto_deployment = false
  deploy { targets = [account.security_tooling] }
}

# Config and detection on in every Region, for all governed accounts; guests come later.
stack_set "config_recorder" {
  template     = file("../baselines/config-recorder/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion    = landing_zone.home_region
    LogBucketName = "lz-config-${account.log_archive.id}-logs"
    LogKeyArn     = local.log_key
  }
  depends_on = [stack_set.log_archive]
  deploy { targets = [ou.security, ou.mandatory, ou.optional] }
  rollout {
    wave "security" {
      targets = [ou.security]
      bake    = "10m"
    }
    wave "nonprod" {
      targets           = [ou.mandatory.nonprod, ou.optional.nonprod]
      max_concurrent    = "25%"
      failure_tolerance = "5%"
      bake              = "1h"
    }
    wave "prod" {
      max_concurrent    = "25%"
      failure_tolerance = "2%"
    }
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
    targets = [account.security_tooling]
    regions = local.home
  }
}

stack_set "detection_admin" {
  template     = file("../baselines/detection-admin/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion = landing_zone.home_region
  }
  auto_deployment = false
  deploy { targets = [account.security_tooling] }
}

stack_set "security_hub_admin" {
  template     = file("../baselines/security-hub-admin/template.yaml")
  capabilities = local.named_iam
  parameters = {
    OrganizationRootId = root.id
    LinkedRegions      = setsubtract(landing_zone.regions, local.home)
    # EC2.8 (IMDSv2) broke web sites once: it is found and repaired team by team, see `remediation`.
    DisabledControls = ["CloudTrail.5", "EC2.8"]
  }
  auto_deployment = false
  depends_on      = [stack_set.config_recorder]
  deploy {
    targets = [account.security_tooling]
    regions = local.home
  }
}

stack_set "detection" {
  template     = file("../baselines/detection/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion   = landing_zone.home_region
    AdminAccount = account.security_tooling.id
  }
  depends_on = [stack_set.detection_admin, stack_set.security_hub_admin]
  deploy { targets = [ou.security, ou.mandatory, ou.optional] }
  override {
    targets    = [account.security_tooling] # the delegated administrator has the two sets above
    parameters = { GuardDuty = "skip", SecurityHub = "skip", Inspector = "skip" }
  }
  rollout {
    wave "canary" {
      targets = [ou.optional.nonprod]
      bake    = "30m"
    }
    wave "rest" {
      max_concurrent    = "25%"
      failure_tolerance = "5%"
    }
  }
}

# Settings of the account: in optional accounts buckets may be public still, for as long as web sites need it.
stack_set "hardening" {
  template     = file("../baselines/account-hardening/template.yaml")
  capabilities = local.named_iam
  parameters   = { HomeRegion = landing_zone.home_region }
  deploy { targets = [ou.security, ou.mandatory, ou.optional] }
  override {
    targets    = [ou.optional]
    parameters = { PublicBuckets = "leave" }
  }
  rollout {
    wave "nonprod" {
      targets        = [ou.security, ou.mandatory.nonprod, ou.optional.nonprod]
      max_concurrent = "25%"
      bake           = "1d"
    }
    wave "prod" {
      max_concurrent    = "10%"
      failure_tolerance = 1
    }
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

# Repairs, mandatory accounts only. IMDSv2 is required in development, and reported in production until each owner agrees.
stack_set "remediation" {
  template     = file("../baselines/remediation/template.yaml")
  capabilities = local.named_iam
  parameters = {
    PublicBuckets      = "repair"
    UnencryptedBuckets = "repair"
    OpenSecurityGroups = "repair"
    PublicFunctions    = "repair"
    MetadataTokens     = "detect"
  }
  depends_on = [stack_set.config_recorder]
  deploy { targets = [ou.mandatory] }
  override {
    targets    = [ou.mandatory.nonprod]
    parameters = { MetadataTokens = "repair" }
  }
  rollout {
    wave "nonprod" {
      targets           = [ou.mandatory.nonprod]
      max_concurrent    = "25%"
      failure_tolerance = "5%"
      bake              = "1d"
      gate { approval = "Have the owners seen what would be repaired in production?" }
    }
    wave "prod" {
      max_concurrent    = "10%"
      failure_tolerance = 1
    }
  }
}

# Each team hears of its own accounts, by name. Slack would have to be allowed by hand in each of 240 accounts, so
# messages go to the address that a channel has.
stack_set "notices" {
  template     = file("../baselines/notify-team/template.yaml")
  capabilities = local.named_iam
  parameters = {
    HomeRegion  = landing_zone.home_region
    AccountName = "New account"
    Team        = "Security"
    Email       = "soc@${var.mail_domain}"
  }
  depends_on = [stack_set.detection]
  # 240 different sets of values are 240 operations: AWS runs them together.
  managed_execution = true
  deploy { targets = [ou.mandatory, ou.optional] }
  override {
    for_each = local.team_accounts
    targets  = [account.team[each.key]]
    parameters = {
      AccountName = account.team[each.key].name
      Team        = account.team[each.key].tags.team
      Email       = "${account.team[each.key].tags.channel}@${var.mail_domain}"
      Environment = account.team[each.key].tags.stage == "prod" ? "production" : "non-production"
    }
  }
}
