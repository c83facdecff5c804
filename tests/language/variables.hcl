Cases of variables. A case begins with `--- name` (`--- name json` for a template in JSON) and is a template; lines that
begin as follows tell of it and are not counted:

  # error: LINE:COLUMN-LINE:COLUMN part of its text     one each, in any order; `-` stands for no place; also # warning:
  # hint: part of the way out that one of them tells
  # expect: EXPRESSION                                  is true, with what the console knows
  # shows: EXPRESSION => TEXT                           what the console prints; \n is a line end
  # fails: EXPRESSION => PART                           what the console says: `line:column-line:column Summary: Detail`
  # masks: TEXT => TEXT                                 what is left of a text where secrets are hidden
  # builds: null.a, x.null.b                            the builds it makes
  # var: name=value   # env: NAME=value                 -var, and the environment
  # var-file: name                                      -var-file; a file named below
  # file: name                                          what follows is another file beside the template; then the
                                                        folder is opened
  # opens: path                                         what is opened instead
  # with: CRLF   # with: a byte order mark              how the file is written

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
