//! Lists of checksums, as releases have them: a line for each file, `SUM  NAME`.

use super::super::checksum::is_sum;

/// Returns checksums, in small digits, and the files they are of; lines that are none are left out.
pub fn parse(text: &str) -> Vec<(String, &str)> {
    let line = |line: &'_ str| -> Option<(String, usize)> {
        let sum = line.split_whitespace().next()?.to_lowercase();
        is_sum(&sum).then_some((sum, 64))
    };
    text.lines()
        .filter_map(|one| {
            let one = one.trim();
            let (sum, end) = line(one)?;
            // A star stands in front of files that were read as they are.
            let file = one[end..].trim_start().trim_start_matches('*');
            (!file.is_empty() && !file.contains(char::is_whitespace)).then_some((sum, file))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_checksum_and_a_file() {
        // INI-5
        let sum = "0123456789abcdef".repeat(4);
        let text = format!("{sum}  a.zip\r\n\nno sum  b.zip\n{} *c.zip\n{sum}\n{sum} d e", sum.to_uppercase());
        assert_eq!(parse(&text), [(sum.clone(), "a.zip"), (sum, "c.zip")]);
    }
}
