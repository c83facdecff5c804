# A secret reaches scripts and files, never the output: it is shown as <sensitive>.

variable "token" {
  type      = string
  default   = "swordfish-42"
  sensitive = true
}

local "header" {
  expression = "Authorization: Bearer ${var.token}"
  sensitive  = true
}

source "null" "here" {
  communicator = "none"
}

build {
  sources = ["null.here"]

  provisioner "shell-local" {
    environment_vars = ["HEADER=${local.header}"]
    inline           = ["echo \"sending $HEADER\"", "printf %s \"$HEADER\" | wc -c"]
  }
}
