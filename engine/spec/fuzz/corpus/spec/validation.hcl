variable "stage" {
  default = "test"
  validation {
    condition     = contains(["dev", "prod"], var.stage)
    error_message = "The stage is dev or prod."
  }
}
ou "stage" {
  name = var.stage
}
