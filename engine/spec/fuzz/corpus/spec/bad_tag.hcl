ou "security" {
  tags = { "cost#center" = "42" }
}
