//! Counts rows that are the same in every run, so that an instruction counter can tell what a row costs.
//!
//! ```text
//! instructions make CASE ROWS FILE     write the rows of a case
//! instructions count FILE              count them, on one thread
//! instructions record FILE             count them, and keep their durations in a histogram an hour
//! instructions decode FILE             read the same columns of Parquet, and count nothing
//! ```
//!
//! `benches/instructions.py` runs this program under callgrind with N and with 2N rows. What starting costs is in both,
//! so the difference is the price of N rows; what decoding costs is measured apart, and taken off.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Float64Array, RecordBatch, TimestampMicrosecondArray, UInt16Array};
use arrow::array::{Int32Array, StringArray};
use backburn_scan::control::Control;
use backburn_scan::format::parquet::ParquetFile;
use backburn_scan::request::Request;
use backburn_scan::task::rollup as scan;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

type Outcome<T> = Result<T, Box<dyn Error>>;

const MINUTE_US: i64 = 60_000_000;
/// The steps of 30 days.
const STEPS: u64 = 43_200;
/// The first moment: 2025-10-01T00:00:00Z.
const FIRST_US: i64 = 1_759_276_800_000_000;
/// Rows of one service in one minute, as in a month of 50 million rows and 20 services.
const DENSITY: usize = 58;
const ROW_GROUP: usize = 512 * 1024;
const BATCH: usize = 64 * 1024;
const STATUSES: [u16; 8] = [200, 200, 200, 201, 204, 304, 404, 503];
/// The columns that the request needs.
const COLUMNS: [&str; 4] = ["timestamp", "service", "status", "duration_ms"];

/// What kind of rows there are.
struct Case {
    services: u64,
    shuffled: bool,
}

impl Case {
    fn named(name: &str) -> Outcome<Self> {
        match name {
            "sorted" => Ok(Self { services: 20, shuffled: false }),
            "shuffled" => Ok(Self { services: 20, shuffled: true }),
            "many" => Ok(Self { services: 100_000, shuffled: true }),
            _ => Err(format!("there is no case '{name}': sorted, shuffled, many, lines or json").into()),
        }
    }
}

/// The numbers of `SplitMix64`: a seed and a few operations, the same everywhere.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["make", "lines", rows, file] => make_lines(rows.parse()?, file),
        ["make", "json", rows, file] => make_json(rows.parse()?, file),
        ["make", case, rows, file] => make_parquet(&Case::named(case)?, rows.parse()?, file),
        ["count", file] => count(file, false),
        ["record", file] => count(file, true),
        ["decode", file] => decode(file),
        _ => Err("instructions make CASE ROWS FILE | count FILE | record FILE | decode FILE".into()),
    }
}

/// Writes Parquet that is cheap to decode: plain and not compressed, but for the dictionary of services.
fn make_parquet(case: &Case, rows: usize, file: &str) -> Outcome<()> {
    let mut draw = Draw(7);
    let names: Vec<String> = (0..case.services).map(|service| format!("service-{service:06}")).collect();
    let names: ArrayRef = Arc::new(StringArray::from(names));
    let mut properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_dictionary_page_size_limit(16 << 20);
    for plain in ["timestamp", "status", "duration_ms"] {
        properties = properties.set_column_dictionary_enabled(plain.into(), false);
    }
    let properties = properties.build();
    let mut writer = None;
    for start in (0..rows).step_by(BATCH) {
        let batch = batch(case, &names, start..rows.min(start + BATCH), &mut draw)?;
        let writer = match &mut writer {
            Some(writer) => writer,
            None => writer.insert(ArrowWriter::try_new(File::create(file)?, batch.schema(), Some(properties.clone()))?),
        };
        writer.write(&batch)?;
    }
    if let Some(writer) = writer {
        writer.close()?;
    }
    Ok(())
}

fn batch(case: &Case, names: &ArrayRef, rows: std::ops::Range<usize>, draw: &mut Draw) -> Outcome<RecordBatch> {
    let width = rows.len();
    let (mut times, mut services) = (Vec::with_capacity(width), Vec::with_capacity(width));
    let (mut statuses, mut durations) = (Vec::with_capacity(width), Vec::with_capacity(width));
    for row in rows {
        let service = draw.below(case.services);
        let offset = if case.shuffled {
            i64::try_from(draw.below(STEPS))? * MINUTE_US + i64::try_from(draw.below(60_000_000))?
        } else {
            // Evenly spread over as many minutes as such a month would take for them.
            i64::try_from(row)? * (MINUTE_US / i64::try_from(DENSITY * 20)?)
        };
        times.push(FIRST_US + offset);
        services.push(i32::try_from(service)?);
        statuses.push(STATUSES[usize::try_from(draw.below(8))?]);
        durations.push(f64::from(u32::try_from(draw.below(400_000))?) / 1000.0);
    }
    let services = DictionaryArray::try_new(Int32Array::from(services), Arc::clone(names))?;
    let columns: [ArrayRef; 4] = [
        Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC")),
        Arc::new(services),
        Arc::new(UInt16Array::from(statuses)),
        Arc::new(Float64Array::from(durations)),
    ];
    Ok(RecordBatch::try_from_iter(COLUMNS.into_iter().zip(columns))?)
}

