policy "long" {
  type = "rcp"
  statement "Long" {
    effect  = "Deny"
    actions = [for i in range(500) : "s3:GetObject${i}"]
  }
}
