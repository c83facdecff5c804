# A first build: needs nothing but this program.
#
# The builder writes a file, a local script adds to it, and then the result is packed, summed and written down,
# one after the other. Each artifact is the input of the next post-processor.

variable "greeting" {
  type    = string
  default = "Hello"
}

locals {
  lines = [for word in ["world", "template", "artifact"] : "${var.greeting}, ${word}!"]
}

source "file" "letter" {
  content = join("\n", concat(local.lines, [""]))
  target  = "output/letter.txt"
}

build {
  sources = ["file.letter"]

  provisioner "shell-local" {
    inline = [
      "echo 'Signed by build '$PACKER_BUILD_NAME >> output/letter.txt",
      "cat output/letter.txt",
    ]
  }

  post-processors {
    post-processor "compress" {
      output = "output/letter.tar.gz"
    }
    post-processor "checksum" {
      checksum_types = ["sha256"]
      output         = "output/letter.{{ .ChecksumType }}"
    }
    post-processor "manifest" {
      output = "output/manifest.json"
    }
  }
}
