variable "domain" {
  default = "example.com"
}
account "audit" {
  email = "audit@${var.domain}"
}
