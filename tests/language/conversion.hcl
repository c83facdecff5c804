Cases of conversions between kinds of values (TYP-8 … TYP-14, TYP-20 … TYP-23); variables.hcl tells how to write one.

--- text-to-number-takes-leading-zeros-and-signs
# shows: convert("01", number) => 1
# shows: convert("+1", number) => 1
# shows: convert("-2.50", number) => -2.5

--- text-to-number-takes-a-bare-fraction-and-an-exponent
# shows: convert(".5", number) => 0.5
# shows: convert("1e3", number) => 1000

--- text-to-number-takes-infinity
# shows: convert("inf", number) => +Inf
# shows: convert("-Inf", number) => -Inf

--- text-to-number-refuses-the-empty-text
# fails: convert("", number) => a number is required

--- text-to-number-refuses-blanks-around
# fails: convert(" 1", number) => a number is required
# fails: convert("1 ", number) => a number is required

--- text-to-number-refuses-other-bases-and-words
# fails: convert("0x10", number) => a number is required
# fails: convert("1_0", number) => a number is required
# fails: convert("ten", number) => a number is required
# fails: convert("nan", number) => a number is required

--- text-to-bool-takes-four-words
# shows: convert("true", bool) => true
# shows: convert("false", bool) => false
# shows: convert("1", bool) => true
# shows: convert("0", bool) => false

--- text-to-bool-in-capitals-is-told-to-be-lower-case
# fails: convert("True", bool) => use lowercase "true"
# fails: convert("FALSE", bool) => use lowercase "false"

--- text-to-bool-refuses-other-words
# fails: convert("yes", bool) => a bool is required
# fails: convert("", bool) => a bool is required

--- number-is-no-bool-and-bool-is-no-number
# fails: convert(1, bool) => bool required
# fails: convert(true, number) => number required

--- bool-and-number-to-text
# shows: convert(true, string) => true
# shows: convert(1.50, string) => 1.5
# shows: convert(1e21, string) => 1000000000000000000000

--- arithmetic-converts-text
# shows: "1" + 1 => 2
# shows: "6" / "3" => 2
# shows: -"5" => -5
# fails: "x" + 1 => 1:1-1:4 Invalid operand

--- comparison-converts-text
# expect: "2" > 1
# expect: "10" > "9"

--- logic-converts-text
# expect: !"false"
# expect: "true" && "1"
# fails: "x" && true => 1:1-1:4 Invalid operand

--- logic-refuses-numbers
# fails: 1 && true => Invalid operand
# fails: !1 => 1:2-1:3 Invalid operand

--- logic-refuses-numbers-even-where-the-other-side-decides
# see: TYP-37: the type of an operand counts before its value.
# fails: 0 || true => 1:1-1:2 Invalid operand
# fails: 1 && false => 1:1-1:2 Invalid operand

--- equality-never-converts
# expect: !("1" == 1)
# expect: "true" != true
# expect: 1 != "1"

--- ordering-is-for-numbers-only
# see: TYP-13: one error for each side
# fails: "b" > "a" => 1:1-1:4 Invalid operand
# fails: "b" > "a" => 1:7-1:10 Invalid operand
# fails: true > false => Invalid operand

--- comparison-of-a-comparison
# fails: 1 < 2 < 3 => 1:1-1:6 Invalid operand

--- equal-collections-have-the-same-type
# expect: [1] == [1] && [1] != ["1"]
# expect: convert([1], list(number)) == convert([1], list(number))
# expect: convert([1], list(number)) != convert([1], list(string))

--- tuple-never-equals-a-list
# expect: [1] != convert([1], list(number))
# expect: [] != convert([], list(string))

--- object-never-equals-a-map
# expect: {a = 1} != convert({a = 1}, map(number))
# expect: {} != convert({}, map(string))

--- set-never-equals-a-list
# expect: convert([1], set(number)) != convert([1], list(number))

--- equal-objects-have-the-same-attributes
# expect: {a = 1, b = 2} == {b = 2, a = 1}
# expect: {a = 1} != {a = 1, b = null}

--- equal-sets-have-the-same-elements
# expect: convert([1, 2], set(number)) == convert([2, 1, 1], set(number))

--- literals-are-tuples-and-objects
# shows: convert([1, "a"], any) => [\n  1,\n  "a",\n]
# shows: [1, "a", true] => [\n  1,\n  "a",\n  true,\n]

--- tuple-to-list-converts-each-element
# expect: convert([1, true, "x"], list(string)) == convert(["1", "true", "x"], list(string))

--- tuple-to-list-names-the-element-that-does-not-fit
# fails: convert(["a", []], list(string)) => element 1: string required
# fails: convert([1, "x"], list(number)) => a number is required

--- tuple-to-tuple-needs-the-same-length
# shows: convert([1, 2], tuple([string, number])) => [\n  "1",\n  2,\n]
# fails: convert([1], tuple([string, string])) => Call to function "convert" failed

--- list-is-no-tuple
# fails: convert(convert([1], list(number)), tuple([number])) => tuple required

--- list-to-set-drops-duplicates
# shows: convert(convert([2, 1, 2], list(number)), set(string)) => [\n  "1",\n  "2",\n]

--- set-to-list-is-sorted
# shows: convert(convert(["b", "a"], set(string)), list(string)) => [\n  "a",\n  "b",\n]

--- object-to-map-converts-each-element
# shows: convert({a = 1, b = true}, map(string)) => {\n  "a" = "1"\n  "b" = "true"\n}

--- object-to-map-names-the-element-that-does-not-fit
# fails: convert({a = 1, b = []}, map(string)) => element "b": string required

--- object-conversion-drops-other-attributes
# shows: convert({a = 1, b = 2}, object({a = string})) => {\n  "a" = "1"\n}

--- object-conversion-needs-its-attributes
# fails: convert({a = 1}, object({a = string, b = string})) => attribute "b" is required

--- optional-has-no-effect-in-convert
# see: TYP-22
# fails: convert({a = 1}, object({a = string, b = optional(string)})) => attribute "b" is required
# fails: convert({a = 1}, object({a = string, b = optional(string, "x")})) => 1:

--- map-to-object-takes-the-attributes-it-needs
# shows: convert(convert({a = 1, b = 2}, map(number)), object({b = string})) => {\n  "b" = "2"\n}
# fails: convert(convert({a = 1}, map(number)), object({b = string})) => "b"

--- scalar-is-no-collection
# fails: convert("x", list(string)) => list of string required
# fails: convert(1, set(number)) => set of number required
# fails: convert("x", map(string)) => map of string required

--- collection-is-no-scalar
# fails: convert(["x"], string) => string required
# fails: convert({}, bool) => bool required

--- list-is-no-map-and-object-is-no-list
# fails: convert({a = 1}, list(string)) => list of string required
# fails: convert([1], map(string)) => map of string required

--- nested-conversion
# expect: convert([{a = 1, b = 2}], list(object({a = string})))[0].a == "1"
# fails: convert([{b = 2}], list(object({a = string}))) => attribute "a" is required

--- null-converts-to-every-type
# expect: convert(null, list(string)) == null
# expect: convert(null, number) == null
# expect: convert([null], list(string))[0] == null

--- convert-needs-a-type-that-exists
# fails: convert("a", strng) => 1:14-1:19
# fails: convert("a", "string") => 1:
# fails: convert("a", list) => 1:14-1:18

--- convert-needs-types-with-their-elements
# fails: convert("a", tuple(string)) => 1:
# fails: convert("a", object([])) => 1:
# fails: convert("a", string(1)) => 1:
# fails: convert("a", list(string, number)) => 1:
