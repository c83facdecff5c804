# An image made from a running container: provisioned with files and scripts, committed, tagged.

packer {
  required_plugins {
    docker = {
      source  = "github.com/hashicorp/docker"
      version = ">= 1.0.0"
    }
  }
}

variable "base" {
  type        = string
  default     = "debian:bookworm-slim"
  description = "The image to start from."
}

variable "pull" {
  type    = bool
  default = true
}

source "docker" "web" {
  image  = var.base
  pull   = var.pull
  commit = true
  changes = [
    "ENV GREETING=hello",
    "WORKDIR /srv",
    "CMD [\"/bin/cat\", \"/srv/index.html\"]",
  ]
}

build {
  name    = "site"
  sources = ["docker.web"]

  provisioner "file" {
    content     = "<h1>Built from ${source.type}.${source.name}</h1>\n"
    destination = "/tmp/index.html"
  }

  provisioner "shell" {
    environment_vars = ["OWNER=${build.name}"]
    inline = [
      "mkdir -p /srv",
      "cp /tmp/index.html /srv/index.html",
      "echo \"for $OWNER\" >> /srv/index.html",
    ]
  }

  post-processor "docker-tag" {
    repository = "example/site"
    tags       = ["1.0", "latest"]
  }

  post-processor "manifest" {
    output      = "site-manifest.json"
    custom_data = { base = var.base }
  }
}
