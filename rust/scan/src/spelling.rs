//! The name that somebody probably meant.

/// The known name that differs least from `name`, if it is near enough to be meant.
///
/// ```
/// use backburn_scan::spelling::nearest;
///
/// assert_eq!(nearest("statsu", ["status", "path"]), Some("status"));
/// assert_eq!(nearest("customer", ["status", "path"]), None);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
    let allowed = (wanted.len() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (distance(&wanted, candidate), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// A name with a dash that begins like this one: without quotes it was read as a subtraction.
pub(crate) fn dashed<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known.into_iter().find(|candidate| candidate.strip_prefix(name).is_some_and(|rest| rest.starts_with('-')))
}

/// Names are compared up to here, so that a hostile one costs no time.
const LONGEST: usize = 100;

/// Insertions, deletions, replacements and exchanges of neighbours between two names, without regard to capitals.
fn distance(left: &[char], right: &str) -> usize {
    let right: Vec<char> = right.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for row in 1..=left.len() {
        let mut current = vec![row];
        for at in 1..=right.len() {
            let same = usize::from(left[row - 1] != right[at - 1]);
            let mut best = (above[at - 1] + same).min(above[at] + 1).min(current[at - 1] + 1);
            if row > 1 && at > 1 && left[row - 1] == right[at - 2] && left[row - 2] == right[at - 1] {
                best = best.min(before[at - 2] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[right.len()]
}
