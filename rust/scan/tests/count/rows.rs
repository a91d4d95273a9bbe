//! Rows that are drawn, what is asked of them, and the Parquet file that holds them.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt16Array,
    UInt32Array,
};
use arrow::datatypes::Int32Type;
use backburn_core::cell::Scale;
use backburn_scan::request::Request;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use serde_json::{Value, json};

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const STEP: i64 = 60 * SECOND;

pub(crate) fn scale() -> Scale {
    Scale::new(3).unwrap()
}

#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) time: Option<i64>,
    pub(crate) service: Option<&'static str>,
    pub(crate) path: Option<&'static str>,
    pub(crate) status: Option<u16>,
    pub(crate) duration: Option<f64>,
    pub(crate) weight: Option<u32>,
}

pub(crate) fn row() -> impl Strategy<Value = Row> {
    let time = prop::option::weighted(
        0.95,
        prop_oneof![
            9 => (0_i64..40).prop_map(|k| k * 20 * SECOND),
            1 => 0_i64..40_000 * SECOND,
            1 => Just(-1_i64),
        ],
    );
    let service = prop::option::weighted(0.9, prop::sample::select(vec!["api", "web"]));
    let path =
        prop::option::weighted(0.9, prop::sample::select(vec!["/pay", "/users/7/cards", "/users//cards", "/x?y=1"]));
    let status =
        prop::option::weighted(0.9, prop::sample::select(vec![0_u16, 99, 100, 200, 404, 429, 499, 500, 503, 599, 600]));
    let duration = prop::option::weighted(
        0.9,
        prop_oneof![
            4 => prop::sample::select(vec![0.0, 299.999, 300.0, 300.001, 5000.0]),
            1 => prop::sample::select(vec![-1.0, f64::NAN, f64::INFINITY]),
        ],
    );
    let weight = prop::option::weighted(0.9, 0_u32..4);
    (time, service, path, status, duration, weight).prop_map(|(time, service, path, status, duration, weight)| Row {
        time,
        service,
        path,
        status,
        duration,
        weight,
    })
}

/// The simplest request.
pub(crate) fn plain() -> Asked {
    Asked {
        marks_start: false,
        weighted: false,
        scope: false,
        exclude: false,
        valid: false,
        own_exclude: false,
        strict: false,
        start: None,
        end: None,
        by: vec![],
    }
}

/// What the tests vary of a request.
#[expect(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) marks_start: bool,
    pub(crate) weighted: bool,
    pub(crate) scope: bool,
    pub(crate) exclude: bool,
    pub(crate) valid: bool,
    pub(crate) own_exclude: bool,
    pub(crate) strict: bool,
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    pub(crate) by: Vec<&'static str>,
}

pub(crate) fn asked() -> impl Strategy<Value = Asked> {
    let by = prop::sample::subsequence(vec!["service", "route"], 0..=2);
    let span = (prop::option::of(0_i64..400), prop::option::of(200_i64..900));
    (any::<[bool; 7]>(), span, by).prop_map(|(flags, (start, end), by)| Asked {
        marks_start: flags[0],
        weighted: flags[1],
        scope: flags[2],
        exclude: flags[3],
        valid: flags[4],
        own_exclude: flags[5],
        strict: flags[6],
        start: start.map(|s| s * SECOND),
        end: end.map(|e| e * SECOND),
        by,
    })
}

pub(crate) fn predicate(text: &str) -> Value {
    json!({"text": text, "at": null})
}

pub(crate) fn request(asked: &Asked) -> Request {
    let valid = if asked.valid { predicate("duration < 1000") } else { Value::Null };
    let own =
        if asked.own_exclude { json!([{"when": predicate("status = 503"), "reason": "busy"}]) } else { json!([]) };
    let indicator =
        |name: &str, sli: Value| json!({"name": name, "fingerprint": name, "valid": valid, "exclude": own, "sli": sli});
    let document = json!({
        "format": null,
        "timestamp": {"column": "timestamp", "format": null, "unit": null, "timezone": null,
                      "marks": if asked.marks_start { "start" } else { "end" }, "written": false},
        "status": {"column": "status", "written": false},
        "duration": {"column": "ms", "unit": "ms", "written": true},
        "count": if asked.weighted { json!({"column": "n", "constant": null, "means": "aggregated"}) } else { Value::Null },
        "aliases": {},
        "where": if asked.scope { predicate("path <> '/pay'") } else { Value::Null },
        "exclude": if asked.exclude { json!([{"when": predicate("status = 429"), "reason": "rate limit"}]) } else { json!([]) },
        "by": asked.by, "routes": ["/pay", "/users/{id}/cards"], "step": STEP, "start": asked.start, "end": asked.end,
        "histogram": {"step": 5 * STEP, "scale": 3},
        "indicators": [
            indicator("availability", json!({"kind": "availability"})),
            indicator("fast", json!({"kind": "latency", "column": "duration", "threshold": "0.3", "strict": asked.strict})),
            indicator("good", json!({"kind": "ratio", "good": predicate("status < 400"), "bad": null})),
            indicator("bad", json!({"kind": "ratio", "good": null, "bad": predicate("status >= 400")})),
        ],
    });
    Request::from_json(&document.to_string()).unwrap()
}

pub(crate) fn write(path: &Path, rows: &[Row], group: usize) {
    let column = |array: ArrayRef| array;
    // Labels come as plain text or as a dictionary, by the parity of the rows.
    let service = rows.iter().map(|row| row.service);
    let service: ArrayRef = if rows.len().is_multiple_of(2) {
        Arc::new(service.collect::<DictionaryArray<Int32Type>>())
    } else {
        Arc::new(service.collect::<StringArray>())
    };
    let time: TimestampMicrosecondArray = rows.iter().map(|row| row.time).collect();
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("timestamp", column(Arc::new(time.with_timezone("UTC"))), true),
        ("service", service, true),
        ("path", column(Arc::new(rows.iter().map(|row| row.path).collect::<StringArray>())), true),
        ("status", column(Arc::new(rows.iter().map(|row| row.status).collect::<UInt16Array>())), true),
        ("ms", column(Arc::new(rows.iter().map(|row| row.duration).collect::<Float64Array>())), true),
        ("n", column(Arc::new(rows.iter().map(|row| row.weight).collect::<UInt32Array>())), true),
    ])
    .unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut writer =
        ArrowWriter::try_new(std::fs::File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}
