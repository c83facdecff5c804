Cases of values from outside: the environment, variable files, -var (CLI-46 … CLI-52, DIA-45); variables.hcl tells how
to write one.

--- the-command-line-wins-over-files
# see: CLI-46
# var: x=arg
# env: PKR_VAR_x=env
# var-file: v.pkrvars.hcl
# shows: var.x => arg
variable "x" { default = "default" }
# file: v.pkrvars.hcl
x = "file"

--- files-win-over-the-environment
# env: PKR_VAR_x=env
# var-file: v.pkrvars.hcl
# shows: var.x => file
variable "x" { default = "default" }
# file: v.pkrvars.hcl
x = "file"

--- the-environment-wins-over-the-default
# env: PKR_VAR_x=env
# shows: var.x => env
variable "x" { default = "default" }

--- the-last-of-two-assignments-wins
# var: x=1
# var: x=2
# shows: var.x => 2
variable "x" {}

--- the-last-of-two-files-wins
# var-file: b.hcl
# var-file: a.hcl
# shows: var.x => a
variable "x" {}
# file: a.hcl
x = "a"
# file: b.hcl
x = "b"

--- auto-files-of-a-folder
# see: CLI-46
# shows: var.x => b
# shows: var.y => json
variable "x" {}
variable "y" {}
# file: a.auto.pkrvars.hcl
x = "a"
y = "a"
# file: b.auto.pkrvars.hcl
x = "b"
# file: a.auto.pkrvars.json
{ "y": "json" }

--- auto-files-are-not-read-for-a-file
# see: CLI-47
# opens: t.pkr.hcl
# shows: var.x => default
variable "x" { default = "default" }
# file: a.auto.pkrvars.hcl
x = "a"

--- named-files-win-over-auto-files
# var-file: v.hcl
# shows: var.x => named
variable "x" {}
# file: z.auto.pkrvars.hcl
x = "auto"
# file: v.hcl
x = "named"

--- text-is-literal-for-text-and-number-and-untyped
# see: CLI-48
# var: s=["a"]
# var: n=1e3
# var: u=true
# expect: var.s == "[\"a\"]" && var.n == 1000 && var.u == "true"
variable "s" { type = string }
variable "n" { type = number }
variable "u" {}

--- text-is-an-expression-for-other-types
# var: l=["a", 1]
# var: b=false
# var: o={ a = "x=y" }
# expect: var.l == convert(["a", "1"], list(string)) && !var.b && var.o.a == "x=y"
variable "l" { type = list(string) }
variable "b" { type = bool }
variable "o" { type = object({ a = string }) }

--- text-may-hold-equals-signs-and-nothing
# var: s=a=b
# var: e=
# expect: var.s == "a=b" && var.e == ""
variable "s" {}
variable "e" {}

--- text-of-the-environment-is-an-expression-for-other-types
# env: PKR_VAR_l=["a"]
# expect: var.l == convert(["a"], list(string))
variable "l" { type = list(string) }

--- expression-from-outside-has-no-variables
# var: l=a
# error: <value_for_var.l_from_arguments>:1:1-1:2 Variables not allowed
variable "l" { type = list(string) }

--- expression-from-outside-has-no-functions
# env: PKR_VAR_l=[upper("a")]
# error: <value_for_var.l_from_env>:1:2-1:7
variable "l" { type = list(string) }

--- expression-from-outside-with-a-syntax-error
# var: l=["a"
# error: <value_for_var.l_from_arguments>:1:1-1:2
variable "l" { type = list(string) }

--- value-that-does-not-fit
# var: n=x
# error: <value_for_var.n_from_arguments>:1:1-1:2 a number is required
variable "n" { type = number }

--- value-of-a-file-that-does-not-fit
# var-file: v.hcl
# error: v.hcl:1:5-1:8 a number is required
variable "n" { type = number }
# file: v.hcl
n = "x"

--- an-overridden-value-must-fit-all-the-same
# var: n=1
# env: PKR_VAR_n=x
# error: <value_for_var.n_from_env>:1:1-1:2 a number is required
variable "n" { type = number }

--- assignment-to-nothing
# see: CLI-49
# var: y=1
# error: - Undefined -var variable
variable "x" { default = 1 }

--- environment-for-nothing-is-ignored
# env: PKR_VAR_y=1
# shows: var.x => 1
variable "x" { default = 1 }

--- file-entry-for-nothing-is-a-warning
# see: DIA-45
# var-file: v.hcl
# warning: - Undefined variable
variable "x" { default = 1 }
# file: v.hcl
y = 1

--- file-of-another-ending
# see: CLI-50
# var-file: v.txt
# error: - Could not guess format of v.txt
variable "x" { default = 1 }
# file: v.txt
x = 1

--- file-that-is-not-there
# var-file: v.hcl
# var-file: v.json
# error: - Failed to read file
# error: - Failed to open file
variable "x" { default = 1 }

--- file-with-a-variable-block
# see: CLI-51
# var-file: v.hcl
# error: v.hcl:1:1-1:13 Variable declaration in a .pkrvar file
variable "x" { default = 1 }
# file: v.hcl
variable "x" {}

--- file-with-another-block
# var-file: v.hcl
# error: v.hcl:1:1-1:7
variable "x" { default = 1 }
# file: v.hcl
locals {}

--- file-with-references
# see: CLI-52
# var-file: v.hcl
# error: v.hcl:1:5-1:8 Variables not allowed
variable "x" { default = 1 }
variable "y" { default = 1 }
# file: v.hcl
x = var.y

--- file-with-functions
# var-file: v.hcl
# error: v.hcl:1:5-1:10
variable "x" { default = "a" }
# file: v.hcl
x = upper("a")

--- file-with-a-syntax-error
# var-file: v.hcl
# error: v.hcl:1:5-1:6 Invalid expression
variable "x" { default = 1 }
# file: v.hcl
x = ]

--- json-file-is-literal
# see: CLI-52
# var-file: v.json
# expect: var.x == "$${a}" && var.l == convert([1], list(number))
variable "x" {}
variable "l" { type = list(number) }
# file: v.json
{ "x": "${a}", "l": ["1"] }

--- json-file-with-a-value-that-does-not-fit
# var-file: v.json
# error: v.json:2:8-2:11 a number is required
variable "n" { type = number }
# file: v.json
{
  "n": "x"
}

--- json-file-that-is-no-object
# var-file: v.json
# error: v.json:1:1-1:4
variable "n" { default = 1 }
# file: v.json
"n"

--- optional-attributes-are-filled-from-outside-too
# var: o={}
# expect: var.o.a == "x"
variable "o" { type = object({ a = optional(string, "x") }) }

--- null-from-outside
# var: l=null
# shows: var.l => null
variable "l" { type = list(string) }
