# Asks before it builds: data sources give values that locals and builds use.
#
#   packer build examples/data.pkr.hcl
#   packer build -var number=2 examples/data.pkr.hcl
#
# "packer validate" asks nobody: what a data source would give is unknown to it, unless -evaluate-datasources is given.

variable "number" {
  type    = number
  default = 1
}

# Gives back its input; http asks a server:
#
#   data "http" "release" {
#     url = "https://example.org/latest"
#   }
#
# and data.http.release.body is what it answers.
data "null" "release" {
  input = local.wanted
}

# The order does not matter: each is evaluated after those it needs.
locals {
  title  = title(data.null.release.output)
  wanted = "release ${var.number}"
}

source "file" "note" {
  content = "${local.title}\n"
  target  = "note.txt"
}

build {
  sources = ["file.note"]

  provisioner "shell-local" {
    inline = ["echo building ${data.null.release.output}"]
  }
}
