Cases of arguments of components; variables.hcl tells how to write one.

--- decode-numbers-become-texts
# TYP-38
# settings: file.a source target => 5
# settings: file.a source content => true
source "file" "a" {
  target  = 5
  content = true
}
build { sources = ["file.a"] }

--- decode-texts-become-bools-and-numbers
# TYP-38
# settings: null.a source ssh_port => 2222
# settings: null.a source ssh_pty => true
source "null" "a" {
  communicator = "none"
  ssh_port     = "2222"
  ssh_pty      = "true"
}
build { sources = ["null.a"] }

--- decode-elements-become-texts
# TYP-38
# settings: null.a provisioner.0 inline.0 => 1
# settings: null.a provisioner.0 env.A => 2
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = [1, true]
    env    = { A = 2 }
  }
}

--- decode-one-value-is-no-list
# TYP-39
# error: 6:14-6:17 Inappropriate value for attribute "inline": list of string required
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = "x"
  }
}

--- decode-a-list-is-no-text
# error: 2:13-2:16 Inappropriate value for attribute "target": string required
source "file" "a" {
  target  = [1]
  content = ""
}
build { sources = ["file.a"] }

--- decode-words-are-no-numbers
# error: 3:18-3:24 a number is required
source "null" "a" {
  communicator = "none"
  ssh_port     = "high"
}
build { sources = ["null.a"] }

--- decode-words-are-no-bools
# error: 3:18-3:23 a bool is required
source "null" "a" {
  communicator = "none"
  ssh_pty      = "yes"
}
build { sources = ["null.a"] }

--- decode-null-is-absent
# TYP-34
# settings: file.a source content => x
# settings: file.a source source => null
variable "none" {
  type    = string
  default = null
}
source "file" "a" {
  target  = "t"
  content = "x"
  source  = var.none
}
build { sources = ["file.a"] }

--- decode-unknown-arguments
# error: 2:3-2:10 An argument named "targett" is not expected here
# hint: "target"
source "file" "a" {
  targett = "t"
  content = "x"
}
build { sources = ["file.a"] }

--- decode-several-mistakes-of-one-body
# error: 5:5-5:10 "inlin"
# error: 6:15-6:24 list of string required
# error: 7:5-7:8 "foo"
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inlin = ["x"]
    scripts = { a = 1 }
    foo = 1
  }
}

--- decode-a-block-is-no-argument
# TYP-40
# error: 7:5-7:8 Unsupported block type
# hint: use the equals sign
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = ["x"]
    env { A = "b" }
  }
}

--- decode-unknown-blocks
# error: 3:3-3:6 Blocks of type "foo" are not expected here
source "file" "a" {
  target = "t"
  foo {}
  content = "x"
}
build { sources = ["file.a"] }

--- decode-an-argument-given-twice
# error: 3:3-3:9 "target"
source "file" "a" {
  target = "t"
  target = "u"
}
build { sources = ["file.a"] }

--- decode-required-settings-are-told-by-the-component
# TYP-41
# error: 2:1-2:18 target required
source "file" "a" { content = "x" }
build { sources = ["file.a"] }

--- decode-a-map-becomes-an-object-of-texts
# settings: null.a provisioner.0 env.B => 1
variable "env" {
  type    = map(number)
  default = { B = 1 }
}
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = ["x"]
    env    = var.env
  }
}

--- decode-sets-become-lists
# settings: null.a provisioner.0 inline.0 => a
# settings: null.a provisioner.0 inline.1 => b
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = convert(["b", "a", "b"], set(string))
  }
}

--- decode-null-elements-of-lists
# TYP-35
# error: 6:15-6:19 null stands for nothing in a list or map
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = [null, "x"]
  }
}

--- decode-a-misspelt-argument-hides-nothing
# error: 4:5-4:10 An argument named "inlin" is not expected here
# error: 4:28-4:31 "upp"
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inlin = ["echo ${local.upp}"]
    inline = ["true"]
  }
}
source "null" "a" { communicator = "none" }
