locals {
  a = range(1000)
  b = setproduct(local.a, local.a, local.a)
}
