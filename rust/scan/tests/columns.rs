//! From the names that people use to the columns of a file, whatever the file calls them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use backburn_core::rollup::Rollup;
use backburn_scan::control::Control;
use backburn_scan::error::{Error, Kind};
use backburn_scan::request::Request;
use backburn_scan::task::rollup as scan;
use serde_json::{Value, json};

const LOG: &str = "\
at,code,svc,url,took,upstream
2025-10-01T00:00:00Z,200,api,/users/1,0.1,0.05
2025-10-01T00:00:30Z,503,api,/users/2,0.4,0.5
2025-10-01T00:01:00Z,refused,web,/pay,0.2,0.2
2025-10-01T00:02:00Z,404,web,/other,0.3,
";

/// A request for `LOG` with one indicator, changed by `change`.
fn request(sli: &Value, change: impl FnOnce(&mut Value)) -> Request {
    let mut document = json!({
        "format": null,
        "timestamp": {"column": "at", "format": null, "unit": null, "timezone": null, "marks": "end", "written": true},
        "status": {"column": "code", "written": true},
        "duration": {"column": "took", "unit": "s", "written": true},
        "count": null,
        "aliases": {"service": {"column": "svc", "unit": null}, "behind": {"column": "upstream", "unit": "s"},
                    "path": {"column": "url", "unit": null}},
        "where": null, "exclude": [], "by": [], "routes": [], "step": 60_000_000, "start": null, "end": null,
        "indicators": [{"name": "it", "fingerprint": "f", "valid": null, "exclude": [], "sli": sli}],
    });
    change(&mut document);
    Request::from_json(&document.to_string()).unwrap()
}

fn count_in(folders: &str, log: &str, request: &Request) -> Result<Rollup, Error> {
    let folder = tempfile::tempdir().unwrap();
    let within = folder.path().join(folders);
    std::fs::create_dir_all(&within).unwrap();
    let path = within.join("log.csv");
    std::fs::write(&path, log).unwrap();
    scan(request, &[path.to_string_lossy().into_owned()], 1, &Control::default())
}

fn ratio(text: &str) -> Value {
    json!({"kind": "ratio", "good": {"text": text, "at": null}, "bad": null})
}

/// Good, bad and unknown events over everything, by series.
fn counts(rollup: &Rollup) -> Vec<(Vec<Option<String>>, u64, u64, u64)> {
    let indicator = &rollup.indicators["it"];
    let total = |series| indicator.tallies.total(series, i64::MIN, i64::MAX).unwrap();
    let series = indicator.keys.iter().enumerate();
    series.map(|(at, key)| (key.clone(), total(at).good, total(at).bad, total(at).unknown)).collect()
}

fn all(text: &str) -> (u64, u64, u64) {
    let found = counts(&count_in("", LOG, &request(&ratio(text), |_| {})).unwrap());
    found.iter().fold((0, 0, 0), |sum, one| (sum.0 + one.1, sum.1 + one.2, sum.2 + one.3))
}

#[expect(clippy::unnecessary_wraps, reason = "a label that is there")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn predicates_see_roles_aliases_and_raw_columns() {
    // The status role is a number, whatever the file wrote; what is none is null.
    assert_eq!(all("status >= 400"), (2, 1, 1));
    assert_eq!(all("code = 'refused'"), (1, 3, 0));
    assert_eq!(all("timestamp < '2025-10-01T00:01:00Z'"), (2, 2, 0));
    assert_eq!(all("duration > 0.25"), (2, 2, 0));
    assert_eq!(all("service = 'web' AND behind > 0.1"), (1, 2, 1));
    assert_eq!(all("svc = 'web' AND url LIKE '/p%'"), (1, 3, 0));
}

#[test]
fn a_column_that_is_called_like_its_role_plays_it_unasked() {
    let log = LOG.replace("at,code,", "timestamp,status,").replace("00:02:00Z", "02:02:00+02:00");
    let of = |text: &str| {
        let roles = |document: &mut Value| {
            document["timestamp"] = json!({"column": "timestamp", "format": null, "unit": null, "timezone": null,
                                           "marks": "end", "written": false});
            document["status"] = json!({"column": "status", "written": false});
        };
        let found = counts(&count_in("", &log, &request(&ratio(text), roles)).unwrap());
        (found[0].1, found[0].2, found[0].3)
    };
    // An instant, not a text; a number, not a text.
    assert_eq!(of("timestamp < '2025-10-01T00:03:00Z'"), (4, 0, 0));
    assert_eq!(of("status <> 404"), (2, 1, 1));
}

