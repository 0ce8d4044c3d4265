account "a" {
  email = "aws+a@example.com"
  id    = "111122223333"
}
account "b" {
  email = "aws+b@example.com"
  id    = "111122223333"
}
