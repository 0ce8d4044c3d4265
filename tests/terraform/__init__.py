"""The real Terraform with its AWS provider against the twin."""
