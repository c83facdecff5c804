Cases of secrets (HCL-51, TYP-42 … TYP-48); variables.hcl tells how to write one.

--- sensitive-variable-is-masked
# masks: my secret is out => my <sensitive> is out
variable "x" {
  default   = "secret"
  sensitive = true
}

--- sensitive-local-is-masked
# masks: my secret is out => my <sensitive> is out
local "x" {
  expression = "sec${"ret"}"
  sensitive  = true
}

--- every-text-inside-a-sensitive-value-is-masked
# masks: one, two, three => <sensitive>, <sensitive>, <sensitive>
variable "x" {
  type      = any
  default   = { a = "one", b = ["two", { c = "three" }] }
  sensitive = true
}

--- keys-numbers-and-bools-are-not-masked
# masks: keyname 12345 true => keyname 12345 true
variable "x" {
  type      = any
  default   = { keyname = 12345, b = true }
  sensitive = true
}

--- the-value-that-counts-is-masked
# var: x=given
# masks: given usual => <sensitive> usual
variable "x" {
  default   = "usual"
  sensitive = true
}

--- lines-of-a-secret-are-masked-each
# see: TYP-44
# masks: first! second! => <sensitive>! <sensitive>!
variable "x" {
  default   = "first\nsecond"
  sensitive = true
}

--- the-empty-text-masks-nothing
# see: TYP-47
# masks: anything => anything
variable "x" {
  default   = ""
  sensitive = true
}

--- the-longest-secret-goes-first
# see: TYP-44
# masks: password12 => <sensitive>
variable "x" {
  default   = "password"
  sensitive = true
}
variable "y" {
  default   = "password12"
  sensitive = true
}

--- a-variable-that-is-not-sensitive-is-not-masked
# masks: plain => plain
variable "x" {
  default   = "plain"
  sensitive = false
}

--- secrets-are-values-like-others
# see: TYP-42, TYP-46
# expect: var.x == "secret"
# shows: upper(var.x) => SECRET
# expect: length(var.x) == 6
variable "x" {
  default   = "secret"
  sensitive = true
}

--- secrets-do-not-show-in-what-is-told
# error: 6:14-6:24 Invalid operand
variable "x" {
  default   = "secret"
  sensitive = true
}

locals { a = "${var.x}" + 1 }

--- null-cannot-be-secret
# masks: null => null
variable "x" {
  default   = null
  sensitive = true
}
