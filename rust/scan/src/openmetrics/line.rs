//! One sample of the text, taken apart.

use super::names::unescaped;

/// A line of the text: which counter, its value, and when.
pub(super) struct Line<'a> {
    /// The name and the labels.
    pub(super) counter: &'a str,
    pub(super) value: u128,
    /// Microseconds.
    pub(super) time: i64,
}

/// Takes a line apart; or says what is wrong with it.
pub(super) fn sample(line: &str) -> Result<Line<'_>, String> {
    let mut words = line.rsplitn(3, ' ');
    let (time, value, counter) = (words.next(), words.next(), words.next());
    let (Some(time), Some(value), Some(counter)) = (time, value, counter) else {
        return Err("no sample: it has a name with labels, a value and a time".to_owned());
    };
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let value = value.parse().ok().filter(|_| digits).ok_or_else(|| format!("'{value}' is no count"))?;
    let time = micros(time).ok_or_else(|| format!("'{time}' is no time in seconds"))?;
    Ok(Line { counter, value, time })
}

/// The name of a counter, and its labels in order.
pub(super) fn counter(text: &str) -> Option<(&str, Vec<(&str, String)>)> {
    let (name, mut rest) = text.strip_suffix('}')?.split_once('{')?;
    let mut labels = Vec::new();
    while !rest.is_empty() {
        let (label, value) = rest.split_once("=\"")?;
        let end = quote(value)?;
        labels.push((label, unescaped(value.get(..end)?)));
        rest = value.get(end + 1..)?;
        if !rest.is_empty() {
            rest = rest.strip_prefix(',').filter(|more| !more.is_empty())?;
        }
    }
    Some((name, labels))
}

/// Where the quote stands that ends a value.
fn quote(value: &str) -> Option<usize> {
    let mut escape = false;
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            b'"' if !escape => return Some(at),
            b'\\' => escape = !escape,
            _ => escape = false,
        }
    }
    None
}

/// Seconds with at most six decimals as microseconds.
fn micros(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let numeral = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !numeral(whole) || !numeral(part) || part.len() > 6 {
        return None;
    }
    let part: i64 = format!("{part:0<6}").parse().ok()?;
    let whole: i64 = whole.parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(part)?.checked_mul(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_exact() {
        let of = [("0", Some(0)), ("-0.5", Some(-500_000)), ("1.000001", Some(1_000_001)), ("7.25", Some(7_250_000))];
        for (text, expected) in of {
            assert_eq!(micros(text), expected, "{text}");
        }
        for text in ["", ".5", "5.", "1.0000001", "1e3", "+1", "--1", "9223372036855", "NaN"] {
            assert_eq!(micros(text), None, "{text}");
        }
    }

    #[test]
    fn labels_may_hold_anything_between_their_quotes() {
        let text = r#"a_total{zone="x} 1 2",host="\"\\\n,=",null=""}"#;
        let labels = vec![("zone", "x} 1 2".to_owned()), ("host", "\"\\\n,=".to_owned()), ("null", String::new())];
        assert_eq!(counter(text), Some(("a_total", labels)));
        assert_eq!(counter("a{}"), Some(("a", vec![])));
        for text in ["a", "a{", "a}", "a{b}", r#"a{b="c}"#, r#"a{b="c\"}"#, r#"a{b="c",}"#, r#"a{b="c"d="e"}"#] {
            assert_eq!(counter(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_has_a_value_and_a_time() {
        let line = sample(r#"a_total{b="c d"} 12 60.5"#).map(|line| (line.counter, line.value, line.time));
        assert_eq!(line, Ok((r#"a_total{b="c d"}"#, 12, 60_500_000)));
        for text in ["", "a 1", "a -1 2", "a 1.0 2", "a 1 2s", "a  2"] {
            assert!(sample(text).is_err(), "{text}");
        }
    }
}
