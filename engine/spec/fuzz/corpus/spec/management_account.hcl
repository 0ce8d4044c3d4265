landing_zone "acme" {
  management_account = "111122223333"
}
account "main" {
  email = "main@example.com"
  id    = "111122223333"
}
delegated_admin "guardduty.amazonaws.com" {
  account = account.main
}