#[test]
fn a_route_is_a_label_and_a_name_for_predicates() {
    let routes = |document: &mut Value| {
        document["routes"] = json!(["/users/{id}", "/pay"]);
        document["by"] = json!(["service", "route"]);
        document["aliases"].as_object_mut().unwrap().remove("path");
    };
    let log = LOG.replace("url", "path");
    let rollup = count_in("", &log, &request(&ratio("route <> '/pay'"), routes)).unwrap();
    assert_eq!(
        counts(&rollup),
        [
            (vec![some("api"), some("/users/{id}")], 2, 0, 0),
            (vec![some("web"), None], 0, 0, 1),
            (vec![some("web"), some("/pay")], 0, 1, 0),
        ]
    );
}

#[test]
fn folders_above_a_file_are_columns() {
    let by = |document: &mut Value| document["by"] = json!(["region", "date"]);
    let rollup = count_in("region=eu/date=2025-10-01", LOG, &request(&ratio("date = '2025-10-01'"), by)).unwrap();
    assert_eq!(counts(&rollup), [(vec![some("eu"), some("2025-10-01")], 4, 0, 0)]);
    let rollup = count_in("region=__HIVE_DEFAULT_PARTITION__/date=x", LOG, &request(&ratio("date = 'y'"), by)).unwrap();
    assert_eq!(counts(&rollup), [(vec![None, some("x")], 0, 4, 0)]);
}

#[test]
fn a_latency_may_be_that_of_an_alias() {
    let latency = |column: &str| json!({"kind": "latency", "column": column, "threshold": "0.2", "strict": false});
    let of = |column: &str| {
        let rollup = count_in("", LOG, &request(&latency(column), |_| {})).unwrap();
        let found = counts(&rollup);
        let unknown = &rollup.indicators["it"].unknown;
        let value =
            unknown.iter().next().map(|(reason, problem)| (reason.to_owned(), problem.examples[0].value.clone()));
        ((found[0].1, found[0].2, found[0].3), value)
    };
    assert_eq!(of("duration"), ((2, 2, 0), None));
    assert_eq!(of("behind"), ((2, 1, 1), Some(("null duration".to_owned(), "null".to_owned()))));
    let refused = count_in("", LOG, &request(&latency("status"), |_| {})).unwrap_err();
    assert!(refused.message.contains("status"), "{refused}");
    // A column is called as the file calls it.
    for (name, column) in [("duration", "took"), ("behind", "upstream"), ("code", "code")] {
        let without_units = |document: &mut Value| {
            document["duration"]["unit"] = Value::Null;
            document["aliases"]["behind"]["unit"] = Value::Null;
        };
        let error = count_in("", LOG, &request(&latency(name), without_units)).unwrap_err();
        assert_eq!(error.message, format!("the unit of the duration column '{column}' is not known"));
    }
}

#[test]
fn availability_says_which_status_does_not_tell() {
    let rollup = count_in("", LOG, &request(&json!({"kind": "availability"}), |_| {})).unwrap();
    assert_eq!(counts(&rollup), [(vec![], 2, 1, 1)]);
    let unknown = &rollup.indicators["it"].unknown;
    let (reason, problem) = unknown.iter().next().unwrap();
    assert_eq!((reason, problem.examples[0].value.as_str()), ("unparsable status", "refused"));
}

#[test]
fn what_is_forgiven_is_counted_by_its_reason_and_the_document_forgives_first() {
    let when = |text: &str, reason: &str| json!({"when": {"text": text, "at": null}, "reason": reason});
    let forgive = |document: &mut Value| {
        document["exclude"] = json!([when("svc = 'web' AND took < 0.25", "slow web")]);
        document["indicators"][0]["exclude"] = json!([when("took = 0.2", "never"), when("code = '503'", "busy")]);
    };
    let rollup = count_in("", LOG, &request(&ratio("code = '200'"), forgive)).unwrap();
    let indicator = &rollup.indicators["it"];
    assert_eq!(indicator.reasons, ["slow web", "never", "busy"]);
    let total = indicator.tallies.total(0, i64::MIN, i64::MAX).unwrap();
    assert_eq!((total.good, total.bad, total.excluded), (1, 1, vec![1, 0, 1]));
}

#[test]
fn there_may_be_two_hundred_reasons() {
    let reasons = |count: usize| {
        let all: Vec<Value> = (0..count)
            .map(|at| json!({"when": {"text": "svc = 'web'", "at": null}, "reason": format!("{at}")}))
            .collect();
        move |document: &mut Value| document["exclude"] = json!(all)
    };
    let rollup = count_in("", LOG, &request(&ratio("code = '200'"), reasons(200))).unwrap();
    assert_eq!(rollup.indicators["it"].tallies.total(0, i64::MIN, i64::MAX).unwrap().excluded[0], 2);
    let error = count_in("", LOG, &request(&ratio("code = '200'"), reasons(201))).unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (Kind::Spec, "over 200 reasons to exclude rows"));
}

