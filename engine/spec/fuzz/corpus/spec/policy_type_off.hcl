organization {
  policy_types = ["scp"]
}
ou "workloads" {}
policy "tags" {
  type    = "tag"
  content = "{}"
  attach  = [ou.workloads]
}
