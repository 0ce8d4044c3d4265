ou "workloads" {}
policy "p" {
  for_each = toset([for i in range(5) : "p${i}"])
  type     = "rcp"
  content  = "{}"
  attach   = [ou.workloads]
}
