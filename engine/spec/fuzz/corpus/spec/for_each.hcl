ou "team" {
  for_each = ["shop", "blog"]
  name     = each.key
}
