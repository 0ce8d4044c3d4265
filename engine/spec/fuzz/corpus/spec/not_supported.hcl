control "AWS-GR_ENCRYPTED_VOLUMES" {
  targets = [ou.workloads]
}
