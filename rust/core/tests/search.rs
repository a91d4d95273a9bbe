//! Exact quantiles by several scans against a plain sort, however little room there is and however the data is cut.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use backburn_core::cell::{Bucket, Buckets, Lane, Places, Recorder, Scale, Steps, Tallies};
use backburn_core::error::Error;
use backburn_core::quantile::{Collected, Definition, Finder, Quantile, Search};
use backburn_core::rollup::{Durations, Indicator, Key, Problems, Rollup, Source, SourceId, in_order};
use backburn_core::time::{Span, Step};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000_000;
const ROOM: u64 = 4 * 1024 * 1024;

/// A row of a log: its series, its hour, what it counts for, its lane and its duration.
#[derive(Debug, Clone, Copy)]
struct Row {
    series: u32,
    hour: i64,
    weight: u64,
    lane: Lane,
    value: f64,
}

/// The labels of all series: service and host.
fn keys() -> Vec<Key> {
    let key = |service: &str, host: Option<&str>| vec![Some(service.to_owned()), host.map(str::to_owned)];
    vec![key("web", Some("b")), key("api", Some("a")), key("web", Some("a")), key("api", None)]
}

/// The step of one row.
fn one(step: i64) -> Steps {
    std::iter::once(step).collect()
}

/// A rollup of rows of one source, as a first scan makes it; `hours` of them are one histogram.
fn first_scan(rows: &[Row], hours: i64, weighted: bool) -> Rollup {
    let mut tallies = backburn_core::cell::Accumulator::new(&[1], weighted);
    let mut recorder = Recorder::new(Scale::default(), weighted);
    for row in rows {
        let weight = [row.weight];
        let weight = weighted.then_some(weight.as_slice());
        let (hour, span) = (one(row.hour), one(row.hour.div_euclid(hours)));
        let places = Places { series: &[row.series], series_met: keys().len(), steps: &hour, weights: weight };
        tallies.add(places, &[&[row.lane]]).unwrap();
        recorder.add(Places { steps: &span, ..places }, &[row.lane], &[row.value]).unwrap();
    }
    let indicator = Indicator {
        fingerprint: "f".to_owned(),
        step: Step::new(HOUR).unwrap(),
        by: vec!["service".to_owned(), "host".to_owned()],
        reasons: vec!["forgiven".to_owned()],
        sources: BTreeSet::new(),
        ignored: 0,
        unknown: Problems::default(),
        keys: Vec::new(),
        tallies: Tallies::empty(1, weighted),
        durations: None,
        samples: None,
    };
    let (sorted, to) = in_order(keys());
    let durations = Durations {
        step: Step::new(hours * HOUR).unwrap(),
        unit: "ms".to_owned(),
        histograms: recorder.finish(&to).unwrap(),
    };
    let mut cells = tallies.finish(&to).unwrap();
    let indicator = indicator.with_cells(&sorted, cells.remove(0), Some(durations));
    Rollup { indicators: [("fast".to_owned(), indicator)].into(), ..read(rows, 0..rows.len()) }
}

/// What a scan of some of the rows knows of its source.
fn read(rows: &[Row], part: std::ops::Range<usize>) -> Rollup {
    let whole = |at: usize| i64::try_from(at).unwrap();
    let times = || rows[part.clone()].iter().map(|row| row.hour * HOUR + 5);
    let source = Source {
        name: "a.log".to_owned(),
        rows: [Span::new(whole(part.start), whole(part.end))].into_iter().collect(),
        asked: Source::unbounded(),
        present: times().map(|time| Span::new(time, time + 1)).collect(),
        times: times().min().zip(times().max()),
    };
    let id = SourceId { size: 7, hash: "a".to_owned() };
    Rollup { sources: [(id, source)].into(), rows: part.len() as u64, ..Rollup::default() }
}

