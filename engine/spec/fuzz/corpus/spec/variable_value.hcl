variable "regions" {
  type    = list(string)
  default = "eu-west-1"
}
locals {
  first = var.regions[0]
}
