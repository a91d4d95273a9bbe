//! What a server writes of a request is read back, whoever the server is.

use std::net::IpAddr;

use proptest::prelude::*;
use serde_json::json;

use super::tests::read;

/// A request that was answered.
#[derive(Debug)]
struct Answer {
    client: IpAddr,
    second: i64,
    millisecond: i64,
    method: String,
    path: String,
    query: Option<String>,
    status: u16,
    bytes: u32,
    /// Milliseconds.
    duration: u32,
    agent: String,
}

impl Answer {
    /// The time in UTC, with its milliseconds.
    fn time(&self, format: &str) -> String {
        let time = jiff::Timestamp::from_millisecond(self.second * 1000 + self.millisecond).unwrap();
        time.strftime(format).to_string()
    }

    fn target(&self) -> String {
        self.query.as_ref().map_or_else(|| self.path.clone(), |query| format!("{}?{query}", self.path))
    }

    fn seconds(&self) -> String {
        format!("{}.{:03}", self.duration / 1000, self.duration % 1000)
    }

    /// A line as the server of this preset writes it.
    fn line(&self, preset: &str) -> String {
        let Self { client, method, path, status, bytes, duration, agent, .. } = self;
        let (target, seconds) = (self.target(), self.seconds());
        let request = format!("{method} {target} HTTP/1.1");
        let common = self.time("%d/%b/%Y:%H:%M:%S +0000");
        let iso = self.time("%Y-%m-%dT%H:%M:%S%.3fZ");
        match preset {
            "common" => format!("{client} - - [{common}] \"{request}\" {status} {bytes}"),
            "combined" => format!("{client} - - [{common}] \"{request}\" {status} {bytes} \"-\" \"{agent}\""),
            "nginx-combined-time" => {
                format!("{client} - - [{common}] \"{request}\" {status} {bytes} \"-\" \"{agent}\" {seconds}")
            }
            "traefik" => format!(
                "{client} - - [{common}] \"{request}\" {status} {bytes} \"-\" \"{agent}\" 7 \"a@file -> b@file\" \"http://b\" {duration}ms"
            ),
            "envoy" => format!(
                "[{iso}] \"{request}\" {status} - 0 {bytes} {duration} 1 \"{client}, ::1\" \"{agent}\" \"id\" \"a.example\" \"-\""
            ),
            "alb" => format!(
                "h2 {iso} app/x {client}:4000 - -1 {seconds} -1 {status} - 9 {bytes} \"{method} https://a.example:443{target} HTTP/1.1\" \"{agent}\" - - - \"-\" \"-\" \"-\" 0 {iso} \"-\" \"-\" \"-\" \"-\" \"-\" \"-\" \"-\" TID_1"
            ),
            "haproxy" => format!(
                "{client}:4000 [{}] f~ b/s 0/0/-1/-1/{duration} {status} {bytes} - - ---- 1/1/0/0/0 0/0 {{{agent}|x}} \"{request}\"",
                self.time("%d/%b/%Y:%H:%M:%S%.3f"),
            ),
            "uwsgi" => format!(
                "[pid: 1|app: 0|req: 1/1] {client} () {{3 vars in 9 bytes}} [{}] {method} {target} => generated {bytes} bytes in {duration} msecs (HTTP/1.1 {status}) 2 headers in 9 bytes (1 switches on core 0)",
                self.time("%a %b %e %H:%M:%S %Y"),
            ),
            "cloudfront" => {
                let query = self.query.as_deref().unwrap_or("-");
                let (time, agent) = (self.time("%Y-%m-%d\t%H:%M:%S"), agent.replace(' ', "%20"));
                let rest = "\t-".repeat(9);
                format!(
                    "{time}\tX1\t{bytes}\t{client}\t{method}\td.example\t{path}\t{status}\t-\t{agent}\t{query}\t-\tHit\tid\ta.example\thttps\t9\t{seconds}\t-\t-\t-\tHit\tHTTP/1.1{rest}"
                )
            }
            "caddy" => json!({
                "ts": self.second, "status": status, "size": bytes, "duration": seconds.parse::<f64>().unwrap(),
                "request": {"client_ip": client, "remote_ip": "::1", "method": method, "uri": target, "proto": "HTTP/1.1",
                    "headers": {"User-Agent": [agent, "other"]}},
            })
            .to_string(),
            "traefik-json" => json!({
                "StartUTC": iso, "DownstreamStatus": status, "DownstreamContentSize": bytes, "Duration": duration,
                "ClientHost": client, "RequestMethod": method, "RequestPath": target, "RequestProtocol": "HTTP/1.1",
                "request_User-Agent": agent,
            })
            .to_string(),
            "envoy-json" => json!({
                "start_time": iso, "response_code": status, "bytes_sent": bytes, "duration": duration, "path": target,
                "downstream_remote_address": std::net::SocketAddr::new(*client, 80), "method": method,
                "protocol": "HTTP/1.1", "user_agent": agent, "response_flags": "-",
            })
            .to_string(),
            _ => panic!("no line of {preset} is known"),
        }
    }

