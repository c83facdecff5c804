Cases of nested source blocks; variables.hcl tells how to write one.

--- uses-have-names-of-their-own
# HCL-66
# builds: null.a, null.small
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  source "null.a" { name = "small" }
}

--- uses-add-arguments
# HCL-66
# settings: file.a source content => added
# settings: file.a source target => t
source "file" "a" { target = "t" }
build {
  source "file.a" { content = "added" }
}

--- uses-replace-nothing
# HCL-66
# error: 7:21-7:28 Duplicate argument
source "file" "a" {
  target  = "t"
  content = "x"
}
build {
  source "file.a" { content = "u" }
}

--- uses-know-their-own-name-in-the-source
# HCL-89
# settings: file.a source target => file.a
# settings: file.b source target => file.b
source "file" "a" {
  content = "x"
  target  = "${source.type}.${source.name}"
}
build {
  sources = ["file.a"]
  source "file.a" { name = "b" }
}

--- uses-know-their-name-in-what-they-add
# HCL-89
# settings: file.b source content => b of file
source "file" "a" { target = "t" }
build {
  source "file.a" {
    name    = "b"
    content = "${source.name} of ${source.type}"
  }
}

--- uses-name-is-constant
# HCL-66, case inspect/names-of-source-blocks-are-constants
# error: 5:31-5:34 Variables not allowed
variable "stage" { default = "dev" }
source "null" "a" { communicator = "none" }
build {
  source "null.a" { name = "${var.stage}-a" }
}

--- uses-name-is-not-null
# error: 3:28-3:32 Unsuitable value type
source "null" "a" { communicator = "none" }
build {
  source "null.a" { name = null }
}

--- uses-need-a-source-that-exists
# HCL-64
# error: 4:10-4:18 Unknown source null.b
source "null" "a" { communicator = "none" }
build {
  source "null.b" {}
}

--- uses-take-one-reference
# HCL-11
# error: 4:17-4:20 Extraneous label for source
source "null" "a" { communicator = "none" }
build {
  source "null" "a" {}
}

--- uses-tell-what-the-component-misses
# HCL-101
# error: 2:1-2:18 target required
source "file" "a" {}
build {
  source "file.a" { content = "x" }
}

--- uses-from-dynamic-blocks
# HCL-84
# builds: null.x, null.y
source "null" "a" { communicator = "none" }
build {
  dynamic "source" {
    for_each = ["x", "y"]
    labels   = ["null.a"]
    content { name = source.value }
  }
}

--- uses-an-empty-name-is-none
# builds: null.a
source "null" "a" { communicator = "none" }
build {
  source "null.a" { name = "" }
}

--- uses-nested-blocks-add-up
# HCL-66
# settings: docker.a source build.path => Dockerfile
# settings: docker.a source commit => true
source "docker" "a" { commit = true }
build {
  source "docker.a" {
    build { path = "Dockerfile" }
  }
}
# file: Dockerfile
FROM scratch
