policy "full" {
  type    = "scp"
  name    = "FullAWSAccess"
  content = "{}"
}
