ou "security" {
  nane = "Security"
}
