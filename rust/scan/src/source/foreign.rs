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
const WORDS: [(&str, &str); 7] = [
    ("#Version:", "a CloudFront or W3C log"),
    ("#Fields:", "a W3C log"),
    ("#Software:", "an IIS log"),
    ("<?xml", "XML (JMeter can write its results as CSV)"),
    ("<testResults", "JMeter XML (JMeter can write its results as CSV)"),
    ("[pid: ", "a uWSGI log"),
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
        return Some("JSON that is not one object a line");
    }
    if line.starts_with("[{") || line == "[" {
        return Some("a JSON array (`jq -c '.[]' FILE` makes lines of it)");
    }
    let words: Vec<&str> = line.split_whitespace().take(8).collect();
    let dated = |place: usize| words.get(place).is_some_and(|word| is_iso_date(word));
    if line.contains(" stdout F {") || line.contains(" stderr F {") {
        return Some("a container log with JSON lines");
    }
    if words.first().is_some_and(|word| ["http", "https", "h2", "ws", "wss", "grpcs"].contains(word)) && dated(1) {
        return Some("an AWS load balancer (ALB) log");
    }
    if line.split('\t').count() > 20 && dated(0) {
        return Some("a CloudFront log");
    }
    if line.starts_with('[') && line.get(1..).is_some_and(is_iso_date) {
        return Some("an Envoy log");
    }
    if line.contains("haproxy[") || words.iter().any(|word| is_millisecond_time(word)) {
        return Some("an HAProxy log");
    }
    text.contains(&0).then_some("a binary file")
}

/// Whether a word begins with `2026-01-02`.
fn is_iso_date(word: &str) -> bool {
    let shape = word.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte }).take(10);
    shape.eq(*b"0000-00-00")
}

/// Whether a word is the `[14/Jan/2015:12:48:57.127]` of `HAProxy`.
fn is_millisecond_time(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 26 && bytes.starts_with(b"[") && bytes.get(21) == Some(&b'.') && bytes.ends_with(b"]")
}
