//! How an ordinary line is taken apart: a few steps, each of which finds some neighbouring fields.

use wide::u8x16;

use super::moment::Moment;
use super::pattern::{Field, Meaning};

/// Bytes that are compared at once: the last one of a field, and the literal behind it.
pub(super) const WORD: usize = 8;

/// How the fields of a step are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Each of them ends at the first byte that can end it, and behind all but the last stands nothing else.
    Found,
    /// It is the time, which is like the one of the line before.
    Time,
    /// It is looked at closely: what may end it stands in it, too, or nothing stands behind it.
    Closely,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) way: Way,
    /// Whether a backslash may keep the field from ending.
    pub(super) quoted: bool,
    /// The byte that ends the fields, once and as often as it is compared at once.
    pub(super) byte: u8,
    pub(super) bytes: u8x16,
    /// The number of the first field.
    pub(super) first: usize,
    /// How many fields there are behind that one.
    pub(super) others: usize,
    /// The length of the literal behind the last of them.
    pub(super) length: u32,
    /// That literal behind one more byte, and the bits of a word that hold it.
    pub(super) literal: u64,
    pub(super) bits: u64,
}

/// The steps for lines of these fields.
pub(super) fn steps(fields: &[Field]) -> Vec<Step> {
    let times = fields.iter().filter(|field| matches!(field.meaning, Meaning::Time(_))).count();
    let mut steps: Vec<Step> = Vec::new();
    let mut goes_on = false;
    for (number, field) in fields.iter().enumerate() {
        let step = Step::of(number, field, times == 1);
        let plain = step.way == Way::Found && !step.quoted;
        match steps.last_mut() {
            Some(last) if plain && goes_on && last.byte == step.byte => {
                *last = Step { first: last.first, others: last.others + 1, ..step };
            }
            _ => steps.push(step),
        }
        goes_on = plain && field.after.len() == 1;
    }
    steps
}

/// Whether nothing but a backslash keeps a field from ending at the first byte that can end it, and what stands behind
/// it is compared at once.
pub(super) fn is_plain(field: &Field) -> bool {
    !field.list && field.shortest() == 0 && (1..WORD).contains(&field.after.len())
}

impl Step {
    /// A step of one field.
    fn of(number: usize, field: &Field, alone: bool) -> Self {
        let way = match field.meaning {
            Meaning::Time(Moment::Common | Moment::Iso) if alone && !field.after.is_empty() => Way::Time,
            _ if is_plain(field) => Way::Found,
            _ => Way::Closely,
        };
        let (mut literal, mut bits) = ([0; WORD], [0; WORD]);
        for (byte, (literal, bits)) in field.after.iter().zip(literal.iter_mut().zip(&mut bits).skip(1)) {
            (*literal, *bits) = (*byte, u8::MAX);
        }
        let byte = field.after.first().copied().unwrap_or(b'\n');
        Self {
            way,
            quoted: field.quoted,
            byte,
            bytes: u8x16::splat(byte),
            first: number,
            others: 0,
            length: u32::try_from(field.after.len()).unwrap_or(u32::MAX),
            literal: u64::from_le_bytes(literal),
            bits: u64::from_le_bytes(bits),
        }
    }
}
