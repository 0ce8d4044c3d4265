acount "audit" {
  email = "audit@example.com"
}
