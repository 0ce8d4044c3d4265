locals {
  name = upper("audit", "log")
}
