ou "security" {}
account "audit" {
  email = "audit@example.com"
  ou    = ou.secruity
}
