Cases of templates in JSON (HCL-4); variables.hcl tells how to write one.

--- json-blocks-are-members json
# expect: var.n == 5 && local.sum == 6
{
  "variable": { "n": { "type": "number", "default": "5" } },
  "locals": { "sum": "${var.n + 1}" }
}

--- json-labels-are-nested-objects json
# builds: null.a, null.b
{
  "source": { "null": { "a": { "communicator": "none" }, "b": { "communicator": "none" } } },
  "build": { "sources": ["null.a", "null.b"] }
}

--- json-blocks-in-arrays json
# expect: local.a == 1 && local.b == 2
{
  "locals": [{ "a": 1 }, { "b": 2 }]
}

--- json-array-in-place-of-the-root json
# expect: local.a == 1 && local.b == 2
[{ "locals": { "a": 1 } }, { "locals": { "b": 2 } }]

--- json-array-where-a-label-stands json
# builds: null.a, null.b
{
  "source": { "null": [{ "a": { "communicator": "none" } }, { "b": { "communicator": "none" } }] },
  "build": { "sources": ["null.a", "null.b"] }
}

--- json-type-is-a-text json
# expect: var.l == convert(["1"], list(string))
# expect: var.o.a == "x"
{
  "variable": {
    "l": { "type": "list(string)", "default": [1] },
    "o": { "type": "object({ a = optional(string, \"x\") })", "default": {} }
  }
}

--- json-type-that-does-not-exist json
# error: 3:21-3:26 Invalid type specification
{
  "variable": {
    "a": { "type": "strin", "default": "" }
  }
}

--- json-type-is-no-array json
# error: 3:20-3:30
{
  "variable": {
    "a": { "type": ["string"], "default": "" }
  }
}

--- json-default-is-literal json
# expect: var.a == { b = [1, true, null, "x"] }
{
  "variable": { "a": { "default": { "b": [1, true, null, "x"] } } }
}

--- json-texts-are-templates json
# expect: local.a == "n is 5" && local.b == 5 && local.c == "$${x}"
# expect: local.d == "<1><2>"
{
  "variable": { "n": { "default": 5 } },
  "locals": {
    "a": "n is ${var.n}",
    "b": "${var.n}",
    "c": "$${x}",
    "d": "%{ for x in [1, 2] }<${x}>%{ endfor }"
  }
}

--- json-keys-are-templates json
# expect: local.a == { x-key = 1 }
{
  "locals": { "x": "x", "a": { "${local.x}-key": 1 } }
}

--- json-escapes json
# expect: local.a == "tab\tquote\" é /"
{
  "locals": { "a": "tab\tquote\" \u00e9 \/" }
}

--- json-surrogate-pairs json
# expect: local.a == "😀"
{
  "locals": { "a": "\ud83d\ude00" }
}

--- json-backslash-is-no-escape-of-templates json
# expect: length(local.a) == 2
{
  "locals": { "a": "\\n" }
}

--- json-numbers json
# expect: local.a == [1, -2.5, 1000, 0.1]
{
  "locals": { "a": [1, -2.50, 1e3, 0.1] }
}

--- json-comments-among-arguments json
# expect: local.b == 1
{
  "//": "about this file",
  "variable": { "a": { "//": ["any", "value"], "default": 1 } },
  "locals": { "//": "x", "b": "${var.a}" }
}

--- json-comment-inside-a-value-is-data json
# expect: local.a == { "//" = "kept", b = 1 }
{
  "locals": { "a": { "//": "kept", "b": 1 } }
}

--- json-comment-where-a-label-stands-is-a-label json
# error: 2:17-2:21 Invalid variable name
{
  "variable": { "//": { "default": 1 } }
}

--- json-comma-behind-the-last-member json
# error: 2:23-2:24
# error: 1:1-1:2 Unreadable JSON
{
  "locals": { "a": 1 },
}

--- json-has-no-comments json
# error: 2:3-2:19
# error: 1:1-1:2 Unreadable JSON
{
  // not a comment
  "locals": {}
}

--- json-has-no-single-quotes json
# error: 2:3-2:11
# error: 1:1-1:2 Unreadable JSON
{
  'locals': {}
}

--- json-member-twice json
# error: 4:7-4:16
{
  "variable": {
    "a": { "default": 1,
      "default": 2 }
  }
}

--- json-variable-twice json
# error: 4:5-4:8 Duplicate
{
  "variable": {
    "a": { "default": 1 },
    "a": { "default": 2 }
  }
}

--- json-unknown-member json
# error: 2:3-2:11 nosuch
{
  "nosuch": {}
}

--- json-misspelt-member json
# error: 2:3-2:12
# hint: "locals"
{
  "localss": {}
}

--- json-block-that-is-a-text json
# error: 2:15-2:18
{
  "variable": "a"
}

--- json-root-that-is-a-text json
# error: 1:1-1:7
"text"

--- json-template-with-a-mistake json
# error: 2:29-2:30 Invalid expression
{
  "locals": { "a": "${upper(}" }
}

--- json-place-of-a-mistake-inside-a-text json
# error: 2:25-2:31 Unknown variable
{
  "locals": { "a": "é ${nosuch}" }
}

--- json-place-behind-an-escape json
# error: 2:27-2:33 Unknown variable
{
  "locals": { "a": "\n\t${nosuch}" }
}

--- json-validation-rule json
# error: 5:18-5:21 Invalid value for default variable
{
  "variable": {
    "x": {
      "validation": { "condition": "${length(var.x) > 2}", "error_message": "Too short." },
      "default": "a"
    }
  }
}

--- json-required-version json
# error: 2:15-2:44 Unsupported Packer Core version
{
  "packer": { "required_version": ">= 99.0" }
}

--- json-build-with-steps json
# builds: null.n
{
  "source": { "null": { "n": { "communicator": "none" } } },
  "build": {
    "sources": ["null.n"],
    "provisioner": [{ "shell-local": { "inline": ["true"] } }, { "shell-local": { "inline": ["false"] } }]
  }
}

--- json-null-leaves-an-argument-out json
# builds: null.n
{
  "source": { "null": { "n": { "communicator": "none", "ssh_host": null } } },
  "build": { "sources": ["null.n"] }
}

--- json-expression-in-a-number-setting json
# expect: local.a == 8
{
  "variable": { "n": { "type": "number", "default": 3 } },
  "locals": { "a": "${var.n + 5}" }
}
