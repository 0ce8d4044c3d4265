stack_set "detection" {
  template = "baseline.yaml"
}
