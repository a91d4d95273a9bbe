//! Budgets that will be gone, at every tick, against what is forecast at one.

use backburn_core::cell::{Builder, Cell, Lane};
use backburn_core::judge::{Exhausted, NoData, Target, Unparsable};
use backburn_core::time::{Span, Spans, Step};
use backburn_core::window::{
    Budgeted, Cells, Civil, Clocks, Counts, Deadline, Length, Period, Question, SliceMethod, SliceRule, Slices, Ticks,
    exhausting, expect,
};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000_000;
const WEEK: i64 = 168 * HOUR;
/// Half an hour.
const STEP: i64 = HOUR / 2;
/// How many of them there are in six weeks, after which ticks are looked at.
const PAST: i64 = 6 * 336;

/// Where some spans leave a gap in another one.
fn without(span: Span, left_out: &Spans) -> Vec<Span> {
    std::iter::once(span).collect::<Spans>().subtract(left_out).as_slice().to_vec()
}

/// The question that an evaluation would ask about a window at a tick, by clocks that show UTC.
fn question(unit: Step, (start, now, end): (i64, i64, Option<i64>), civil: &Civil, begin: i64) -> Question {
    let last = end.unwrap_or(now + (now - start));
    let (now_at, number) = (unit.span(now).start, |span: Span| unit.begun_in(span));
    let mut ahead = Vec::new();
    for piece in without(Span::new(now_at, unit.span(last).start), &civil.left_out) {
        let mut from = piece.start;
        while from < piece.end {
            let each = HOUR.max(unit.micros());
            let to = piece.end.min((from.div_euclid(each) + 1) * each);
            let ago = (1..50).find(|ago| to - ago * WEEK <= now_at).unwrap_or(1);
            let week = |ago: i64| {
                let week = Span::new(from - ago * WEEK, to - ago * WEEK);
                let known = civil.known.as_slice().iter().any(|one| one.start <= week.start && week.end <= one.end);
                (known && now_at - begin >= WEEK).then(|| number(week))
            };
            ahead.push((number(Span::new(from, to)), (ago..ago + 4).map(week).collect()));
            from = to;
        }
    }
    ahead.retain(|(span, _)| !span.is_empty());
    let seen = Span::new(begin.max(now_at - 4 * WEEK), now_at);
    let mean = civil.known.intersect(&std::iter::once(seen).collect());
    let recent = vec![number(Span::new(now_at - 24 * HOUR, now_at))];
    let mean = mean.as_slice().iter().copied().map(number).collect();
    Question { so_far: Span::new(start, now), end, ahead, mean, recent }
}

fn spans() -> impl Strategy<Value = Spans> {
    let span = (0_i64..PAST + 200, 1_i64..120).prop_map(|(from, steps)| Span::new(from, from + steps));
    prop::collection::vec(span, 0..3).prop_map(|spans| spans.into_iter().collect())
}

fn micros(steps: &Spans) -> Spans {
    steps.as_slice().iter().map(|span| Span::new(span.start * STEP, span.end * STEP)).collect()
}

#[derive(Debug, Clone)]
struct Drawn {
    levels: Vec<u64>,
    failing: Vec<(i64, i64, u64)>,
    busy: Vec<(i64, i64, u64)>,
    begin: i64,
    unknown: Spans,
    left_out: Spans,
}

