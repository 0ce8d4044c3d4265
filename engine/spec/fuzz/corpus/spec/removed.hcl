account "old" {
  email = "old@example.com"
}
removed {
  from   = account.old
  action = "close"
}
