account "shop" {
  email = "shop@example.com"
}
moved {
  from = account.shop
  to   = account.store
}
