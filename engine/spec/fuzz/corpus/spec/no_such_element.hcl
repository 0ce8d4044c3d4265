locals {
  teams = { shop = "Shop", blog = "Blog" }
  title = local.teams["shp"]
}
