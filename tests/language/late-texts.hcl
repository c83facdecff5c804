Cases of texts with `{{ }}` in arguments of components; variables.hcl tells how to write one.

--- late-texts-are-rendered-in-arguments
# HCL-97: what the component is given is still the text, so only mistakes show here.
# builds: file.a
source "file" "a" {
  target  = "{{ build_name }}-{{ build_type }}-{{ packer_version }}"
  content = "{{ timestamp }} {{ isotime }} {{ upper `x` }}"
}
build { sources = ["file.a"] }

--- late-texts-user-is-of-json
# HCL-97
# error: 3:3-3:29 user
source "file" "a" {
  target  = "{{ user `x` }}"
  content = "x"
}
build { sources = ["file.a"] }

--- late-texts-template-dir-is-not-known
# HCL-97
# error: 3:3-3:33 template path not available
source "file" "a" {
  target  = "{{ template_dir }}"
  content = "x"
}
build { sources = ["file.a"] }

--- late-texts-env-is-not-allowed
# HCL-97
# error: 3:3-3:31 env
source "file" "a" {
  target  = "{{ env `HOME` }}"
  content = "x"
}
build { sources = ["file.a"] }

--- late-texts-unknown-functions
# error: 2:3-2:25 nope
source "file" "a" {
  target  = "{{ nope }}"
  content = "x"
}
build { sources = ["file.a"] }

--- late-texts-unclosed
# HCL-98
# error: 3:3-3:27 unclosed action
source "file" "a" {
  target  = "a {{ upper ."
  content = "x"
}
build { sources = ["file.a"] }

--- late-texts-unknown-function
# HCL-98; Go looks for the function before it misses the end
# error: 3:3-3:24 function "oops" not defined
source "file" "a" {
  target  = "a {{ oops"
  content = "x"
}
build { sources = ["file.a"] }

--- late-texts-unknown-fields-have-no-value
# HCL-97
# builds: file.a
source "file" "a" {
  target  = "{{ .Nothing }}"
  content = "x"
}
build { sources = ["file.a"] }

--- late-texts-are-plain-in-locals
# The engine of `{{ }}` is the components'.
# expect: length(local.x) == 11
locals { x = "{{ user }} " }

--- late-texts-commands-are-rendered-as-well
# HCL-98
# error: 6:15-6:50 function "json" not defined
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = ["docker ps --format '{{ json . }}'"]
  }
}
