Cases of build blocks; variables.hcl tells how to write one. Sources are of type null, which builds nothing.

--- builds-are-named-by-type-and-source
# ENG-1
# builds: null.a, null.b
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build { sources = ["null.a", "null.b"] }

--- builds-have-the-name-of-their-block-before
# ENG-1
# builds: big.null.a
source "null" "a" { communicator = "none" }
build {
  name    = "big"
  sources = ["null.a"]
}

--- builds-keep-the-order-of-the-text
# HCL-65: the list first, wherever it stands
# builds: null.b, null.a, null.c, x.null.a
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
source "null" "c" { communicator = "none" }
build {
  source "null.a" {}
  sources = ["null.b"]
  source "null.c" {}
}
build {
  name    = "x"
  sources = ["null.a"]
}

--- builds-a-source-may-be-called-source
# HCL-63
# builds: null.a, null.b
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build { sources = ["source.null.a", "null.b"] }

--- builds-use-a-source-twice
# HCL-67, ENG-4
# builds: null.a, null.a
source "null" "a" { communicator = "none" }
build { sources = ["null.a", "null.a"] }

--- builds-name-and-sources-are-expressions
# HCL-62
# builds: img-dev.null.a, img-dev.null.b
variable "stage" { default = "dev" }
locals { names = ["a", "b"] }
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build {
  name    = "img-${var.stage}"
  sources = [for n in local.names : "null.${n}"]
}

--- builds-name-may-be-a-number
# HCL-62: converted to text
# builds: 5.null.a
source "null" "a" { communicator = "none" }
build {
  name    = 5
  sources = ["null.a"]
}

--- builds-name-is-not-null
# HCL-62
# error: 4:17-4:21 Unsuitable value type
source "null" "a" { communicator = "none" }
build {
  name        = null
  description = "x"
  sources     = ["null.a"]
}

--- builds-name-is-known
# HCL-62
# error: 4:13-4:31 Unsuitable value type
source "null" "a" { communicator = "none" }
build {
  name    = packer.iterationID
  sources = ["null.a"]
}

--- builds-name-knows-no-source
# HCL-62
# error: 4:13-4:19 source
source "null" "a" { communicator = "none" }
build {
  name    = source.name
  sources = ["null.a"]
}

--- builds-sources-hold-texts
# error: 2:19-2:23 string required
source "null" "a" { communicator = "none" }
build { sources = [[]] }

--- builds-need-a-source
# HCL-63
# error: 3:1-3:6 missing source reference
source "null" "a" { communicator = "none" }
build { sources = [] }

--- builds-a-bare-name-is-no-reference
# HCL-63
# error: 3:20-3:23 Invalid source reference
source "null" "a" { communicator = "none" }
build { sources = ["a"] }

--- builds-an-undeclared-source
# HCL-64
# error: 3:20-3:28 Unknown source null.b
source "null" "a" { communicator = "none" }
build { sources = ["null.b"] }

--- builds-a-near-source-is-proposed
# HCL-64
# error: 3:20-3:30 Did you mean to use "null.abc"?
source "null" "abc" { communicator = "none" }
build { sources = ["null.abd"] }

--- builds-several-wrong-sources-are-all-told
# HCL-101
# error: 3:20-3:28 Unknown source null.q
# error: 3:30-3:38 Unknown source null.r
source "null" "abcdef" { communicator = "none" }
build { sources = ["null.q", "null.r"] }

--- builds-source-without-quotes
# error: 2:20-2:33 Write it in quotes: "source.null.a"
source "null" "a" { communicator = "none" }
build { sources = [source.null.a] }

--- builds-one-is-missing
# HCL-68
# error: - Missing build block
source "null" "a" { communicator = "none" }

--- builds-arguments-are-few
# HCL-61
# error: 4:3-4:6 "nam"
# hint: "name"
source "null" "a" { communicator = "none" }
build {
  nam     = "x"
  sources = ["null.a"]
}

