account "audit" {
  email = "audit@example.com"
}
delegated_admin "guardduty.amazonaws.com" {
  account = account.adit
}
