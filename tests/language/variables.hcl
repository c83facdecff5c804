Cases of variables. A case begins with `--- name` (`--- name json` for a template in JSON) and is a template; lines that
begin as follows tell of it and are not counted:

  # error: LINE:COLUMN-LINE:COLUMN part of its text     one each, in any order; `-` stands for no place, a place in
                                                        another file has its name before (blanks as `_`); also # warning:
  # hint: part of the way out that one of them tells
  # expect: EXPRESSION                                  is true, with what the console knows
  # shows: EXPRESSION => TEXT                           what the console prints; \n is a line end
  # fails: EXPRESSION => PART                           what the console says: `line:column-line:column Summary: Detail`
  # masks: TEXT => TEXT                                 what is left of a text where secrets are hidden
  # builds: null.a, x.null.b                            the builds it makes
  # steps: null.a => shell-local:name !file (checksum manifest)
                                                      what that build runs; `!` is the error-cleanup-provisioner
  # settings: null.a provisioner.0 inline.0 => echo     what a step was prepared with; `source`, `on-error`, `post.0.1`
                                                      are steps too, and `@timeout` is an argument of the core
  # only: pattern   # except: pattern                   -only and -except
  # var: name=value   # env: NAME=value                 -var, and the environment
  # var-file: name                                      -var-file; a file named below
  # file: name                                          what follows is another file beside the template; then the
                                                        folder is opened
  # see: HCL-22                                         where the behaviour comes from
  # opens: path                                         what is opened instead
  # with: CRLF   # with: a byte order mark              how the file is written
  # with: -use-sequential-evaluation                    how values are found
  # with: an unset variable u                           `var.u`, of which not even the type is known

--- variable-unknown-type
# error: 2:10-2:15 The keyword "strng" is not a valid type specification
# hint: "string"
variable "x" {
  type = strng
}

--- variable-default-is-converted
# expect: var.n == 5 && var.l == convert(["1"], list(string))
variable "n" {
  type    = number
  default = "5"
}
variable "l" {
  type    = list(string)
  default = [1]
}

--- variable-from-the-command-line-wins
# var: x=arg
# env: PKR_VAR_x=env
# shows: var.x => arg
variable "x" { default = "default" }

--- variable-has-four-arguments-and-rules
# expect: var.x == 1
variable "x" {
  type        = number
  default     = "1"
  description = "how many"
  sensitive   = false
  validation {
    condition     = var.x > 0
    error_message = "It must be positive."
  }
}

--- variable-knows-neither-ephemeral-nor-nullable
# error: 3:3-3:12 Unsupported argument
# error: 4:3-4:11 Unsupported argument
variable "x" {
  default   = 1
  ephemeral = true
  nullable  = false
}

--- variable-argument-misspelt
# error: 2:3-2:6 Unsupported argument
# hint: "type"
variable "x" {
  typ     = string
  default = ""
}

--- variable-knows-no-other-block
# error: 3:3-3:9 Unsupported block type
variable "x" {
  default = 1
  nested {}
}

--- variables-block-declares-untyped-ones
# expect: var.a == 1 && var.b == ["x"]
variables {
  a = 1
  b = ["x"]
}

--- variables-blocks-add-up
# expect: var.a == 1 && var.b == 2
variables { a = 1 }
variables { b = 2 }

--- variables-block-holds-no-blocks
# error: 2:3-2:4 Unsupported block type
variables {
  a "b" {}
}

--- variables-block-has-no-label
# error: 1:11-1:14 Extraneous label for variables
variables "a" {}

--- variables-block-closes-an-empty-default
# see: HCL-23
# var: l=["a"]
# error: <value_for_var.l_from_arguments>:1:1-1:6 tuple
variables { l = [] }

--- variables-block-closes-an-empty-object
# var: o={a = 1}
# shows: var.o => {}
variables { o = {} }

--- variables-block-leaves-null-open
# var: n=x
# shows: var.n => x
variables { n = null }

--- variable-block-leaves-an-empty-default-open
# see: HCL-32
# var: l=["a"]
# shows: var.l => ["a"]
variable "l" { default = [] }

--- variable-name-is-an-identifier
# error: 1:10-1:14 Invalid variable name
variable "1x" { default = 1 }

--- variable-name-may-hold-dashes
# shows: var.a-b => 1
variable "a-b" { default = 1 }

--- variable-needs-one-name
# error: 1:1-1:9 Missing name for variable
# error: 2:14-2:17 Extraneous label for variable
variable {}
variable "a" "b" {}

--- variable-name-may-be-a-bare-word
# shows: var.x => 1
variable x { default = 1 }

--- variable-declared-twice
# error: 2:1-2:13 Duplicate variable
variable "x" { default = 1 }
variable "x" { default = 2 }

--- variable-declared-twice-across-forms
# error: 2:13-2:18 Duplicate variable
variable "x" { default = 1 }
variables { x = 2 }

--- variable-description-is-constant
# error: 3:17-3:20 Variables not allowed
variable "x" {
  default     = 1
  description = var.y
}

--- variable-sensitive-converts-from-text
# masks: a secret word => a <sensitive> word
variable "x" {
  default   = "secret"
  sensitive = "true"
}

