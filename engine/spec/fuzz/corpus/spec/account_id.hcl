account "audit" {
  email = "audit@example.com"
  id    = 12345678901
}
