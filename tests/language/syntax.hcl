Cases of the grammar (HCL-103 … HCL-111, DIA-16, DIA-17, DIA-28 … DIA-34); variables.hcl tells how to write one.

--- comments-of-three-kinds
# expect: local.a == 1
// a comment
/* one over
   two lines */
locals {
  #no blank
  a = /* inside */ 1 # behind
}

--- names-may-hold-letters-of-any-script-and-dashes
# shows: local.größe-1_x => 1
locals { größe-1_x = 1 }

--- a-dash-between-names-is-part-of-a-name
# fails: a-b => 1:1-1:4 Unknown variable
# shows: 3 -1 => 2

--- a-block-on-one-line-holds-one-argument
# expect: local.a == 1
locals { a = 1 }

--- a-block-on-one-line-with-two-arguments
# see: DIA-17
# error: 1:16-1:17 Invalid single-argument block definition
locals { a = 1 b = 2 }

--- a-block-that-closes-on-another-line
# error: 1:15-2:1 Invalid single-argument block definition
locals { a = 1
}

--- an-argument-given-twice
# see: DIA-16
# error: 3:3-3:4 Attribute redefined
locals {
  a = 1
  a = 2
}

--- two-arguments-on-a-line
# error: 2:9-2:10 Missing newline after argument
locals {
  a = 1 b = 2
}

--- a-semicolon
# see: DIA-32
# error: 2:8-2:9 Invalid character
# error: 2:8-2:9 Missing newline after argument
locals {
  a = 1;
}

--- single-quotes
# see: DIA-29
# error: 2:7-2:8 Invalid character
# error: 2:7-2:8 Invalid expression
locals {
  a = 'x'
}

--- backquotes
# error: 2:7-2:8 Invalid character
# error: 2:7-2:8 Invalid expression
locals {
  a = `x`
}

--- no-comma-between-items
# see: DIA-30
# error: 2:10-2:11 Missing item separator
locals {
  a = [1 2]
}

--- no-separator-between-object-items
# error: 2:15-2:16 Missing attribute separator
locals {
  a = { b = 1 c = 2 }
}

--- a-lone-word
# see: DIA-31
# error: 1:1-1:7 Argument or block definition required
locals

--- a-lone-word-in-a-block
# error: 2:3-2:4 Argument or block definition required
locals {
  a
}

--- an-opening-brace-on-its-own-line
# error: 1:7-2:1 Invalid block definition
# error: 7:24-8:1 Invalid block definition
# error: 10:14-10:15 Invalid expression
locals
{
  a = 1
}
locals { b = local.a }

variable "x" "y" "z"   
{
}
locals { c = ] }

--- an-argument-with-a-colon
# error: 2:3-2:4 Argument or block definition required
locals {
  a: 1
}

--- a-missing-closing-brace
# see: DIA-33
# error: 1:1-1:7 Unclosed configuration block
locals {
  a = 1

--- a-closing-brace-too-many
# error: 2:1-2:2
locals { a = 1 }
}

--- an-unclosed-heredoc
# see: DIA-34
# error: 6:1-6:1 Unterminated template string
locals {
  a = <<EOT
text
}

--- an-unclosed-quote-at-the-end-of-the-file
# error: 1:14-1:18 Invalid multi-line string
# error: 1:14-1:15 Unterminated template string
# error: 2:1-2:1 Invalid multi-line string
locals { a = "x }

--- an-unclosed-interpolation
# error: 1:14-1:20 Invalid multi-line string
# error: 1:14-1:15 Unterminated template string
# error: 2:1-2:1 Invalid multi-line string
locals { a = "${1 }

--- an-unclosed-parenthesis
# error: 3:1-3:2 Unbalanced parentheses
locals {
  a = (1
}

--- an-unclosed-call
# fails: upper("a" => 1:

--- an-unclosed-list
# error: 3:1-3:2 Invalid expression
locals {
  a = [1,
}

--- an-argument-without-a-value
# error: 2:6-3:1 Invalid expression
locals {
  a =
}

--- an-operator-without-its-right-side
# error: 2:10-3:1 Invalid expression
locals {
  a = 1 +
}

--- line-ends-inside-brackets-mean-nothing
# expect: local.a == [1, 2] && local.b == 3
locals {
  a = [
    1
    ,
    2,
  ]
  b = (1
    + 2)
}

--- line-ends-inside-calls-mean-nothing
# expect: local.a == "A"
locals {
  a = upper(
    "a",
  )
}

--- line-ends-separate-the-items-of-objects
# expect: local.a == { b = 1, c = 2, d = 3 }
locals {
  a = {
    b = 1
    c : 2,
    d = 3
  }
}

--- an-object-within-parentheses-still-needs-its-separators
# expect: local.a == { b = 1, c = 2 }
locals {
  a = ({
    b = 1
    c = 2
  })
}

--- trailing-commas
# shows: [1,] => [\n  1,\n]
# shows: {a = 1,} => {\n  "a" = 1\n}
# shows: upper("a",) => A
# fails: [,] => 1:2-1:3 Invalid expression
# fails: [1,,2] => 1:4-1:5 Invalid expression

--- operators-bind-in-this-order
# see: HCL-108
# expect: 2 + 3 * 4 == 14
# expect: 10 - 2 - 3 == 5
# expect: 2 * 3 % 4 == 2
# expect: (1 < 2 == true)
# expect: true || false && false
# expect: !true || true
# expect: -2 * -3 == 6
# expect: (true ? 1 : 2 + 3) == 1

--- and-or-short-circuit
# shows: false && [][0] => false
# shows: true || local.nosuch => true

--- operators-that-do-not-exist
# fails: 1 & 2 => 1:3-1:4
# fails: 1 === 2 => 1:5-1:6
# fails: 2 ** 3 => 1:4-1:5
# fails: !!= 1 => 1:2-1:4

--- nothing-may-follow-an-expression
# fails: 1 2 => 1:3-1:4 Extra characters after expression
# fails: upper("a") "b" => 1:12-1:13 Extra characters after expression

--- spreading-arguments
# shows: min([3, 2]...) => 2
# shows: min(4, [3, 2]...) => 2
# fails: min([3]..., 1) => Missing closing parenthesis
# fails: min("x"...) => 1:5-1:8 Invalid expanding argument value
# fails: min(null...) => 1:5-1:9 Invalid expanding argument value

--- a-function-nobody-knows
# fails: uper("a") => 1:1-1:5 Call to unknown function
# fails: uper("a") => upper
# fails: zzzzzz("a") => 1:1-1:7 Call to unknown function

--- too-few-and-too-many-arguments
# fails: upper() => Not enough function arguments
# fails: upper("a", "b") => Too many function arguments

--- bytes-that-are-no-text-in-a-name
# error: 1:10-1:11 Invalid character
# error: 1:10-1:11 Argument or block definition required
locals { § = 1 }

--- a-block-in-an-object-is-an-expression
# error: 3:7-3:8
locals {
  a = {
    b {
    }
  }
}

--- template-files-may-be-empty

