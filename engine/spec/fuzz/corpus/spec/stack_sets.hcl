stack_set "a" {
  template   = <<-EOT
    Resources:
      A: {Type: "AWS::S3::Bucket"}
  EOT
  region     = "eu-west-1"
  parameters = { A = [1, true, null], B = account.x.id }
  except     = [tag("a", "b")]
  deploy {
    targets = [root, tag("k", "v")]
    regions = ["eu-west-1"]
  }
  override {
    for_each   = { x = 1 }
    targets    = [tag("a", each.key)]
    parameters = { A = each.value }
  }
  rollout {
    max_concurrent = "25%"
    wave "one" {
      targets = [ou.a]
      bake    = "1h"
      gate    = { approval = "go?" }
    }
    wave "two" {}
  }
}
stack "a" {
  template   = { Resources = { A = { Type = "AWS::S3::Bucket" } } }
  depends_on = [stack_set.a]
}
