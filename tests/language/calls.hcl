Cases of function calls; variables.hcl tells how to write one.

--- calls-convert-their-arguments
# FN-4
# expect: upper(1) == "1" && max(1, "5") == 5 && abs("-3") == 3
locals {}

--- calls-refuse-null
# FN-4
# fails: upper(null) => Invalid function argument
# fails: max(1, null) => null
locals {}

--- calls-name-the-parameter
# FN-3
# fails: upper([1]) => Invalid value for "str" parameter: string required
# fails: abs("x") => Invalid value for "num" parameter
locals {}

--- calls-need-enough-arguments
# FN-3
# fails: upper() => Not enough function arguments
# fails: join() => "separator"
locals {}

--- calls-take-no-more-arguments
# FN-3
# fails: upper("a", "b") => Too many function arguments
locals {}

--- calls-unknown-function-with-a-near-one
# FN-2
# fails: uper("a") => upper
# fails: uper("a") => Call to unknown function
locals {}

--- calls-names-are-case-sensitive
# fails: Upper("a") => Call to unknown function
locals {}

--- calls-functions-of-others-are-unknown
# FN-1
# fails: tostring(1) => Call to unknown function
# fails: toset([]) => Call to unknown function
# fails: one([]) => Call to unknown function
# fails: nonsensitive(1) => Call to unknown function
# fails: filemd5("x") => Call to unknown function
# fails: type(1) => Call to unknown function
locals {}

--- calls-env-is-for-defaults-only
# HCL-30
# fails: env("HOME") => env
locals {}

--- calls-failures-name-the-function
# FN-3
# fails: split(",", null) => null
# fails: element([], 0) => "element"
locals {}

--- calls-spread-the-last-argument
# FN-6
# expect: max([1, 2]...) == 2 && max(5, [1, 2]...) == 5 && upper(["a"]...) == "A"
# expect: max(convert([1, 2], list(number))...) == 2 && max(convert([1, 2], set(number))...) == 2
locals {}

--- calls-spread-nothing
# fails: upper([]...) => Not enough function arguments
# fails: max([]...) => Call to function "max"
locals {}

--- calls-spread-only-lists
# FN-6
# fails: max(null...) => null
# fails: max(5...) => Invalid expanding argument value
# fails: max({ a = 1 }...) => Invalid expanding argument value
locals {}

--- calls-spread-and-check-each
# fails: max(["x"]...) => a number is required
locals {}

--- calls-spread-only-at-the-end
# FN-6
# error: 3:17-3:18 ...
locals {
  x = max([1]..., 2)
}

--- calls-may-end-with-a-comma
# expect: max(1, 2,) == 2
locals {}

--- calls-need-commas
# error: 2:15-2:16 Missing argument separator
locals {
  x = max("1" "2")
}

--- calls-across-lines
# expect: local.x == 2
locals {
  x = max(
    1,
    2
  )
}

--- calls-a-space-before-the-parenthesis-is-fine
# expect: upper ("a") == "A"
locals {}

--- calls-with-the-unknown-are-unknown
# with: an unset variable u
# FN-5
# shows: upper(packer.iterationID) => <unknown>
# shows: [upper(source.name)] => <unknown>
# shows: max(var.u...) => <unknown>
locals {}

--- calls-with-the-unknown-still-check-the-others
# FN-5, TYP-37
# fails: join([], packer.iterationID) => Invalid function argument
# fails: upper(packer.iterationID, "b") => Too many function arguments
locals {}

--- calls-can-tells-whether-it-works
# FN-10
# expect: can(1) && !can([][0]) && !can(nope) && !can(var.nope) && can(null)
locals {}

--- calls-can-needs-one-argument
# fails: can() => Not enough function arguments
# fails: can(1, 2) => Too many function arguments
locals {}

--- calls-try-takes-what-works-first
# FN-10
# expect: try(1, 2) == 1 && try([][0], "x") == "x" && try(nope, var.nope, 3) == 3 && try(null, 1) == null
locals {}

--- calls-try-without-success-tells-each
# fails: try([][0], {}.a) => no expression succeeded
# fails: try() => at least one argument
locals {}

--- calls-try-with-the-unknown
# shows: try(packer.iterationID, 1) => <unknown>
# shows: can(packer.iterationID) => <unknown>
locals {}

--- calls-try-falls-back-on-missing-keys
# expect: try(local.o.b, "none") == "none" && try(local.o["a"], "none") == 1
locals {
  o = { a = 1 }
}

--- calls-convert-takes-a-type
# FN-10
# expect: convert("5", number) == 5 && convert([1], list(string)) == convert(["1"], list(string))
# fails: convert(1, "string") => type
# fails: convert(1, strng) => strng
# fails: convert("x", number) => a number is required
locals {}

--- calls-convert-drops-other-attributes
# TYP-22
# expect: convert({ a = 1, b = 2 }, object({ a = string })) == { a = "1" }
# fails: convert({ a = 1 }, object({ b = string })) => attribute "b" is required
locals {}

--- calls-have-no-name-spaces
# fails: core::upper("a") => core
locals {}

--- calls-a-function-is-no-value
# fails: [upper] => upper
locals {}

--- calls-results-can-be-indexed
# expect: split("-", "a-b")[1] == "b" && merge({ a = 1 }, { b = 2 }).b == 2
locals {}
