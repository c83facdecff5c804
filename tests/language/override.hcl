Cases of `override`; variables.hcl tells how to write one.

--- override-replaces-settings-for-one-source
# HCL-74
# settings: null.a provisioner.0 inline.0 => for a
# settings: null.b provisioner.0 inline.0 => for all
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build {
  sources = ["null.a", "null.b"]
  provisioner "shell-local" {
    inline   = ["for all"]
    override = { a = { inline = ["for a"] } }
  }
}

--- override-goes-by-local-name
# HCL-74
# settings: null.a provisioner.0 inline.0 => for all
# settings: null.new provisioner.0 inline.0 => for new
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  source "null.a" { name = "new" }
  provisioner "shell-local" {
    inline   = ["for all"]
    override = { new = { inline = ["for new"] } }
  }
}

--- override-adds-settings
# HCL-74
# settings: null.a provisioner.0 environment_vars.0 => X=1
# settings: null.a provisioner.0 inline.0 => x
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline   = ["x"]
    override = { a = { environment_vars = ["X=1"] } }
  }
}

--- override-may-make-a-block-whole
# HCL-74
# settings: null.a provisioner.0 inline.0 => x
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    override = { a = { inline = ["x"] } }
  }
}

--- override-for-nobody-is-ignored
# HCL-74
# settings: null.a provisioner.0 inline.0 => x
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline   = ["x"]
    override = { nobody = { whatever = 1 } }
  }
}

--- override-converts-weakly
# TYP-38
# settings: null.a provisioner.0 env.A => 1
# settings: null.a provisioner.0 valid_exit_codes.0 => 3
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline   = ["x"]
    override = { a = { env = { A = 1 }, valid_exit_codes = ["3"] } }
  }
}

--- override-is-an-object
# HCL-74
# error: 7:16-7:19 override block must be an HCL object
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline   = ["x"]
    override = "x"
  }
}

--- override-holds-objects
# HCL-74
# error: 7:16-7:27 override block must be an HCL object
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline   = ["x"]
    override = { a = "x" }
  }
}

--- override-knows-no-other-settings
# error: 6:5-6:41 "inlin"
# hint: "inline"
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline   = ["x"]
    override = { a = { inlin = ["y"] } }
  }
}

--- override-may-use-variables
# HCL-75
# settings: null.a provisioner.0 inline.0 => 1
variable "v" { default = "1" }
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline   = ["x"]
    override = { a = { inline = [var.v] } }
  }
}
