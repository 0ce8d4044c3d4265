locals {
  teams = { for pair in setproduct(range(50), range(50)) : join("-", pair) => pair }
}
ou "team" {
  for_each = local.teams
}