/// A later scan of some of the rows by one thread after the other, which find series in the order of the rows.
fn scan(
    search: &Search,
    rows: &[Row],
    part: std::ops::Range<usize>,
    hours: i64,
    weighted: bool,
    threads: usize,
) -> Collected {
    let mut values = search.values();
    for thread in 0..threads {
        for measure in 0..search.measures().len() {
            let (mut finder, mut met): (Finder, Vec<u32>) = (search.finder(measure), Vec::new());
            for row in rows[part.clone()].iter().skip(thread).step_by(threads) {
                let number = met.iter().position(|known| *known == row.series).unwrap_or_else(|| {
                    met.push(row.series);
                    finder.meet(&keys()[row.series as usize]);
                    met.len() - 1
                });
                assert_eq!(finder.series(), met.len());
                let series = [u32::try_from(number).unwrap()];
                let (weight, span) = ([row.weight], one(row.hour.div_euclid(hours)));
                let weights = weighted.then_some(weight.as_slice());
                let places = Places { series: &series, series_met: met.len(), steps: &span, weights };
                finder.add(places, &[row.lane], &[row.value]).unwrap();
                if finder.is_full() {
                    finder.prepare().unwrap();
                    finder.hand_over(&mut values).unwrap();
                }
            }
            finder.finish(&mut values).unwrap();
        }
    }
    values.seal().unwrap();
    Collected { values, read: read(rows, part) }
}

fn parsed(quantiles: &[&str]) -> Vec<Quantile> {
    quantiles.iter().map(|text| Quantile::parse(text).unwrap()).collect()
}

/// By measure, key and span: how many values, and the quantiles as bits.
type Found = BTreeMap<(usize, Key, i64), (u64, Vec<u64>)>;

fn answers(search: &Search) -> Found {
    let mut found = Found::new();
    for answer in search.answers() {
        for (span, count, values) in answer.spans {
            let bits = values.into_iter().map(|value| value.unwrap().to_bits()).collect();
            assert_eq!(found.insert((answer.measure, answer.key.clone(), span.start), (count, bits)), None);
        }
    }
    found
}

/// The same by sorting.
fn sorted(
    rows: &[Row],
    views: &[Vec<usize>],
    span: impl Fn(i64) -> i64,
    asked: &[Quantile],
    kind: Definition,
) -> Found {
    let mut cells: BTreeMap<(usize, Key, i64), Vec<f64>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.lane <= Lane::BAD && row.value >= 0.0 && row.value.is_finite()) {
        for (measure, labels) in views.iter().enumerate() {
            let key = labels.iter().map(|label| keys()[row.series as usize][*label].clone()).collect();
            let values = cells.entry((measure, key, span(row.hour))).or_default();
            values.extend((0..row.weight).map(|_| row.value.abs()));
        }
    }
    let quantiles = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let count = values.len() as u64;
        let of = |quantile: &Quantile| {
            let ranks = kind.ranks(*quantile, count).unwrap();
            let at = |rank: u64| values[usize::try_from(rank).unwrap()];
            ranks.combine(at(ranks.low), at(ranks.high)).to_bits()
        };
        (count, asked.iter().map(of).collect())
    };
    cells.into_iter().map(|(cell, values)| (cell, quantiles(values))).collect()
}

