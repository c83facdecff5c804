Cases of components that are not there; variables.hcl tells how to write one.

--- components-unknown-source-type
# HCL-100
# error: 3:20-3:27 Unknown source type nul
source "nul" "a" { communicator = "none" }
build { sources = ["nul.a"] }

--- components-unknown-types-of-steps
# HCL-100
# error: 5:3-5:27 Unknown provisioner type "shel-local"
# error: 6:3-6:27 Unknown post-processor type "manifes"
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shel-local" { inline = ["x"] }
  post-processor "manifes" {}
}

--- components-near-ones-are-proposed
# HCL-100, DIA-10
# error: 5:3-5:27 Did you mean to use "manifest"?
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processor "manifes" {}
}

--- components-of-plugins-have-an-address
# HCL-100
# error: 3:20-3:34 filter=amazon
source "amazon-ebs" "a" {}
build { sources = ["amazon-ebs.a"] }

--- components-unused-unknown-sources-do-not-matter
# builds: null.a
source "null" "a" { communicator = "none" }
source "amazon-ebs" "b" {}
build { sources = ["null.a"] }

--- components-unknown-ones-of-all-builds-are-told
# HCL-101
# error: 4:20-4:29 Unknown source type foo-x
# error: 5:20-5:27 Unknown source type bar
source "foo-x" "a" {}
source "bar" "b" {}
build { sources = ["foo-x.a"] }
build { sources = ["bar.b"] }

--- components-required-plugins-that-are-missing
# HCL-99
# error: 4:5-4:12 Missing plugins
packer {
  required_plugins {
    nowhere = {
      version = ">= 1.0.0"
      source  = "github.com/example/nowhere"
    }
  }
}
source "null" "a" { communicator = "none" }
build { sources = ["null.a"] }

--- components-built-in-plugins-answer-under-local-names
# HCL-21
# error: 10:1-10:16 'image'
packer {
  required_plugins {
    dk = {
      version = ">= 1.0.0"
      source  = "github.com/hashicorp/docker"
    }
  }
}
source "dk" "a" { commit = true }
build { sources = ["dk.a"] }
