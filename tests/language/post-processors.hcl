Cases of post-processors; variables.hcl tells how to write one.

--- post-processors-alone-are-chains-of-one
# HCL-78
# steps: null.a => (manifest) (checksum) (manifest checksum)
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processor "manifest" {}
  post-processor "checksum" {}
  post-processors {
    post-processor "manifest" {}
    post-processor "checksum" {}
  }
}

--- post-processors-an-empty-chain-is-nothing
# HCL-78
# steps: null.a => nothing
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processors {}
}

--- post-processors-keep-input-has-three-states
# HCL-79
# settings: null.a post.0.0 @keep_input_artifact => Some(true)
# settings: null.a post.1.0 @keep_input_artifact => Some(false)
# settings: null.a post.2.0 @keep_input_artifact => None
# settings: null.a post.3.0 @keep_input_artifact => None
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processor "manifest" { keep_input_artifact = "true" }
  post-processor "manifest" { keep_input_artifact = false }
  post-processor "manifest" {}
  post-processor "manifest" { keep_input_artifact = null }
}

--- post-processors-skipped-ones-leave-their-chain
# HCL-80
# steps: null.a => (manifest:first manifest:third)
# steps: null.b => (manifest:first manifest:second manifest:third)
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build {
  sources = ["null.a", "null.b"]
  post-processors {
    post-processor "manifest" { name = "first" }
    post-processor "manifest" {
      name = "second"
      only = ["null.b"]
    }
    post-processor "manifest" { name = "third" }
  }
}

--- post-processors-pause-for-nobody
# HCL-79: these are for provisioners
# error: 6:5-6:17 "pause_before"
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processor "manifest" {
    pause_before = "1s"
  }
}

--- post-processors-have-no-override
# HCL-79
# error: 6:5-6:13 "override"
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processor "manifest" {
    override = {}
  }
}

--- post-processors-see-source-and-build
# HCL-89, HCL-90
# settings: x.null.a post.0.0 output => x null a <unknown>
source "null" "a" { communicator = "none" }
build {
  name    = "x"
  sources = ["null.a"]
  post-processor "manifest" {
    output = "${build.name} ${source.type} ${source.name} ${build.ID}"
  }
}

--- post-processors-a-chain-holds-nothing-else
# error: 5:5-5:16 Blocks of type "provisioner" are not expected here
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processors {
    provisioner "shell-local" { inline = ["x"] }
  }
}

--- post-processors-chains-have-no-label
# HCL-11
# error: 5:19-5:22 Extraneous label for post-processors
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processors "x" {}
}

--- post-processors-keep-input-is-a-bool
# error: 4:53-4:55 Unsuitable value type
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processor "manifest" { keep_input_artifact = [] }
}

--- post-processors-an-empty-name-is-none
# CLI-41
# except: manifest
# steps: null.a => nothing
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processor "manifest" { name = "" }
}
