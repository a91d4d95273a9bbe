//! The formats that have a name, as data.

use super::pattern::{Kind, Pattern};
use crate::error::Result;

/// A format with a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// What users write as `source.format`.
    pub name: &'static str,
    /// The same as a format string.
    pub text: &'static str,
    /// Where it is defined.
    pub source: &'static str,
}

/// Every preset; one that says more comes before those that it extends.
pub const PRESETS: [Preset; 3] = [
    Preset {
        name: "nginx-combined-time",
        text: r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time"#,
        source: "https://nginx.org/en/docs/http/ngx_http_log_module.html",
    },
    Preset {
        name: "combined",
        text: r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#,
        source: "https://httpd.apache.org/docs/2.4/logs.html#combined",
    },
    Preset {
        name: "common",
        text: r#"%h %l %u %t "%r" %>s %b"#,
        source: "https://httpd.apache.org/docs/2.4/logs.html#common",
    },
];

impl Preset {
    /// The preset of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// Its pattern, which forgives a virtual host before the line and fields after it.
    pub fn pattern(&self) -> Result<Pattern> {
        Pattern::compile_as(self.text, Kind::Preset(self.name))
    }
}
