Cases of dynamic blocks; variables.hcl tells how to write one.

--- dynamic-makes-provisioners
# HCL-77, HCL-85
# steps: null.a => shell-local shell-local
# settings: null.a provisioner.0 inline.0 => a: first
# settings: null.a provisioner.1 inline.0 => b: second
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = { b = "second", a = "first" }
    labels   = ["shell-local"]
    content { inline = ["${provisioner.key}: ${provisioner.value}"] }
  }
}

--- dynamic-stays-in-its-place
# steps: null.a => shell-local:one shell-local:two shell-local:three
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    name   = "one"
    inline = ["x"]
  }
  dynamic "provisioner" {
    for_each = ["two"]
    labels   = ["shell-local"]
    content {
      name   = provisioner.value
      inline = ["x"]
    }
  }
  provisioner "shell-local" {
    name   = "three"
    inline = ["x"]
  }
}

--- dynamic-over-a-list-counts
# HCL-85
# settings: null.a provisioner.1 inline.0 => 1 q
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = ["p", "q"]
    labels   = ["shell-local"]
    content { inline = ["${provisioner.key} ${provisioner.value}"] }
  }
}

--- dynamic-over-a-set-has-elements-as-keys
# HCL-85
# settings: null.a provisioner.0 inline.0 => a a
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = convert(["b", "a"], set(string))
    labels   = ["shell-local"]
    content { inline = ["${provisioner.key} ${provisioner.value}"] }
  }
}

--- dynamic-over-nothing-makes-nothing
# steps: null.a => nothing
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = []
    labels   = ["shell-local"]
    content { inline = ["x"] }
  }
}

--- dynamic-iterator-has-another-name
# HCL-85
# settings: null.a provisioner.0 inline.0 => v
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = ["v"]
    iterator = it
    labels   = ["shell-local"]
    content { inline = [it.value] }
  }
}

--- dynamic-iterator-replaces-the-default-name
# error: 8:25-8:36 provisioner
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = ["v"]
    iterator = it
    labels   = ["shell-local"]
    content { inline = [provisioner.value] }
  }
}

--- dynamic-labels-see-the-element
# steps: null.a => (manifest) (checksum)
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "post-processor" {
    for_each = ["manifest", "checksum"]
    labels   = [post-processor.value]
    content {}
  }
}

--- dynamic-in-a-chain
# HCL-84
# steps: null.a => (manifest:x manifest:y)
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processors {
    dynamic "post-processor" {
      for_each = ["x", "y"]
      labels   = ["manifest"]
      content { name = post-processor.value }
    }
  }
}

--- dynamic-chains
# HCL-84
# steps: null.a => (manifest:x checksum:x) (manifest:y checksum:y)
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "post-processors" {
    for_each = ["x", "y"]
    iterator = chain
    content {
      post-processor "manifest" { name = chain.value }
      post-processor "checksum" { name = chain.value }
    }
  }
}

--- dynamic-gives-arguments-of-the-core
# steps: null.a => shell-local:n1
# settings: null.a provisioner.0 @max_retries => 1
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = [1]
    labels   = ["shell-local"]
    content {
      name        = "n${provisioner.value}"
      max_retries = provisioner.value
      inline      = ["x"]
    }
  }
}

--- dynamic-for-each-may-use-variables-and-locals
# steps: null.a => shell-local shell-local
variable "names" { default = ["a", "b", "c"] }
locals { kept = [for n in var.names : n if n != "b"] }
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = local.kept
    labels   = ["shell-local"]
    content { inline = [provisioner.value] }
  }
}

--- dynamic-needs-for-each
# error: 4:3-4:24 for_each
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    labels = ["shell-local"]
    content { inline = ["x"] }
  }
}

--- dynamic-needs-content
# error: 4:3-4:24 content
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = ["x"]
    labels   = ["shell-local"]
  }
}

--- dynamic-goes-over-collections
# HCL-85
# error: 6:16-6:17 Iteration over non-iterable value
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = 5
    labels   = ["shell-local"]
    content { inline = ["x"] }
  }
}

--- dynamic-does-not-go-over-null
# HCL-85
# error: 6:16-6:20 null
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = null
    labels   = ["shell-local"]
    content { inline = ["x"] }
  }
}

--- dynamic-not-at-top-level
# HCL-84
# error: 2:1-2:8 Blocks of type "dynamic" are not expected here
dynamic "locals" {
  for_each = ["a"]
  content {}
}

--- dynamic-of-a-type-that-does-not-belong
# error: 4:11-4:21 "variable"
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "variable" {
    for_each = ["a"]
    labels   = ["v"]
    content {}
  }
}

--- dynamic-unknown-elements-make-one-unknown-block
# HCL-85, HCL-96: shell-local then has no command.
# error: 5:3-5:24 Failed preparing provisioner-block "shell-local" ""
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = split(",", packer.iterationID)
    labels   = ["shell-local"]
    content { inline = [provisioner.value] }
  }
}

--- dynamic-failing-for-each-is-told-once
# error: 5:23-5:27 nope
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = [local.nope]
    labels   = ["shell-local"]
    content { inline = ["x"] }
  }
}
