//! Regular expressions, in the syntax and with the meaning of RE2.

use arrow::array::{Array, BooleanArray, StringArray};
use arrow::compute::regexp_is_match_scalar;
use arrow::error::ArrowError;

use crate::error::{Error, Result};
use crate::normalise::{Text, broken};

/// A pattern that may match anywhere in a text, in the syntax of Arrow's kernel.
#[derive(Debug, Clone)]
pub(crate) struct Regexp {
    pattern: String,
}

impl Regexp {
    /// Takes a pattern of RE2.
    pub(crate) fn compile(pattern: &str) -> Result<Self> {
        let regexp = Self { pattern: with_ascii_classes(pattern) };
        let nothing = StringArray::new_null(0);
        match Text::of(&nothing).map(|text| regexp.matches(text)) {
            Some(Err(error)) => Err(Error::spec(format!("this is no regular expression: {}", why(&error)))
                .remedy("write it in the syntax of RE2")),
            _ => Ok(regexp),
        }
    }

    /// Whether each text of an array has a match; nothing if it is no text.
    pub(crate) fn ask(&self, array: &dyn Array) -> Result<Option<BooleanArray>> {
        Text::of(array).map(|text| self.matches(text).map_err(|error| broken(&error))).transpose()
    }

    fn matches(&self, text: Text<'_>) -> std::result::Result<BooleanArray, ArrowError> {
        match text {
            Text::Small(array) => regexp_is_match_scalar(array, &self.pattern, None),
            Text::Large(array) => regexp_is_match_scalar(array, &self.pattern, None),
            Text::View(array) => regexp_is_match_scalar(array, &self.pattern, None),
        }
    }
}

/// What is wrong with a pattern, out of all that the kernel says.
fn why(error: &ArrowError) -> String {
    let words = error.to_string();
    match words.rsplit_once("\nerror: ") {
        Some((_, reason)) => reason.lines().next().unwrap_or_default().trim().to_owned(),
        None => "it is too large".to_owned(),
    }
}

/// The pattern with RE2's meaning of `\d`, `\s`, `\w` and `\b`, which know ASCII only, and of signs that join sets.
fn with_ascii_classes(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    let mut in_set = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(class) => out.push_str(&escaped(class, in_set)),
                None => out.push('\\'),
            },
            '[' if !in_set => {
                in_set = true;
                out.push('[');
                out.extend(letters.next_if_eq(&'^'));
                // Here a closing bracket is one of the letters.
                if letters.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
            }
            '[' if letters.peek() == Some(&':') => {
                out.push('[');
                for letter in letters.by_ref() {
                    out.push(letter);
                    if letter == ']' {
                        break;
                    }
                }
            }
            ']' if in_set => {
                in_set = false;
                out.push(']');
            }
            '[' | '&' | '~' if in_set => out.extend(['\\', letter]),
            letter => out.push(letter),
        }
    }
    out
}

fn escaped(class: char, in_set: bool) -> String {
    let letters = match class.to_ascii_lowercase() {
        'd' => "0-9",
        's' => "\\t\\n\\f\\r\\x20",
        'w' => "0-9A-Za-z_",
        'b' if class == 'b' && !in_set => return "(?-u:\\b)".to_owned(),
        _ => return format!("\\{class}"),
    };
    match (class.is_ascii_uppercase(), in_set) {
        (true, _) => format!("[^{letters}]"),
        (false, true) => letters.to_owned(),
        (false, false) => format!("[{letters}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, pattern: &str) -> bool {
        let array = StringArray::from(vec![text]);
        Regexp::compile(pattern).unwrap().ask(&array).unwrap().unwrap().value(0)
    }

    #[test]
    fn a_match_may_be_anywhere() {
        assert!(found("abc", "b") && found("abc", "^a") && !found("abc", "^b$") && found("", ""));
        assert!(!found("a\nb", "a.b") && found("a\nb", "(?s)a.b") && !found("a\nb", "^b") && found("a\nb", "(?m)^b"));
        assert!(found("É", "(?i)é") && found("é", "^.$") && found("é", "\\pL"));
    }

    #[test]
    fn classes_know_ascii_only_as_in_re2() {
        assert!(found("3", "\\d") && !found("٣", "\\d") && found("٣", "\\D") && found("a", "[\\D]"));
        assert!(found("_", "^\\w$") && !found("é", "\\w") && found("é", "^[\\W]$") && !found("\u{b}", "\\s"));
        assert!(found(" ", "^[a\\s]$") && found("x-1", "\\b1") && !found("é", "\\bé"));
        assert!(!found("é", "[[:alpha:]]") && found("b", "[[:alpha:]\\d]"));
    }

    #[test]
    fn sets_are_not_joined_as_in_re2() {
        assert!(found("a&&b", "[a&&b]b") && found("[a", "^[[a]+$") && found("~", "[~~]"));
        assert!(found("]", "^[]a]$") && found("b", "^[^]a]$") && !found("]", "^[^]a]$"));
        assert!(found("a]", "^a]$") && found("\\", "^\\\\$"));
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        for (pattern, why) in
            [("(", "unclosed group"), ("a{2,1}", "invalid repetition"), ("(?=a)", "look-around"), ("\\", "incomplete")]
        {
            let error = Regexp::compile(pattern).unwrap_err();
            assert!(error.message.contains(why), "{error}");
        }
        assert!(Regexp::compile("((a{100}){100}){100}").unwrap_err().message.contains("too large"));
    }
}
