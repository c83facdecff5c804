Cases of null and of what is not known (TYP-34 … TYP-37, HCL-108); variables.hcl tells how to write one.

--- null-equals-null-of-any-type
# expect: null == null
# expect: convert(null, string) == convert(null, number)
# expect: null != ""
# expect: null != 0

--- null-inside-collections
# expect: [null] == [null]
# expect: {a = null} == {a = null}
# expect: length([null, null]) == 2

--- null-is-no-operand
# fails: 1 + null => 1:
# fails: -null => 1:
# fails: null < 1 => 1:
# fails: !null => 1:

--- null-in-logic-counts-as-false-before-and
# shows: null && true => false
# shows: true && null => false
# shows: null || true => true
# fails: null || false => 1:1-1:5

--- unknown-spreads-through-operators
# with: an unset variable u
# shows: var.u + 1 => <unknown>
# shows: var.u == 1 => <unknown>
# shows: !var.u => <unknown>

--- unknown-spreads-through-templates-and-collections
# shows: "a${source.name}" => <unknown>
# shows: [1, source.name] => <unknown>
# shows: {a = source.name} => <unknown>
# shows: [1, source.name][0] => 1

--- unknown-spreads-through-functions
# shows: upper(source.name) => <unknown>
# shows: length([source.name]) => 1

--- unknown-condition
# shows: source.name ? 1 : 2 => <unknown>
# fails: source.name ? 1 : [] => Inconsistent conditional result types

--- unknown-side-of-logic-may-not-matter
# shows: source.name && false => false
# shows: source.name || true => true
# shows: false && source.name => false
# shows: source.name && true => <unknown>

--- a-wrong-type-fails-beside-an-unknown
# fails: source.name + [] => 1:15-1:17 Invalid operand
# fails: source.name + "a" => Invalid operand
# fails: upper("${source.name}a" + []) => Invalid operand

--- unknown-cannot-be-checked-further
# with: an unset variable u
# shows: var.u.y.z => <unknown>
# shows: var.u["k"] => <unknown>
# shows: [for x in var.u : x] => <unknown>
# shows: var.u[*] => <unknown>

--- a-side-that-decides-hides-mistakes-of-the-other
# shows: [][0] || true => true
# shows: true || [][0] => true
# shows: local.o.missing && false => false
# fails: local.o.missing && true => 1:9-1:16 Unsupported attribute
locals { o = {} }

--- null-leaves-an-option-out
# see: TYP-34
# builds: null.a
source "null" "a" {
  communicator = "none"
  ssh_host     = null
}
build { sources = ["null.a"] }
