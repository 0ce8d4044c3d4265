# One line a service. GuardDuty and Security Hub have an administrator in each Region, so lz calls them in each; the
# others have one for the organization.
delegated_admin "guardduty" { account = account.security_tooling }
delegated_admin "securityhub" { account = account.security_tooling }
delegated_admin "cloudtrail" { account = account.security_tooling }
delegated_admin "config" { account = account.security_tooling }
delegated_admin "config-multiaccountsetup" { account = account.security_tooling }
delegated_admin "reporting.trustedadvisor.amazonaws.com" { account = account.security_tooling }

# The security team also reads, and may write, the organization's policies without the management account.
resource_policy {
  content = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "SecurityReadsPolicies"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${account.security_tooling.id}:root" }
        Action = [
          "organizations:DescribeOrganization",
          "organizations:DescribePolicy",
          "organizations:ListPolicies",
          "organizations:ListTargetsForPolicy",
        ]
        Resource = "*"
      },
    ]
  }
}
