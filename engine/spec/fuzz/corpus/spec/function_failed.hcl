locals {
  data = jsondecode("{ not json }")
}
