//! Real logs that live beside the project, with facts that were counted without it.

use std::path::{Path, PathBuf};

use backburn_scan::format::{Chunk, WHOLE};
use backburn_scan::normalise::in_full;
use backburn_scan::source::input::Input;
use backburn_scan::source::{Opened, open};

/// Where real logs live beside the project, if they do.
fn shared_data() -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !data.is_dir() {
        assert!(std::env::var_os("CI").is_none(), "the shared data is missing");
        eprintln!("skipped: no {}", data.display());
        return None;
    }
    Some(data)
}

/// The cells of some columns of a file, row by row, with `-` for null.
fn cells(file: &Path, format: Option<&str>, columns: &[&str]) -> Vec<String> {
    let Opened::Rows { rows, .. } = open(&Input::file(file, "a.log"), format).unwrap() else { panic!("this is text") };
    let places: Vec<usize> = columns.iter().map(|name| rows.schema().index_of(name).unwrap()).collect();
    let mut cells = Vec::new();
    for chunk in rows.read(&places, &WHOLE).unwrap().map(Result::unwrap) {
        for row in 0..chunk.batch.num_rows() {
            let cell = |array| in_full(array, row).unwrap_or_else(|| "-".to_owned());
            cells.push(chunk.batch.columns().iter().map(cell).collect::<Vec<_>>().join(" "));
        }
    }
    cells
}

#[test]
fn real_logs_have_known_cells() {
    let Some(data) = shared_data() else { return };
    let read = |file: &str, columns: &[&str]| cells(&data.join("formats").join(file), None, columns);
    let alb = read("aws-alb-logs/aws-alb-logs.log", &["status", "upstream_duration", "upstream_status", "host"]);
    assert_eq!(alb.iter().filter(|row| row.starts_with("404 - - ")).count(), 8);
    assert_eq!(alb[1], "200 0.048 200 www.example.com");
    assert_eq!(
        read("envoy-logs/envoy.log", &["timestamp", "status", "duration", "client", "path"]),
        [
            "2025-12-31T16:37:40.479Z 200 11.0 10.0.0.12 /assets/image.webp",
            "2025-12-31T17:22:04.951Z 301 0.0 192.168.1.45 /",
            "2025-12-31T17:30:03.228Z 404 5.0 172.16.2.33 /.env",
            "2026-01-24T01:34:36.743Z 301 0.0 fd00:1234:5678::5a24 /",
            "2026-01-24T01:35:00Z 200 15.0 10.42.0.1 /api/data",
            "2026-01-24T01:36:00Z 201 20.0 fd00:1234:5678::1 /api/create",
        ]
    );
    let envoy =
        cells(&data.join("formats/envoy-logs/envoy.log"), Some("envoy"), &["status", "upstream_duration", "host"]);
    let expected =
        ["204 100.0 locations", "200 25.0 example.com", "200 15.0 proxy.example.com", "201 20.0 proxy6.example.com"];
    assert_eq!(envoy, expected);
    let haproxy = read("lnav/logfile_haproxy.0", &["status", "bytes", "duration", "client"]);
    assert_eq!(haproxy[0], "200 11394 1487.0 141.35.244.171");
    let bytes = haproxy.iter().filter_map(|row| row.split(' ').nth(1)?.parse::<u64>().ok()).sum::<u64>();
    assert_eq!(bytes, 118_427);
    let uwsgi = read("lnav/logfile_uwsgi.0", &["timestamp", "duration", "status"]);
    assert_eq!(
        uwsgi[..3],
        ["2016-03-13T22:49:12 129000.0 200", "2016-03-13T22:49:15 35000.0 200", "2016-03-13T22:49:15 68.0 200"]
    );
    let traefik = read("traefik_clf/traefik_clf.log", &["status", "duration", "request_count"]);
    assert_eq!((traefik[4].as_str(), traefik[5].as_str()), ("- 0.0 45640", "200 42.0 244"));
    let traefik = read("traefik_json/traefik_json.log", &["timestamp", "status", "duration", "user"]);
    assert_eq!(traefik[4], "2026-01-14T09:45:33.759014Z 404 10158.0 -");
    let caddy = read("caddy-logs/caddy-logs.log", &["status", "timestamp", "user", "user_agent"]);
    assert_eq!(caddy.iter().filter(|row| row.starts_with("0 ")).count(), 7);
    assert_eq!(caddy[9], "200 2024-03-29T19:51:04.947103Z Bob curl/7.88.1");
    let cloudfront =
        read("aws-cloudfront-logs/aws-cloudfront-logs.log", &["timestamp", "status", "duration", "query", "bytes"]);
    assert_eq!(cloudfront, ["2024-03-12T15:22:28Z 400 0.113 query_param=42 703"; 2]);
    for (file, failed) in [("apache2-logs/apache2-logs.log", 5), ("nginx_http-logs/nginx_http-logs.log", 4)] {
        assert_eq!(read(file, &["status"]).iter().filter(|status| status.starts_with('5')).count(), failed, "{file}");
    }
}

