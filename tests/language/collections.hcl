Cases of collections: indexes, attributes, order, splats, for (TYP-24 … TYP-30); variables.hcl tells how to write one.

--- sets-drop-duplicates-and-sort-texts-bytewise
# shows: convert(["b", "a", "B", "10", "9", "a"], set(string)) => [\n  "10",\n  "9",\n  "B",\n  "a",\n  "b",\n]

--- sets-sort-numbers-by-value
# shows: convert([10, 9, 1.5, 10], set(number)) => [\n  1.5,\n  9,\n  10,\n]

--- sets-sort-false-before-true
# shows: convert([true, false, true], set(bool)) => [\n  false,\n  true,\n]

--- sets-put-null-last
# shows: convert([null, "z"], set(string)) => [\n  "z",\n  null,\n]

--- sets-of-lists-have-a-fixed-order
# shows: convert([[2], [1], [2]], set(list(number))) => [\n  [\n    1,\n  ],\n  [\n    2,\n  ],\n]

--- sets-of-collections-are-ordered-by-their-text
# see: TYP-24
# shows: jsonencode(convert([[], [1], [10], [9]], set(list(number)))) => [[10],[1],[9],[]]
# shows: [for o in convert([{ a = "b", z = 1 }, { a = "a", z = 2 }, { a = "", z = 3 }], set(any)) : o.z] => [\n  3,\n  2,\n  1,\n]
# shows: jsonencode(convert([["b"], null, ["a"]], set(list(string)))) => [["a"],["b"],null]

--- maps-and-objects-are-in-bytewise-key-order
# shows: [for k, v in {b = 1, a = 2, B = 3, "10" = 4, "9" = 5} : k] => [\n  "10",\n  "9",\n  "B",\n  "a",\n  "b",\n]
# shows: keys(convert({b = 1, a = 2}, map(number))) => [\n  "a",\n  "b",\n]

--- object-keys-that-are-numbers-or-bools-become-text
# shows: {1 = "a"} => {\n  "1" = "a"\n}
# shows: {(true) = "a"} => {\n  "true" = "a"\n}
# shows: {(1.50) = "a"} => {\n  "1.5" = "a"\n}

--- object-keys-are-neither-null-nor-collections
# fails: {(null) = "a"} => 1:2-1:8 Null value as key
# fails: {([]) = "a"} => 1:2-1:6 Incorrect key type

--- a-bare-key-is-its-own-name
# shows: {local = 1, true = 2} => {\n  "local" = 1\n  "true" = 2\n}

--- a-key-in-parentheses-is-an-expression
# shows: {(local.k) = 1} => {\n  "x" = 1\n}
# shows: {"${local.k}y" = 1} => {\n  "xy" = 1\n}
locals { k = "x" }

--- the-last-of-two-equal-keys-counts
# shows: {a = 1, a = 2} => {\n  "a" = 2\n}
# shows: {a = 1, "a" = 2} => {\n  "a" = 2\n}

--- index-counts-from-zero
# shows: [1, 2][0] => 1
# shows: convert([1, 2], list(number))[1] => 2

--- index-converts-from-text
# shows: [1, 2]["1"] => 2
# fails: [1, 2]["x"] => 1:8-1:11 Invalid index

--- index-behind-the-end
# fails: [1, 2][2] => 1:8-1:9 Invalid index
# fails: convert([1], list(number))[1] => Invalid index
# fails: [][0] => 1:4-1:5 Invalid index

--- index-is-not-negative
# fails: [1, 2][-1] => 1:8-1:10 Invalid index
# fails: convert([1], list(number))[-1] => Invalid index

--- index-is-a-whole-number
# fails: [1, 2][0.5] => 1:8-1:11 Invalid index

--- index-is-neither-null-nor-bool
# fails: [1, 2][null] => 1:8-1:12 Invalid index
# fails: [1, 2][true] => 1:8-1:12 Invalid index

--- index-of-an-object-is-its-key
# shows: {a = 1}["a"] => 1
# shows: {"1" = "x"}[1] => x
# fails: {a = 1}["b"] => 1:9-1:12 Invalid index

--- index-of-a-map-is-its-key
# shows: convert({a = 1}, map(number))["a"] => 1
# fails: convert({a = 1}, map(number))["b"] => Invalid index
# fails: convert({a = 1}, map(number))[null] => Invalid index

--- set-has-no-index
# fails: convert([1], set(number))[0] => Invalid index

--- scalar-has-no-index
# fails: "x"[0] => Invalid index
# fails: true["a"] => Invalid index

--- attribute-of-an-object
# shows: {a = {b = 1}}.a.b => 1
# fails: {a = 1}.b => 1:9-1:10 Unsupported attribute

