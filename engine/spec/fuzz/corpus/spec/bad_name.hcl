account "audit" {
  name  = "Prüfung"
  email = "audit@example.com"
}
