Cases of bringing several values to one type (TYP-15 … TYP-19); variables.hcl tells how to write one.

--- conditional-brings-number-and-text-to-text
# shows: [true ? 1 : "a"] => [\n  "1",\n]
# shows: [false ? "a" : 1.50] => [\n  "1.5",\n]

--- conditional-brings-bool-and-text-to-text
# expect: (true ? true : "a") == "true"

--- conditional-does-not-bring-bool-and-number-together
# fails: true ? true : 1 => 1:8-1:16 Inconsistent conditional result types

--- conditional-brings-objects-with-different-attributes-to-a-map
# expect: (true ? {a = 1} : {b = 2}) == convert({a = 1}, map(number))
# shows: true ? {a = 1} : {b = "x"} => {\n  "a" = "1"\n}

--- conditional-keeps-objects-with-the-same-attributes
# shows: (true ? {a = 1, b = [1]} : {a = "x", b = [2]}).b[0] => 1

--- conditional-brings-tuples-of-different-lengths-to-a-list
# expect: (true ? [1] : [1, 2]) == convert([1], list(number))
# expect: (true ? [1] : []) == convert([1], list(number))

--- conditional-keeps-tuples-of-the-same-length
# expect: (true ? [1, "a"] : ["b", 2]) == ["1", "a"]

--- conditional-of-tuple-and-object-has-no-type
# fails: true ? [] : {} => Inconsistent conditional result types
# fails: true ? "a" : [] => Inconsistent conditional result types
# fails: true ? {a = 1} : "x" => Inconsistent conditional result types

--- null-takes-the-type-of-the-other-arm
# expect: (true ? null : 1) == null
# expect: (false ? null : 1) == 1
# expect: (true ? [1] : null) == [1]

--- empty-tuple-beside-a-list-becomes-that-list
# expect: (true ? [] : convert(["a"], list(string))) == convert([], list(string))

--- tuple-beside-a-list-becomes-a-list
# expect: (true ? [1] : convert(["a"], list(string))) == convert(["1"], list(string))

--- object-beside-a-map-becomes-a-map
# expect: (true ? {a = 1} : convert({b = "x"}, map(string))) == convert({a = "1"}, map(string))

--- tuple-beside-a-set-becomes-a-set
# expect: (true ? ["b", "a", "b"] : convert(["x"], set(string))) == convert(["a", "b"], set(string))

--- nested-values-of-both-arms-unify
# expect: (true ? [[1]] : [["a"]]) == [["1"]]
# shows: (true ? {a = {b = 1}} : {a = {c = 2}}).a => {\n  "b" = 1\n}

--- a-mistake-in-the-other-arm-is-dropped
# shows: true ? 1 : [][0] => 1
# shows: false ? [][0] : 1 => 1

--- a-mistake-in-the-chosen-arm-counts
# fails: true ? [][0] : 1 => 1:11-1:12 Invalid index

--- the-type-of-the-other-arm-counts
# expect: (true ? 1 : "x") == "1"

--- condition-converts-from-text
# shows: "true" ? 1 : 2 => 1
# shows: "0" ? 1 : 2 => 2

--- condition-is-neither-null-nor-a-number
# fails: null ? 1 : 2 => 1:1-1:5 Null condition
# fails: 1 ? 1 : 2 => 1:1-1:2 Incorrect condition type
# fails: "x" ? 1 : 2 => 1:1-1:4 Incorrect condition type
# fails: [] ? 1 : 2 => 1:1-1:3 Incorrect condition type

--- conditionals-nest-to-the-right
# shows: false ? 1 : false ? 2 : 3 => 3

--- a-list-of-any-prefers-text
# expect: convert([1, "a", true], list(any)) == convert(["1", "a", "true"], list(string))
# expect: convert([1, null, "a"], list(any)) == convert(["1", null, "a"], list(string))

--- a-list-of-any-does-not-bring-bool-and-number-together
# fails: convert([true, 1], list(any)) => all list elements must have the same type
# fails: convert([1, [2]], list(any)) => all list elements must have the same type

--- a-list-of-any-makes-maps-of-different-objects
# expect: convert([{a = 1}, {b = "x"}], list(any))[0] == convert({a = "1"}, map(string))

--- a-list-of-any-keeps-objects-with-the-same-attributes
# expect: convert([{a = 1, b = []}, {a = "x", b = []}], list(any))[0] == {a = "1", b = []}

--- a-list-of-any-makes-lists-of-tuples
# expect: convert([[1], ["a", true]], list(any))[0] == convert(["1"], list(string))
# expect: convert([[1, "a"], ["b", 2]], list(any))[0] == ["1", "a"]

--- a-map-of-any-unifies-its-elements
# expect: convert({a = 1, b = "x"}, map(any)) == convert({a = "1", b = "x"}, map(string))
# fails: convert({a = 1, b = []}, map(any)) => all map elements must have the same type

--- a-set-of-any-unifies-before-it-drops-duplicates
# shows: convert([1, "1"], set(any)) => [\n  "1",\n]

--- any-alone-keeps-the-exact-type
# expect: convert([1, "a"], any) == [1, "a"]

--- any-inside-a-variable-type
# expect: var.l == convert(["1", "a"], list(string))
# expect: var.o.b == [1]
variable "l" {
  type    = list(any)
  default = [1, "a"]
}
variable "o" {
  type    = object({ a = string, b = any })
  default = { a = 1, b = [1] }
}

--- any-inside-a-variable-type-that-does-not-unify
# error: 3:13-3:22 all list elements must have the same type
variable "l" {
  type    = list(any)
  default = [1, true]
}
