Cases of operators; variables.hcl tells how to write one.

--- operators-bind-from-unary-to-conditional
# HCL-108
# expect: 1 + 2 * 3 == 7 && -2 * -3 == 6 && 10 + 7 % 4 == 13
# expect: 1 + 1 > 1 && 1 < 2 == true && true == 1 < 2
# expect: true || false && false
# expect: (false || true ? "yes" : "no") == "yes"
# expect: !false && true
locals {}

--- operators-of-one-level-go-from-left-to-right
# expect: 10 - 4 - 3 == 3 && 100 / 5 / 2 == 10 && 2 * 7 % 4 == 2
# expect: 5 - -2 == 7 && --5 == 5 && !!true
locals {}

--- operators-parentheses-first
# expect: (1 + 2) * 3 == 9 && !((true || false) && false)
locals {}

--- operators-comparisons-do-not-chain
# HCL-108: the first result is a bool, which is no number.
# fails: 1 < 2 < 3 => Invalid operand
locals {}

--- operators-arithmetic-takes-numbers-in-texts
# TYP-12
# expect: "1" + 1 == 2 && "2" * "3" == 6 && -"5" == -5 && "10" > 9
locals {}

--- operators-arithmetic-refuses-other-texts
# TYP-12
# fails: "a" + 1 => a number is required
# fails: true + 1 => number required
# fails: [1] + [2] => number required
locals {}

--- operators-join-no-texts
# HCL-110
# fails: "a" + "b" => a number is required
locals {}

--- operators-order-no-texts
# TYP-13
# fails: "b" > "a" => Unsuitable value for left operand
# fails: "b" > "a" => Unsuitable value for right operand
locals {}

--- operators-refuse-null
# fails: null + 1 => null
# fails: 1 < null => null
# fails: -null => null
# fails: !null => null
locals {}

--- operators-logic-takes-bools-in-texts
# TYP-12
# expect: "true" && true && !"false" && ("1" || false)
locals {}

--- operators-logic-refuses-other-things
# fails: 1 && true => bool required
# fails: "maybe" || false => a bool is required
# fails: !1 => bool required
locals {}

--- operators-and-ignores-a-failing-right-side
# HCL-108
# expect: !(false && [][0])
# expect: !(false && local.o.missing)
locals {
  o = { a = 1 }
}

--- operators-or-ignores-a-failing-right-side
# HCL-108
# expect: true || [][0]
locals {}

--- operators-ignore-a-failing-left-side-when-the-right-decides
# HCL-108
# expect: [][0] || true
# expect: !([][0] && false)
locals {}

--- operators-tell-a-failing-side-that-decides
# fails: [][0] || false => Invalid index
# fails: true && [][0] => Invalid index
locals {}

--- operators-check-both-types-even-when-one-side-decides
# TYP-37: a wrong type is wrong whatever the other side is.
# fails: false && 1 => bool required
# fails: 1 && false => bool required
# fails: true || [] => bool required
# fails: "maybe" && false => a bool is required
locals {}

--- operators-null-decides-and-but-not-or
# The reference's library takes null for false in `&&`.
# shows: null && true => false
# shows: true && null => false
# shows: null || true => true
# fails: null || false => null
# fails: false || null => null
locals {}

--- operators-an-unknown-side-leaves-logic-open
# TYP-36
# shows: source.name && false => false
# shows: source.name || true => true
# shows: source.name && true => <unknown>
# shows: source.name || false => <unknown>
locals {}

--- operators-an-unknown-left-side-hides-what-fails-on-the-right
# shows: source.name || [][0] => <unknown>
# shows: source.name && [][0] => <unknown>
locals {}

--- operators-unknown-spreads
# TYP-36
# shows: packer.iterationID == "a" => <unknown>
# shows: source.name + 1 => <unknown>
# shows: -source.name => <unknown>
# shows: source.name > 1 => <unknown>
locals {}

--- operators-unknown-is-no-excuse-for-a-wrong-type
# TYP-37
# fails: source.name + "x" => a number is required
# fails: [source.name] + 1 => number required
locals {}

--- operators-an-unknown-text-is-no-number
# What is known not to be null is not equal to anything of another type.
# shows: packer.iterationID == 1 => false
# shows: packer.iterationID != 1 => true
# shows: packer.iterationID == null => <unknown>
# shows: packer.iterationID == [source.name] => false
locals {}

--- operators-equality-compares-types-first
# TYP-12, TYP-14
# expect: "1" != 1 && true != "true" && [] != {} && null != "" && "a" != "A"
locals {}

--- operators-equality-of-null
# TYP-14: also of nulls of different types
# expect: null == null && var.none == null && var.none == var.nothing
variable "none" {
  type    = string
  default = null
}
variable "nothing" {
  type    = list(number)
  default = null
}

--- operators-equality-of-tuples-and-objects
# TYP-14
# expect: [1, "a"] == [1, "a"] && [1, 2] != [2, 1] && ["1"] != [1] && [1] != [1, 1]
# expect: { a = 1, b = 2 } == { b = 2, a = 1 } && { a = 1 } != { b = 1 }
# expect: { a = [{ b = null }] } == { a = [{ b = null }] }
locals {}

--- operators-a-tuple-is-no-list-and-an-object-no-map
# TYP-14, TYP-20
# expect: ["a"] != convert(["a"], list(string))
# expect: { a = 1 } != convert({ a = 1 }, map(number))
locals {}

--- operators-empty-lists-of-different-types-differ
# TYP-14
# expect: convert([], list(string)) != convert([], list(number))
# expect: convert([], list(string)) != []
locals {}

--- operators-sets-are-equal-in-any-order
# expect: convert(["a", "b"], set(string)) == convert(["b", "a", "a"], set(string))
locals {}

--- operators-numbers-are-exact
# TYP-1
# expect: 0.1 + 0.2 == 0.3 && 1 / 3 * 3 == 1
# expect: 9007199254740993 != 9007199254740992
locals {}

--- operators-division-by-zero-is-infinite
# TYP-5
# shows: 1 / 0 => +Inf
# shows: -1 / 0 => -Inf
# fails: 0 / 0 => can't divide zero by zero or infinity by infinity
# fails: 1 / 0 - 1 / 0 => Operation failed
locals {}

--- operators-remainder-has-the-sign-of-the-dividend
# TYP-6
# expect: -7 % 3 == -1 && 7 % -3 == 1 && 5.5 % 2 == 1.5 && 5 % 0 == 5
locals {}

--- operators-no-remainder-of-infinity
# fails: 1 / 0 % 3 => Operation failed
# fails: 5 % (1 / 0) => Operation failed
locals {}

--- operators-lines-go-on-in-brackets-and-parentheses-only
# HCL-109
# expect: local.sum == 3 && local.list == [3]
locals {
  sum = (1
  + 2)
  list = [1
  + 2]
}

--- operators-a-line-ends-an-expression
# error: 3:3-3:4 Argument or block definition required
locals {
  sum = 1
  + 2
}

--- operators-a-line-does-not-go-on-after-an-operator
# error: 2:12-3:1 Invalid expression
# error: 3:3-3:4 Argument or block definition required
locals {
  sum = 1 +
  2
}

--- operators-bitwise-ones-are-explained
# error: 2:9-2:10 &&
# error: 2:9-2:10 Missing newline after argument
locals {
  x = 1 & 2
}

--- operators-an-equals-sign-is-no-comparison
# error: 2:10-2:11 closing parenthesis
locals {
  x = (1 = 2)
}
