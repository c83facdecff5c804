Cases of validation rules (HCL-36 … HCL-40, DIA-25, DIA-26); variables.hcl tells how to write one.

--- rule-that-holds
# expect: var.x == "abc"
variable "x" {
  default = "abc"
  validation {
    condition     = length(var.x) > 2
    error_message = "Too short."
  }
}

--- rule-that-fails
# error: 2:13-2:18 Invalid value for default variable: Too short.
# error: 2:13-2:18 Invalid value for default variable: Too common, too short. Too bad.
variable "x" {
  default = "abc"
  validation {
    condition     = length(var.x) > 3
    error_message = "Too short."
  }
  validation {
    condition     = var.x != "abc"
    error_message = "Too common, too short. Too bad."
  }
}

--- rule-names-the-command-line
# var: x=a
# error: <value_for_var.x_from_arguments>:1:1-1:2 Invalid value for cmd variable
variable "x" {
  default = "abc"
  validation {
    condition     = length(var.x) > 2
    error_message = "Too short."
  }
}

--- rule-names-the-environment
# env: PKR_VAR_x=a
# error: <value_for_var.x_from_env>:1:1-1:2 Invalid value for env variable
variable "x" {
  validation {
    condition     = length(var.x) > 2
    error_message = "Too short."
  }
}

--- rule-names-the-variable-file
# var-file: v.hcl
# opens: t.pkr.hcl
# error: v.hcl:1:5-1:8 Invalid value for varfile variable
variable "x" {
  validation {
    condition     = length(var.x) > 2
    error_message = "Too short."
  }
}
# file: v.hcl
x = "a"

--- only-the-chosen-value-is-held-against-rules
# see: HCL-40
# var: x=long enough
# shows: var.x => long enough
variable "x" {
  default = "a"
  validation {
    condition     = length(var.x) > 2
    error_message = "Too short."
  }
}

--- rule-needs-both-arguments
# error: 3:3-3:13 condition
# error: 3:3-3:13 error_message
variable "x" {
  default = 1
  validation {}
}

--- rule-has-no-other-argument
# error: 6:5-6:9 Unsupported argument
variable "x" {
  default = 1
  validation {
    condition     = var.x > 0
    error_message = "No."
    when          = "always"
  }
}

--- condition-refers-to-another-variable
# error: 5:34-5:39 Invalid reference in variable validation
variable "y" { default = 1 }
variable "x" {
  default = 1
  validation {
    condition     = var.x > 0 && var.y > 0
    error_message = "No."
  }
}

--- condition-refers-to-a-local
# error: 5:30-5:37 Invalid reference in variable validation
locals { y = 1 }
variable "x" {
  default = 1
  validation {
    condition     = var.x == local.y
    error_message = "No."
  }
}

--- condition-does-not-refer-to-its-variable
# error: 4:21-4:25 Invalid variable validation condition
variable "x" {
  default = 1
  validation {
    condition     = true
    error_message = "No."
  }
}

--- condition-is-null
# error: 4:21-4:44
variable "x" {
  default = 1
  validation {
    condition     = var.x > 0 ? null : true
    error_message = "No."
  }
}

--- condition-is-no-bool
# error: 4:21-4:28
variable "x" {
  default = 1
  validation {
    condition     = [var.x]
    error_message = "No."
  }
}

--- condition-converts-from-text
# error: 2:13-2:20 Invalid value for default variable
variable "x" {
  default = "false"
  validation {
    condition     = var.x
    error_message = "No."
  }
}

--- condition-cannot-be-evaluated
# error: 4:27-4:30 Invalid index
variable "x" {
  default = []
  validation {
    condition     = var.x["0"] == 1
    error_message = "No."
  }
}

--- condition-may-use-can-and-regex
# var: x=12
# shows: var.x => 12
variable "x" {
  validation {
    condition     = can(regex("^[0-9]+$", var.x))
    error_message = "Digits, please!"
  }
}

--- error-message-is-a-sentence
# see: DIA-26, HCL-39
# error: 5:21-5:33 Invalid validation error message
# error: 9:21-9:34 Invalid validation error message
variable "x" {
  default = 1
  validation {
    condition     = var.x > 0
    error_message = "too short."
  }
  validation {
    condition     = var.x > 0
    error_message = "Too short, "
  }
}

--- error-message-may-begin-with-a-sign-or-a-digit
# shows: var.x => 1
variable "x" {
  default = 1
  validation {
    condition     = var.x > 0
    error_message = "\"x\" is short?"
  }
  validation {
    condition     = var.x > 0
    error_message = "2 is more!"
  }
}

--- error-message-may-have-blanks-around
# shows: var.x => 1
variable "x" {
  default = 1
  validation {
    condition     = var.x > 0
    error_message = "  Too short.  "
  }
}

--- error-message-of-letters-without-case-is-refused
# error: 5:21-5:26 Invalid validation error message
variable "x" {
  default = 1
  validation {
    condition     = var.x > 0
    error_message = "太短."
  }
}

--- error-message-is-constant
# error: 5:28-5:31
variable "x" {
  default = 1
  validation {
    condition     = var.x > 0
    error_message = "No: ${var.x}."
  }
}

--- rule-has-no-label
# error: 3:14-3:17
variable "x" {
  default = 1
  validation "a" {
    condition     = var.x > 0
    error_message = "No."
  }
}

--- rules-of-every-variable-are-told-together
# error: 2:13-2:14 X is small.
# error: 9:13-9:14 Y is small.
variable "x" {
  default = 1
  validation {
    condition     = var.x > 1
    error_message = "X is small."
  }
}
variable "y" {
  default = 2
  validation {
    condition     = var.y > 2
    error_message = "Y is small."
  }
}

--- rule-of-a-null-value
# shows: var.x => null
variable "x" {
  default = null
  validation {
    condition     = var.x == null
    error_message = "No."
  }
}
