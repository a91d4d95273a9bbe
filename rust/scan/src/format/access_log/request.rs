//! Request lines: `GET /path?query HTTP/1.1`, or anything that a client sent instead.

/// The parts of a request line, still escaped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Request<'a> {
    pub(super) method: Option<&'a [u8]>,
    pub(super) path: Option<&'a [u8]>,
    pub(super) query: Option<&'a [u8]>,
    pub(super) protocol: Option<&'a [u8]>,
}

impl<'a> Request<'a> {
    /// Takes a request line apart. What is not HTTP (the bytes of a TLS handshake, `-`) has no parts.
    pub(super) fn parse(line: &'a [u8]) -> Self {
        Self::parts(line).unwrap_or_default()
    }

    fn parts(line: &'a [u8]) -> Option<Self> {
        let space = line.iter().position(|byte| *byte == b' ')?;
        let (method, rest) = (&line[..space], &line[space + 1..]);
        if method.is_empty() || !method.iter().all(|byte| is_token(*byte)) {
            return None;
        }
        let last = rest.iter().rposition(|byte| *byte == b' ');
        // A target can hold spaces when the client did not encode them.
        let versioned = last.map(|space| (&rest[..space], &rest[space + 1..])).filter(|(_, p)| p.starts_with(b"HTTP/"));
        let (target, protocol) = match versioned {
            Some((target, protocol)) => (target, Some(protocol)),
            // HTTP/0.9 has no version: to tell it from noise, its target must be a path.
            None if rest.starts_with(b"/") && method.iter().all(u8::is_ascii_uppercase) => (rest, None),
            None => return None,
        };
        let (path, query) = target_parts(target);
        Some(Self { method: Some(method), path, query, protocol })
    }
}

/// Path and query of a request target; there is a query wherever there is a question mark.
pub(super) fn target_parts(target: &[u8]) -> (Option<&[u8]>, Option<&[u8]>) {
    match target.iter().position(|byte| *byte == b'?') {
        Some(mark) => (some(&target[..mark]), Some(&target[mark + 1..])),
        None => (some(target), None),
    }
}

/// Host, without its port, and path of a URL; what is none is a path.
pub(super) fn url_parts(url: &[u8]) -> (Option<&[u8]>, Option<&[u8]>) {
    let Some(scheme) = url.windows(3).position(|three| three == b"://") else { return (None, some(url)) };
    let rest = &url[scheme + 3..];
    let (host, path) = rest.split_at(rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len()));
    (address_parts(host).0, some(path))
}

/// Host and port of an address; the brackets around an IPv6 host go.
pub(super) fn address_parts(address: &[u8]) -> (Option<&[u8]>, Option<&[u8]>) {
    let port = |colon: usize| address.get(colon + 1..).filter(|port| port.iter().all(u8::is_ascii_digit));
    let colon = address.iter().rposition(|byte| *byte == b':').filter(|colon| port(*colon).is_some());
    let host = &address[..colon.unwrap_or(address.len())];
    let bare = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host);
    (some(bare), colon.and_then(port).and_then(some))
}

/// Nothing where there is no text.
fn some(text: &[u8]) -> Option<&[u8]> {
    (!text.is_empty()).then_some(text)
}

/// The characters of which HTTP makes methods (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> [Option<&str>; 4] {
        let request = Request::parse(line.as_bytes());
        [request.method, request.path, request.query, request.protocol]
            .map(|part| part.map(|bytes| std::str::from_utf8(bytes).unwrap()))
    }

    #[test]
    fn http_requests_have_parts() {
        assert_eq!(parts("GET /a?b=c?d HTTP/1.1"), [Some("GET"), Some("/a"), Some("b=c?d"), Some("HTTP/1.1")]);
        assert_eq!(parts("GET /a b HTTP/2.0"), [Some("GET"), Some("/a b"), None, Some("HTTP/2.0")]);
        assert_eq!(parts("OPTIONS * HTTP/1.0"), [Some("OPTIONS"), Some("*"), None, Some("HTTP/1.0")]);
        assert_eq!(parts("GET /old"), [Some("GET"), Some("/old"), None, None]);
        assert_eq!(parts("GET /? HTTP/1.1"), [Some("GET"), Some("/"), Some(""), Some("HTTP/1.1")]);
        assert_eq!(parts("GET  HTTP/1.1"), [Some("GET"), None, None, Some("HTTP/1.1")]);
        let absolute = parts("GET http://example.com/ HTTP/1.1");
        assert_eq!(absolute, [Some("GET"), Some("http://example.com/"), None, Some("HTTP/1.1")]);
    }

    #[test]
    fn urls_and_addresses_have_parts() {
        let shown = |parts: (Option<&[u8]>, Option<&[u8]>)| {
            let text = |part: Option<&[u8]>| part.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap());
            (text(parts.0), text(parts.1))
        };
        let two = |host: &str, rest: &str| (Some(host.to_owned()), Some(rest.to_owned()));
        assert_eq!(shown(url_parts(b"https://a.example:443/b/c")), two("a.example", "/b/c"));
        assert_eq!(shown(url_parts(b"http://[2001:db8::1]:80/")), two("2001:db8::1", "/"));
        assert_eq!(shown(url_parts(b"https://a.example")), (Some("a.example".to_owned()), None));
        assert_eq!(shown(url_parts(b"/b")), (None, Some("/b".to_owned())));
        assert_eq!(shown(address_parts(b"192.0.2.1:44")), two("192.0.2.1", "44"));
        assert_eq!(shown(address_parts(b"2001:db8::1:44")), two("2001:db8::1", "44"));
        assert_eq!(shown(address_parts(b"[2001:db8::1]:44")), two("2001:db8::1", "44"));
        assert_eq!(shown(address_parts(b"-")), (Some("-".to_owned()), None));
        assert_eq!(shown(address_parts(b"")), (None, None));
    }

    #[test]
    fn noise_has_none() {
        for noise in ["-", "", r"\x16\x03\x01 /", "hello there", "get /", "t3 12.1.2", " / HTTP/1.1"] {
            assert_eq!(parts(noise), [None; 4], "{noise}");
        }
    }
}
