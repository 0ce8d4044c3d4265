policy "regions" {
  type = "scp"
  statement "Region" {
    effect     = "Deny"
    actions    = ["ec2:*"]
    principals = ["*"]
  }
}
