policy "regions" {
  type    = "scp"
  content = "{}"
}
locals {
  id = policy.region.id
}
