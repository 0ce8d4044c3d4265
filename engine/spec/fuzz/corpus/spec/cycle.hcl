locals {
  first  = local.second
  second = local.third
  third  = local.first
}
