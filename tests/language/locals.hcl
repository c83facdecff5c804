Cases of locals; variables.hcl tells how to write one.

--- local-uses-local
# expect: local.b == "a-b"
locals {
  a = "a"
  b = "${local.a}-b"
}
