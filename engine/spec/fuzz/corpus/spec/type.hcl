locals {
  total = 1 + "two"
}
