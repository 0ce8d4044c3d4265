account "audit" {
  name  = Audit
  email = "audit@example.com"
}
