locals {
  key = file("/etc/passwd")
}
