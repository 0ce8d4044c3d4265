ou "a" {
  name = "Security"
}
ou "b" {
  name = "Security"
}