/// Rows, bad records and format of each.
#[test]
fn real_logs_have_known_counts() {
    let Some(data) = shared_data() else { return };
    for (file, format, rows, bad) in [
        ("apache/access.log.gz", "combined", 10_000, 0),
        ("jmeter/load_test_final.jtl", "csv", 10_387, 0),
        ("formats/lnav/logfile_shop_access_log.0", "combined", 1_000, 0),
        ("formats/apache2-logs/apache2-logs.log", "common", 7, 2),
        ("formats/nginx_http-logs/nginx_http-logs.log", "combined", 7, 2),
        ("formats/traefik_clf/traefik_clf.log", "traefik", 7, 0),
        ("formats/caddy-logs/caddy-logs.log", "caddy", 10, 1),
        ("formats/traefik_json/traefik_json.log", "traefik-json", 6, 1),
        ("formats/aws-alb-logs/aws-alb-logs.log", "alb", 14, 0),
        ("formats/aws-cloudfront-logs/aws-cloudfront-logs.log", "cloudfront", 2, 0),
        ("formats/envoy-logs/envoy.log", "envoy-json", 6, 4),
        ("formats/lnav/logfile_haproxy.0", "haproxy", 13, 4),
        ("formats/lnav/logfile_uwsgi.0", "uwsgi", 19, 0),
        ("nginxplus/nginxplus_status.ndjson.gz", "ndjson", 500, 0),
    ] {
        let Opened::Rows { rows: log, format: found, .. } = open(&Input::file(&data.join(file), file), None).unwrap()
        else {
            panic!("{file} is text")
        };
        let read: Vec<Chunk> = log.read(&[0], &WHOLE).unwrap().map(Result::unwrap).collect();
        let counts =
            (read.iter().map(|c| c.batch.num_rows()).sum::<usize>(), read.iter().map(|c| c.bad.len()).sum::<usize>());
        assert_eq!((found.as_str(), counts), (format, (rows, bad)), "{file}");
    }
    // Too few lines are requests to say that all are meant to be, but whoever says so gets those.
    let haproxy = Input::file(&data.join("formats/haproxy-logs/haproxy-logs.log"), "haproxy.log");
    let error = open(&haproxy, None).err().unwrap();
    assert!(error.message.contains("only 2 of 5 lines are haproxy"), "{error}");
    let Opened::Rows { rows, .. } = open(&haproxy, Some("haproxy")).unwrap() else { panic!("this is text") };
    let read: Vec<Chunk> = rows.read(&[0], &WHOLE).unwrap().map(Result::unwrap).collect();
    let bad: Vec<u64> = read[0].bad.iter().map(|bad| bad.line).collect();
    assert_eq!((read[0].batch.num_rows(), bad), (2, vec![3, 4, 5]));
}
