account "audit" {
  email = "audit at example.com"
}