--- builds-know-a-from-block-and-ignore-it
# HCL-61
# builds: null.a
source "null" "a" { communicator = "none" }
build {
  from "elsewhere" {}
  sources = ["null.a"]
}

--- builds-have-no-label
# HCL-11
# error: 3:7-3:10 Extraneous label for build
source "null" "a" { communicator = "none" }
build "x" { sources = ["null.a"] }

--- builds-a-source-defined-twice
# HCL-58
# error: 3:1-3:18 Duplicate source block
source "null" "a" { communicator = "none" }
source "null" "a" { communicator = "none" }
build { sources = ["null.a"] }

--- builds-an-unused-source-is-not-prepared
# builds: null.a
source "null" "a" { communicator = "none" }
source "null" "unused" {}
build { sources = ["null.a"] }

--- builds-hcp-blocks-may-be-switched-off
# HCL-81
# env: HCP_PACKER_REGISTRY=off
# builds: null.a
source "null" "a" { communicator = "none" }
hcp_packer_registry { bucket_name = "abc" }
build { sources = ["null.a"] }

--- builds-only-takes-whole-names
# CLI-39
# only: null.a
# warning: - an 'only' option was passed
# builds:
source "null" "a" { communicator = "none" }
build {
  name    = "x"
  sources = ["null.a"]
}

--- builds-only-a-star-matches-dots
# CLI-39
# only: *.b
# builds: x.null.b
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build {
  name    = "x"
  sources = ["null.a", "null.b"]
}

--- builds-only-matches-local-names
# CLI-39
# only: null.new
# builds: null.new
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  source "null.a" { name = "new" }
}

--- builds-except-leaves-out
# CLI-39
# except: null.[!a]
# builds: null.a
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build { sources = ["null.a", "null.b"] }

--- builds-only-and-except-together
# only: null.*
# except: *.b
# builds: null.a
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build { sources = ["null.a", "null.b"] }

--- builds-except-drops-the-rest-of-a-chain
# CLI-41
# except: second
# steps: null.a => (manifest:first) (manifest)
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processors {
    post-processor "manifest" { name = "first" }
    post-processor "manifest" { name = "second" }
    post-processor "manifest" { name = "third" }
  }
  post-processor "manifest" {}
}

--- builds-except-names-a-post-processor-by-type
# CLI-41
# except: manifest
# steps: null.a => (checksum)
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processor "manifest" {}
  post-processor "checksum" {}
}

--- builds-a-name-hides-the-type-from-except
# CLI-41
# except: manifest
# warning: - an 'except' option was passed
# steps: null.a => (manifest:mine)
source "null" "a" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processor "manifest" { name = "mine" }
}

--- builds-more-patterns-than-builds-warn
# CLI-42
# only: null.a
# only: null.nope
# warning: - Possible build names: [null.a null.b]
# builds: null.a
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build { sources = ["null.a", "null.b"] }

--- builds-as-many-patterns-as-builds-do-not-warn
# CLI-42: a plain comparison of counts
# only: null.*
# only: null.nope
# builds: null.a, null.b
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build { sources = ["null.a", "null.b"] }

--- builds-a-broken-pattern-is-named
# CLI-40
# only: [
# error: - Invalid -only pattern [: unexpected end of input
# builds:
source "null" "a" { communicator = "none" }
build { sources = ["null.a"] }

--- builds-sources-may-be-null
# The reference takes null for no list.
# builds: null.a
source "null" "a" { communicator = "none" }
build {
  sources = null
  source "null.a" {}
}

--- builds-sources-may-be-a-set
# builds: null.a, null.b
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build { sources = convert(["null.b", "null.a", "null.b"], set(string)) }

--- builds-an-empty-name-is-none
# ENG-1
# builds: null.a
source "null" "a" { communicator = "none" }
build {
  name    = ""
  sources = ["null.a"]
}
