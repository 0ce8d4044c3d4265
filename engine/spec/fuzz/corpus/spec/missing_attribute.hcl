account "audit" {
  name = "Audit"
}
