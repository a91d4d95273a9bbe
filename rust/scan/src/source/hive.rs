//! Partitions in the names of directories: `date=2026-01-02/region=eu/part.parquet`.

use std::path::Path;

/// The value that writers of partitions use for null.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The `key=value` directories of a path, outermost first, percent-decoded; of a key used twice the innermost counts.
#[must_use]
pub fn partitions(path: &Path) -> Vec<(String, Option<String>)> {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    let directories = path.parent().map(Path::components).into_iter().flatten();
    for component in directories {
        let text = component.as_os_str().to_string_lossy();
        let Some((key, value)) = text.split_once('=').filter(|(key, _)| !key.is_empty()) else { continue };
        let key = decode(key);
        let value = (value != NULL).then(|| decode(value));
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some(known) => known.1 = value,
            None => found.push((key, value)),
        }
    }
    found
}

/// Replaces `%41` by `A`; a percent sign without two hexadecimal digits stays.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let coded = (first == b'%').then(|| tail.get(..2).and_then(hexadecimal)).flatten();
        out.push(coded.unwrap_or(first));
        rest = if coded.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The value of two hexadecimal digits.
fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    match digits {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_decoded_and_nulls_are_nulls() {
        let path =
            Path::new("logs/date=2026-01-02/region=eu%2Fwest%20100%/zone=__HIVE_DEFAULT_PARTITION__/a=b.parquet");
        let expected = [("date", Some("2026-01-02")), ("region", Some("eu/west 100%")), ("zone", None)]
            .map(|(key, value)| (key.to_owned(), value.map(str::to_owned)));
        assert_eq!(partitions(path), expected);
    }

    #[test]
    fn plain_directories_are_no_partitions() {
        assert!(partitions(Path::new("/var/log/=x/a.log")).is_empty());
        assert_eq!(partitions(Path::new("k=1/k=2/a.log")), [("k".to_owned(), Some("2".to_owned()))]);
    }
}