--- attribute-of-a-map
# shows: convert({a = 1}, map(number)).a => 1
# fails: convert({a = 1}, map(number)).b => Missing map element

--- attribute-of-something-else
# fails: "x".a => 1:5-1:6 Unsupported attribute
# fails: [1].a => 1:5-1:6 Unsupported attribute

--- null-has-neither-attribute-nor-index
# fails: local.n.a => Attempt to get attribute from null value
# fails: local.n["a"] => Attempt to index null value
locals { n = null }

--- legacy-index
# shows: [1, 2].1 => 2
# fails: [1, 2].2 => 1:8-1:9 Invalid index
# shows: [[1, 2]].0[1] => 2

--- two-legacy-indexes-in-a-row
# fails: [[1]].0.0 => Invalid legacy index syntax

--- full-splat-goes-into-each-element
# shows: [{a = [1]}, {a = [2]}][*].a[0] => [\n  1,\n  2,\n]

--- attribute-splat-takes-attributes-alone
# shows: [{a = 1}, {a = 2}].*.a => [\n  1,\n  2,\n]
# shows: [{a = [1]}, {a = [2]}].*.a[0] => [\n  1,\n]

--- splat-of-a-single-thing-is-one-element
# shows: "x"[*] => [\n  "x",\n]
# shows: {a = 1}[*].a => [\n  1,\n]
# shows: {a = 1}.*.a => [\n  1,\n]

--- splat-of-null-is-empty
# shows: null[*] => []
# shows: local.n[*].a => []
locals { n = null }

--- splat-of-a-set-is-sorted
# shows: convert(["b", "a"], set(string))[*] => [\n  "a",\n  "b",\n]

--- splat-names-the-missing-attribute
# fails: [{a = 1}][*].b => 1:14-1:15 Unsupported attribute

--- for-over-every-collection
# shows: [for x in [2, 1] : x * 10] => [\n  20,\n  10,\n]
# shows: [for x in convert(["b", "a"], set(string)) : x] => [\n  "a",\n  "b",\n]
# shows: [for v in {b = 1, a = 2} : v] => [\n  2,\n  1,\n]

--- for-with-two-names
# shows: [for i, x in ["a", "b"] : "${i}${x}"] => [\n  "0a",\n  "1b",\n]
# shows: [for k, v in {a = 1} : "${k}${v}"] => [\n  "a1",\n]
# shows: [for k, v in convert(["a"], set(string)) : "${k}${v}"] => [\n  "aa",\n]

--- for-makes-an-object
# shows: {for k, v in {a = 1} : upper(k) => v + 1} => {\n  "A" = 2\n}
# shows: {for x in [1, true] : x => x} => {\n  "1" = 1\n  "true" = true\n}

--- for-with-a-condition
# shows: [for x in [1, 2, 3] : x if x > 1] => [\n  2,\n  3,\n]
# shows: [for x in [1] : x if "false"] => []

--- for-condition-is-a-bool
# fails: [for x in [1] : x if null] => 1:22-1:26
# fails: [for x in [1] : x if 1] => 1:22-1:23
# fails: [for x in [1] : x if "x"] => 1:22-1:25

--- for-over-null
# fails: [for x in null : x] => 1:11-1:15 Iteration over null value

--- for-over-a-scalar
# fails: [for x in "x" : x] => 1:11-1:14 Iteration over non-iterable value
# fails: [for x in 5 : x] => 1:11-1:12 Iteration over non-iterable value

--- for-finds-a-key-twice
# fails: {for x in ["a", "a"] : x => 1} => "a"
# fails: {for x in ["a", "a"] : x => 1} => Duplicate object key

--- for-groups-values-with-dots
# shows: {for x in ["a", "b", "a"] : x => upper(x)...} => {\n  "a" = [\n    "A",\n    "A",\n  ]\n  "b" = [\n    "B",\n  ]\n}

--- for-groups-in-objects-only
# fails: [for x in [1] : x...] => Invalid 'for' expression

--- for-key-is-neither-null-nor-a-collection
# fails: {for x in [1] : null => x} => Invalid object key
# fails: {for x in [1] : [] => x} => Invalid object key

--- for-names-hide-outer-ones
# shows: [for local in [1, 2] : local] => [\n  1,\n  2,\n]
# shows: [for x in [1] : [for x in [2] : x]] => [\n  [\n    2,\n  ],\n]
locals { a = 1 }

--- null-entries-of-maps-are-not-shown
# shows: {a = null, b = 1} => {\n  "b" = 1\n}
# shows: [null, 1] => [\n  null,\n  1,\n]
# shows: {a = null} => {}

--- empty-collections-are-shown-in-one-line
# shows: [[], {}] => [\n  [],\n  {},\n]
