Cases of `for` expressions; variables.hcl tells how to write one.

--- for-over-a-tuple
# TYP-30
# expect: [for x in [1, 2] : x * 2] == [2, 4]
locals {}

--- for-knows-index-and-key
# expect: [for i, x in ["a", "b"] : "${i}${x}"] == ["0a", "1b"]
# expect: [for k, v in { b = 1, a = 2 } : "${k}${v}"] == ["a2", "b1"]
locals {}

--- for-over-objects-goes-by-key
# TYP-25: bytewise
# expect: [for k, v in { b = 1, B = 2, a = 3, "10" = 4, "9" = 5 } : k] == ["10", "9", "B", "a", "b"]
locals {}

--- for-over-a-set-has-elements-as-keys
# TYP-24
# expect: [for k, v in convert(["b", "a"], set(string)) : "${k}=${v}"] == ["a=a", "b=b"]
locals {}

--- for-takes-what-the-condition-lets-through
# expect: [for x in [1, 2, 3] : x if x != 2] == [1, 3]
# expect: [for x in [1, 2, 3] : x if x > 1 && x < 3] == [2]
locals {}

--- for-a-condition-may-be-a-text
# expect: [for x in [1] : x if "true"] == [1]
locals {}

--- for-refuses-other-conditions
# fails: [for x in [1] : x if null] => null
# fails: [for x in [1] : x if "maybe"] => Incorrect condition type
# fails: [for x in [1] : x if 1] => Incorrect condition type
locals {}

--- for-makes-an-object
# expect: { for k, v in { a = "x", b = "y" } : v => k } == { x = "a", y = "b" }
# expect: { for i, x in ["b", "a"] : x => i } == { a = 1, b = 0 }
locals {}

--- for-keys-become-texts
# TYP-25
# expect: { for x in [1, 2] : x => x } == { "1" = 1, "2" = 2 }
# expect: { for x in [true] : x => 1 } == { "true" = 1 }
locals {}

--- for-refuses-keys-that-are-no-text
# fails: { for x in [1] : null => x } => null
# fails: { for x in [1] : [x] => x } => key
locals {}

--- for-groups-with-three-dots
# TYP-30
# expect: { for w in ["a", "bb", "c"] : length(w) => w... } == { "1" = ["a", "c"], "2" = ["bb"] }
locals {}

--- for-groups-and-has-a-condition
# expect: { for i, x in ["b", "a", "b"] : x => i... if i > 0 } == { a = [1], b = [2] }
locals {}

--- for-names-a-key-given-twice
# TYP-30
# fails: { for x in ["dup", "dup"] : x => 1 } => Duplicate object key
# fails: { for x in ["dup", "dup"] : x => 1 } => "dup"
locals {}

--- for-needs-something-to-go-over
# TYP-30
# fails: [for x in null : x] => Iteration over null value
# fails: [for x in 5 : x] => Iteration over non-iterable value
# fails: [for x in "abc" : x] => Iteration over non-iterable value
# fails: { for x in true : x => x } => Iteration over non-iterable value
locals {}

--- for-over-nothing-evaluates-no-body
# expect: [for x in [] : x.whatever] == [] && [for x in [] : nope] == []
locals {}

--- for-checks-its-condition-even-over-nothing
# with: an unset variable u
# fails: [for x in [] : x if 5] => Incorrect condition type
# fails: [for x in [] : x if null] => null
# fails: [for x in [] : x if nope] => nope
# fails: { for x in var.u : x => x if [] } => Incorrect condition type
locals {}

--- for-an-unknown-condition-may-keep-out-what-fails
# No false errors for what a data source will tell.
# shows: [for x in [{}, { a = 1 }] : x.a if source.name] => <unknown>
# shows: { for x in [null] : x => 1 if packer.iterationID == "x" } => <unknown>
locals {}

--- for-over-the-unknown-is-unknown
# with: an unset variable u
# TYP-36
# shows: [for x in var.u : x] => <unknown>
# shows: { for x in var.u : x => 1 } => <unknown>
locals {}

--- for-hides-names-around-it
# expect: [for var in [1] : var] == [1]
# expect: [for x in [1, 2] : [for x in [x * 10] : x][0]] == [10, 20]
locals {}

--- for-inside-for
# expect: [for x in [1, 2] : [for y in [3, 4] : x * y]] == [[3, 4], [6, 8]]
locals {}

--- for-forgets-its-names-outside
# fails: [[for x in [1] : x], x] => x
locals {}

--- for-may-be-indexed
# expect: [for x in [1, 2] : x * 2][1] == 4 && { for x in ["a"] : x => 1 }.a == 1
locals {}

--- for-across-lines
# expect: local.x == ["A"] && local.y == { a = "A" }
locals {
  x = [
    for s in ["a", "b"] :
    upper(s)
    if s != "b"
  ]
  y = {
    for s in ["a"] :
    s => upper(s)
  }
}

--- for-a-list-has-no-keys
# error: 2:25-2:27 =>
locals {
  x = [for x in [1] : x => 1]
}

--- for-an-object-has-keys
# error: 2:26-2:27 key
locals {
  x = { for x in [1] : x }
}

--- for-a-list-does-not-group
# error: 2:24-2:27 ...
locals {
  x = [for x in [1] : x...]
}

--- for-needs-a-name
# error: 2:12-2:13 Invalid 'for' expression
locals {
  x = [for 1 in [1] : 1]
}

--- for-needs-in
# error: 2:14-2:16 Invalid 'for' expression
locals {
  x = [for x of [1] : x]
}
