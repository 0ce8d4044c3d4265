variable "domain" {
  type = text
}
ou "x" {
  name = var.domain
}
