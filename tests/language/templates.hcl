Cases of texts with templates in them; variables.hcl tells how to write one.

--- templates-show-values-in-texts
# HCL-107
# expect: "a${1 + 1}b${true}" == "a2btrue"
locals {}

--- templates-of-one-value-keep-its-type
# TYP-33
# expect: "${1}" == 1 && "${[1]}" == [1] && "${null}" == null
locals {}

--- templates-of-more-are-texts
# expect: "${1}${2}" == "12" && " ${1}" == " 1"
locals {}

--- templates-refuse-null
# TYP-32
# fails: "a${null}" => Cannot include a null value in a string template
locals {}

--- templates-refuse-lists-and-objects
# TYP-32
# fails: "a${[1]}" => string required
# fails: "a${{}}" => string required
locals {}

--- templates-print-numbers-exactly
# TYP-2, TYP-3
# expect: "a${1e21}" == "a1000000000000000000000" && "a${1.10}" == "a1.1" && "a${1.0}" == "a1"
# expect: "a${0.1 + 0.2}" == "a0.3" && "a${-0.0}" == "a-0" && "a${1 / 0}" == "a+Inf"
locals {}

--- templates-with-an-unknown-part-are-unknown
# HCL-96
# shows: "id ${packer.iterationID} x" => <unknown>
locals {}

--- templates-doubled-signs-are-literal
# HCL-105
# expect: local.a == join("", ["$", "{x} 5% $ $$ %", "{if}"])
# expect: "$$$${x}" == join("", ["$$$", "{x}"])
locals {
  a = "$${x} 5% $ $$ %%{if}"
}

--- templates-braces-alone-mean-nothing
# expect: "{{ .Name }} {a} }" == join("", ["{{ .Name ", "}} {a} }"])
locals {}

--- templates-escapes
# HCL-105
# expect: "\u00e9\U0001F600" == "é😀" && length("\n\r\t\"\\") == 5
locals {}

--- templates-normalise-texts
# TYP-31
# expect: "e\u0301" == "é" && "a${"e"}${"\u0301"}" == "aé"
locals {}

--- templates-unknown-escape
# error: 2:9-2:11 \q
locals {
  x = "a\qb"
}

--- templates-short-unicode-escape
# error: 2:8-2:12 \u
locals {
  x = "\u12"
}

--- templates-nested-quotes
# expect: "a${"b${"c"}"}" == "abc" && "${"}"}" == "}"
locals {}

--- templates-expressions-across-lines
# expect: local.x == "a3"
locals {
  x = "a${
    1
    + 2
  }"
}

--- templates-no-line-break-in-quotes
# HCL-105, DIA-28
# error: 3:7-3:11 Invalid multi-line string
# error: 3:7-3:8 Unterminated template string
locals {
  x = "one
two"
}

--- templates-empty-interpolation
# error: 2:11-2:12 Invalid expression
locals {
  x = "a${}"
}

--- templates-one-expression-in-an-interpolation
# error: 2:13-2:14 Extra characters after interpolation expression
locals {
  x = "a${1 2}"
}

--- templates-tilde-strips-white-space
# HCL-107
# expect: "a  ${~ "b"} c" == "ab c" && "a ${"b" ~}  c" == "a bc" && "a ${~ 1 ~} b" == "a1b"
# expect: "a\n\n  ${~ "b" ~}\n\n c" == "abc"
locals {}

--- templates-tilde-strips-text-not-values
# expect: "a ${" b " ~} c" == "a  b c" && "${1 ~} ${~ 2}" == "12"
locals {}

--- templates-if
# HCL-107
# expect: "a%{ if true }b%{ endif }c" == "abc" && "a%{ if false }b%{ endif }c" == "ac"
# expect: "%{ if 1 > 2 }more%{ else }less%{ endif }" == "less"
locals {}

--- templates-if-makes-a-text
# expect: "%{ if true }1%{ endif }" == "1" && "%{ if true }${1}%{ endif }" == "1"
locals {}

--- templates-if-takes-bools-in-texts-only
# fails: "%{ if 5 }a%{ endif }" => Incorrect condition type
# fails: "%{ if null }a%{ endif }" => null
locals {}

--- templates-if-unknown
# shows: "%{ if source.name }a%{ endif }" => <unknown>
locals {}

--- templates-for
# HCL-107
# expect: "%{ for x in ["a", "b"] }<${x}>%{ endfor }" == "<a><b>"
# expect: "%{ for i, x in ["a", "b"] }${i}${x}%{ endfor }" == "0a1b"
# expect: "%{ for k, v in { b = 1, a = 2 } }${k}${v};%{ endfor }" == "a2;b1;"
# expect: "[%{ for x in [] }x%{ endfor }]" == "[]"
locals {}

--- templates-for-and-if-nest
# expect: "%{ for x in [1, 2, 3] }%{ if x % 2 == 1 }${x}%{ endif }%{ endfor }" == "13"
locals {}

--- templates-for-refuses-what-it-cannot-show
# fails: "%{ for x in [null] }${x}%{ endfor }" => null
# fails: "%{ for x in null }a%{ endfor }" => null
# fails: "%{ for x in 5 }a%{ endfor }" => Iteration over non-iterable value
locals {}

--- templates-tilde-at-directives
# expect: "x %{~ if true ~}  y  %{~ endif ~} z" == "xyz"
# expect: "%{ for x in [1, 2] ~} ${x} %{ endfor ~}" == "1 2 "
locals {}

--- templates-if-never-closed
# HCL-111
# error: 3:21-3:22 of line 3 is still open
locals {
  x = "%{ if true }a"
}

--- templates-for-closed-as-if
# error: 2:29-2:39 endif
locals {
  x = "%{ for x in [1] }${x}%{ endif }"
}

--- templates-else-alone
# error: 2:8-2:17 else
locals {
  x = "%{ else }"
}

--- templates-second-else
# error: 2:31-2:40 else
# error: 2:41-2:51 Unexpected endif directive
locals {
  x = "%{ if true }a%{ else }b%{ else }c%{ endif }"
}

--- templates-unknown-directive
# error: 2:11-2:15 Invalid template directive
locals {
  x = "%{ elif true }a"
}

--- templates-no-elseif
# error: 2:24-2:30 Invalid template directive
locals {
  x = "%{ if true }a%{ elseif true }b%{ endif }"
}

--- templates-for-never-closed-in-a-heredoc
# HCL-111
# error: 7:1-7:4 of line 4 is still open
locals {
  x = <<EOT
%{ for x in [1] }
%{ if true }
%{ endif }
EOT
}
