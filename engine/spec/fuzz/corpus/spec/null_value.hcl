locals {
  owner = null
  title = "owned by ${local.owner}"
}
