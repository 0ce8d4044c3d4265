landing_zone "acme" {
  regions = ["eu-west-1", "Ireland"]
}
