locals {
  name = uper("audit")
}
