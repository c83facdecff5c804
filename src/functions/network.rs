//! Functions that calculate with network prefixes such as `10.0.0.0/16`.
//!
//! Addresses are numbers here, 32 or 128 bits wide; nothing is looked up.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Shape::{ListOfString, Number as Num, String as Text};
use super::{Function, Looks, bad, failed, param, text, texts, whole, whole_argument};
use crate::eval::CallError;
use crate::value::Value;

/// The most bits by which a prefix is made longer.
const MOST_BITS: i64 = 32;

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "cidrhost",
        params: &[param("prefix", Text), param("hostnum", Num)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| host(&prefix(args)?, whole(args, 1)?).map(Value::from).map_err(CallError::Failed),
        about: "The address number `hostnum` in `prefix`; a negative number counts from its end.",
        examples: &[
            (r#"cidrhost("10.12.127.0/20", 16)"#, r#""10.12.112.16""#),
            (r#"cidrhost("10.0.0.0/24", -1)"#, r#""10.0.0.255""#),
            (r#"cidrhost("fd00:fd12:3456:7890::/56", 34)"#, r#""fd00:fd12:3456:7800::22""#),
        ],
    },
    Function {
        name: "cidrnetmask",
        params: &[param("prefix", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let prefix = prefix(args)?;
            Ok(prefix.shown(prefix.mask()).into())
        },
        about: "The mask of `prefix`, written as an address.",
        examples: &[
            (r#"cidrnetmask("172.16.0.0/12")"#, r#""255.240.0.0""#),
            (r#"cidrnetmask("fd00::/8")"#, r#""ff00::""#),
        ],
    },
    Function {
        name: "cidrsubnet",
        params: &[param("prefix", Text), param("newbits", Num), param("netnum", Num)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            subnet(&prefix(args)?, whole(args, 1)?, whole(args, 2)?).map(Value::from).map_err(CallError::Failed)
        },
        about: "The part number `netnum` of `prefix` when it is made longer by `newbits` bits.",
        examples: &[
            (r#"cidrsubnet("172.16.0.0/12", 4, 2)"#, r#""172.18.0.0/16""#),
            (r#"cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)"#, r#""fd00:fd12:3456:7800:a200::/72""#),
        ],
    },
    Function {
        name: "cidrsubnets",
        params: &[param("prefix", Text)],
        rest: Some(param("newbits", Num)),
        returns: ListOfString,
        looks: Looks::Deep,
        call: |_cx, args| {
            let prefix = prefix(args).or_else(|_| bad(0, "invalid CIDR expression"))?;
            subnets(&prefix, args).map(texts)
        },
        about: "Parts of `prefix` that follow each other without overlapping; each is longer by as many bits as its argument says.",
        examples: &[
            (
                r#"cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)"#,
                r#"["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"]"#,
            ),
            (r#"cidrsubnets("10.1.0.0/16")"#, "[]"),
        ],
    },
];

/// A network: its first address as a number, and how many leading bits are fixed.
struct Prefix {
    first: u128,
    bits: u32,
    /// 32 or 128.
    width: u32,
}

impl Prefix {
    fn parse(text: &str) -> Option<Prefix> {
        let (address, bits) = text.split_once('/')?;
        let (number, width) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        if bits.is_empty() || !bits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let bits = bits.parse().ok().filter(|bits| *bits <= width)?;
        let mut prefix = Prefix { first: number, bits, width };
        // Whoever writes an address within the network means the network.
        prefix.first &= prefix.mask();
        Some(prefix)
    }

    /// Returns how many addresses follow the first one.
    fn last_host(&self) -> u128 {
        ones(self.width - self.bits)
    }

    fn mask(&self) -> u128 {
        ones(self.width) & !self.last_host()
    }

    fn shown(&self, address: u128) -> String {
        match u32::try_from(address) {
            Ok(address) if self.width == 32 => Ipv4Addr::from(address).to_string(),
            _ => Ipv6Addr::from(address).to_string(),
        }
    }
}

/// Returns a number of `count` ones.
fn ones(count: u32) -> u128 {
    1_u128.checked_shl(count).map_or(u128::MAX, |power| power - 1)
}

fn prefix(args: &[Value]) -> Result<Prefix, CallError> {
    let given = text(args, 0);
    Prefix::parse(given).map_or_else(
        || failed(format!("invalid CIDR expression: {given:?} is not an address and a length such as 10.0.0.0/16")),
        Ok,
    )
}

fn host(prefix: &Prefix, number: i64) -> Result<String, String> {
    let last = prefix.last_host();
    let distance = if number < 0 { u128::from(number.unsigned_abs()) - 1 } else { u128::from(number.unsigned_abs()) };
    if distance > last {
        return Err(format!("prefix of {} does not accommodate a host numbered {number}", prefix.bits));
    }
    let host = if number < 0 { last - distance } else { distance };
    Ok(prefix.shown(prefix.first | host))
}

fn subnet(prefix: &Prefix, more: i64, number: i64) -> Result<String, String> {
    if more > MOST_BITS {
        return Err(format!("may not extend prefix by more than {MOST_BITS} bits"));
    }
    let Ok(number) = u128::try_from(number) else { return Err("subnet number must not be negative".to_owned()) };
    let bits = i64::from(prefix.bits) + more;
    let Some(bits) = u32::try_from(bits).ok().filter(|bits| *bits <= prefix.width) else {
        return Err(format!("insufficient address space to extend prefix of {} by {more}", prefix.bits));
    };
    // A number of a network as wide as all addresses is zero.
    let offset = number.checked_shl(prefix.width - bits).unwrap_or(0);
    let (most, fits) = match u32::try_from(more) {
        Ok(more) => (ones(more), true),
        // A shorter prefix takes a number as well, which then changes bits that are set: odd, but the reference does it.
        Err(_) => (u128::MAX, offset <= ones(prefix.width)),
    };
    if number > most || !fits {
        return Err(format!("prefix extension of {more} does not accommodate a subnet numbered {number}"));
    }
    Ok(format!("{}/{bits}", prefix.shown(prefix.first | offset)))
}

fn subnets(prefix: &Prefix, args: &[Value]) -> Result<Vec<String>, CallError> {
    // Where the next one may start, counted from the first address; none at the very end of all addresses.
    let mut next = Some(0_u128);
    let mut made: Vec<String> = Vec::new();
    for index in 1..args.len() {
        let more = whole_argument(args, index)?;
        let Some(more) = u32::try_from(more).ok().filter(|more| *more > 0) else {
            return bad(index, "must extend prefix by at least one bit");
        };
        if i64::from(more) > MOST_BITS {
            return bad(index, format!("may not extend prefix by more than {MOST_BITS} bits"));
        }
        let bits = prefix.bits + more;
        if bits > prefix.width {
            let kind = if prefix.width == 32 { "IPv4" } else { "IPv6" };
            return bad(index, format!("would extend prefix to {bits} bits, which is too long for an {kind} address"));
        }
        let size = ones(prefix.width - bits);
        // The next one starts where its own size divides.
        let start = next.and_then(|next| next.checked_add(size)).map(|end| end & !size);
        match start.filter(|start| *start <= prefix.last_host()) {
            Some(start) => {
                made.push(format!("{}/{bits}", prefix.shown(prefix.first | start)));
                next = (start | size).checked_add(1);
            }
            None => {
                let after = made.last().map_or_else(String::new, |last| format!(" after {last}"));
                let reason = format!("not enough remaining address space for a subnet with a prefix of {bits} bits");
                return bad(index, reason + &after);
            }
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Prefix {
        Prefix::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn hosts_count_from_both_ends() {
        // FN-104
        for (prefix, number, expected) in [
            ("10.0.0.7/24", -256, "10.0.0.0"),
            ("0.0.0.0/0", 4_294_967_295, "255.255.255.255"),
            ("10.0.0.0/32", -1, "10.0.0.0"),
            ("10.0.0.0/024", 1, "10.0.0.1"),
            ("fd00::/8", i64::MAX, "fd00::7fff:ffff:ffff:ffff"),
            ("::/0", i64::MIN, "ffff:ffff:ffff:ffff:8000::"),
        ] {
            assert_eq!(host(&of(prefix), number).as_deref(), Ok(expected), "{prefix} {number}");
        }
        let refused = host(&of("10.0.0.0/24"), 300);
        assert_eq!(refused, Err("prefix of 24 does not accommodate a host numbered 300".to_owned()));
        assert!(host(&of("10.0.0.0/24"), -257).is_err());
    }

    #[test]
    fn what_is_no_prefix_is_refused() {
        // FN-106
        for text in
            ["10.0.0.0", "10.00.0.0/24", "10.0.0.0/33", "10.0.0.0/+2", "10.0.0.0/", "x/1", "fe80::1%eth0/64", ""]
        {
            assert!(Prefix::parse(text).is_none(), "{text}");
        }
        let masks = ["10.0.0.0/0", "fd00::/0", "fd00::/96"].map(|text| of(text).shown(of(text).mask()));
        assert_eq!(masks, ["0.0.0.0", "::", "ffff:ffff:ffff:ffff:ffff:ffff::"]);
    }

    #[test]
    fn subnets_are_numbered() {
        // FN-106
        let parts = |prefix: &str, more, number| subnet(&of(prefix), more, number);
        assert_eq!(parts("fd00::/8", 32, 4_294_967_295).as_deref(), Ok("fdff:ffff:ff00::/40"));
        assert_eq!(parts("10.1.2.240/28", -4, 0).as_deref(), Ok("10.1.2.240/24"));
        assert_eq!(parts("10.1.2.240/28", 0, 0).as_deref(), Ok("10.1.2.240/28"));
        for (prefix, more, number) in
            [("10.1.2.240/28", 5, 0), ("10.1.2.240/28", 1, 3), ("10.1.2.240/28", 1, -1), ("fd00::/8", 33, 1)]
        {
            assert!(parts(prefix, more, number).is_err(), "{prefix} {more} {number}");
        }
        assert!(parts("10.0.0.0/8", i64::MIN, 0).is_err());
    }

    #[test]
    fn subnets_follow_each_other() {
        // FN-107
        let parts = |text: &str, bits: &[i64]| {
            let args: Vec<Value> = [text.into()].into_iter().chain(bits.iter().map(|b| Value::from(*b))).collect();
            subnets(&of(text), &args)
        };
        assert_eq!(parts("10.1.0.0/16", &[8, 1]).unwrap(), ["10.1.0.0/24", "10.1.128.0/17"]);
        assert_eq!(parts("::/0", &[1, 1]).unwrap(), ["::/1", "8000::/1"]);
        for bits in [&[1, 1, 1][..], &[8, 1, 1], &[0], &[-1], &[33], &[17]] {
            let index = bits.len();
            assert!(matches!(parts("10.1.0.0/16", bits), Err(CallError::Argument(at, _)) if at == index), "{bits:?}");
        }
    }
}
