//! A packed column holds what a vector of the same numbers would, in as few bytes as they need.

use super::*;
use proptest::prelude::*;

fn packed(values: &[i64]) -> Packed<i64> {
    let mut column = Packed::default();
    for value in values {
        column.push(*value);
    }
    column
}

fn plain(column: &Packed<i64>) -> Vec<i64> {
    column.iter(0..column.len()).collect()
}

#[test]
fn it_is_wide_exactly_when_a_value_has_to_be() {
    for (values, bytes) in [
        (vec![], 1),
        (vec![0, 255], 1),
        (vec![7, 256], 4),
        (vec![300, 4_294_967_295], 4),
        (vec![4_294_967_296], 8),
        (vec![300, 4_294_967_296], 8),
        (vec![7, -1], 8),
    ] {
        let found = match packed(&values) {
            Packed::Byte(_) => 1,
            Packed::Narrow(_) => 4,
            Packed::Wide(_) => 8,
        };
        assert_eq!(found, bytes, "{values:?}");
    }
}

proptest! {
    #[test]
    fn it_is_a_vector(
        first in prop::collection::vec(prop_oneof![0_i64..5, 0_i64..1_000, any::<i64>()], 0..8),
        second in prop::collection::vec(prop_oneof![0_i64..5, 0_i64..1_000, any::<i64>()], 0..8),
        pad in 0_usize..4,
        from in 0_usize..8,
    ) {
        let from = from.min(second.len());
        let mut column = packed(&first);
        column.extend(&packed(&second), from..second.len());
        let mut appended = packed(&first);
        appended.append(second[from..].iter().copied());
        prop_assert_eq!(&appended, &column);
        column.pad(first.len() + second.len() - from + pad);
        let mut expected = first.clone();
        expected.extend(&second[from..]);
        expected.resize(expected.len() + pad, 0);
        prop_assert_eq!(plain(&column), expected.clone());
        prop_assert_eq!(&column, &packed(&expected));
        prop_assert_eq!(column.get(expected.len()), None);
        let start = from.min(expected.len());
        let mut shown = expected[start..].to_vec();
        shown.push(0);
        prop_assert_eq!(column.values(start..expected.len() + 1), shown);
        prop_assert_eq!(column.get(0), expected.first().copied());
        column.trim();
        while expected.last() == Some(&0) {
            expected.pop();
        }
        prop_assert_eq!(plain(&column), expected.clone());
        prop_assert_eq!(column.len() > 0, column != Packed::default());
    }

    #[test]
    fn a_value_may_be_raised(values in prop::collection::vec(prop_oneof![0_i64..9, 0_i64..1_000], 1..5), at in 0_usize..5, to in prop_oneof![1_000_i64..2_000, 1_000_i64..9_000_000_000]) {
        let at = at % values.len();
        let mut column = packed(&values);
        column.raise(at, to);
        let mut expected = values;
        expected[at] = to;
        prop_assert_eq!(column, packed(&expected));
    }

    #[test]
    fn it_is_added_up_or_does_not_fit(
        values in prop::collection::vec(prop_oneof![0_u64..5, 0_u64..1_000, any::<u32>().prop_map(u64::from), any::<u64>()], 0..9),
        from in 0_usize..9, past in 0_usize..3,
    ) {
        let from = from.min(values.len());
        let mut column = Packed::default();
        for value in &values {
            column.push(*value);
        }
        let exact: u128 = values[from..].iter().map(|value| u128::from(*value)).sum();
        prop_assert_eq!(column.sum(from..values.len() + past).ok(), u64::try_from(exact).ok());
    }

    #[test]
    fn it_is_added_to_sums_or_does_not_fit(
        pairs in prop::collection::vec((prop_oneof![30 => 0_u64..5, 9 => 0_u64..1_000, 1 => any::<u64>()], prop_oneof![30 => 0_u64..9, 1 => any::<u64>()]), 0..40),
        from in 0_usize..40, past in 0_usize..3,
    ) {
        let from = from.min(pairs.len());
        let mut column = Packed::default();
        for (value, _) in &pairs {
            column.push(*value);
        }
        let mut sums: Vec<u64> = pairs[from..].iter().map(|(_, sum)| *sum).chain(vec![7; past]).collect();
        let exact: Option<Vec<u64>> =
            pairs[from..].iter().map(|(value, sum)| value.checked_add(*sum)).chain(vec![Some(7); past]).collect();
        let fits = column.add_to(from..pairs.len() + past, &mut sums).is_ok();
        prop_assert_eq!(fits.then_some(sums), exact);
    }

    #[test]
    fn it_is_searched_like_a_slice(mut values in prop::collection::vec(-3_i64..9, 0..30), from in 0_usize..30, below in -4_i64..10) {
        values.sort_unstable();
        let from = from.min(values.len());
        let expected = from + values[from..].partition_point(|value| *value < below);
        let column = packed(&values);
        prop_assert_eq!(column.partition_point(from..values.len(), |value| value < below), expected);
        prop_assert_eq!(column.partition_point_near(from..values.len(), |value| value < below), expected);
    }
}
