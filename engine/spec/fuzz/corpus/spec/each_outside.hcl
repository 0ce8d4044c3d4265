ou "team" {
  name = each.key
}
