# Answers that the group relies on. `lz test examples/media-group` asks for them; so does every plan.

test "no company leaves by itself" {
  ou     = root
  action = ["organizations:LeaveOrganization", "account:CloseAccount"]
  expect = "deny"
}

test "root users do nothing" {
  ou        = [ou.mandatory, ou.security]
  principal = "root"
  action    = ["iam:CreateUser", "s3:ListAllMyBuckets", "ec2:RunInstances"]
  expect    = "deny"
}

# One row a question: where, what, in which Region, and what must come out.
test "machines run where somebody watches" {
  principal = "role/developer"
  cases = [
    { name = "mandatory, watched", ou = "mandatory", action = "ec2:RunInstances", "aws:RequestedRegion" = "ap-northeast-1", expect = "allow" },
    { name = "mandatory, elsewhere", ou = "mandatory", action = "ec2:RunInstances", "aws:RequestedRegion" = "sa-east-1", expect = "deny" },
    { name = "functions too", ou = "mandatory", action = "lambda:CreateFunction", "aws:RequestedRegion" = "sa-east-1", expect = "deny" },
    { name = "optional companies decide themselves", ou = "optional", action = "ec2:RunInstances", "aws:RequestedRegion" = "sa-east-1", expect = "allow" },
    { name = "looking is free", ou = "mandatory", action = "ec2:DescribeInstances", "aws:RequestedRegion" = "sa-east-1", expect = "allow" },
  ]
}

test "logs are kept" {
  account  = account.log_archive
  resource = "arn:aws:s3:::group-trail-logs/AWSLogs/today.json.gz"

  case "nobody deletes them" {
    action = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    expect = "deny"
  }
  case "the baseline tidies up" {
    principal = "role/baseline-lifecycle"
    action    = "s3:DeleteObject"
    expect    = "allow"
  }
  case "everyone who may reads them" {
    action = "s3:GetObject"
    expect = "allow"
  }
}
