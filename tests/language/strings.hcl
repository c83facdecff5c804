Cases of texts and templates of texts (TYP-31 … TYP-33, HCL-105 … HCL-107); variables.hcl tells how to write one.

--- texts-are-in-normal-form-c
# expect: "e\u0301" == "é"
# expect: length("e\u0301") == 1
# expect: "e\u0301" == "\u00e9"

--- joined-texts-are-normal-too
# expect: "e${"\u0301"}" == "é"
# expect: join("", ["e", "\u0301"]) == "é"

--- object-keys-are-normal-too
# expect: {"e\u0301" = 1}["é"] == 1

--- null-in-a-template
# fails: "a${null}" => Invalid template interpolation value
# fails: "a${null}" => 1:5-1:9

--- collection-in-a-template
# fails: "a${[]}" => 1:5-1:7 Invalid template interpolation value
# fails: "a${{}}" => Invalid template interpolation value

--- bool-and-number-in-a-template
# shows: "a${true}" => atrue
# shows: "${1}${2.50}" => 12.5

--- a-template-of-one-expression-keeps-its-type
# expect: "${1}" == 1
# expect: "${[1]}" == [1]
# expect: "${true}" != "true"
# shows: "${null}" => null

--- a-template-with-anything-beside-is-a-text
# expect: "${1} " == "1 "
# expect: "${1}${""}" == "1"

--- escapes
# expect: "a\tb" == "a	b"
# expect: "\u0041\U00000042" == "AB"
# expect: length("\\n") == 2
# shows: "say \"hi\"" => say "hi"

--- escapes-that-do-not-exist
# fails: "\x" => 1:2-1:4 Invalid escape sequence
# fails: "\u12" => Invalid escape sequence
# fails: "\/" => Invalid escape sequence

--- no-character-has-the-number-of-a-surrogate
# fails: "\ud800" => Invalid escape sequence

--- doubled-signs-are-literal
# shows: "$${x}" => ${x}
# shows: "%%{x}" => %{x}
# shows: "$${x}${1}" => ${x}1

--- lone-signs-are-literal
# shows: "5$ or 10%" => 5$ or 10%
# shows: "$$ %% a$" => $$ %% a$

--- three-signs
# shows: "$$${1}" => $${1}

--- quotes-nest-inside-an-interpolation
# shows: "a${upper("b${"c"}")}" => aBC

--- heredoc-keeps-text-and-ends-with-a-newline
# expect: local.t == "a \\n \"b\"\n  c\n"
locals {
  t = <<EOT
a \n "b"
  c
EOT
}

--- heredoc-strips-the-smallest-indentation
# expect: local.t == "  a\nb\n\n   c\n"
locals {
  t = <<-EOT
      a
    b

       c
  EOT
}

--- heredoc-without-dash-keeps-indentation
# expect: local.t == "    a\n"
locals {
  t = <<EOT
    a
  EOT
}

--- heredoc-is-a-template
# expect: local.t == "1$${x}\n"
locals {
  t = <<EOT
${1}$${x}
EOT
}

--- heredoc-of-one-expression-is-a-text
# expect: local.t == "1\n"
locals {
  t = <<EOT
${1}
EOT
}

--- heredoc-without-lines-is-empty
# expect: local.t == ""
locals {
  t = <<EOT
EOT
}

--- heredoc-marker-inside-a-line-is-text
# expect: local.t == "EOT x\n x EOT\n"
locals {
  t = <<EOT
EOT x
 x EOT
EOT
}

--- heredoc-as-an-argument-of-a-function
# expect: local.t == ["a\n", 1]
locals {
  t = [<<EOT
a
EOT
  , 1]
}

--- template-if
# shows: "%{if true}a%{else}b%{endif}" => a
# shows: "%{if false}a%{else}b%{endif}" => b
# shows: "x%{if false}a%{endif}" => x

--- template-if-needs-a-condition
# fails: "%{if null}a%{endif}" => 1:7-1:11 Null condition
# fails: "%{if "x"}a%{endif}" => 1:7-1:10 Incorrect condition type

--- template-for
# shows: "%{for x in [1, 2]}${x},%{endfor}" => 1,2,
# shows: "%{for k, v in {b = 1, a = 2}}${k}${v};%{endfor}" => a2;b1;

--- tilde-strips-white-space-on-its-side
# shows: "a ${~ "b"} c" => ab c
# shows: "a ${"b" ~} c" => a bc
# shows: "a ${~ "b" ~} c" => abc

--- tilde-strips-lines-of-a-heredoc
# expect: local.t == "12"
locals {
  t = <<EOT
%{for x in [1, 2] ~}
${x ~}
%{endfor ~}
EOT
}

--- directives-without-their-end
# fails: "%{if true}a" => Unexpected end of template
# fails: "%{for x in []}a" => Unexpected end of template

--- directives-without-their-beginning
# fails: "%{endif}" => 1:2-1:10 Unexpected endif directive
# fails: "a%{else}" => Unexpected else directive
# fails: "%{endfor}" => Unexpected endfor directive

--- directives-that-do-not-exist
# fails: "%{foo}" => Invalid template

--- no-operator-joins-texts
# see: HCL-110
# fails: "a" + "b" => 1:1-1:4 Invalid operand

--- no-line-break-between-quotes
# error: 2:7-2:9 Invalid multi-line string
# error: 3:1-3:2 Invalid multi-line string
# error: 2:7-2:8 Unterminated template string
locals {
  a = "x
}
