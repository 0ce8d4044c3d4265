ou "security" {
  tags = { for i in range(60) : "key-${i}" => "value" }
}
