Cases of conditionals; variables.hcl tells how to write one.

--- conditionals-choose
# expect: (true ? "a" : "b") == "a" && (false ? "a" : "b") == "b"
locals {}

--- conditionals-group-to-the-right
# HCL-108
# expect: (false ? 1 : true ? 2 : 3) == 2 && (true ? false ? 1 : 2 : 3) == 2
locals {}

--- conditionals-bind-less-than-all-operators
# expect: (true ? 1 : 2 + 3) == 1 && (false || true ? "yes" : "no") == "yes"
locals {}

--- conditionals-bring-both-arms-to-text
# TYP-15, TYP-18
# expect: (true ? 1 : "a") == "1" && (false ? true : "a") == "a" && (true ? true : "a") == "true"
locals {}

--- conditionals-make-lists-of-tuples-of-different-lengths
# TYP-15
# expect: (true ? [1] : [1, 2]) == convert([1], list(number))
# expect: (true ? [1] : ["a", "b"]) == convert(["1"], list(string))
locals {}

--- conditionals-keep-tuples-of-one-length
# expect: (true ? [1, "a"] : [2, "b"]) == [1, "a"]
locals {}

--- conditionals-make-maps-of-different-objects
# TYP-15
# expect: (true ? { a = 1 } : { b = 2 }) == convert({ a = 1 }, map(number))
# expect: (false ? { a = 1 } : { b = "x" }) == convert({ b = "x" }, map(string))
locals {}

--- conditionals-keep-objects-with-the-same-attributes
# expect: (true ? { a = 1, b = "x" } : { a = 2, b = "y" }) == { a = 1, b = "x" }
# expect: (true ? { a = 1 } : { a = "x" }) == { a = "1" }
locals {}

--- conditionals-null-takes-the-type-of-the-other-arm
# TYP-15
# expect: (true ? null : "x") == null && (false ? null : ["a"]) == ["a"]
# expect: (true ? null : null) == null
locals {}

--- conditionals-an-empty-tuple-becomes-a-list
# expect: (true ? [] : ["a"]) == convert([], list(string))
locals {}

--- conditionals-bool-and-number-have-no-common-type
# TYP-16, TYP-18
# fails: true ? true : 1 => Inconsistent conditional result types
locals {}

--- conditionals-without-common-type
# TYP-16
# fails: true ? "a" : ["b"] => Inconsistent conditional result types
# fails: true ? { a = 1 } : [1] => Inconsistent conditional result types
# fails: true ? [] : {} => Inconsistent conditional result types
locals {}

--- conditionals-drop-errors-of-the-arm-not-chosen
# TYP-17
# expect: (true ? 1 : [][0]) == 1 && (false ? local.o.missing : 2) == 2
locals {
  o = { a = 1 }
}

--- conditionals-tell-errors-of-the-chosen-arm
# fails: true ? [][0] : 1 => Invalid index
locals {}

--- conditionals-a-failing-condition-is-told
# fails: [][0] ? 1 : 2 => Invalid index
locals {}

--- conditionals-a-condition-may-be-a-text
# TYP-17
# expect: ("true" ? 1 : 2) == 1 && ("0" ? 1 : 2) == 2
locals {}

--- conditionals-a-condition-is-a-bool
# TYP-17
# fails: 1 ? "a" : "b" => Incorrect condition type
# fails: "maybe" ? 1 : 2 => Incorrect condition type
# fails: [] ? 1 : 2 => Incorrect condition type
locals {}

--- conditionals-a-condition-is-not-null
# TYP-17
# fails: null ? 1 : 2 => Null condition
locals {}

--- conditionals-unknown-conditions-leave-the-result-open
# TYP-36
# shows: source.name ? 1 : 2 => <unknown>
# shows: packer.iterationID == "" ? "a" : "b" => <unknown>
locals {}

--- conditionals-unknown-conditions-do-not-hide-types
# TYP-37
# fails: source.name ? 1 : [1] => Inconsistent conditional result types
locals {}

--- conditionals-an-unknown-arm-gives-its-type
# expect: (true ? 1 : packer.iterationID) == "1"
locals {}

--- conditionals-need-both-arms
# error: 2:12-2:15 Missing false expression in conditional
locals {
  x = true ? 1
}

--- conditionals-across-lines-in-parentheses
# expect: local.x == "b"
locals {
  x = (
    false
    ? "a"
    : "b"
  )
}
