# A container's file system as a plain tar, summed, and brought back as an image of a single layer.

variable "base" {
  type    = string
  default = "debian:bookworm-slim"
}

variable "pull" {
  type    = bool
  default = true
}

source "docker" "flat" {
  image       = var.base
  pull        = var.pull
  export_path = "flat.tar"
}

build {
  sources = ["docker.flat"]

  provisioner "shell" {
    inline = ["echo flat > /kind"]
  }

  post-processor "checksum" {
    checksum_types = ["sha256"]
    output         = "flat.sha256"
  }

  post-processors {
    post-processor "docker-import" {
      repository          = "example/flat"
      tag                 = "1.0"
      changes             = ["CMD [\"/bin/cat\", \"/kind\"]"]
      keep_input_artifact = true
    }
    post-processor "docker-save" {
      path = "flat-image.tar"
    }
  }
}
