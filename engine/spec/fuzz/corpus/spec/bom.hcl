ou "a" {}
