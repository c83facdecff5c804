Cases of variables. A case begins with `--- name` (`--- name json` for a template in JSON) and is a template; lines that
begin as follows tell of it and are not counted:

  # error: LINE:COLUMN-LINE:COLUMN part of its text     one each, in any order; `-` stands for no place; also # warning:
  # hint: part of the way out that one of them tells
  # expect: EXPRESSION                                  is true, with what the console knows
  # shows: EXPRESSION => TEXT                           what the console prints; \n is a line end
  # fails: EXPRESSION => part of its text               cannot be evaluated
  # builds: null.a, x.null.b                            the builds it makes
  # steps: null.a => shell-local:name !file (checksum manifest)
                                                      what that build runs; `!` is the error-cleanup-provisioner
  # settings: null.a provisioner.0 inline.0 => echo     what a step was prepared with; `source`, `on-error`, `post.0.1`
                                                      are steps too, and `@timeout` is an argument of the core
  # only: pattern   # except: pattern                   -only and -except
  # var: name=value   # env: NAME=value                 -var, and the environment
  # file: name                                          what follows is another file beside the template

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
