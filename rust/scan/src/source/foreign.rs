//! Files that are something else, by their looks: only for messages, so a wrong guess does no harm.

/// What binary files begin with.
const MAGIC: [(&[u8], &str); 12] = [
    (b"ORC", "ORC"),
    (b"Obj\x01", "Avro"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x28\xb5\x2f\xfd", "Zstandard inside of other compression"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x04\x22\x4d\x18", "LZ4"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "gzip inside of other compression"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
    (b"%PDF", "PDF"),
];

/// What text files begin with.
const WORDS: [(&str, &str); 6] = [
    ("#Version:", "a W3C log"),
    ("#Fields:", "a W3C log"),
    ("#Software:", "an IIS log"),
    ("<?xml", "XML (JMeter can write its results as CSV)"),
    ("<testResults", "JMeter XML (JMeter can write its results as CSV)"),
    ("# HELP ", "Prometheus text"),
];

/// What the file looks like, if like anything; `first` is its first line that is not blank.
pub(super) fn guess(text: &[u8], first: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| text.starts_with(magic)) {
        return Some(what);
    }
    if text.get(8..12) == Some(b"DUCK") {
        return Some("a DuckDB database");
    }
    let line = String::from_utf8_lossy(first);
    if let Some((_, what)) = WORDS.iter().find(|(word, _)| line.starts_with(word)) {
        return Some(what);
    }
    if line.starts_with('{') {
        return Some("JSON that is not one object a line (`jq -c . FILE` makes it so)");
    }
    if line.starts_with("[{") || line == "[" {
        return Some("a JSON array (`jq -c '.[]' FILE` makes lines of it)");
    }
    text.contains(&0).then_some("a binary file")
}
