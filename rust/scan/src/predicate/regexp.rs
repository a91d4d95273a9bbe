//! Regular expressions, in the syntax and with the meaning of RE2.

use regex::{Error as RegexError, Regex};

use crate::error::{Error, Result};

/// Compiles a pattern that may match anywhere in a text.
pub(crate) fn compile(pattern: &str) -> Result<Regex> {
    Regex::new(&with_ascii_classes(pattern)).map_err(|error| {
        let why = match error {
            RegexError::CompiledTooBig(_) => "it is too large".to_owned(),
            error => error.to_string().rsplit("error: ").next().unwrap_or_default().trim().to_owned(),
        };
        Error::spec(format!("this is no regular expression: {why}")).remedy("write it in the syntax of RE2")
    })
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
        compile(pattern).unwrap().is_match(text)
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
            let error = compile(pattern).unwrap_err();
            assert!(error.message.contains(why), "{error}");
        }
        assert!(compile("((a{100}){100}){100}").unwrap_err().message.contains("too large"));
    }
}
