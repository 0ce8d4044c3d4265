account "audit" {
  email = "aws@example.com"
}
account "log" {
  email = "AWS@example.com"
}