    /// What the row of that line must say; durations in milliseconds.
    fn expected(&self, preset: &str) -> Vec<(&'static str, Option<String>)> {
        let time = match preset {
            "haproxy" => self.time("%Y-%m-%dT%H:%M:%S%.3f"),
            "uwsgi" => self.time("%Y-%m-%dT%H:%M:%S"),
            "envoy" | "envoy-json" | "traefik-json" | "alb" => self.time("%Y-%m-%dT%H:%M:%S%.3fZ"),
            _ => self.time("%Y-%m-%dT%H:%M:%SZ"),
        };
        let mut expected = vec![
            ("timestamp", Some(time.replace(".000", ""))),
            ("method", Some(self.method.clone())),
            ("path", Some(self.path.clone())),
            ("query", self.query.clone()),
            ("protocol", Some("HTTP/1.1".to_owned())),
            ("status", Some(self.status.to_string())),
            ("bytes", Some(self.bytes.to_string())),
        ];
        if preset != "envoy" {
            expected.push(("client", Some(self.client.to_string())));
        }
        match preset {
            "cloudfront" => expected.push(("user_agent", Some(self.agent.replace(' ', "%20")))),
            "haproxy" => expected.push(("captures", Some(format!("{{{}|x}}", self.agent)))),
            "common" | "uwsgi" => {}
            _ => expected.push(("user_agent", Some(self.agent.clone()))),
        }
        expected
    }
}

/// The name of the column with the duration, and how many there are of its unit in a millisecond.
fn duration(preset: &str) -> Option<(&'static str, f64)> {
    match preset {
        "common" | "combined" => None,
        "alb" => Some(("upstream_duration", 1e-3)),
        "nginx-combined-time" | "cloudfront" | "caddy" => Some(("duration", 1e-3)),
        "uwsgi" => Some(("duration", 1e3)),
        _ => Some(("duration", 1.0)),
    }
}

prop_compose! {
    fn answers()(
        client in prop_oneof![any::<[u8; 4]>().prop_map(IpAddr::from), any::<[u8; 16]>().prop_map(IpAddr::from)],
        second in 0_i64..4_000_000_000, millisecond in 0_i64..1000, method in "[A-Z]{1,7}",
        path in "/[a-z0-9/._~%-]{0,16}", query in proptest::option::of("[a-z]{1,4}=[a-z0-9&=%]{0,9}"),
        status in 100_u16..600, bytes in any::<u32>(), duration in 0_u32..10_000_000,
        agent in "[A-Za-z][A-Za-z0-9/.();:+ ]{0,20}[a-z]",
    ) -> Answer {
        Answer { client, second, millisecond, method, path, query, status, bytes, duration, agent }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_line_of_every_preset_is_read_back(answers in proptest::collection::vec(answers(), 1..6)) {
        for preset in super::names() {
            let text: String = answers.iter().map(|answer| answer.line(preset) + "\n").collect();
            let found = read(preset, &text, Some(preset));
            prop_assert!(found.bad.is_empty(), "{preset}: {:?}", found.bad);
            for (answer, row) in answers.iter().zip(&found.rows) {
                for (name, value) in answer.expected(preset) {
                    prop_assert_eq!(row.get(name), value.as_ref(), "{} {}", preset, name);
                }
                if let Some((name, scale)) = duration(preset) {
                    let found: f64 = row[name].parse().unwrap();
                    let expected = f64::from(answer.duration) * scale;
                    prop_assert!((found - expected).abs() <= expected * 1e-12, "{preset}: {found} is not {expected}");
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_rows_or_bad_records(
        bytes in proptest::collection::vec(any::<u8>(), 1..200),
        pieces in "(\"|\\[|\\]|\\{|\\}|-1?|/|:| |\t|=> generated|GET|200|\n){1,60}",
    ) {
        for preset in super::names() {
            for text in [String::from_utf8_lossy(&bytes).as_ref(), pieces.as_str()] {
                let text = format!("x\n{text}");
                let found = read(preset, &text, Some(preset));
                let lines = text.split('\n').filter(|line| !line.strip_suffix('\r').unwrap_or(line).is_empty());
                prop_assert_eq!(found.rows.len() + found.bad.len(), lines.count(), "{}", preset);
            }
        }
    }
}
