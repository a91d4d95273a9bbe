//! Logs as Parquet: what is written, and what is refused without a trace.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{DataType, UInt16Type};
use backburn_scan::control::Control;
use backburn_scan::convert::convert;
use backburn_scan::error::{Error, Kind};
use backburn_scan::format::parquet::ParquetFile;
use backburn_scan::format::{LOOSE, UNIT};
use serde_json::{Value, json};

const TIMED: &str = r#"192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "GET /a?x=1 HTTP/1.1" 503 12 "-" "curl/8.0" 0.250"#;

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let path = folder.0.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn convert(&self, names: &[&str]) -> Result<Value, Error> {
        let paths: Vec<String> = names.iter().map(|name| self.path(name)).collect();
        let facts = convert(&paths, None, &self.path("out.parquet"), 2, &Control::default())?;
        Ok(serde_json::from_str(&facts).unwrap())
    }

    fn read(&self) -> (ParquetFile, Vec<RecordBatch>) {
        let file = ParquetFile::open(Path::new(&self.path("out.parquet")), "out.parquet").unwrap();
        let all: Vec<usize> = (0..file.schema().fields().len()).collect();
        let chunks = (0..file.groups()).flat_map(|group| file.read(group, &all).unwrap());
        let batches = chunks.map(|chunk| chunk.unwrap().batch).collect();
        (file, batches)
    }

    fn refused(&self, names: &[&str]) -> Error {
        let before = fs::read_dir(self.0.path()).unwrap().count();
        let error = self.convert(names).unwrap_err();
        assert_eq!(fs::read_dir(self.0.path()).unwrap().count(), before, "nothing is left behind");
        assert!(error.file.is_some() && error.remedy.is_some(), "{error}");
        error
    }
}

#[test]
fn a_log_keeps_its_columns_types_units_and_order() {
    let text = format!("{TIMED}\nnoise\n{}\n", TIMED.replace("503", "200").replace(":36", ":35"));
    let folder = Folder::with(&[("access.log", &text)]);
    let facts = folder.convert(&["access.log"]).unwrap();
    let seconds = |second: i64| (1_760_104_500 + 36 + second) * 1_000_000;
    assert_eq!((&facts["rows"], &facts["start"], &facts["end"]), (&json!(2), &json!(seconds(-1)), &json!(seconds(0))));
    assert_eq!((&facts["rejected"], &facts["rejects"][0]["examples"][0]["line"]), (&json!(1), &json!(2)));
    assert_eq!(facts["size"], json!(fs::metadata(folder.path("out.parquet")).unwrap().len()));
    assert_eq!(facts["files"][0]["format"], json!("nginx-combined-time"));
    let (file, batches) = folder.read();
    let field = |name: &str| file.schema().field_with_name(name).unwrap().clone();
    assert_eq!(field("status").data_type(), &DataType::UInt16);
    assert_eq!(field("duration").metadata().get(UNIT).map(String::as_str), Some("s"));
    assert!(matches!(field("timestamp").data_type(), DataType::Timestamp(_, Some(zone)) if zone.as_ref() == "UTC"));
    let statuses = batches[0].column_by_name("status").unwrap().as_primitive::<UInt16Type>();
    assert_eq!(statuses.values(), &[503, 200]);
}

#[test]
fn logs_are_put_together_by_name_and_folders_are_columns() {
    let folder = Folder::with(&[
        ("day=1/a.json", "{\"at\": 1, \"code\": \"x\"}\n"),
        ("day=2/b.json", "{\"at\": 2, \"http\": {\"status\": 500}}\n{\"at\": 3}\n"),
    ]);
    let facts = folder.convert(&["day=1", "day=2"]).unwrap();
    assert_eq!(facts["files"].as_array().unwrap().iter().map(|file| &file["rows"]).collect::<Vec<_>>(), [1, 2]);
    let (file, batches) = folder.read();
    assert!(file.schema().fields().iter().all(|field| field.metadata().contains_key(LOOSE)));
    let names: Vec<&str> = file.schema().fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["at", "code", "day", "http.status"]);
    let cells = |at: usize| batches[0].column(at).as_string::<i32>().iter().collect::<Vec<_>>();
    assert_eq!(cells(0), [Some("1"), Some("2"), Some("3")]);
    assert_eq!(cells(1), [Some("x"), None, None]);
    assert_eq!(cells(2), [Some("1"), Some("2"), Some("2")]);
    assert_eq!(cells(3), [None, Some("500"), None]);
}

#[test]
fn what_cannot_be_converted_leaves_nothing_behind() {
    let timed = format!("{TIMED}\n");
    let folder = Folder::with(&[("a.log", &timed), ("b.csv", "status,at\n200,1\n"), ("c.csv", "a,b\n")]);
    let error = folder.refused(&["a.log", "b.csv"]);
    assert_eq!(error.message, format!("'status' is untyped text here, and UInt16 in {}", folder.path("a.log")));
    assert_eq!(folder.refused(&["c.csv"]).message, "there are no rows");
    let broken = Folder::with(&[("d.csv", "a,b\n1\n2\n")]);
    let (log, out) = (broken.path("d.csv"), broken.path("out.parquet"));
    let error = convert(&[log], Some("csv"), &out, 1, &Control::default()).unwrap_err();
    assert_eq!(error.message, "there are no rows; 2 records are rejected: wrong number of fields");
    assert_eq!((error.value.as_deref(), fs::read_dir(broken.0.path()).unwrap().count()), (Some("1"), 1));
    folder.convert(&["b.csv"]).unwrap();
    assert_eq!(folder.refused(&["out.parquet"]).message, "the output is one of the logs");
    fs::rename(folder.path("out.parquet"), folder.path("e.parquet")).unwrap();
    assert_eq!(folder.refused(&["e.parquet"]).message, "it is Parquet already");
    let nowhere = convert(&[folder.path("b.csv")], None, &folder.path("no/x.parquet"), 1, &Control::default());
    assert_eq!(nowhere.unwrap_err().kind, Kind::NotFound);
    let control = Control::default();
    control.stop();
    let stopped = convert(&[folder.path("b.csv")], None, &folder.path("f.parquet"), 1, &control);
    assert_eq!(stopped.unwrap_err().kind, Kind::Interrupted);
    assert!(!Path::new(&folder.path("f.parquet")).exists());
}
