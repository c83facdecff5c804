Cases of indexes and attributes; variables.hcl tells how to write one.

--- index-of-a-tuple-and-a-list
# TYP-27
# expect: ["a", "b"][1] == "b" && convert(["a", "b"], list(string))[0] == "a"
locals {}

--- index-may-be-computed
# expect: ["a", "b", "c"][1 + 1] == "c" && { ab = 1 }["a${"b"}"] == 1
locals {}

--- index-may-be-a-number-in-a-text
# TYP-28
# expect: [1, 2]["1"] == 2
locals {}

--- index-legacy-is-a-dot-and-a-number
# TYP-28, HCL-109
# expect: ["a", "b"].0 == "a" && [["a"], ["b"]].1[0] == "b" && [{ n = 1 }].0.n == 1
locals {}

--- index-legacy-twice-in-a-row-is-refused
# TYP-28
# error: 3:15-3:18 Invalid legacy index syntax
locals {
  x = [["a"]].0.0
}

--- index-out-of-range
# TYP-27
# fails: ["a"][1] => Invalid index
# fails: [][0] => Invalid index
# fails: ["a"].1 => Invalid index
locals {}

--- index-negative
# fails: ["a"][-1] => -1
locals {}

--- index-fraction
# fails: ["a", "b"][0.5] => Invalid index
locals {}

--- index-no-number
# fails: ["a"]["x"] => a number is required
# fails: ["a"][true] => number required
locals {}

--- index-null
# fails: ["a"][null] => null
# fails: { a = 1 }[null] => null
locals {}

--- index-of-null
# fails: null[0] => null
# fails: null.x => null
# fails: { a = null }.a.b => null
locals {}

--- index-of-an-object-by-text-number-and-bool
# expect: { "a b" = 1 }["a b"] == 1 && { "1" = "one" }[1] == "one" && { true = 2 }[true] == 2
locals {}

--- index-missing-key
# TYP-27
# fails: { a = 1 }["b"] => Invalid index
# fails: convert({ a = 1 }, map(number))["b"] => Invalid index
locals {}

--- index-missing-attribute-of-an-object
# TYP-27
# fails: { a = 1 }.b => Unsupported attribute
locals {}

--- index-missing-element-of-a-map
# TYP-27
# fails: convert({ a = 1 }, map(number)).b => Missing map element
locals {}

--- index-map-by-dot
# expect: convert({ k = 5 }, map(number)).k == 5
locals {}

--- index-sets-have-none
# TYP-27
# fails: convert(["a"], set(string))[0] => Invalid index
# fails: convert(["a"], set(string)).x => Unsupported attribute
locals {}

--- index-scalars-have-none
# fails: "abc"[0] => Invalid index
# fails: 1[0] => Invalid index
# fails: "abc".x => Unsupported attribute
# fails: ["a"].x => Unsupported attribute
locals {}

--- index-of-a-call-and-of-parentheses
# expect: split(",", "a,b")[1] == "b" && ({ a = [1] }).a[0] == 1
locals {}

--- index-of-the-unknown
# with: an unset variable u
# shows: packer["iterationID"] => <unknown>
# shows: var.u.y[0] => <unknown>
locals {}

--- index-by-the-unknown
# shows: ["a"][source.name] => <unknown>
# shows: { a = 1 }[packer.iterationID] => <unknown>
locals {}

--- index-dashes-belong-to-names
# HCL-103
# expect: { a-b = 5 }.a-b == 5 && { a = 5 }.a - 2 == 3
locals {}

--- index-spaces-around-dots-and-brackets
# expect: { a = 1 } . a == 1 && [1] [ 0 ] == 1
locals {}
