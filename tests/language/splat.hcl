Cases of splats; variables.hcl tells how to write one.

--- splat-takes-an-attribute-of-each
# HCL-109
# expect: [{ n = 1 }, { n = 2 }][*].n == [1, 2] && [{ n = 1 }, { n = 2 }].*.n == [1, 2]
locals {}

--- splat-full-takes-the-index-of-each
# expect: [{ t = ["x", "y"] }, { t = ["z"] }][*].t[0] == ["x", "z"]
# expect: [[1, 2], [3]][*][0] == [1, 3]
locals {}

--- splat-attribute-only-indexes-the-result
# expect: [{ t = ["x", "y"] }, { t = ["z"] }].*.t[0] == ["x", "y"]
locals {}

--- splat-attribute-only-takes-legacy-indexes-of-each
# expect: [[1, 2], [3]].*.0 == [1, 3]
locals {}

--- splat-inside-splat
# expect: [{ t = [{ u = 1 }] }, { t = [] }][*].t[*].u == [[1], []]
locals {}

--- splat-wraps-a-single-value
# TYP-29
# expect: "x"[*] == ["x"] && { n = 1 }[*].n == [1] && 5.*[0] == 5
locals {}

--- splat-of-a-map-wraps-it
# TYP-29: a map is one thing
# expect: length(convert({ k = "v" }, map(string))[*]) == 1
# expect: { a = { b = 1 } }[*].a.b == [1]
locals {}

--- splat-of-null-is-empty
# TYP-29
# expect: null[*] == [] && null.* == [] && var.none[*].anything == []
variable "none" {
  type    = string
  default = null
}

--- splat-of-an-empty-list-evaluates-nothing
# expect: [][*].anything == []
locals {}

--- splat-keeps-null-elements
# expect: [null, 1][*] == [null, 1]
# fails: [null][*].a => null
locals {}

--- splat-of-a-set-goes-by-its-order
# expect: convert(["b", "a"], set(string))[*] == convert(["a", "b"], list(string))
locals {}

--- splat-of-a-list-is-a-list
# expect: convert(["a"], list(string))[*] == convert(["a"], list(string))
locals {}

--- splat-tells-what-an-element-has-not
# fails: [{ a = 1 }][*].b => Unsupported attribute
# fails: [1][*].a => Unsupported attribute
locals {}

--- splat-of-the-unknown-is-unknown
# with: an unset variable u
# shows: var.u[*] => <unknown>
# shows: var.u[*].a => <unknown>
locals {}

--- splat-needs-its-bracket
# error: 2:11-2:12 bracket
locals {
  x = [1][*
}

--- splat-of-an-unknown-text-has-no-attributes
# TYP-37
# fails: packer.iterationID[*].a => Unsupported attribute
# fails: packer.iterationID[*][0] => Invalid index
# shows: packer.iterationID[*] => <unknown>
locals {}
