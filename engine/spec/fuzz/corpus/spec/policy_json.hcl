policy "regions" {
  type    = "scp"
  content = "{ \"Version\": \"2012-10-17\", }"
}