/// Writes Combined lines, a few a second.
fn make_lines(rows: usize, file: &str) -> Outcome<()> {
    let mut draw = Draw(7);
    let mut out = BufWriter::new(File::create(file)?);
    for row in 0..rows {
        let second = row / 4;
        let (day, clock) = (1 + second / 86_400, second % 86_400);
        let (hour, minute) = (clock / 3600, clock / 60 % 60);
        let status = STATUSES[usize::try_from(draw.below(8))?];
        writeln!(
            out,
            "192.0.2.{} - - [{day:02}/Oct/2025:{hour:02}:{minute:02}:{:02} +0000] \"GET /items/{}?page={} HTTP/1.1\" \
             {status} {} \"https://shop.example.com/\" \"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0\"",
            draw.below(256),
            clock % 60,
            draw.below(5000),
            draw.below(20),
            draw.below(30_000),
        )?;
    }
    out.flush()?;
    Ok(())
}

/// Writes JSON lines of 20 services, in order of time.
fn make_json(rows: usize, file: &str) -> Outcome<()> {
    let mut draw = Draw(7);
    let mut out = BufWriter::new(File::create(file)?);
    for row in 0..rows {
        // Evenly spread, as the sorted rows are.
        let micros = row * 60_000_000 / (DENSITY * 20);
        let (second, micro) = (micros / 1_000_000, micros % 1_000_000);
        let (day, clock) = (1 + second / 86_400, second % 86_400);
        let (hour, minute) = (clock / 3600, clock / 60 % 60);
        let service = draw.below(20);
        writeln!(
            out,
            "{{\"timestamp\":\"2025-10-{day:02}T{hour:02}:{minute:02}:{:02}.{micro:06}Z\",\
             \"service\":\"service-{service:02}\",\"route\":\"/service-{service:02}/{{id}}\",\"status\":{},\
             \"duration_ms\":{}.{:03},\"user_id\":{}}}",
            clock % 60,
            STATUSES[usize::try_from(draw.below(8))?],
            draw.below(400),
            draw.below(1000),
            draw.below(200_000),
        )?;
    }
    out.flush()?;
    Ok(())
}

fn count(file: &str, durations: bool) -> Outcome<()> {
    let lines = Path::new(file).extension().is_some_and(|ending| ending == "log");
    let rollup = scan(&request(lines, durations)?, &[file.to_owned()], 1, &Control::default())?;
    let cells: usize = rollup.indicators.values().map(|indicator| indicator.tallies.index().len()).sum();
    println!("{} rows, {cells} cells", rollup.rows);
    Ok(())
}

/// Reads what [`count`] reads, with the same reader.
fn decode(file: &str) -> Outcome<()> {
    let parquet = ParquetFile::open(Path::new(file), file)?;
    let projection: Vec<usize> =
        COLUMNS.iter().map(|name| parquet.schema().index_of(name)).collect::<Result<_, _>>()?;
    let mut rows = 0;
    for group in 0..parquet.groups() {
        for chunk in parquet.read(group, &projection)? {
            rows += chunk?.batch.num_rows();
        }
    }
    println!("{rows} rows");
    Ok(())
}

/// Availability and latency by service and minute, or availability alone for lines.
fn request(lines: bool, durations: bool) -> Outcome<Request> {
    let histogram = if durations { r#"{"step": 3600000000, "scale": 6}"# } else { "null" };
    let latency = r#",{"name": "fast", "fingerprint": "fast", "valid": null, "exclude": [],
        "sli": {"kind": "latency", "column": "duration", "threshold": "0.3", "strict": false}}"#;
    let (by, latency, unit) = if lines { ("", "", "s") } else { (r#""service""#, latency, "ms") };
    let format = if lines { r#""combined""# } else { "null" };
    let written = !lines;
    Ok(Request::from_json(&format!(
        r#"{{"format": {format},
        "timestamp": {{"column": "timestamp", "format": null, "unit": null, "timezone": null, "marks": "end",
            "written": false}},
        "status": {{"column": "status", "written": false}},
        "duration": {{"column": "duration_ms", "unit": "{unit}", "written": {written}}},
        "count": null, "aliases": {{}}, "where": null, "exclude": [], "by": [{by}], "routes": [],
        "step": {MINUTE_US}, "start": null, "end": null, "histogram": {histogram},
        "indicators": [{{"name": "availability", "fingerprint": "availability", "valid": null, "exclude": [],
            "sli": {{"kind": "availability"}}}}{latency}]}}"#,
    ))?)
}
