//! What stands around the lines of a log, put there by whatever carried it.

use super::Counter;
use super::scan::count;

/// What carried a log, and what it wrote beside the log's own lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Framing {
    /// Nothing.
    #[default]
    Plain,
    /// A container runtime: `2026-01-02T03:04:05.678Z stdout F ` before each line, and long lines in parts.
    Container,
    /// Syslog: `Jan  2 03:04:05 host program[7]: ` before each line.
    Syslog,
    /// Lines that begin with `#` are about the log.
    Comments,
}

/// What a container runtime says of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Carried {
    /// Where the text begins.
    pub(super) start: usize,
    /// 0 for `stdout`, 1 for `stderr`.
    pub(super) stream: usize,
    /// Whether more of the same line follows.
    pub(super) partial: bool,
}

impl Framing {
    /// What at least half of the first lines of a file have.
    #[must_use]
    pub fn of(lines: &[&[u8]]) -> Self {
        let directive =
            |line: &&[u8]| [&b"#Version:"[..], b"#Fields:", b"#Software:"].iter().any(|d| line.starts_with(d));
        if lines.first().is_some_and(directive) {
            return Self::Comments;
        }
        let mostly = |framing: &Self| {
            let framed = lines.iter().filter(|line| framing.before(line) > 0).count();
            framed > 0 && framed * 2 >= lines.len()
        };
        [Self::Container, Self::Syslog].into_iter().find(mostly).unwrap_or_default()
    }

    /// How many bytes of a line are not its own; all of a comment.
    #[must_use]
    pub fn before(self, line: &[u8]) -> usize {
        match self {
            Self::Container => container(line).map_or(0, |carried| carried.start),
            Self::Syslog => syslog(line).unwrap_or(0),
            Self::Comments if line.starts_with(b"#") => line.len(),
            Self::Plain | Self::Comments => 0,
        }
    }

    /// Counts the lines and records of a stretch.
    pub(in crate::format) fn counter(self) -> Counter {
        match self {
            Self::Plain => |reader, begins| count(reader, begins, Self::Plain),
            Self::Container => |reader, begins| count(reader, begins, Self::Container),
            Self::Syslog => |reader, begins| count(reader, begins, Self::Syslog),
            Self::Comments => |reader, begins| count(reader, begins, Self::Comments),
        }
    }

    /// What it is called where a file is described; nothing for a log as it is.
    #[must_use]
    pub fn words(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Container => Some("behind what a container runtime writes before each line"),
            Self::Syslog => Some("behind what syslog writes before each line"),
            Self::Comments => Some("beside comments"),
        }
    }
}

/// Reads `TIME STREAM TAGS TEXT`; nothing where a line is not like this.
pub(super) fn container(line: &[u8]) -> Option<Carried> {
    let (time, rest) = word(line)?;
    let (stream, rest) = word(rest)?;
    let (tags, text) = word(rest).unwrap_or((rest, &[]));
    let stream = [&b"stdout"[..], b"stderr"].iter().position(|known| *known == stream)?;
    let partial = match tags.split(|byte| *byte == b':').next()? {
        b"F" => false,
        b"P" => true,
        _ => return None,
    };
    is_time(time).then_some(Carried { start: line.len() - text.len(), stream, partial })
}

/// The length of what syslog writes before a message, in its old form or in the one of RFC 5424.
fn syslog(line: &[u8]) -> Option<usize> {
    let mut rest = line;
    if let Some(tail) = line.strip_prefix(b"<") {
        let end = tail.iter().position(|byte| *byte == b'>').filter(|end| (1..=3).contains(end))?;
        rest = &tail[end + 1..];
        if let Some(tail) = rest.strip_prefix(b"1 ") {
            // Time, host, program, process, kind of message, and no structured data.
            rest = (0..5).try_fold(tail, |rest, _| Some(word(rest)?.1))?.strip_prefix(b"- ")?;
            return Some(line.len() - rest.len());
        }
    }
    rest = match rest {
        [_, _, _, b' ', _, _, b' ', clock @ ..] if rest[..3].is_ascii() && is_clock(clock) => clock.get(9..)?,
        _ => word(rest).filter(|(time, _)| is_time(time))?.1,
    };
    // A log of this machine may leave the host out.
    let (first, tail) = word(rest)?;
    let (tag, message) = if first.ends_with(b":") { (first, tail) } else { word(tail)? };
    (tag.len() > 1 && tag.ends_with(b":")).then_some(line.len() - message.len())
}

