Cases of names in expressions; variables.hcl tells how to write one.

--- references-of-a-template
# HCL-86
# expect: var.v == 1 && local.l == 2 && packer.version == "1.16.0" && path.root == "."
variable "v" { default = 1 }
locals { l = var.v + 1 }

--- references-by-index
# expect: var["v"] == 1 && local["l"] == 2 && packer["version"] == packer.version
variable "v" { default = 1 }
locals { l = 2 }

--- references-of-other-tools-do-not-exist
# HCL-86
# fails: each.key => each
# fails: count.index => count
# fails: self.name => self
# fails: env.HOME => env
# fails: path.module => module
# fails: packer.edition => edition
locals {}

--- references-misspelt-roots-have-a-way-out
# DIA-10
# fails: vars.x => "var"
# fails: locals.l => "local"
locals { l = 1 }

--- references-misspelt-members-have-a-way-out
# DIA-10
# fails: var.colour_ => "colour"
# fails: local.lenght => "length"
variable "colour" { default = 1 }
locals { length = 1 }

--- references-hcp-ids-are-unknown
# HCL-88
# shows: packer.iterationID => <unknown>
# shows: packer.versionFingerprint => <unknown>
# shows: packer => <unknown>
locals {}

--- references-of-the-console
# CON-7
# shows: source.name => <unknown>
# shows: build => <unknown>
# fails: build.name => name
locals {}

--- references-unknown-texts-reach-components-as-placeholders
# HCL-88, HCL-96
# settings: file.a source content => <unknown>
# settings: file.a source target => 1.16.0
source "file" "a" {
  content = "id ${packer.iterationID} x"
  target  = packer.version
}
build { sources = ["file.a"] }

--- references-unknown-lists-reach-components-empty
# HCL-96
# error: 5:3-5:28 shell-local
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" { inline = split(",", packer.iterationID) }
}

--- references-a-list-with-an-unknown-element-keeps-the-rest
# HCL-96
# settings: null.a provisioner.0 inline.0 => known
# settings: null.a provisioner.0 inline.1 => <unknown>
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" { inline = ["known", packer.iterationID] }
}

--- references-unknown-bools-and-numbers-have-stand-ins
# HCL-96
# settings: null.a provisioner.0 tempfile_extension => <unknown>
# settings: null.a provisioner.0 use_linux_pathing => false
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline             = ["x"]
    tempfile_extension = packer.iterationID
    use_linux_pathing  = packer.iterationID == "x"
  }
}

--- references-build-is-for-steps-only
# HCL-92
# error: 3:13-3:18 build
source "file" "a" {
  content = build.ID
  target  = "t"
}
build { sources = ["file.a"] }

--- references-build-is-not-known-in-locals
# HCL-92
# error: 2:14-2:19 build
locals { l = build.name }

--- references-undeclared-ones-are-told-in-bodies
# error: 2:17-2:21 nope
source "file" "a" {
  content = var.nope
  target  = "t"
}
build { sources = ["file.a"] }

--- references-iterators-hide-roots
# settings: null.a provisioner.0 inline.0 => each
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  dynamic "provisioner" {
    for_each = ["each"]
    iterator = var
    labels   = ["shell-local"]
    content { inline = [var.value] }
  }
}
