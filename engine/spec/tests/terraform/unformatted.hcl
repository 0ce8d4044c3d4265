# top comment
landing_zone   acme   {
management_account="111122223333"   # note
      home_region = "x"      // second
/* block */ regions=["a" , "b",]
}


variable "mail_domain" { default="aws.example.com" }
locals { teams = yamldecode( file("teams.yaml") ) }

account "x" {
  name = "${var.y}"
  email= "a+${ each.key }-${ upper( "x" ) }@x.y"
  tags = {
    owner="a"
    longer_key = 1+2*-3 # c1
    c= !true&&false     # comment 2
    "quoted": [1,2,
    3]
  }
  list = [
  for k,v in [foo] :   v if   v!=1
  ]
  obj = { for k , v in x : k=>v... }
  y = cond?1:2
  z = foo . bar [ 0 ] . baz [*] .q
  w = <<-EOT
      hello ${ var.x }
    world
    %{ if x }y%{ endif }
  EOT
  multi = foo(
  a,
  b
  )
  n = -1
  m = a - 1
  o = a -1
  p = (-a)
  q = a == -1 ? -b : - c
  condition "A" B { values=["x"] }
  empty {}
  empty2 { }
  s = "${x}${y}"
  t = "${ {a=1} }"
  u = "a ${~ x ~} b"
  i = x["a"]
  j = [for x in [1]: x]
  k = a.*.b
  l = a/b%c>=d
  fn = core::upper("x")
}
    
	tabbed = 1
	
x = 1
longer = 2 # a

y = 3
foo = [{
a = 1
}, {
b = 2
}]
bar = merge({
a = 1
},
{ b = 2 }
)
