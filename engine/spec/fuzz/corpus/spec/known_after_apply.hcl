account "audit" {
  email = "audit@example.com"
}
locals {
  short = substr(account.audit.id, 0, 4)
}
