locals {
  people = ["ann", "bob", "ann"]
  rooms  = { for name in local.people : name => "room of ${name}" }
}
