Cases of heredocs; variables.hcl tells how to write one.

--- heredocs-keep-their-lines
# HCL-106
# expect: local.x == "  two spaces\nnone\n"
locals {
  x = <<EOT
  two spaces
none
EOT
}

--- heredocs-end-with-a-line-end-or-are-empty
# expect: local.empty == "" && local.blank == "\n"
locals {
  empty = <<EOT
EOT
  blank = <<EOT

EOT
}

--- heredocs-the-closing-word-may-be-indented
# expect: local.x == "text\n"
locals {
  x = <<EOT
text
      EOT
}

--- heredocs-the-closing-word-stands-alone
# expect: local.x == "END of\nnot END\nENDING\n"
locals {
  x = <<END
END of
not END
ENDING
END
}

--- heredocs-backslashes-and-quotes-are-themselves
# HCL-106
# expect: local.x == "a \\n \"b\" \\\n"
locals {
  x = <<EOT
a \n "b" \
EOT
}

--- heredocs-are-templates
# expect: local.x == join("", ["3 $", "{kept} %", "{kept}\n"])
locals {
  x = <<EOT
${1 + 2} $${kept} %%{kept}
EOT
}

--- heredocs-of-one-value-are-texts
# The line end behind it is a part, too.
# expect: local.x == "1\n"
locals {
  x = <<EOT
${1}
EOT
}

--- heredocs-dash-takes-the-common-indentation-away
# HCL-106
# expect: local.x == "four\n  six\nfour\n"
locals {
  x = <<-EOT
    four
      six
    four
  EOT
}

--- heredocs-dash-the-least-indented-line-counts
# expect: local.x == "  deep\nless\n"
locals {
  x = <<-EOT
      deep
    less
  EOT
}

--- heredocs-dash-blank-lines-do-not-count
# expect: local.x == "a\n\n  b\n"
locals {
  x = <<-EOT
    a

      b
    EOT
}

--- heredocs-dash-a-tab-counts-as-one
# expect: local.x == "tab\n\ttwo\n"
locals {
  x = <<-EOT
	tab
		two
	EOT
}

--- heredocs-dash-interpolation-at-the-start-counts
# expect: local.x == "value\n  next\n"
locals {
  x = <<-EOT
    ${"value"}
      next
    EOT
}

--- heredocs-dash-leaves-lines-of-values
# Indentation is a matter of the template's text alone.
# expect: local.x == "  a\n    b\nc\n"
locals {
  x = <<-EOT
    ${"  a\n    b"}
    c
    EOT
}

--- heredocs-directives-leave-no-lines-with-tildes
# HCL-107
# expect: local.x == "list:\n  - a\n  - b\nend\n"
locals {
  x = <<EOT
list:
%{ for x in ["a", "b"] ~}
  - ${x}
%{ endfor ~}
end
EOT
}

--- heredocs-directives-leave-lines-without-tildes
# expect: local.x == "\nyes\n\n"
locals {
  x = <<EOT
%{ if true }
yes
%{ endif }
EOT
}

--- heredocs-dash-with-directives
# What `~` strips is no indentation any more, so the lines behind it keep theirs.
# expect: local.x == "    a\n    b\n"
locals {
  x = <<-EOT
    %{ for x in ["a", "b"] ~}
    ${x}
    %{ endfor ~}
  EOT
}

--- heredocs-in-calls-lists-and-objects
# expect: local.call == "INNER\n" && local.list == ["item\n", "second"] && local.object == { a = "x\n", b = 1 }
locals {
  call = upper(<<EOT
inner
EOT
  )
  list = [<<EOT
item
EOT
  , "second"]
  object = {
    a = <<EOT
x
EOT
    b = 1
  }
}

--- heredocs-inside-heredocs
# expect: local.x == "a\ninner\n\nb\n"
locals {
  x = <<-OUT
    a
    ${<<-IN
      inner
    IN
    }
    b
  OUT
}

--- heredocs-never-closed
# HCL-111
# DIA-34: at the end of the file
# error: 8:1-8:1 Unterminated template string
locals {
  x = <<EOT
text
}

--- heredocs-nothing-behind-the-word
# error: 2:7-2:9 heredoc
# error: 2:7-2:9 Invalid expression
# error: 3:1-3:5 Argument or block definition required
# error: 4:1-4:4 Argument or block definition required
locals {
  x = <<EOT text
text
EOT
}

--- heredocs-words-in-quotes-are-refused
# error: 2:7-2:9 heredoc
# error: 2:7-2:9 Invalid expression
# error: 3:1-3:5 Argument or block definition required
# error: 4:1-4:4 Argument or block definition required
locals {
  x = <<"EOT"
text
EOT
}
