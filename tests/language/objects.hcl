Cases of tuples and objects; variables.hcl tells how to write one.

--- objects-keys-are-words-texts-or-in-parentheses
# HCL-109
# expect: { a = 1, "b c" = 2, (local.k) = 3, "${local.k}-2" = 4 } == local.o
locals {
  k = "key"
  o = { "a" : 1, "b c" : 2, key = 3, "key-2" = 4 }
}

--- objects-a-bare-key-is-no-reference
# expect: keys({ local = 1, if = 2, with-dash = 3 }) == ["if", "local", "with-dash"]
locals {}

--- objects-numbers-and-bools-become-keys
# TYP-25
# expect: { 1.5 = "x", true = "y" } == { "1.5" = "x", "true" = "y" }
locals {}

--- objects-the-last-of-two-keys-wins
# expect: { a = 1, a = 2 } == { a = 2 }
locals {}

--- objects-null-is-no-key
# fails: { (null) = 1 } => null
locals {}

--- objects-a-list-is-no-key
# fails: { ([1]) = 1 } => key
locals {}

--- objects-a-reference-as-key-needs-parentheses
# fails: { local.k = 1 } => parentheses
# expect: { (local.k) = 1 } == { x = 1 }
locals {
  k = "x"
}

--- objects-items-end-with-commas-or-lines
# expect: local.o == { a = 1, b = 2, c = 3 }
locals {
  o = {
    a = 1
    b = 2,
    c = 3,
  }
}

--- objects-two-items-need-something-between
# error: 2:15-2:16 Missing attribute separator
locals {
  o = { a = 1 b = 2 }
}

--- objects-comments-between-items
# expect: local.o == { a = 1, b = 2 }
locals {
  o = { # one
    a = 1 // two
    /* three */
    b = 2
  }
}

--- objects-an-item-may-go-on-in-brackets
# expect: local.o == { a = [1, 2], b = 3 }
locals {
  o = {
    a = [1,
    2]
    b = (1
    + 2)
  }
}

--- objects-tuples-may-end-with-a-comma
# expect: local.t == [1, 2] && length([]) == 0
locals {
  t = [
    1,
    2,
  ]
}

--- objects-tuple-items-need-commas
# error: 2:10-2:11 Missing item separator
locals {
  t = [1 2]
}

--- objects-null-members-and-elements-are-kept
# TYP-35
# expect: length([null, 1]) == 2 && length({ a = null }) == 1
locals {}
