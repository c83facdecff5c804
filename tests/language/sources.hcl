Cases of sources (HCL-57 … HCL-60, TYP-38 … TYP-40, DIA-39, DIA-40); variables.hcl tells how to write one.

--- source-and-its-use
# builds: null.a
source "null" "a" { communicator = "none" }
build { sources = ["source.null.a"] }

--- source-without-use-is-not-decoded
# see: HCL-57
# builds: null.a
source "null" "a" { communicator = "none" }
source "null" "b" { nosuch = true }
source "nosuch" "c" {}
build { sources = ["null.a"] }

--- source-declared-twice
# see: HCL-58
# error: 2:1-2:18 Duplicate source block
source "null" "a" { communicator = "none" }
source "null" "a" { communicator = "none" }
build { sources = ["null.a"] }

--- source-of-the-same-name-and-another-type
# builds: file.a, null.a
source "null" "a" { communicator = "none" }
source "file" "a" {
  content = "x"
  target  = "t"
}
build { sources = ["file.a", "null.a"] }

--- source-body-may-use-everything
# see: HCL-59
# builds: file.a
variable "t" { default = "t" }
locals { c = "c" }
source "file" "a" {
  content = "${source.name}-${source.type}-${local.c}-${path.root}-${packer.version}"
  target  = upper(var.t)
}
build { sources = ["file.a"] }

--- source-body-sees-no-build
# error: 3:13-3:18 Unknown variable
source "file" "a" {
  target  = "t"
  content = build.ID
}
build { sources = ["file.a"] }

--- source-option-misspelt
# error: 3:3-3:10 Unsupported argument
# hint: "content"
source "file" "a" {
  target  = "t"
  contnet = "x"
}
build { sources = ["file.a"] }

--- source-option-of-another-type
# see: TYP-38
# builds: file.a
source "file" "a" {
  target  = 5
  content = true
}
build { sources = ["file.a"] }

--- source-option-that-does-not-convert
# see: TYP-39
# error: 3:13-3:18 Incorrect attribute value type
source "file" "a" {
  target  = "t"
  content = ["x"]
}
build { sources = ["file.a"] }

--- source-option-written-as-a-block
# see: TYP-40
# error: 3:3-3:10 Unsupported block type
source "file" "a" {
  target = "t"
  content {}
}
build { sources = ["file.a"] }

--- source-that-is-not-there
# see: DIA-39
# error: 2:20-2:30 Unknown source null.zzz
source "null" "a" { communicator = "none" }
build { sources = ["null.zzz"] }

--- source-misspelt
# error: 2:20-2:31 Unknown source null.smal: Did you mean to use "null.small"?
source "null" "small" { communicator = "none" }
build { sources = ["null.smal"] }

--- source-type-nobody-knows
# see: DIA-40
# error: 2:20-2:27 Unknown source type nul
source "nul" "a" {}
build { sources = ["nul.a"] }

--- source-used-twice
# builds: null.a, null.b
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
}
build {
  source "null.a" {
    name = "b"
  }
}

--- source-with-a-dynamic-block
# see: HCL-60
# error: 2:11-2:19 Unsupported block type
source "file" "a" {
  dynamic "nested" {
    for_each = [1]
    content {}
  }
  target  = "t"
  content = ""
}
build { sources = ["file.a"] }

--- source-with-a-reference-that-fails
# error: 3:18-3:20 Unsupported attribute
variable "o" { default = { a = 1 } }
source "file" "a" {
  target = var.o.zz
}
build { sources = ["file.a"] }

--- a-mistake-in-a-source-is-told-once-for-all-its-builds
# error: 3:3-3:9 Unsupported argument
source "null" "a" {
  communicator = "none"
  nosuch = 1
}
build {
  sources = ["null.a"]
}
