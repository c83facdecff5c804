# Several builds from one source, made by a dynamic block, side by side, each with its own provisioning.
#
# Run one of them alone with: packer build -only='matrix.file.small' examples/matrix.pkr.hcl

variable "sizes" {
  type = map(number)
  default = {
    small  = 1
    medium = 10
    large  = 100
  }

  validation {
    condition     = length(var.sizes) > 0
    error_message = "At least one size is needed."
  }
}

source "file" "data" {
  content = "size;"
}

build {
  name = "matrix"

  dynamic "source" {
    for_each = var.sizes
    labels   = ["file.data"]
    content {
      name   = source.key
      target = "matrix-${source.key}.txt"
    }
  }

  provisioner "shell-local" {
    environment_vars = ["NAME=${source.name}"]
    inline           = ["echo \"making $NAME\" | tee -a matrix-$NAME.txt"]
  }

  provisioner "shell-local" {
    only         = ["file.large"]
    pause_before = "10ms"
    max_retries  = 2
    inline       = ["echo 'the large one takes longer'"]
  }

  post-processor "checksum" {
    checksum_types = ["md5", "sha256"]
    output         = "matrix-${source.name}.{{ .ChecksumType }}"
  }
}
