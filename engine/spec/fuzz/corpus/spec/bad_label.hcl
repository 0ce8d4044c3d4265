ou "my team" {
  name = "My team"
}
