organization {
  policy_types = ["scp"]
}
organization {
  trusted_services = ["guardduty"]
}