--- variable-type-simple
# var: b=true
# var: n=1
# var: s=1
# expect: var.b && var.n == 1 && var.s == "1"
variable "b" { type = bool }
variable "n" { type = number }
variable "s" { type = string }

--- variable-type-collections
# expect: var.l == convert(["1"], list(string))
# expect: var.s == convert([1], set(number))
# expect: var.m == convert({ a = true }, map(bool))
variable "l" {
  type    = list(string)
  default = [1]
}
variable "s" {
  type    = set(number)
  default = [1, "1"]
}
variable "m" {
  type    = map(bool)
  default = { a = "true" }
}

--- variable-type-structures
# expect: var.o == { a = "1", b = [1, true] }
variable "o" {
  type    = object({ a = string, b = tuple([number, bool]) })
  default = { a = 1, b = ["1", "true"], c = "dropped" }
}

--- variable-type-needs-its-element
# error: 2:13-2:17 Invalid type specification
# error: 6:13-6:16 Invalid type specification
variable "l" {
  type    = list
  default = []
}
variable "m" {
  type    = map
  default = {}
}

--- variable-type-with-a-mistake-is-told-once
# error: 2:26-2:30 Invalid type specification
variable "o" {
  type    = object({ a = strg, c = string })
  default = {}
  validation {
    condition     = var.o.a != ""
    error_message = "No."
  }
}

--- variable-type-with-an-attribute-twice
# error: 2:34-2:35 Invalid type specification
variable "o" {
  type    = object({ a = string, a = number })
  default = { a = "x" }
}

--- variable-type-is-not-quoted
# error: 2:13-2:21 Invalid type specification
variable "x" {
  type    = "string"
  default = ""
}

--- variable-type-attribute-names-are-bare
# error: 2:21-2:24
variable "x" {
  type    = object({"a" = string})
  default = null
}

--- variable-type-optional
# see: HCL-28
# expect: var.o == { a = "x", b = null, c = 5 }
variable "o" {
  type    = object({ a = string, b = optional(string), c = optional(number, 5) })
  default = { a = "x" }
}

--- variable-type-optional-fills-null
# expect: var.o == { c = 5 }
# var: o={c = null}
variable "o" {
  type = object({ c = optional(number, 5) })
}

--- variable-type-optional-leaves-a-null-variable
# expect: var.o == null
variable "o" {
  type    = object({ c = optional(number, 5) })
  default = null
}

--- variable-type-optional-inside-optional
# expect: var.o == { p = { c = 5 } }
variable "o" {
  type    = object({ p = optional(object({ c = optional(number, 5) }), {}) })
  default = {}
}

--- variable-type-optional-inside-collections
# expect: var.l[0].c == "d" && var.m.k.c == "d"
variable "l" {
  type    = list(object({ c = optional(string, "d") }))
  default = [{}]
}
variable "m" {
  type    = map(object({ c = optional(string, "d") }))
  default = { k = { c = null } }
}

--- variable-type-optional-outside-an-object
# error: 2:13-2:29
variable "x" {
  type    = optional(string)
  default = ""
}

--- variable-type-optional-default-of-its-type
# error: 2:43-2:46
variable "o" {
  type    = object({ a = optional(number, "x") })
  default = {}
}

--- variable-default-of-wrong-type
# see: DIA-20
# error: 3:13-3:18 Invalid default value for variable: This default value is not compatible with the variable's type constraint: a number is required
variable "n" {
  type    = number
  default = "abc"
}

--- variable-default-misses-an-attribute
# error: 3:13-3:15 attribute "a" is required
variable "o" {
  type    = object({ a = string })
  default = {}
}

--- variable-default-may-call-env
# see: HCL-29, HCL-30
# env: WHO=me
# shows: var.x => me
# shows: var.y => 
variable "x" { default = env("WHO") }
variable "y" { default = env("NOBODY") }

--- variable-default-calls-nothing-else
# error: 1:26-1:31 Call to unknown function
variable "x" { default = upper("a") }

--- variable-default-refers-to-nothing
# error: 1:26-1:29 Variables not allowed
# error: 2:26-2:31 Variables not allowed
variable "x" { default = var.y }
variable "z" { default = local.y }

--- env-is-for-defaults-alone
# error: 1:14-1:17 Call to unknown function
locals { x = env("HOME") }

--- variable-without-type-has-that-of-its-default
# see: HCL-32
# var: t=["q"]
# error: <value_for_var.t_from_arguments>:1:1-1:6 Invalid value for variable
variable "t" { default = [1] }

--- variable-without-type-takes-what-converts
# var: t=["7"]
# shows: var.t => [\n  7,\n]
variable "t" { default = [1] }

--- variable-of-type-any-has-that-of-its-default
# var: n=x
# error: <value_for_var.n_from_arguments>:1:1-1:2 Invalid value for variable
variable "n" {
  type    = any
  default = 1
}

--- variable-without-type-and-default-takes-text
# see: HCL-33
# var: x=[1]
# shows: var.x => [1]
variable "x" {}

--- variable-null-default-is-a-value
# see: HCL-34
# shows: var.x => null
variable "x" { default = null }

--- variable-without-value
# see: HCL-35, DIA-13
# error: 1:1-1:13 Unset variable "y"
variable "y" {}

--- variable-null-default-of-a-type
# var: x=5
# shows: var.x + 1 => 6
variable "x" {
  type    = number
  default = null
}