#[test]
fn a_predicate_that_does_not_tell_shows_the_value_of_its_first_column() {
    let rollup = count_in("", LOG, &request(&ratio("status > 100 AND behind > 0"), |_| {})).unwrap();
    let (reason, problem) = rollup.indicators["it"].unknown.iter().next().unwrap();
    let values: Vec<_> = problem.examples.iter().map(|example| example.value.as_str()).collect();
    assert_eq!((reason, values), ("the predicate is null", vec!["refused", "404"]));
}

#[test]
fn a_constant_count_weighs_every_row() {
    let thrice =
        |document: &mut Value| document["count"] = json!({"column": null, "constant": 3, "means": "aggregated"});
    let rollup = count_in("", LOG, &request(&ratio("service = 'api'"), thrice)).unwrap();
    assert_eq!(counts(&rollup), [(vec![], 6, 6, 0)]);
    let indicator = &rollup.indicators["it"];
    assert_eq!(indicator.tallies.total(0, i64::MIN, i64::MAX).unwrap().rows, 4);
}

fn refused(text: &str, log: &str, change: impl FnOnce(&mut Value)) -> Error {
    count_in("", log, &request(&ratio(text), change)).unwrap_err()
}

#[test]
fn a_column_that_is_not_there_is_named_with_the_nearest_one() {
    let error = refused("cod = 'x'", LOG, |_| {});
    assert_eq!(error.kind, Kind::Data);
    assert!(error.message.contains("'cod'") && error.remedy.as_deref().unwrap().contains("'code'"), "{error}");
    let error = refused("nothing_like_it = 1", LOG, |_| {});
    assert!(error.remedy.as_deref().unwrap().contains("at, code, svc, url, took, upstream"), "{error}");
}

#[test]
fn a_column_that_is_not_there_says_which_may_be_meant() {
    const ALL: &str = "at, code, svc, url, took, upstream";
    let told = |text: &str, log: &str, change: fn(&mut Value)| {
        let error = refused(text, log, change);
        assert_eq!(error.kind, Kind::Data);
        (error.message, error.remedy.unwrap())
    };
    let unwritten: fn(&mut Value) = |document| {
        document["timestamp"]["column"] = json!("timestamp");
        document["timestamp"]["written"] = json!(false);
    };
    let cast = format!("write `columns: {{timestamp: NAME}}` with one of: {ALL}");
    let nobody = "no column plays the role 'timestamp'".to_owned();
    assert_eq!(told("code = 'x'", LOG, unwritten), (nobody.clone(), cast));
    let near = "write `columns: {timestamp: timestamps}`".to_owned();
    assert_eq!(told("code = 'x'", &LOG.replace("at,", "timestamps,"), unwritten), (nobody, near));
    let misspelt: fn(&mut Value) = |document| document["timestamp"]["column"] = json!("att");
    assert_eq!(told("code = 'x'", LOG, misspelt), ("no column 'att'".to_owned(), "did you mean 'at'?".to_owned()));
    let nothing = format!("the columns are: {ALL}");
    assert_eq!(told("zebra = 'x'", LOG, |_| {}), ("no column 'zebra' (a predicate: zebra = 'x')".to_owned(), nothing));
}

#[test]
fn a_raw_column_behind_the_name_of_a_role_asks_for_an_alias() {
    let log = LOG.replace("upstream", "status");
    let error = refused("status = 500", &log, |_| {});
    assert_eq!((error.kind, error.field.as_deref()), (Kind::Spec, Some("status")));
    assert!(error.remedy.as_deref().unwrap().contains("raw_status"), "{error}");
    // Nothing is hidden where nobody asks.
    assert!(count_in("", &log, &request(&ratio("svc = 'api'"), |_| {})).is_ok());
}

#[test]
fn an_error_in_a_predicate_points_into_the_document() {
    let at = json!({"file": "slo.yaml", "line": 7, "column": 20, "path": "objectives[0].sli.good"});
    let placed = |text: &str| {
        let sli = json!({"kind": "ratio", "good": {"text": text, "at": at}, "bad": null});
        count_in("", LOG, &request(&sli, |_| {})).unwrap_err()
    };
    for (text, column) in [("status = = 1", 29), ("took > 1 AND cod = 'x'", 33)] {
        let error = placed(text);
        assert_eq!(
            (error.file.as_deref(), error.line, error.column),
            (Some("slo.yaml"), Some(7), Some(column)),
            "{error}"
        );
    }
}
