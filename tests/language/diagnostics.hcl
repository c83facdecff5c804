Cases of what is told, and where (DIA-12 … DIA-45; those of the grammar are in syntax.hcl); variables.hcl tells how to
write one.

--- unknown-argument-in-a-build
# see: DIA-12
# error: 3:3-3:7 Unsupported argument: An argument named "nope" is not expected here.
build {
  sources = ["null.a"]
  nope    = true
}
source "null" "a" { communicator = "none" }

--- unknown-block-in-a-build
# error: 3:3-3:14 Unsupported block type
# hint: provisioner
build {
  sources = ["null.a"]
  provisionar "shell-local" { inline = ["true"] }
}
source "null" "a" { communicator = "none" }

--- mistakes-of-declarations-come-together
# see: HCL-6, DIA-20, DIA-22, DIA-23, DIA-24
# error: 1:10-1:14 Invalid variable name
# error: 3:3-3:6 Unsupported argument: An argument named "typ" is not expected here.
# error: 7:10-7:15 Invalid type specification: The keyword "strin" is not a valid type specification.
# error: 11:13-11:18 Invalid default value for variable
variable "1x" { default = 1 }
variable "a" {
  typ     = string
  default = ""
}
variable "b" {
  type = strin
}
variable "c" {
  type    = number
  default = "abc"
}

--- mistakes-of-later-stages-come-together
# see: HCL-7
# error: 1:14-1:20 Unknown variable: There is no variable named "nosuch".
# error: 3:13-3:15 Invalid value for default variable: Short.
# error: 10:21-10:24 Unsupported argument
locals { a = nosuch }
variable "x" {
  default = ""
  validation {
    condition     = var.x != ""
    error_message = "Short."
  }
}
build { sources = ["null.a"] }
source "null" "a" { foo = 1 }

--- unknown-provisioner
# see: DIA-41
# error: 4:3-4:23 Unknown provisioner type "nosuch"
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "nosuch" {}
}

--- unknown-post-processor
# error: 4:3-4:26 Unknown post-processor type "nosuch"
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processor "nosuch" {}
}

--- duration-that-is-none
# see: DIA-42
# error: 5:20-5:25 Failed to parse pause_before duration
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    pause_before = "abc"
    inline       = ["true"]
  }
}

--- option-of-another-type-in-a-provisioner
# see: DIA-43
# error: 5:14-5:17 list of string required
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = "x"
  }
}

--- no-build-at-all
# see: DIA-44
# error: - Missing build block
locals { a = 1 }

--- source-that-no-block-declares
# see: DIA-39
# error: 2:20-2:30 Unknown source null.zzz: Known: [null.a]
source "null" "a" { communicator = "none" }
build { sources = ["null.zzz"] }

--- plugin-option-given-as-a-block
# see: TYP-40
# error: 5:5-5:21 Unsupported block type
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    environment_vars {}
    inline = ["true"]
  }
}

--- a-reference-inside-a-deep-expression-has-its-own-place
# error: 3:24-3:28 Unknown variable
locals {
  a = {
    b = [1, { c = "x ${upps}" }]
  }
}

--- a-place-behind-wide-letters-counts-letters
# error: 1:20-1:23 Unknown variable
locals { é = "é😀 ${bad}" }

--- a-place-inside-a-heredoc
# error: 4:7-4:10 Unknown variable
locals {
  a = <<EOT
one
two ${bad}
EOT
}

--- a-wrong-argument-of-a-function
# error: 1:22-1:24 Invalid function argument
locals { a = upper(  [] ) }

--- an-error-of-a-function
# error: 1:14-1:32 Error in function call
locals { a = file("nosuch.txt") }

--- two-mistakes-in-one-expression
# error: 1:15-1:18 Unknown variable
# error: 1:20-1:23 Unknown variable
locals { a = [bad, wor] }

--- conditional-result-types-have-their-own-place
# see: TYP-16
# error: 1:21-1:29 Inconsistent conditional result types
locals { a = true ? [1] : {} }

--- iteration-over-null
# error: 1:24-1:28 Iteration over null value
locals { a = [for x in null : x] }

--- a-key-twice-has-its-own-place
# error: 1:33-1:36 Duplicate object key
locals { a = {for x in [1, 1] : "k" => x} }
