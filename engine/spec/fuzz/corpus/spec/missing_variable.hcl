variable "domain" {
  type = string
}
account "audit" {
  email = "audit@${var.domain}"
}
