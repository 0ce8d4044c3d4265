ou "security" {
  id = "r-ab12"
}
