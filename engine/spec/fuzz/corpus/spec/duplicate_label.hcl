ou "security" {
  name = "Security"
}
ou "security" {
  name = "Audit"
}
