ou "a" {
  name = "x"
}
