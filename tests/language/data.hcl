Cases of data sources, and of the order they share with locals; variables.hcl tells how to write one.

--- data-gives-its-output
# expect: local.a == "in"
data "null" "d" {
  input = "in"
}
locals {
  a = data.null.d.output
}

--- data-and-locals-in-any-order
# expect: local.end == "START-1-2"
locals {
  end = upper(data.null.last.output)
  mid = "${data.null.first.output}-1"
}
data "null" "last" {
  input = "${local.mid}-2"
}
data "null" "first" {
  input = "start"
}

--- all-data-of-a-type
# expect: local.all == ["one", "two"]
locals {
  all = [for name, made in data.null : made.output]
}
data "null" "b" {
  input = "two"
}
data "null" "a" {
  input = "one"
}

--- data-by-index
# expect: local.a == "xx"
data "null" "d" {
  input = "x"
}
locals {
  a = "${data["null"]["d"].output}${data.null["d"].output}"
}

--- data-input-is-converted
# expect: local.a == "3"
data "null" "d" {
  input = 3
}
locals {
  a = data.null.d.output
}

--- data-is-not-for-consoles
# shows: can(data.null.d) => false
data "null" "d" {
  input = "x"
}

--- data-without-input
# error: 1:1-1:16 Failed to prepare data source: "null.d": the `input` must be specified
data "null" "d" {
}

--- data-argument-misspelt
# error: 3:3-3:9 Unsupported argument
data "null" "d" {
  input  = "x"
  inputs = "y"
}

--- data-dynamic
# error: 3:3-3:10 Unsupported block type
data "null" "d" {
  input = "x"
  dynamic "input" {
    for_each = [1]
  }
}

--- data-unknown-type
# error: 1:1-1:15 Unknown data type nul
data "nul" "d" {
  input = "x"
}

--- data-twice
# error: 4:1-4:16 Duplicate data block
data "null" "d" {
  input = "x"
}
data "null" "d" {
  input = "y"
}

--- data-missing
# error: 2:7-2:28 failed to prepare execution graph: local.a needs data.null.gone, and the template declares no such data source
locals {
  a = data.null.gone.output
}

--- data-missing-member
# error: 5:19-5:25 Unsupported attribute
data "null" "d" {
  input = "x"
}
locals {
  a = data.null.d.result
}

--- data-that-needs-itself
# error: 1:1-1:16 failed to prepare execution graph: There is no order
data "null" "d" {
  input = data.null.d.output
}

--- http-without-url
# error: 2:3-2:11 Failed to prepare data source: "http.h": the `url` must be specified
data "http" "h" {
  url = ""
}

--- http-method
# error: 3:3-3:17 Failed to prepare data source: "http.h": the `method` must be one of [HEAD GET POST PUT DELETE OPTIONS PATCH]
data "http" "h" {
  url    = "http://127.0.0.1:1/"
  method = "get"
}

--- http-refused
# error: 1:1-1:16 Datasource.Execute failed: Get: 
data "http" "h" {
  url = "http://127.0.0.1:1/"
}
