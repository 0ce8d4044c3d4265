ou "workloads" {}
policy "p" {
  type    = "scp"
  content = "{}"
  attach  = [ou.workloads, ou.workloads]
}
