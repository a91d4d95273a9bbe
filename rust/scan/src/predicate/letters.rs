//! Capitals and small letters, one for one, so that a text keeps its length.

/// The small letter of a capital; every other character is itself.
pub(crate) fn small(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

/// The capital of a small letter; every other character is itself.
pub(crate) fn capital(letter: char) -> char {
    let mut capitals = letter.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(capital), None) => capital,
        _ => sole(letter),
    }
}

/// The one letter for a capital that Unicode writes with several.
fn sole(letter: char) -> char {
    let step = match letter {
        'ß' => return 'ẞ',
        // Greek vowels with an iota below, whose capitals have it beside them.
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => 8,
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => 9,
        other => return other,
    };
    char::from_u32(u32::from(letter) + step).unwrap_or(letter)
}

/// A text in small letters.
pub(crate) fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().map(small).collect() }
}

/// A text in capitals.
pub(crate) fn upper(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_uppercase() } else { text.chars().map(capital).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_change_one_for_one() {
        assert_eq!((lower("GRÖẞE, İ Σ"), upper("größe ŉ ᾀᾳ")), ("größe, i σ".to_owned(), "GRÖẞE ŉ ᾈᾼ".to_owned()));
        for letter in (0..=0x0010_ffff_u32).filter_map(char::from_u32) {
            let text = letter.to_string();
            assert_eq!((lower(&text).chars().count(), upper(&text).chars().count()), (1, 1), "{letter}");
        }
    }
}
