# What happens when something goes wrong: retries, a failure that does not count, and tidying up.
#
# With -var broken=true the last provisioner fails, the error-cleanup-provisioner runs, and packer exits with 1.

variable "broken" {
  type    = bool
  default = false
}

source "null" "here" {
  communicator = "none"
}

build {
  sources = ["null.here"]

  provisioner "shell-local" {
    max_retries = 2
    inline      = ["echo try >> tries.txt", "test $(wc -l < tries.txt) -ge 2"]
  }

  provisioner "shell-local" {
    continue_on_error = true
    inline            = ["echo 'this may fail'", "exit 3"]
  }

  provisioner "shell-local" {
    timeout = "30s"
    inline  = ["rm -f tries.txt", var.broken ? "exit 1" : "echo all is well"]
  }

  error-cleanup-provisioner "shell-local" {
    inline = ["echo tidying up"]
  }
}
