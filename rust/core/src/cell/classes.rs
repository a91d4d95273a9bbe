//! What a row is for several indicators at once, as one small number.

use super::coded::{Coded, Codes};
use super::grid::{FIRST, SECOND};
use super::run::NOTHING;
use super::tally::Lane;

/// How many combinations of lanes one set of classes can tell apart.
pub(super) const MOST: usize = 1 << 12;

const UNSEEN: u32 = u32::MAX;

/// The combinations of lanes met so far, numbered as they come.
///
/// A combination is first written as one number with a digit per indicator, which a table turns into its class. Of all
/// the combinations that there might be only a handful occurs, so that counts per class stay small, and a row costs one
/// count however many indicators there are.
#[derive(Debug)]
pub(super) struct Classes {
    /// Per indicator its digit's weight, and how many lanes it has; the digit after them is "ignored".
    digits: Vec<(u16, u8)>,
    class_of: Box<[u32; MOST]>,
    /// The combination of each class.
    combinations: Vec<u16>,
    /// The combination of each row of the batch at hand.
    rows: Vec<u16>,
}

/// Splits indicators with so many lanes into neighbours that share one set of classes: how many of them each.
pub(super) fn shares(lanes: &[usize]) -> Vec<usize> {
    let mut shares: Vec<usize> = Vec::new();
    let mut combinations = 1_usize;
    for radix in lanes.iter().map(|lanes| lanes + 1) {
        combinations = combinations.saturating_mul(radix);
        match shares.last_mut() {
            Some(share) if combinations <= MOST => *share += 1,
            _ => {
                shares.push(1);
                combinations = radix;
            }
        }
    }
    shares
}

impl Classes {
    /// No combination met yet, of indicators with so many lanes; all their combinations are at most [`MOST`].
    pub(super) fn new(lanes: &[usize]) -> Self {
        let mut digits = Vec::with_capacity(lanes.len());
        let mut weight = 1;
        for lanes in lanes.iter().map(|lanes| u8::try_from(*lanes).unwrap_or(u8::MAX)) {
            digits.push((weight, lanes));
            weight *= u16::from(lanes) + 1;
        }
        let mut class_of = Box::new([UNSEEN; MOST]);
        // The last combination is that of ignored rows.
        let nothing = weight - 1;
        class_of[usize::from(nothing)] = NOTHING;
        Self { digits, class_of, combinations: vec![nothing], rows: Vec::new() }
    }

    /// The greatest class so far.
    pub(super) fn last(&self) -> u32 {
        u32::try_from(self.combinations.len() - 1).unwrap_or(UNSEEN)
    }

    /// Reads the rows of a batch, of which `lanes` holds a column per indicator; says whether all are counted by some
    /// indicator.
    pub(super) fn read(&mut self, lanes: &[&[Lane]]) -> bool {
        self.rows.clear();
        for ((weight, most), column) in self.digits.iter().zip(lanes) {
            let digits = column.iter().map(|lane| weight.wrapping_mul(u16::from(lane.0.min(*most))));
            if self.rows.is_empty() {
                self.rows.extend(digits);
                continue;
            }
            for (combination, digit) in self.rows.iter_mut().zip(digits) {
                // All combinations are at most MOST.
                *combination = combination.wrapping_add(digit);
            }
        }
        let nothing = self.combinations[NOTHING as usize];
        self.rows.iter().fold(0, |any, combination| any | u8::from(*combination == nothing)) == 0
    }

    /// The class of each row read, from row `first` on.
    pub(super) fn number(&mut self, first: usize, classes: &mut Vec<u32>) {
        let rows = &self.rows[first..];
        let mut greatest = 0;
        classes.clear();
        classes.extend(rows.iter().map(|combination| {
            let class = self.class_of[usize::from(*combination) % MOST];
            greatest = class.max(greatest);
            class
        }));
        if greatest == UNSEEN {
            for (class, at) in classes.iter_mut().zip(first..) {
                *class = self.meet(self.rows[at]);
            }
        }
    }

    /// The class of a combination that may be new.
    fn meet(&mut self, combination: u16) -> u32 {
        let class = &mut self.class_of[usize::from(combination)];
        if *class == UNSEEN {
            *class = u32::try_from(self.combinations.len()).unwrap_or(UNSEEN);
            self.combinations.push(combination);
        }
        *class
    }

    /// The lane of a class for the indicator at position `indicator`; `None` where it ignores the row.
    pub(super) fn lane(&self, class: u32, indicator: usize) -> Option<usize> {
        let (weight, lanes) = self.digits[indicator];
        let digit = self.combinations[class as usize] / weight % (u16::from(lanes) + 1);
        (digit < u16::from(lanes)).then_some(usize::from(digit))
    }
}

impl Coded for Classes {
    type Row = u16;

    fn rows(&self) -> &[u16] {
        &self.rows
    }

    fn base(&self, places: Codes) -> Option<usize> {
        (places.first == SECOND && self.last() <= places.others.saturating_add(FIRST)).then_some(FIRST as usize)
    }

    #[inline]
    fn slot(&self, row: u16, base: usize, _: usize) -> Option<usize> {
        // Before the first there is nothing, and after the last what was not seen yet: both are past all counts then.
        Some((self.class_of[usize::from(row) % MOST] as usize).wrapping_sub(base))
    }

    fn code(&self, row: u16) -> Option<u32> {
        Some(self.class_of[usize::from(row) % MOST]).filter(|class| *class != UNSEEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn indicators_share_classes_while_their_combinations_fit() {
        assert_eq!(shares(&[]), [0_usize; 0]);
        // 4^6 is 4,096.
        assert_eq!(shares(&[3; 7]), [6, 1]);
        assert_eq!(shares(&[203, 203, 3, 3, 203]), [1, 3, 1]);
        assert_eq!(shares(&[63, 63]), [2]);
        assert_eq!(shares(&[63, 64]), [1, 1]);
    }

    proptest! {
        #[test]
        fn a_class_tells_the_lanes(rows in prop::collection::vec(prop::collection::vec(0_u8..5, 3), 1..40)) {
            // Lane 4 stands for "ignored" here.
            let lane = |digit: u8| if digit == 4 { Lane::IGNORED } else { Lane(digit) };
            let columns: Vec<Vec<Lane>> = (0..3).map(|at| rows.iter().map(|row| lane(row[at])).collect()).collect();
            let mut known = Classes::new(&[4, 4, 4]);
            let mut classes = Vec::new();
            let columns: Vec<_> = columns.iter().map(Vec::as_slice).collect();
            prop_assert_eq!(known.read(&columns), rows.iter().all(|row| *row != [4, 4, 4]));
            known.number(0, &mut classes);
            for (row, class) in rows.iter().zip(&classes) {
                let read: Vec<u8> = (0..3).map(|at| {
                    known.lane(*class, at).map_or(4, |lane| u8::try_from(lane).unwrap())
                }).collect();
                prop_assert_eq!(&read, row);
                prop_assert_eq!(*class == NOTHING, row.iter().all(|digit| *digit == 4));
            }
            let distinct: std::collections::BTreeSet<_> = rows.iter().filter(|row| **row != [4, 4, 4]).collect();
            prop_assert_eq!(known.last() as usize, distinct.len());
        }
    }
}
