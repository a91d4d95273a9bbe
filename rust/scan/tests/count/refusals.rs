//! What is refused, and how rows that cannot be used are told.

use std::fmt::Write as _;
use std::path::Path;

use backburn_core::rollup::Place;
use backburn_core::time::Span;
use backburn_scan::control::Control;
use backburn_scan::request::Request;
use backburn_scan::task::rollup as scan;

use crate::rows::{Row, SECOND, plain, request, write};
use crate::run;

#[test]
fn rejects_and_unknowns_name_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.parquet").to_string_lossy().into_owned();
    let good =
        Row { time: Some(0), service: None, path: None, status: Some(200), duration: Some(1.0), weight: Some(1) };
    let mut rows = vec![good; 10];
    rows[4].time = None;
    rows[7].status = Some(600);
    write(Path::new(&path), &rows, 3);
    let rollup = run(&request(&plain()), std::slice::from_ref(&path), 2);
    let (reason, problem) = rollup.rejects.iter().next().unwrap();
    assert_eq!((reason, problem.count, problem.examples[0].place), ("null timestamp", 1, Place::Row(4)));
    assert_eq!(problem.examples[0].source, path);
    let unknown = &rollup.indicators["availability"].unknown;
    let (reason, problem) = unknown.iter().next().unwrap();
    assert_eq!((reason, problem.count), ("status outside 100 to 599", 1));
    assert_eq!((problem.examples[0].place, problem.examples[0].value.as_str()), (Place::Row(7), "600"));
    assert_eq!(rollup.times(), Some((0, 0)));
}

#[test]
fn too_many_cells_are_refused_by_whatever_counts_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.parquet").to_string_lossy().into_owned();
    let at = |minute: i64| Row {
        time: Some(minute * 60 * SECOND),
        service: None,
        path: None,
        status: Some(200),
        duration: Some(1.0),
        weight: Some(1),
    };
    write(Path::new(&path), &(0..50_i64).map(at).collect::<Vec<_>>(), 5);
    let request = |most| Request { most_cells: Some(most), ..request(&plain()) };
    let cells: usize = run(&request(1_000), std::slice::from_ref(&path), 2)
        .indicators
        .values()
        .map(|indicator| indicator.tallies.index().len())
        .sum();
    let most = u64::try_from(cells).unwrap();
    for threads in [1, 3] {
        let scan = |most| scan(&request(most), std::slice::from_ref(&path), threads, &Control::default());
        assert!(scan(most).is_ok());
        let error = scan(most - 1).unwrap_err();
        let said = format!("at least {cells} cells, of which no more than {} are kept", cells - 1);
        assert_eq!((error.message.as_str(), error.field.as_deref()), (said.as_str(), Some("source.step")));
        let fewer = format!("count in steps of 5m, which make {} cells of these rows", cells / 5);
        assert_eq!(error.remedy, Some(fewer));
        // Where a single thread has too many, it stops before the others are done.
        assert!(scan(3).unwrap_err().message.ends_with("of which no more than 3 are kept"));
    }
}

#[test]
fn nothing_more_is_read_once_there_are_too_many_cells() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_string_lossy().into_owned()
    };
    // Years lie too far from each other to be counted side by side.
    let mut rows = "timestamp,service,path,status,ms,n\n".to_owned();
    for year in 1..=28 {
        writeln!(rows, "20{year:02}-10-01T00:00:00Z,api,/pay,200,1,1").unwrap();
    }
    let many = write("a.csv", rows.as_bytes());
    // Whoever reads on finds this.
    let broken = write("b.csv", b"timestamp,service,path,status,ms,n\n2025-10-01T00:00:00Z,api,/pay,200,1,1\nx,\"");
    let mut broken_bytes = std::fs::read(&broken).unwrap();
    broken_bytes.extend(vec![b'x'; 17 << 20]);
    std::fs::write(&broken, broken_bytes).unwrap();
    let refused = |most| {
        let request = Request { most_cells: Some(most), ..request(&plain()) };
        scan(&request, &[many.clone(), broken.clone()], 1, &Control::default()).unwrap_err().message
    };
    assert_eq!(refused(1_000), "record longer than 16 MiB");
    assert_eq!(refused(20), "at least 28 cells, of which no more than 20 are kept");
}

#[test]
fn a_source_knows_all_its_records_also_those_that_are_no_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    let row = "2025-10-01T00:00:00Z,200,1\n".repeat(2);
    std::fs::write(&path, format!("timestamp,status,ms\n{row}1,2\n3,4,5,6\n{row}")).unwrap();
    let rollup = run(&request(&plain()), &[path.to_string_lossy().into_owned()], 1);
    let source = rollup.sources.values().next().unwrap();
    assert_eq!((rollup.rows, source.rows.as_slice()), (4, [Span::new(0, 6)].as_slice()));
}

#[test]
fn rows_that_are_not_read_are_known_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.parquet");
    let minute = |minute: i64| minute * 60 * SECOND;
    let at =
        |time| Row { time: Some(time), service: None, path: None, status: Some(200), duration: None, weight: None };
    // Two row groups, of which the first lies before the asked time.
    write(&path, &[0, 1, 300, 301].map(|one| at(minute(one))), 2);
    let asked = Request { start: Some(minute(300)), ..request(&plain()) };
    let rollup = run(&asked, &[path.to_string_lossy().into_owned()], 1);
    let source = rollup.sources.values().next().unwrap();
    assert_eq!((rollup.rows, rollup.skipped.row_groups), (2, 1));
    assert_eq!(source.present.as_slice(), [Span::new(0, minute(2)), Span::new(minute(300), minute(302))]);
}

#[test]
fn a_log_under_two_names_is_refused_and_two_empty_logs_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let header = "timestamp,service,path,status,ms,n\n";
    let row = "2025-10-01T00:00:00Z,api,/pay,200,1,1\n";
    let [first, second] = ["a.csv", "b.csv"].map(|name| write(name, &format!("{header}{row}")));
    let request = request(&plain());
    let refused = scan(&request, &[first.clone(), second.clone()], 2, &Control::default()).unwrap_err();
    assert_eq!(refused.kind, backburn_scan::error::Kind::Mismatch);
    assert!(refused.message.contains(&first) && refused.message.contains(&second), "{refused}");
    let quiet = ["c.csv", "d.csv"].map(|name| write(name, header));
    assert_eq!(run(&request, &quiet, 2).rows, 0);
    assert_eq!(run(&request, &[first, quiet[0].clone()], 2).rows, 1);
}

#[test]
fn a_stopped_scan_is_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.parquet");
    let row = Row { time: Some(0), service: None, path: None, status: None, duration: None, weight: None };
    write(&path, &[row], 3);
    let control = Control::default();
    control.stop();
    let stopped = scan(&request(&plain()), &[path.to_string_lossy().into_owned()], 2, &control);
    assert_eq!(stopped.unwrap_err().kind, backburn_scan::error::Kind::Interrupted);
}
