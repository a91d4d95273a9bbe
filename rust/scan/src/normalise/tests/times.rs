//! Timestamps in every shape that logs have.

use arrow::array::{
    Array, ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array, Int64Array,
    LargeStringArray, NullArray, StringArray, StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray, UInt64Array,
};
use arrow::datatypes::{Field, Int8Type};

use super::super::{TimeReader, TimeSpec, Unit, guess_unit};
use super::{array, field, loose, parts};
use crate::error::Error;

const NOON: i64 = 1_760_529_600; // 2025-10-15T12:00:00Z
const MICROS: i64 = NOON * 1_000_000;
const ABSENT: &str = "null timestamp";
const UNREADABLE: &str = "unreadable time";
const RANGE: &str = "time out of range";

type Parts = (Vec<Option<i64>>, Vec<(usize, &'static str)>);

fn spec(format: Option<&str>, unit: Option<Unit>, timezone: Option<&str>) -> TimeSpec {
    TimeSpec { format: format.map(str::to_owned), unit, timezone: timezone.map(str::to_owned) }
}

fn read_field(column: &ArrayRef, field: &Field, spec: &TimeSpec) -> Result<Parts, Error> {
    Ok(parts(&TimeReader::bind(field, spec)?.read(column)?))
}

fn read(column: impl Array + 'static, spec: &TimeSpec) -> Result<Parts, Error> {
    let column = array(column);
    read_field(&column, &field(column.data_type()), spec)
}

#[test]
fn every_precision_becomes_microseconds() {
    let plain = TimeSpec::default();
    let noon: Parts = (vec![Some(MICROS)], vec![]);
    assert_eq!(read(TimestampSecondArray::from(vec![NOON]).with_timezone("UTC"), &plain), Ok(noon.clone()));
    assert_eq!(
        read(TimestampMillisecondArray::from(vec![NOON * 1_000]).with_timezone("+02:00"), &plain),
        Ok(noon.clone())
    );
    let nanos = TimestampNanosecondArray::from(vec![MICROS * 1_000 + 999, -1]).with_timezone("UTC");
    assert_eq!(read(nanos, &plain), Ok((vec![Some(MICROS), None], vec![(1, RANGE)])));
    let last = 253_402_300_799_999_999;
    let micros = TimestampMicrosecondArray::from(vec![Some(0), Some(last), Some(-1), Some(last + 1), None]);
    assert_eq!(
        read(micros.clone().with_timezone("UTC"), &plain),
        Ok((vec![Some(0), Some(last), None, None, None], vec![(2, RANGE), (3, RANGE), (4, ABSENT)]))
    );
    assert_eq!(read(micros.with_timezone("UTC").slice(0, 2), &plain), Ok((vec![Some(0), Some(last)], vec![])));
    assert_eq!(
        read(TimestampSecondArray::from(vec![i64::MAX]).with_timezone("UTC"), &plain),
        Ok((vec![None], vec![(0, RANGE)]))
    );
    assert_eq!(read(NullArray::new(1), &plain), Ok((vec![None], vec![(0, ABSENT)])));
}

#[test]
fn naive_times_need_a_zone() {
    let naive = || TimestampSecondArray::from(vec![NOON]);
    let berlin = spec(None, None, Some("Europe/Berlin"));
    assert_eq!(read(naive(), &berlin), Ok((vec![Some(MICROS - 7_200_000_000)], vec![])));
    let text = || StringArray::from(vec!["2025-03-30 02:30:00", "2025-10-26 02:30:00", "2025-10-26T02:30:00+01:00"]);
    assert_eq!(
        read(text(), &berlin),
        Ok((
            vec![None, Some(1_761_438_600_000_000), Some(1_761_442_200_000_000)],
            vec![(0, "local time does not exist")]
        ))
    );
    let layout = spec(Some("%Y-%m-%d %H:%M:%S"), None, None);
    for error in [
        read(naive(), &TimeSpec::default()).unwrap_err(),
        read(text(), &TimeSpec::default()).unwrap_err(),
        read(text(), &layout).unwrap_err(),
    ] {
        assert_eq!(error.message, "the times of the timestamp column 'column' do not say their zone");
        assert!(error.remedy.unwrap().contains("columns.timestamp.timezone"));
    }
}

#[test]
fn numbers_count_in_their_unit() {
    let milli = spec(None, Some(Unit::Milliseconds), None);
    let seconds = spec(None, Some(Unit::Seconds), None);
    assert_eq!(read(Int64Array::from(vec![NOON * 1_000 + 1]), &milli), Ok((vec![Some(MICROS + 1_000)], vec![])));
    assert_eq!(
        read(Int32Array::from(vec![Some(-1), None]), &seconds),
        Ok((vec![None, None], vec![(0, RANGE), (1, ABSENT)]))
    );
    assert_eq!(read(UInt64Array::from(vec![u64::MAX]), &seconds), Ok((vec![None], vec![(0, RANGE)])));
    // The double lies below the decimal that was written, and the decimal counts.
    assert_eq!(
        read(Float64Array::from(vec![1_445_000_000.123, f64::NAN]), &seconds),
        Ok((vec![Some(1_445_000_000_123_000), None], vec![(1, UNREADABLE)]))
    );
    let decimals = Decimal128Array::from(vec![17_605_296_000_009]).with_precision_and_scale(20, 4).unwrap();
    assert_eq!(read(decimals, &seconds), Ok((vec![Some(MICROS + 900)], vec![])));
    let nano = spec(None, Some(Unit::Nanoseconds), None);
    assert_eq!(
        read(StringArray::from(vec!["1760529600000000999", " 1760529600000000999 ", "x", ""]), &nano),
        Ok((vec![Some(MICROS), Some(MICROS), None, None], vec![(2, UNREADABLE), (3, UNREADABLE)]))
    );
    assert_eq!(
        read(LargeStringArray::from(vec!["1760529600.0000019"]), &seconds),
        Ok((vec![Some(MICROS + 1)], vec![]))
    );
    let error = read(Int64Array::from(vec![NOON]), &TimeSpec::default()).unwrap_err();
    assert_eq!(error.message, "the timestamp column 'column' holds numbers whose unit is not known");
    assert!(error.remedy.unwrap().contains("`unit: ms`"));
}

#[test]
fn loose_digits_ask_for_their_unit() {
    for (cell, unit) in
        [("1760529600", "s"), ("1760529600123", "ms"), ("1760529600.5", "s"), ("1760529600123456", "us")]
    {
        let column = array(StringArray::from(vec![None, Some(cell), Some(cell)]));
        let error = read_field(&column, &loose(), &TimeSpec::default()).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("column"));
        assert!(error.remedy.unwrap().contains(&format!("`unit: {unit}`")), "{cell}");
    }
    let mixed = array(StringArray::from(vec!["1760529600", "2025-10-15T12:00:00Z"]));
    let expected = (vec![None, Some(MICROS)], vec![(0, UNREADABLE)]);
    assert_eq!(read_field(&mixed, &loose(), &TimeSpec::default()), Ok(expected));
    assert_eq!(guess_unit(1.0), None);
}

#[test]
fn text_is_read_as_standard_or_in_its_layout() {
    let plain = TimeSpec::default();
    let cells = vec![Some("2025-10-15T12:00:00Z"), Some("2025-10-15"), Some("-"), Some("1969-12-31T23:59:59Z"), None];
    let expected =
        (vec![Some(MICROS), None, None, None, None], vec![(1, UNREADABLE), (2, UNREADABLE), (3, RANGE), (4, ABSENT)]);
    assert_eq!(read(StringArray::from(cells.clone()), &plain), Ok(expected.clone()));
    assert_eq!(read(StringViewArray::from(cells.clone()), &plain), Ok(expected.clone()));
    assert_eq!(read(cells.into_iter().collect::<DictionaryArray<Int8Type>>(), &plain), Ok(expected));
    let common = spec(Some("%d/%b/%Y:%H:%M:%S %z"), None, None);
    let lines = vec![
        "15/Oct/2025:12:00:00 +0000",
        "15/Oct/2025:15:30:00 +0330",
        "15/Oct/2025 12:00",
        "01/Jan/1969:00:00:00 +0000",
    ];
    assert_eq!(
        read(StringArray::from(lines), &common),
        Ok((vec![Some(MICROS), Some(MICROS), None, None], vec![(2, UNREADABLE), (3, RANGE)]))
    );
}

#[test]
fn a_day_alone_is_its_first_moment_in_a_zone_that_is_named() {
    let days = || StringArray::from(vec!["2025-10-15", "2025-10-15T02:00:00"]);
    let midnight = MICROS - 14 * 3_600_000_000;
    let expected = Ok((vec![Some(midnight), Some(midnight + 7_200_000_000)], vec![]));
    assert_eq!(read(days(), &spec(None, None, Some("Europe/Berlin"))), expected);
    let written = StringArray::from(vec!["15.10.2025"]);
    let layout = spec(Some("%d.%m.%Y"), None, Some("Europe/Berlin"));
    assert_eq!(read(written, &layout), Ok((vec![Some(midnight)], vec![])));
    // Without one it is no time, whatever the rows beside it are.
    let unreadable = Ok((vec![None, None], vec![(0, UNREADABLE), (1, UNREADABLE)]));
    assert_eq!(read(StringArray::from(vec!["2025-10-15", "2025-10-16"]), &TimeSpec::default()), unreadable);
}

#[test]
fn what_contradicts_the_column_is_refused() {
    let zoned = || TimestampSecondArray::from(vec![NOON]).with_timezone("UTC");
    for (error, words) in [
        (
            read(Date32Array::from(vec![1]), &TimeSpec::default()),
            "the timestamp column 'column' holds dates, not times",
        ),
        (read(zoned(), &spec(Some("%s"), None, None)), "the timestamp column 'column' holds times, not text"),
        (
            read(zoned(), &spec(None, Some(Unit::Milliseconds), None)),
            "the timestamp column 'column' holds times, which have their own unit",
        ),
        (
            read(zoned(), &spec(Some("%s"), Some(Unit::Seconds), None)),
            "the timestamp column 'column' has both a format and a unit",
        ),
        (read(zoned(), &spec(None, None, Some("Mars/Base"))), "unknown timezone 'Mars/Base'"),
    ] {
        let error = error.unwrap_err();
        assert_eq!(error.message, words);
        assert!(error.remedy.is_some(), "{words}");
    }
}
