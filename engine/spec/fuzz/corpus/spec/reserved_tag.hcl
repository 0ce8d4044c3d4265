ou "security" {
  tags = { "lz:zone" = "mine" }
}
