ou "security" {
  name = "Security"
  name = "Sicherheit"
}
