Cases of locals (HCL-41 … HCL-51, DIA-35, DIA-38); variables.hcl tells how to write one.

--- local-uses-local
# expect: local.b == "a-b"
locals {
  a = "a"
  b = "${local.a}-b"
}

--- local-block
# expect: local.a == 3
local "a" { expression = 1 + 2 }

--- local-block-needs-its-expression
# see: HCL-42
# error: 1:1-1:10 expression
local "a" {}

--- local-block-has-no-other-argument
# error: 3:3-3:8 Unsupported argument
local "a" {
  expression = 1
  value      = 2
}

--- local-name-is-an-identifier
# see: HCL-43
# error: 1:7-1:11 Invalid local name
local "1a" { expression = 1 }

--- local-defined-twice
# error: 3:3-3:4 Attribute redefined
locals {
  a = 1
  a = 2
}

--- local-defined-twice-in-two-blocks
# error: 2:10-2:15 Duplicate local definition
locals { a = 1 }
locals { a = 2 }

--- local-defined-twice-in-two-forms
# error: 2:13-2:27 Duplicate local definition
locals { a = 1 }
local "a" { expression = 2 }

--- locals-come-in-any-order
# see: HCL-45
# expect: local.a == 3
locals {
  a = local.b + 1
  b = local.c + 1
}
locals { c = 1 }

--- locals-may-use-variables-paths-and-functions
# expect: local.a == "X1"
# expect: local.r == "."
# opens: t.pkr.hcl
variable "x" { default = "x" }
locals {
  a = "${upper(var.x)}${1}"
  r = path.root
}

--- locals-see-no-source
# see: HCL-44
# shows: local.a => <unknown>
locals { a = source.name }

--- locals-see-nothing-of-the-build
# error: 1:14-1:19 Unknown variable
locals { a = build.name }

--- locals-in-a-circle
# see: DIA-38
# error: 2:3-2:14 failed to prepare execution graph
locals {
  a = local.b
  b = local.a
}

--- local-of-itself
# error: 1:10-1:21 failed to prepare execution graph
locals { a = local.a }

--- local-of-itself-inside-a-larger-expression
# error: 1:10-1:51 failed to prepare execution graph
locals { a = [for x in [1] : { y = "${local.a}" }] }

--- local-that-is-missing
# see: HCL-46
# error: 4:14-4:22 failed to prepare execution graph
locals {
  ab = 1
}
locals { c = local.ac }

--- local-by-index
# see: HCL-48
# expect: local.b == 1
locals {
  b = local["a"]
  a = 1
}

--- local-name-as-the-name-of-a-for
# see: HCL-49
# expect: local.b == [1]
locals {
  b = [for local in [1] : local]
}

--- local-attribute-of-an-object
# expect: local.b == 1
locals {
  a = { x = { y = 1 } }
  b = local.a.x.y
}

--- local-with-a-missing-attribute
# see: DIA-35
# error: 3:15-3:17 Unsupported attribute
locals {
  a = { x = 1 }
  b = local.a.zz
}

--- local-with-an-unknown-name
# see: DIA-35
# error: 1:14-1:20 Unknown variable
locals { a = nosuch }

--- local-with-a-missing-key
# see: DIA-36
# error: 1:22-1:25 Invalid index
locals { a = {x = 1}["z"] }

--- local-with-a-bad-operand
# see: DIA-37
# error: 1:14-1:17 Invalid operand
locals { a = "x" + 1 }

--- one-failing-local-leaves-the-others
# see: HCL-47
# error: 2:7-2:10 Invalid operand
# expect: local.b == 1
locals {
  a = "x" * 2
  b = 1
}

--- a-local-that-needs-a-failing-one-is-not-told-of
# error: 2:7-2:10 Invalid operand
locals {
  a = "x" * 2
  b = local.a.c
}

--- locals-block-holds-no-blocks
# error: 2:3-2:4 Unsupported block type
locals {
  a {}
}

--- locals-block-has-no-label
# error: 1:8-1:11 Extraneous label for locals
locals "a" {}

--- a-local-may-be-null
# shows: local.a => null
# shows: local.b => null
locals {
  a = null
  b = local.a
}

--- a-long-chain-of-locals
# expect: local.l == 12
locals {
  l = local.k + 1
  k = local.j + 1
  j = local.i + 1
  i = local.h + 1
  h = local.g + 1
  g = local.f + 1
  f = local.e + 1
  e = local.d + 1
  d = local.c + 1
  c = local.b + 1
  b = local.a + 1
  a = 1
}

--- locals-in-sequential-order
# see: HCL-50
# with: -use-sequential-evaluation
# expect: local.a == 3
locals {
  a = local.b + 1
  b = 2
}

--- locals-in-sequential-order-see-data
# with: -use-sequential-evaluation
# expect: local.a == "x!"
locals { a = "${data.null.d.output}!" }
data "null" "d" { input = "x" }

--- data-in-sequential-order-sees-no-locals
# see: HCL-50
# with: -use-sequential-evaluation
# error: 2:33-2:34 Unsupported attribute
locals { a = "x" }
data "null" "d" { input = local.a }

--- a-chain-of-locals-that-is-too-deep-for-sequential-order
# see: HCL-50
# with: -use-sequential-evaluation
# error: 2:3-2:18 Max local recursion depth exceeded.
locals {
  l = local.k + 1
  k = local.j + 1
  j = local.i + 1
  i = local.h + 1
  h = local.g + 1
  g = local.f + 1
  f = local.e + 1
  e = local.d + 1
  d = local.c + 1
  c = local.b + 1
  b = local.a + 1
  a = 1
}

--- locals-in-a-circle-in-sequential-order
# with: -use-sequential-evaluation
# error: 2:3-2:14 Max local recursion depth exceeded.
# error: 3:7-3:14 Unsupported attribute
locals {
  a = local.b
  b = local.a
}