prop_compose! {
    fn drawn()(
        levels in prop::collection::vec(0_u64..40, 48),
        failing in prop::collection::vec((PAST - 500..PAST + 20, 1_i64..90, 1_u64..30), 0..6),
        busy in prop::collection::vec((PAST - 900..PAST, 1_i64..300, 0_u64..20), 0..4),
        begin in prop::sample::select(vec![0, PAST - 400, PAST - 330, PAST - 100, PAST - 5]),
        unknown in spans(),
        left_out in spans(),
    ) -> Drawn {
        Drawn { levels, failing, busy, begin, unknown, left_out }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn a_budget_is_gone_in_time_where_the_forecast_says_so(
        drawn in drawn(),
        window in prop::sample::select(vec![4_i64, 48, 336, 800]),
        periods: bool,
        slice in prop::sample::select(vec![1_i64, 1, 2, 3]),
        within in prop::sample::select(vec![0, STEP, HOUR, 24 * HOUR, 300 * HOUR]),
        target in prop::sample::select(vec!["0.5", "0.9", "0.99"]),
        no_data in prop::sample::select(vec![NoData::Undefined, NoData::Good, NoData::Bad]),
        first in PAST..PAST + 20,
    ) {
        let Drawn { levels, failing, busy, begin, unknown, left_out } = drawn;
        let mut builder = Builder::new(Lane::FIXED, false);
        for (at, level) in (begin..PAST + 40).zip(levels.iter().cycle()) {
            let told = |spans: &[(i64, i64, u64)]| {
                spans.iter().filter(|(from, steps, _)| (*from..from + steps).contains(&at)).map(|one| one.2).max()
            };
            let (bad, level) = (told(&failing), level * told(&busy).unwrap_or(1));
            let hidden = unknown.as_slice().iter().any(|span| span.contains(at));
            if (level > 0 || bad.is_some()) && !hidden {
                builder.push(Cell { series: 0, step: at, lanes: &[level, bad.unwrap_or(0), 0], weights: None });
            }
        }
        let (tallies, target, step) = (builder.finish(1), Target::parse(target).unwrap(), Step::new(STEP).unwrap());
        let cells = Cells { tallies: &tallies, series: &[0], unparsable: Unparsable::Reject, left_out: &left_out };
        let covered: Spans = without(Span::new(begin, PAST + 40), &unknown).into_iter().collect();
        let civil =
            Civil { clocks: Clocks::default(), known: micros(&covered.subtract(&left_out)), left_out: micros(&left_out) };
        let ticks = Ticks::new(first, 1, 12).unwrap();
        let length = (slice > 1).then(|| Length::new(slice).unwrap());
        let slices = length.map(|length| {
            let rule = SliceRule {
                length,
                min_events: 1,
                method: SliceMethod::Reaches(Target::parse("0.9").unwrap()),
                no_data: NoData::Undefined,
            };
            Slices::new(cells, rule, Span::new(begin.div_euclid(slice), PAST), &covered).unwrap()
        });
        let counts = slices.as_ref().map_or(Counts::Events(cells), Counts::Slices);
        let (window, unit) = (window * slice, Step::new(STEP * slice).unwrap());
        // The first period ends in the middle of the ticks.
        let middle = first + 6;
        let budget = if periods {
            let period = |start: i64| Period { until: start + window, start, end: start + window };
            Budgeted::Periods(vec![period(middle - window), period(middle)])
        } else {
            Budgeted::Rolling(Length::new(window).unwrap())
        };
        let deadline = Deadline { within, lookback: 24 * HOUR, no_data };
        let found = exhausting(counts, (step, ticks, length), (&budget, target), (&civil, begin), deadline).unwrap();
        for (place, tick) in ticks.steps().enumerate() {
            let now = tick.div_euclid(slice);
            let whole = |start: i64| start.div_euclid(slice) + i64::from(start.rem_euclid(slice) > 0);
            let placed = if periods {
                let start = if tick <= middle { middle - window } else { middle };
                // A period that is over has nothing to come.
                let end = Some(start + window).filter(|end| tick < *end);
                end.map(|end| (whole(start), now, Some(end.div_euclid(slice))))
            } else {
                Some((now - window / slice, now, None))
            };
            let asked = placed.filter(|(start, now, _)| start < now);
            let told = asked.map(|placed| expect(counts, &question(unit, placed, &civil, begin * STEP), target).unwrap());
            let gone = told.clone().flatten().map(|expected| expected.gone[0]);
            let until = unit.index(tick * STEP + within);
            match gone {
                Some(Some((_, gone))) => {
                    let in_time = match gone {
                        Exhausted::Already => true,
                        Exhausted::At(step) => step <= until,
                        Exhausted::Not => false,
                    };
                    prop_assert_eq!((found.gone[place], found.empty[place]), (in_time, false));
                }
                // Nothing tells how requests fail.
                Some(None) => {
                    prop_assert!(found.empty[place]);
                    prop_assert!(no_data != NoData::Undefined || !found.gone[place]);
                }
                None if asked.is_none() => prop_assert!(!found.gone[place] && !found.empty[place]),
                None => prop_assert!(!found.gone[place] || found.empty[place]),
            }
        }
    }

    #[test]
    fn clocks_show_a_time_first_when_they_do(
        runs in prop::collection::vec((15_i64..40, -6_i64..7), 1..5),
        shown in -20_i64..180,
    ) {
        let mut end = 0;
        let runs: Vec<(i64, i64)> = runs.into_iter().map(|(length, ahead)| { end += length; (end, ahead) }).collect();
        let clocks = Clocks::new(runs.clone());
        let found = clocks.when(shown);
        match (-200..400).find(|time| clocks.shown(*time) == shown) {
            Some(first) => prop_assert_eq!(found, first),
            // It is skipped: the clocks are put forward over it by the time that is found.
            None => prop_assert!(clocks.shown(found) > shown),
        }
    }
}
