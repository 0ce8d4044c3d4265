policy "regions" {
  type = "scp"
}
