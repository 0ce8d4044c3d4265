locals {
  teams = []
  share = 100 / length(local.teams)
}
