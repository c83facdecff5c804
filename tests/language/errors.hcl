What mistakes are called, where they are, and which way out is told. The format is told in variables.hcl.

--- error-a-plain-word-is-a-variable
# error: 5:10-5:14 There is no variable named "name"
# hint: Did you mean "var.name"?
variable "name" {
  default = "web"
}
locals {
  text = name
}

--- error-a-plain-word-is-a-local
# error: 4:47-4:51 There is no variable named "word"
# hint: Did you mean "local.word"?
locals {
  word = "none"
}
source "null" "a" { communicator = "${1 + 1}${word}" }
build {
  sources = ["null.a"]
}

--- error-a-plain-word-is-a-text
# error: 2:18-2:22 There is no variable named "none"
# hint: If this is a text, put it in quotes.
source "null" "a" {
  communicator = none
}
build {
  sources = ["null.a"]
}

--- error-a-text-without-quotes-in-a-default
# error: 2:13-2:16 Variables not allowed
# hint: What is computed belongs into a local
variable "x" {
  default = web
}

--- error-a-text-without-quotes-in-a-variable-file
# error: a.auto.pkrvars.hcl:1:5-1:8 Variables not allowed
# hint: If this is a text, put it in quotes.
variable "x" {
  default = "db"
}
# file: a.auto.pkrvars.hcl
x = web

--- error-members-are-listed-when-none-is-near
# error: 3:25-3:30 This object does not have an attribute named "ports"
# hint: It has only "host", "user".
locals {
  server = { host = "h", user = "u" }
  ports  = local.server.ports
}

--- error-no-variables-at-all
# error: 2:11-2:15 This object does not have an attribute named "name"
# hint: It has none at all.
locals {
  a = var.name
}

--- error-capital-letters-are-no-other-name
# error: 5:29-5:31 This object does not have an attribute named "id"
# hint: Did you mean "ID"?
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = ["echo ${build.id}"]
  }
}

--- error-single-letters-are-not-near
# warning: - The variable "k" was set at a.auto.pkrvars.hcl:1,1-6
# hint: To declare it
variable "n" {
  default = 1
}
# file: a.auto.pkrvars.hcl
k = 1

--- error-a-condition-of-another-type
# error: 2:7-2:8 A condition is a bool, and this number is neither true nor false.
# hint: Compare it with something
locals {
  a = 5 ? 1 : 2
}

--- error-a-list-in-a-text
# error: 2:12-2:18 Cannot include the given value in a string template
# hint: join(
locals {
  a = "x ${[1, 2]}"
}

--- error-an-object-in-a-text
# error: 3:12-3:19 Cannot include the given value in a string template
# hint: jsonencode(
locals {
  o = { a = 1 }
  a = "x ${local.o}"
}

--- error-one-label-too-many
# error: 1:14-1:17 Only 1 label (name) is expected for variable blocks.
variable "a" "b" {
  default = 1
}

--- error-a-sensitive-default-that-does-not-fit
# error: 4:15-4:36 element 0: a number is required
variable "pins" {
  type      = list(number)
  sensitive = true
  default   = ["hunter-two-secret"]
}

--- error-a-single-text-for-a-list
# error: 5:14-5:22 list of string required
# hint: A list of one value is written in brackets
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = "echo a"
  }
}
