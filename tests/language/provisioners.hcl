Cases of provisioners; variables.hcl tells how to write one.

--- provisioners-run-in-order
# steps: null.a => shell-local:one shell-local:two !shell-local:sorry
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  error-cleanup-provisioner "shell-local" {
    name   = "sorry"
    inline = ["c"]
  }
  provisioner "shell-local" {
    name   = "one"
    inline = ["a"]
  }
  provisioner "shell-local" {
    name   = "two"
    inline = ["b"]
  }
}

--- provisioners-arguments-of-the-core
# HCL-69
# settings: null.a provisioner.0 @pause_before => 90s
# settings: null.a provisioner.0 @timeout => Some(3600s)
# settings: null.a provisioner.0 @max_retries => 2
# settings: null.a provisioner.0 @continue_on_error => true
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    pause_before      = "1m30s"
    timeout           = "1h"
    max_retries       = 2
    continue_on_error = true
    inline            = ["x"]
  }
}

--- provisioners-arguments-of-the-core-convert
# HCL-69
# settings: null.a provisioner.0 @pause_before => 2ms
# settings: null.a provisioner.0 @max_retries => 3
# settings: null.a provisioner.0 @continue_on_error => false
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    pause_before      = "${1 + 1}ms"
    max_retries       = "3"
    continue_on_error = "false"
    inline            = ["x"]
  }
}

--- provisioners-durations-need-a-unit
# HCL-71
# error: 6:20-6:22 Failed to parse pause_before duration
# error: 7:20-7:24 missing unit in duration "15"
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    pause_before = 10
    timeout      = "15"
    inline       = ["x"]
  }
}

--- provisioners-null-is-no-duration
# HCL-69, TYP-34
# error: 6:20-6:24 null value is not allowed
# error: 7:20-7:24 null value is not allowed
# error: 8:20-8:24 null value is not allowed
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    pause_before = null
    timeout      = null
    max_retries  = null
    inline       = ["x"]
  }
}

--- provisioners-null-counts-as-absent-for-lists
# HCL-69
# steps: null.a => shell-local
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    only     = null
    except   = null
    override = null
    inline   = ["x"]
  }
}

--- provisioners-retries-are-whole
# HCL-72
# error: 6:20-6:23 whole number
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    max_retries  = 1.5
    inline       = ["x"]
  }
}

--- provisioners-only-and-except-choose-builds
# HCL-73
# steps: null.a => shell-local:only-a shell-local:not-b
# steps: null.b => nothing
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build {
  sources = ["null.a", "null.b"]
  provisioner "shell-local" {
    name   = "only-a"
    only   = ["null.a"]
    inline = ["x"]
  }
  provisioner "shell-local" {
    name   = "not-b"
    except = ["null.b"]
    inline = ["x"]
  }
}

--- provisioners-only-takes-no-patterns-and-no-block-name
# HCL-73
# steps: x.null.a => shell-local:plain
source "null" "a" { communicator = "none" }
build {
  name    = "x"
  sources = ["null.a"]
  provisioner "shell-local" {
    only   = ["null.*"]
    inline = ["x"]
  }
  provisioner "shell-local" {
    only   = ["x.null.a"]
    inline = ["x"]
  }
  provisioner "shell-local" {
    name   = "plain"
    only   = ["null.a"]
    inline = ["x"]
  }
}

--- provisioners-only-knows-local-names
# HCL-73
# steps: null.a => nothing
# steps: null.b => shell-local
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  source "null.a" { name = "b" }
  provisioner "shell-local" {
    only   = ["null.b"]
    inline = ["x"]
  }
}

--- provisioners-only-or-except
# HCL-73
# error: 5:3-5:28 only one of 'only' or 'except' may be specified
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    only   = ["null.a"]
    except = ["null.b"]
    inline = ["x"]
  }
}

--- provisioners-one-clean-up-at-most
# HCL-76
# error: 6:3-6:42 Only one error-cleanup-provisioner is allowed
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  error-cleanup-provisioner "shell-local" { inline = ["x"] }
  error-cleanup-provisioner "shell-local" { inline = ["y"] }
}

--- provisioners-clean-up-is-chosen-like-others
# HCL-76
# steps: null.a => nothing
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  error-cleanup-provisioner "shell-local" {
    except = ["null.a"]
    inline = ["x"]
  }
}

--- provisioners-see-names-of-source-and-build
# HCL-86, HCL-89, HCL-90
# settings: big.null.b provisioner.0 inline.0 => big b null 1 l .
variable "v" { default = 1 }
locals { l = "l" }
source "null" "a" { communicator = "none" }
build {
  name = "big"
  source "null.a" { name = "b" }
  provisioner "shell-local" {
    inline = ["${build.name} ${source.name} ${source.type} ${var.v} ${local.l} ${path.root}"]
  }
}

--- provisioners-build-values-are-placeholders-first
# HCL-91, HCL-93
# settings: null.a provisioner.0 inline.0 => <unknown> and <unknown>
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = ["${build.ID} and ${build.Host}"]
  }
}

--- provisioners-build-values-that-no-builder-gives
# HCL-91
# error: 6:26-6:34 Unsupported attribute
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    inline = ["x ${build.Whatever}"]
  }
}

--- provisioners-arguments-of-the-core-know-the-name-of-the-build
# HCL-75
# settings: 5s.null.a provisioner.0 @pause_before => 5s
source "null" "a" { communicator = "none" }
build {
  name    = "5s"
  sources = ["null.a"]
  provisioner "shell-local" {
    pause_before = build.name
    inline       = ["x"]
  }
}

--- provisioners-arguments-of-the-core-know-nothing-else-of-the-build
# HCL-75
# error: 6:26-6:28 Unsupported attribute
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    pause_before = build.ID
    inline       = ["x"]
  }
}

--- provisioners-labels-may-be-words
# HCL-11
# steps: null.a => shell-local
source null a { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner shell-local { inline = ["x"] }
}

--- provisioners-take-one-label
# error: 4:3-4:14 Missing type for provisioner
# error: 5:29-5:32 Extraneous label for provisioner
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner { inline = ["x"] }
  provisioner "shell-local" "x" { inline = ["x"] }
}

--- provisioners-belong-into-builds
# HCL-9
# error: 2:1-2:12 Blocks of type "provisioner" are not expected here
provisioner "shell-local" { inline = ["x"] }

--- provisioners-a-mistake-of-several-builds-is-told-once
# HCL-101: Packer tells it for each build.
# error: 6:3-6:28 Failed preparing provisioner-block "shell-local" ""
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build {
  sources = ["null.a", "null.b"]
  provisioner "shell-local" {}
}

--- provisioners-null-is-no-name-of-a-source
# Left out, it would run everywhere.
# error: 6:14-6:20 null
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    only   = [null]
    inline = ["x"]
  }
}

--- provisioners-an-empty-list-chooses-nothing
# steps: null.a => shell-local
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  provisioner "shell-local" {
    only   = []
    except = []
    inline = ["x"]
  }
}
