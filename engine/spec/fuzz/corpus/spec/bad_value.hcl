policy "regions" {
  type    = "SCP"
  content = "{}"
}
