//! The words of presets: what the name of a field means, and what may stand behind it.

use super::moment::Moment;
use super::pattern::{Field, Meaning};
use super::strftime;
use crate::error::{Error, Result};

/// Fields that say a name themselves go before those that only have it as a part.
const NAMED: u8 = 3;

/// A field by its name and what it `is`; nothing where the name says it.
pub(in crate::format) fn field(name: &str, is: &str) -> Result<Field> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)) {
        return Err(Error::spec(format!("'{name}' is no name of a field"))
            .remedy("names have letters, digits, points, dashes and underscores"));
    }
    let meaning = if is.is_empty() { by_name(name) } else { by_word(is)? };
    Ok(Field::new(meaning, name, NAMED, name))
}

/// What a name means by itself.
fn by_name(name: &str) -> Meaning {
    match name {
        "request" => Meaning::Request,
        "target" => Meaning::Target,
        "status" => Meaning::Status,
        "bytes" => Meaning::Bytes,
        "client" | "method" | "path" | "query" | "protocol" | "referrer" | "user_agent" | "host" | "trace_id"
        | "user" => Meaning::Text,
        _ => Meaning::Loose,
    }
}

/// What a word, or the format of a time, means.
fn by_word(is: &str) -> Result<Meaning> {
    Ok(match is {
        "target" => Meaning::Target,
        "status" => Meaning::Status,
        "bytes" => Meaning::Bytes,
        "text" => Meaning::Text,
        "padded" => Meaning::Padded,
        "url" => Meaning::UrlRequest,
        "address" => Meaning::Address,
        "s" => Meaning::Duration("s"),
        "ms" => Meaning::Duration("ms"),
        "us" => Meaning::Duration("us"),
        "ns" => Meaning::Duration("ns"),
        "spelled" => Meaning::Spelled,
        "iso" => Meaning::Time(Moment::Iso),
        "common" => Meaning::Time(Moment::Common),
        "epoch" => Meaning::Time(Moment::Seconds),
        _ if is.contains('%') => Meaning::Time(Moment::Strftime(strftime::compile(is)?)),
        _ => {
            return Err(Error::spec(format!("'{is}' says nothing about a field")).remedy(
                "known are target, status, bytes, text, padded, url, address, spelled, the units s, ms, us and ns, \
                 and for times iso, common, epoch or a strftime format",
            ));
        }
    })
}
