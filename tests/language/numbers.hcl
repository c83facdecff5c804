Cases of numbers (TYP-1 … TYP-7); variables.hcl tells how to write one.

--- decimal-fractions-add-up
# expect: 0.1 + 0.2 == 0.3
# expect: 0.1 * 3 == 0.3

--- a-third-times-three-is-one
# expect: 1 / 3 * 3 == 1

--- whole-numbers-beyond-64-bits-stay-apart
# expect: 9007199254740992 != 9007199254740993
# expect: 123456789012345678901234567890 + 1 == 123456789012345678901234567891

--- fraction-digits-beyond-a-64-bit-float-count
# expect: 1 != 1.0000000000000000000000000000000000001

--- zeros-behind-the-point-do-not-matter
# expect: 1 == 1.0
# shows: "a${1.10}" => a1.1
# shows: "a${1.0}" => a1

--- text-of-a-large-number-has-no-exponent
# shows: "a${1e21}" => a1000000000000000000000
# shows: "a${1.5e3}" => a1500

--- text-of-a-small-number-has-no-exponent
# shows: "a${1e-10}" => a0.0000000001

--- text-of-a-third-has-all-its-digits
# expect: length("${1 / 3}x") > 100
# expect: substr("a${1 / 3}", 0, 10) == "a0.3333333"

--- text-of-a-long-whole-number-is-exact
# shows: "a${123456789012345678901234567890}" => a123456789012345678901234567890

--- text-of-negative-zero-keeps-its-sign
# shows: "a${-0.0}" => a-0

--- text-of-infinity
# shows: "a${1 / 0}" => a+Inf
# shows: "a${-1 / 0}" => a-Inf

--- console-shows-whole-numbers-of-64-bits
# shows: 9223372036854775807 => 9223372036854775807
# shows: -9223372036854775808 => -9223372036854775808

--- console-rounds-longer-numbers-to-a-64-bit-float
# shows: 9223372036854775808 => 9.223372036854776e+18
# shows: 1e21 => 1e+21
# shows: 123456789012345678901234567890 => 1.2345678901234568e+29

--- console-shows-fractions-as-64-bit-floats
# shows: 1 / 3 => 0.3333333333333333
# shows: 2 / 3 => 0.6666666666666666
# shows: 0.1 + 0.7 => 0.8

--- console-shows-small-fractions-with-an-exponent
# shows: 0.0001 => 0.0001
# shows: 0.00001 => 1e-05

--- console-shows-infinity
# shows: 1 / 0 => +Inf
# shows: -1 / 0 => -Inf
# shows: 1e400 => +Inf

--- a-number-beyond-a-float-is-kept
# expect: 1e400 * 10 == 1e401
# expect: 1e400 < 1 / 0

--- zero-by-zero-is-an-error
# fails: 0 / 0 => 1:1-1:6 Operation failed: Error during operation: can't divide zero by zero
# fails: (1 / 0) / (1 / 0) => Operation failed

--- infinity-minus-infinity-is-an-error
# fails: 1 / 0 - 1 / 0 => Operation failed
# fails: 1 / 0 * 0 => Operation failed

--- dividing-by-infinity-gives-zero
# expect: 1 / (1 / 0) == 0

--- remainder-has-the-sign-of-the-dividend
# shows: 5 % 3 => 2
# shows: -5 % 3 => -2
# shows: 5 % -3 => 2
# shows: -5 % -3 => -2

--- remainder-of-fractions
# expect: 5.5 % 2 == 1.5
# expect: -5.5 % 2 == -1.5

--- remainder-by-zero-is-the-dividend
# shows: 5 % 0 => 5
# shows: -5 % 0 => -5

--- remainder-with-infinity-is-an-error
# fails: 5 % (1 / 0) => 1:1-1:12 Operation failed
# fails: 1 / 0 % 2 => 1:1-1:10 Operation failed

--- literals-have-exponents
# expect: 1e3 == 1000 && 1E3 == 1000 && 1e+3 == 1000
# expect: 1e-3 == 0.001
# expect: 1.5e3 == 1500

--- a-literal-may-end-its-digits-with-the-point
# expect: 1.e3 == 1000

--- a-literal-has-one-point-and-one-exponent
# fails: 1..2 => 1:1-1:5 Invalid number literal
# fails: 1.2.3 => 1:1-1:6 Invalid number literal
# fails: 1e5e5 => 1:1-1:6 Invalid number literal

--- an-exponent-needs-digits
# fails: 1e => 1:2-1:3 Extra characters after expression
# fails: 1e+ => 1:2-1:3 Extra characters after expression

--- leading-zeros-do-not-change-the-base
# shows: 010 => 10
# shows: 00.5 => 0.5

--- literals-have-no-other-base
# fails: 0x10 => 1:2-1:5 Extra characters after expression
# fails: 0b1 => 1:2-1:4 Extra characters after expression
# fails: 0o7 => 1:2-1:4 Extra characters after expression

--- literals-have-no-underscores
# fails: 1_000 => 1:2-1:6 Extra characters after expression

--- a-literal-does-not-begin-with-the-point
# fails: .5 => 1:1-1:2 Invalid expression

--- minus-applies-to-any-number
# shows: - - 1 => 1
# shows: -(2 + 3) => -5

--- division-keeps-the-fraction
# shows: 7 / 2 => 3.5
# shows: 10 / 4 * 4 => 10
