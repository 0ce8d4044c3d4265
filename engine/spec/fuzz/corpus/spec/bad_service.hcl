organization {
  trusted_services = ["guard-duty"]
}
