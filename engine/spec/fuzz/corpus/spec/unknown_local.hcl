locals {
  domain = "example.com"
}
account "audit" {
  email = "audit@${local.domian}"
}