fn values() -> impl Strategy<Value = f64> {
    let near = |value: f64, ulps: i64| f64::from_bits(value.to_bits().saturating_add_signed(ulps));
    prop_oneof![
        4 => 1.0..1.01_f64,
        2 => (0_u32..6).prop_map(|ulps| f64::from_bits(1.005_f64.to_bits() + u64::from(ulps))),
        2 => (1_u16..2000).prop_map(f64::from),
        1 => (-1074_i32..1024, -1_i64..2).prop_map(move |(power, ulps)| {
            near(2_f64.powi(power / 2) * 2_f64.powi(power - power / 2), ulps)
        }),
        1 => (-300_i32..600, -1_i64..2).prop_map(move |(index, ulps)| near(Scale::default().bounds(index).0, ulps)),
        1 => (0_u64..9).prop_map(f64::from_bits),
        1 => prop::sample::select(vec![0.0, -0.0, f64::MAX, f64::MIN_POSITIVE]),
        1 => prop::sample::select(vec![-1.0, f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let lane = prop_oneof![9 => (0_u8..2).prop_map(Lane), 1 => (2_u8..4).prop_map(Lane), 1 => Just(Lane::IGNORED)];
    let row = (0_u32..4, -3_i64..3, 1_u64..5, lane, values());
    let row = row.prop_map(|(series, hour, weight, lane, value)| Row { series, hour, weight, lane, value });
    prop::collection::vec(row, 1..150)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn scans_find_what_sorting_finds(
        mut rows in rows(),
        weighted: bool,
        hours in prop::option::of(1_i64..3),
        definition in 1_u8..=9,
        room in prop_oneof![Just(ROOM), 0_u64..60],
        threads in 1_usize..4,
        cut in 0_usize..150,
    ) {
        if !weighted {
            for row in &mut rows {
                row.weight = 1;
            }
        }
        let views = [vec![0], vec![], vec![1, 0]];
        let asked = parsed(&["0.5", "0", "0.25", "0.9", "0.999", "1", "0.5"]);
        let kind = Definition::new(definition).unwrap();
        let measures: Vec<_> = views.iter().map(|labels| ("fast".to_owned(), labels.clone())).collect();
        let every = hours.map(|hours| Step::new(hours * HOUR).unwrap());
        let hours = hours.unwrap_or(2);
        let rollup = first_scan(&rows, hours, weighted);
        let search = Search::begin(&rollup, &measures, every, asked.clone(), kind).unwrap();
        let mut search = search.with_room(room).unwrap();
        prop_assert_eq!(search.every(), every);
        let cut = cut.min(rows.len());
        while !search.is_done() {
            let whole = scan(&search, &rows, 0..rows.len(), hours, weighted, 1);
            let first = scan(&search, &rows, 0..cut, hours, weighted, threads);
            let second = scan(&search, &rows, cut..rows.len(), hours, weighted, 1);
            let next = search.refine(&[&second, &first]).unwrap();
            prop_assert_eq!(format!("{:?}", &next), format!("{:?}", search.refine(&[&whole]).unwrap()));
            prop_assert_eq!(next.passes(), search.passes() + 1);
            search = next;
            prop_assert!(search.passes() < 60);
        }
        prop_assert!(search.passes() <= 2 || room < ROOM);
        let first = rows.iter().map(|row| row.hour).min().unwrap() * HOUR;
        let expected = match every {
            Some(every) => sorted(&rows, &views, |hour| every.span(every.index(hour * HOUR)).start, &asked, kind),
            None => sorted(&rows, &views, |_| first, &asked, kind),
        };
        prop_assert_eq!(answers(&search), expected);
    }
}

fn row(series: u32, hour: i64, value: f64) -> Row {
    Row { series, hour, weight: 1, lane: Lane::GOOD, value }
}

fn begin(rows: &[Row], quantiles: &[&str]) -> Search {
    let every = Step::new(HOUR);
    let fast = [("fast".to_owned(), vec![0])];
    Search::begin(&first_scan(rows, 1, false), &fast, every, parsed(quantiles), Definition::default()).unwrap()
}

#[test]
fn buckets_of_one_value_need_no_second_scan() {
    let least = f64::from_bits(1);
    let rows = [row(0, 0, 0.0), row(0, 0, -0.0), row(0, 0, least), row(1, 0, least)];
    let search = begin(&rows, &["0", "1"]);
    assert!(search.is_done());
    assert_eq!(search.passes(), 1);
    let (web, api) = (vec![Some("web".to_owned())], vec![Some("api".to_owned())]);
    let expected = [((0, api, 0), (1, vec![1, 1])), ((0, web, 0), (3, vec![0, 1]))];
    assert_eq!(answers(&search), BTreeMap::from(expected));
}

#[test]
fn a_spread_in_one_bucket_is_cut_and_looked_at_again() {
    let value = |at: u64| f64::from_bits(1.0_f64.to_bits() + 1 + at * 0x0bea_f123);
    let rows: Vec<Row> = (0..150_000).map(|at| row(0, 0, value(at * 7_919 % 150_000))).collect();
    let mut search = begin(&rows, &["0.25", "0.5"]).with_room(2_000).unwrap();
    let mut found = Vec::new();
    while !search.is_done() {
        assert!(search.answers()[0].spans[0].2.iter().all(Option::is_none));
        let collected = scan(&search, &rows, 0..rows.len(), 1, false, 2);
        search = search.refine(&[&collected]).unwrap();
        found.push(search.is_done());
    }
    assert_eq!(found, [false, true]);
    assert_eq!(search.passes(), 3);
    let halves = [value(37_499), value(37_500), value(74_999), value(75_000)];
    let ends = [halves[0] + 0.75 * (halves[1] - halves[0]), halves[2] + 0.5 * (halves[3] - halves[2])];
    for (found, expected) in search.answers()[0].spans[0].2.iter().zip(ends) {
        assert!((found.unwrap() - expected).abs() < 1e-15);
    }
}

#[test]
fn what_is_found_is_handed_over_in_large_pieces() {
    let value = |at: u64| f64::from_bits(1.5_f64.to_bits() + at);
    // No two values are equal, all are of one bucket, and the greatest come first.
    let rows: Vec<Row> = (0..70_000).rev().map(|at| row(0, 0, value(at))).collect();
    let search = begin(&rows, &["0.5"]);
    let (mut finder, mut values) = (search.finder(0), search.values());
    finder.meet(&keys()[0]);
    let (hour, full) = (one(0), 1 << 16);
    let places = Places { series: &[0], series_met: 1, steps: &hour, weights: None };
    for (at, row) in rows.iter().enumerate() {
        finder.add(places, &[row.lane], &[row.value]).unwrap();
        // Some wait for their like, for a while.
        assert!(!finder.is_full() || at >= full);
    }
    assert!(finder.is_full());
    finder.prepare().unwrap();
    finder.hand_over(&mut values).unwrap();
    assert!(!finder.is_full());
    finder.finish(&mut values).unwrap();
    values.seal().unwrap();
    let search = search.refine(&[&Collected { values, read: read(&rows, 0..rows.len()) }]).unwrap();
    let middle = search.answers()[0].spans[0].2[0].unwrap();
    assert!(search.is_done() && value(34_999) <= middle && middle <= value(35_000));
}

#[test]
fn a_single_span_goes_from_the_first_row_to_the_last() {
    let rows = [row(0, -2, 5.0), row(0, 3, 7.0), row(1, 1, 9.0)];
    let fast = [("fast".to_owned(), vec![0])];
    let search = Search::begin(&first_scan(&rows, 2, false), &fast, None, parsed(&["0"]), Definition::default());
    let spans: Vec<Span> = search.unwrap().answers().iter().map(|answer| answer.spans[0].0).collect();
    assert_eq!(spans, [Span::new(-2 * HOUR, 4 * HOUR); 2]);
}

#[test]
fn very_many_histograms_are_one_span() {
    let rows: Vec<Row> = (0..1_001_u16).map(|at| row(0, i64::from(at), f64::from(at * 5 % 1_001))).collect();
    let rollup = first_scan(&rows, 1, false);
    let fast = [("fast".to_owned(), vec![])];
    let search =
        Search::begin(&rollup, &fast, None, parsed(&["0", "0.25", "0.5", "1"]), Definition::default()).unwrap();
    let search = search.refine(&[&scan(&search, &rows, 0..rows.len(), 1, false, 1)]).unwrap();
    let expected = [0.0, 250.0, 500.0, 1_000.0].map(Some).to_vec();
    assert_eq!(search.answers()[0].spans, [(Span::new(0, 1_001 * HOUR), 1_001, expected)]);
}

#[test]
fn data_that_changed_is_refused() {
    let rows = vec![row(0, 0, 5.0), row(0, 0, 5.1), row(1, 0, 7.0)];
    let search = begin(&rows, &["0.5"]);
    let refused = |collected: &[&Collected]| match search.refine(collected) {
        Err(Error::Changed { what }) => what,
        other => panic!("{other:?}"),
    };
    let good = scan(&search, &rows, 0..3, 1, false, 1);
    search.refine(&[&good]).unwrap();
    assert_eq!(refused(&[]), "'a.log' is not there any more, or has another content");
    assert_eq!(refused(&[&scan(&search, &rows, 0..2, 1, false, 1)]), "other rows of 'a.log' were read");
    let rename = |hash: &str| {
        let mut other = good.clone();
        let source = other.read.sources.pop_first().unwrap().1;
        other.read.sources.insert(SourceId { size: 7, hash: hash.to_owned() }, source);
        other
    };
    assert_eq!(refused(&[&rename("b")]), "'a.log' is not there any more, or has another content");
    let mut more = rename("b");
    more.read.sources.extend(good.read.sources.clone());
    assert_eq!(refused(&[&more]), "'a.log' is new");
    let mut fewer = good.clone();
    fewer.read.rows = 2;
    assert_eq!(refused(&[&fewer]), "there are 2 rows, and were 3");
    let mut moved = rows.clone();
    moved[1].value = 900.0;
    let moved = scan(&search, &moved, 0..3, 1, false, 1);
    assert_eq!(refused(&[&moved]), "of indicator 'fast', 0 durations are where 1 were");
    assert!(matches!(search.refine(&[&good, &good]), Err(Error::SharedSource { .. })));
    let another = scan(&begin(&rows, &["0.5"]), &rows, 0..3, 1, false, 1);
    assert_eq!(search.refine(&[&another]).unwrap_err(), Error::OtherSearch);
}

#[test]
fn what_was_not_recorded_cannot_be_searched() {
    let rows = [row(0, 0, 5.0)];
    let mut rollup = first_scan(&rows, 2, false);
    let begin = |rollup: &Rollup, name: &str, hours| {
        let fast = [(name.to_owned(), vec![])];
        Search::begin(rollup, &fast, Step::new(hours * HOUR), parsed(&["1"]), Definition::default()).map(|_| ())
    };
    assert_eq!(begin(&rollup, "fast", 2), Ok(()));
    assert_eq!(begin(&rollup, "fast", 1), Err(Error::OtherSpans { indicator: "fast".to_owned() }));
    assert_eq!(begin(&rollup, "slow", 2), Err(Error::NoDurations { indicator: "slow".to_owned() }));
    rollup.indicators.get_mut("fast").unwrap().durations = None;
    assert_eq!(begin(&rollup, "fast", 2), Err(Error::NoDurations { indicator: "fast".to_owned() }));
}

#[test]
fn weights_that_do_not_fit_are_refused() {
    let rows = [row(0, 0, 5.0), row(0, 0, 5.0)];
    let search = begin(&rows, &["0.5"]);
    let mut finder = search.finder(0);
    finder.meet(&keys()[0]);
    let places = Places { series: &[0], series_met: 1, steps: &one(0), weights: Some(&[u64::MAX]) };
    let add = |finder: &mut Finder| finder.add(places, &[Lane::BAD], &[5.0]);
    add(&mut finder).unwrap();
    assert_eq!(add(&mut finder), Err(Error::Overflow));
}

#[test]
fn the_doubles_of_a_bucket_are_those_that_fall_into_it() {
    for scale in (0..=8).map(|scale| Scale::new(scale).unwrap()) {
        let buckets = Buckets::new(scale);
        let one = 1 << scale.get();
        let octaves = [-1075, -1074, -1073, -1070, -1060, -1024, -1023, -1022, -1021, -1, 0, 1, 52, 1022, 1023];
        for index in octaves.iter().flat_map(|octave| (0..one).map(move |within| octave * one + within)) {
            let (low, high) = scale.doubles(index);
            let find = |bits: u64| buckets.find(f64::from_bits(bits));
            // Among the least doubles, most buckets hold none.
            let holds_any = low <= high;
            assert!(holds_any || index < -1022 * one);
            assert_eq!(find(low) == Some(Bucket::Index(index)), holds_any, "{index} at {scale:?}");
            assert_eq!(find(high) == Some(Bucket::Index(index)), holds_any);
            assert_ne!(find(high + 1), Some(Bucket::Index(index)));
            assert!(low == 1 || find(low - 1) != Some(Bucket::Index(index)));
        }
    }
}
