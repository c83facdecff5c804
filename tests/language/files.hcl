Cases of files, top-level blocks and packer blocks (HCL-1 … HCL-20, DIA-14, DIA-18 … DIA-22); variables.hcl tells how
to write one.

--- a-folder-is-one-template
# see: HCL-1, HCL-2
# expect: local.a == 2 && var.b == 1
locals { a = var.b + 1 }
# file: u.pkr.hcl
variable "b" { default = 1 }

--- a-file-stands-alone
# see: HCL-1
# opens: t.pkr.hcl
# error: 1:18-1:19 Unsupported attribute
locals { a = var.b }
# file: u.pkr.hcl
variable "b" { default = 1 }

--- folders-inside-are-not-read
# expect: local.a == 1
locals { a = 1 }
# file: sub/u.pkr.hcl
locals { a = 2 }

--- files-with-another-ending-are-not-read
# expect: local.a == 1
locals { a = 1 }
# file: u.hcl
locals { a = 2 }
# file: u.pkr.hcl.bak
locals {

--- files-whose-name-begins-with-a-dot-are-read
# expect: local.a == 1
# file: .u.pkr.hcl
locals { a = 1 }

--- an-override-file-merges-nothing
# see: HCL-2
# error: t_override.pkr.hcl:1:10-1:15 Duplicate local definition
locals { a = 1 }
# file: t_override.pkr.hcl
locals { a = 2 }

--- json-and-native-files-are-one-template
# expect: local.a == "1"
locals { a = var.b }
# file: u.pkr.json
{ "variable": { "b": { "default": "1" } } }

--- byte-order-mark
# see: HCL-3
# expect: local.a == 1
# with: a byte order mark
locals { a = 1 }

--- places-behind-a-byte-order-mark
# error: 1:1-1:7 Unsupported block type
# error: 2:1-2:7 Unsupported block type
# with: a byte order mark
locasl {}
locasl {}

--- lines-that-end-in-cr-and-lf
# expect: local.a == 1 && local.b == 2
# with: CRLF
locals {
  a = 1
  b = 2
}

--- heredoc-in-a-file-with-cr-and-lf
# expect: local.a == "x\r\ny\r\n"
# with: CRLF
locals {
  a = <<EOT
x
y
EOT
}

--- a-syntax-error-stops-everything
# see: HCL-5
# error: 2:7-2:8 Invalid expression
locals {
  a = ]
}
variabel "x" {}

--- syntax-errors-of-all-files-are-told
# error: 1:14-1:15 Invalid expression
# error: u.pkr.hcl:1:14-1:15 Invalid expression
locals { a = ] }
# file: u.pkr.hcl
locals { b = ] }

--- top-level-blocks
# see: HCL-9
packer {}
variable "a" { default = 1 }
variables {}
locals {}
local "b" { expression = 1 }
source "null" "a" {}
communicator "ssh" "vagrant" {}

--- top-level-has-no-arguments
# see: HCL-10
# error: 1:1-1:5 Unsupported argument
name = "x"

--- top-level-block-misspelt
# see: DIA-14
# error: 1:1-1:9 Unsupported block type
# hint: variable
variabel "y" { default = 1 }

--- block-that-belongs-elsewhere
# error: 1:1-1:12 Unsupported block type
provisioner "shell-local" {}

--- argument-written-where-a-block-belongs
# error: 1:1-1:7 Unsupported argument
locals = { a = 1 }

--- labels-may-be-bare
# see: HCL-11
# builds: null.a
source null a { communicator = "none" }
build { sources = ["source.null.a"] }

--- source-needs-two-labels
# see: DIA-21
# error: 1:1-1:7 Missing type for source
# error: 2:1-2:14 Missing name for source
# error: 3:19-3:22 Extraneous label for source
source {}
source "null" {}
source "null" "a" "b" {}

--- build-has-no-label
# error: 1:1-1:10 missing source reference
# error: 1:7-1:10 Extraneous label for build
build "x" {}

--- packer-blocks-add-up
# see: HCL-12
# error: 4:3-4:33 Unsupported Packer Core version
packer { required_version = ">= 1.0.0" }
packer {
  # a comment
  required_version = ">= 99.0.0"
}

--- required-version-that-is-too-high
# see: DIA-18, HCL-8
# error: 2:3-2:33 Unsupported Packer Core version
packer {
  required_version = ">= 99.0.0"
}
future "block" {}

--- required-version-that-fits
# see: HCL-14
packer { required_version = "~> 1.16.0, != 1.17.0, < 2" }
packer { required_version = "~> 1" }
packer { required_version = ">= 1.16.0" }

--- required-version-exact
# error: 1:10-1:38 Unsupported Packer Core version
packer { required_version = "= 1.2.3" }

--- required-version-that-is-no-constraint
# see: DIA-19
# error: 1:10-1:34 Invalid version constraint
packer { required_version = "abc" }

--- required-version-that-is-empty
# error: 1:10-1:31 Invalid version constraint
packer { required_version = "" }

--- required-version-as-a-number-or-null
# see: HCL-13
packer { required_version = 1.16 }
packer { required_version = null }

--- required-version-is-constant
# error: 1:29-1:32 Variables not allowed
packer { required_version = var.x }

--- packer-block-knows-nothing-else
# error: 2:3-2:7 Unsupported argument
# error: 3:3-3:9 Unsupported block type
packer {
  name = "x"
  plugin {}
}

--- required-plugins-entry-is-an-object
# see: HCL-16
# error: 3:5-3:6 Invalid plugin requirement
# error: 4:5-4:6 Invalid required_plugins syntax
packer {
  required_plugins {
    a = "1.0"
    b = ["1.0"]
  }
}

--- required-plugins-entry-has-both-keys
# error: 3:5-3:6 No version constraint was set
# error: 4:5-4:6 No source was set
# error: 5:5-5:6 Invalid required_plugins object
packer {
  required_plugins {
    a = { source = "github.com/acme/a" }
    b = { version = ">= 1.0.0" }
    c = { version = ">= 1.0.0", source = "github.com/acme/c", x = 1 }
  }
}

--- required-plugins-version-has-no-prerelease
# see: HCL-17
# error: 3:5-3:6 Invalid version constraint
packer {
  required_plugins {
    a = { version = ">= 1.0.0-beta", source = "github.com/acme/a" }
  }
}

--- required-plugins-source-has-three-parts
# see: HCL-18
# error: 3:5-3:6 Invalid
# error: 4:5-4:6 Invalid
packer {
  required_plugins {
    a = { version = ">= 1.0.0", source = "acme/a" }
    b = { version = ">= 1.0.0", source = "github.com/acme/packer-plugin-b" }
  }
}

--- required-plugins-name-is-in-normal-form
# see: HCL-19
# error: 3:5-3:9 Invalid plugin local name
packer {
  required_plugins {
    Acme = { version = ">= 1.0.0", source = "github.com/acme/a" }
  }
}

--- required-plugins-name-twice
# see: HCL-20
# error: 8:5-8:6 Duplicate required_plugin."a" block
packer {
  required_plugins {
    a = { version = ">= 1.0.0", source = "github.com/acme/a" }
  }
}
packer {
  required_plugins {
    a = { version = ">= 2.0.0", source = "github.com/acme/a" }
  }
}

--- path-root-is-the-folder-of-the-template
# opens: t.pkr.hcl
# shows: path.root => .
locals { a = 1 }
