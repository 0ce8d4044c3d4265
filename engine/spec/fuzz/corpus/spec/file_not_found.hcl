locals {
  teams = yamldecode(file("team.yaml"))
}
