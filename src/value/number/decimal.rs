//! The digits of a finite number, rounded and laid out.
//!
//! Knows nothing of bits: digits come from `text`.

use std::cmp::Ordering;

/// A finite number in decimal: `0.digits × 10^point`, without zeros at either end of `digits`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Whether it has a minus sign.
    pub negative: bool,
    /// The digits as ASCII; none for zero.
    pub digits: Vec<u8>,
    /// How many digits stand before the point; negative: so many zeros follow the point.
    pub point: i64,
}

impl Decimal {
    /// Makes `text × 10^exponent`, without its zeros.
    pub fn new(negative: bool, text: &[u8], exponent: isize) -> Decimal {
        let first = text.iter().position(|d| *d != b'0').unwrap_or(text.len());
        let last = text.iter().rposition(|d| *d != b'0').map_or(first, |last| last + 1);
        let point = if first == last { 0 } else { (text.len() - first) as i64 + exponent as i64 };
        Decimal { negative, digits: text[first..last].to_vec(), point }
    }

    /// Rounds to `count` digits, halves to even; a `count` that is negative or zero may leave none.
    pub fn round(&mut self, count: i64) {
        let Ok(count) = usize::try_from(count) else {
            *self = Decimal { negative: self.negative, digits: Vec::new(), point: 0 };
            return;
        };
        if count >= self.digits.len() {
            return;
        }
        let half = self.digits[count].cmp(&b'5').then(if count + 1 == self.digits.len() {
            let odd = count > 0 && self.digits[count - 1] % 2 == 1;
            if odd { Ordering::Greater } else { Ordering::Less }
        } else {
            Ordering::Greater
        });
        self.cut(count, half == Ordering::Greater);
    }

    /// Keeps `count` digits, adding one to the last of them when `up`.
    pub fn cut(&mut self, count: usize, up: bool) {
        self.digits.truncate(count);
        if up {
            while self.digits.last() == Some(&b'9') {
                self.digits.pop();
            }
            match self.digits.last_mut() {
                Some(digit) => *digit += 1,
                None => {
                    self.digits.push(b'1');
                    self.point += 1;
                }
            }
        }
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
    }

    /// Returns digit number `index`, which is a zero past the last.
    pub fn digit(&self, index: i64) -> u8 {
        usize::try_from(index).ok().and_then(|index| self.digits.get(index)).copied().unwrap_or(b'0')
    }

    /// Returns it without exponent and sign, with `fraction` digits behind the point, or as many as it has.
    pub fn plain(&self, fraction: Option<usize>) -> String {
        let mut text = String::new();
        for index in 0..self.point.max(0) {
            text.push(self.digit(index).into());
        }
        if self.point <= 0 {
            text.push('0');
        }
        let own = usize::try_from(self.digits.len() as i64 - self.point).unwrap_or(0);
        let fraction = fraction.unwrap_or(own);
        if fraction > 0 {
            text.push('.');
            text.extend((0..fraction as i64).map(|index| char::from(self.digit(self.point + index))));
        }
        text
    }

    /// Returns it as `d.ddde+XX`, without sign, with `fraction` digits behind the point, or as many as it has.
    pub fn scientific(&self, fraction: Option<usize>) -> String {
        let fraction = fraction.unwrap_or(self.digits.len().saturating_sub(1));
        let mut text = String::from(char::from(self.digit(0)));
        if fraction > 0 {
            text.push('.');
            text.extend((1..=fraction as i64).map(|index| char::from(self.digit(index))));
        }
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 };
        let sign = if exponent < 0 { '-' } else { '+' };
        text + &format!("e{sign}{:02}", exponent.abs())
    }

    /// Returns it plain, or with an exponent when that is below -4 or at least `limit`, as C's `%g` does; no sign.
    pub fn general(&self, limit: i64) -> String {
        let exponent = self.point - 1;
        let scientific = !self.digits.is_empty() && (exponent < -4 || exponent >= limit);
        if scientific { self.scientific(None) } else { self.plain(None) }
    }
}

#[cfg(test)]
mod tests {
    use crate::value::Number;

    #[test]
    fn halves_round_to_even() {
        for (text, count, expected) in [("0.125", 2, "0.12"), ("0.375", 2, "0.38"), ("0.96", 1, "1"), ("2.5", 1, "2")] {
            let mut decimal = Number::from_text(text).unwrap().shortest().unwrap();
            decimal.round(count);
            assert_eq!(decimal.plain(None), expected);
        }
    }
}
