account "audit" {
  email = "audit@${var.domain}"
}