/// What stands before the first space, and behind it.
fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = text.iter().position(|byte| *byte == b' ')?;
    Some((&text[..space], &text[space + 1..]))
}

/// Whether a word is a time such as `2026-01-02T03:04:05.678Z`.
fn is_time(word: &[u8]) -> bool {
    let digits = |from: usize, to: usize| word.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    word.len() >= 20 && digits(0, 4) && word[4] == b'-' && word[10] == b'T' && digits(11, 13) && word[13] == b':'
}

/// Whether a text begins with `03:04:05 `.
fn is_clock(text: &[u8]) -> bool {
    matches!(text, [b'0'..=b'2', _, b':', _, _, b':', _, _, b' ', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_runtime_writes_is_told_from_the_line() {
        fn read(line: &str) -> Option<(&str, usize, bool)> {
            container(line.as_bytes()).map(|carried| (&line[carried.start..], carried.stream, carried.partial))
        }
        assert_eq!(read("2026-01-02T03:04:05.678901234+01:00 stdout F {\"a\": 1}"), Some(("{\"a\": 1}", 0, false)));
        assert_eq!(read("2026-01-02T03:04:05Z stderr P half"), Some(("half", 1, true)));
        assert_eq!(read("2026-01-02T03:04:05Z stdout F:more  text"), Some((" text", 0, false)));
        for empty in ["2026-01-02T03:04:05Z stdout F ", "2026-01-02T03:04:05Z stdout F"] {
            assert_eq!(read(empty), Some(("", 0, false)));
        }
        for other in
            ["", "stdout F x", "2026-01-02T03:04:05Z stdlog F x", "2026-01-02T03:04:05Z stdout X x", "soon stdout F x"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn what_syslog_writes_is_told_from_the_message() {
        for before in [
            "Jan  2 03:04:05 host program[7]: ",
            "<134>Jan 12 23:04:05 host program: ",
            "Jan  2 03:04:05 program[7]: ",
            "2026-01-02T03:04:05.678901+01:00 host program[7]: ",
            "<134>1 2026-01-02T03:04:05Z host program 7 - - ",
        ] {
            let line = format!("{before}192.0.2.1:5 [x] y: z");
            assert_eq!(Framing::Syslog.before(line.as_bytes()), before.len(), "{before}");
        }
        for other in [
            "",
            "192.0.2.1 - - [02/Jan/2026:03:04:05 +0000] \"GET /: HTTP/1.1\"",
            "Jan  2 03:04:05 host program",
            "<1>x",
        ] {
            assert_eq!(Framing::Syslog.before(other.as_bytes()), 0, "{other}");
        }
    }

    #[test]
    fn a_file_is_framed_as_most_of_its_lines_are() {
        let container: &[u8] = b"2026-01-02T03:04:05Z stdout F x";
        let syslog: &[u8] = b"Jan  2 03:04:05 host program[7]: x";
        assert_eq!(Framing::of(&[container, b"x"]), Framing::Container);
        assert_eq!(Framing::of(&[container, b"x", b"y"]), Framing::Plain);
        assert_eq!(Framing::of(&[syslog, syslog, container]), Framing::Syslog);
        assert_eq!(Framing::of(&[b"#Fields: date", b"x"]), Framing::Comments);
        assert_eq!(Framing::of(&[]), Framing::Plain);
    }
}
