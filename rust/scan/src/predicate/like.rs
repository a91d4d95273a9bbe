//! `LIKE`: `%` stands for any characters, `_` for one.

use super::letters::{lower, small};
use crate::error::{Error, Result};

/// What `LIKE` and `ILIKE` are called in messages.
pub(crate) const LIKE: &str = "LIKE";

/// Whether capitals and small letters are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letters {
    Exact,
    Folded,
}

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    shape: Shape,
    letters: Letters,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    Exactly(String),
    Begins(String),
    Ends(String),
    Contains(String),
    Other(Vec<Piece>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Letter(char),
    One,
    Any,
}

impl Pattern {
    /// Compiles a pattern; `escape` takes the meaning from the `%`, `_` or escape character after it.
    pub(crate) fn compile(pattern: &str, escape: Option<char>, letters: Letters) -> Result<Self> {
        let mut pieces = Vec::new();
        let mut rest = pattern.chars();
        while let Some(letter) = rest.next() {
            pieces.push(match letter {
                escaping if Some(escaping) == escape => match rest.next() {
                    Some(next) if matches!(next, '%' | '_') || Some(next) == escape => Piece::Letter(next),
                    _ => {
                        return Err(Error::spec(format!("'{escaping}' escapes nothing in the pattern '{pattern}'"))
                            .remedy(format!("write it before %, _ or {escaping}")));
                    }
                },
                '%' => Piece::Any,
                '_' => Piece::One,
                letter => Piece::Letter(letter),
            });
        }
        if letters == Letters::Folded {
            for piece in &mut pieces {
                if let Piece::Letter(letter) = piece {
                    *letter = small(*letter);
                }
            }
        }
        pieces.dedup_by(|next, piece| *next == Piece::Any && *piece == Piece::Any);
        Ok(Self { shape: Shape::of(pieces), letters })
    }

    /// The pattern of all texts that begin so.
    pub(crate) fn begins(head: &str) -> Self {
        Self { shape: Shape::Begins(head.to_owned()), letters: Letters::Exact }
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        match self.letters {
            Letters::Exact => self.shape.matches(text),
            Letters::Folded => self.shape.matches(&lower(text)),
        }
    }
}

impl Shape {
    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Exactly(whole) => text == whole,
            Self::Begins(head) => text.starts_with(head.as_str()),
            Self::Ends(tail) => text.ends_with(tail.as_str()),
            Self::Contains(part) => text.contains(part.as_str()),
            Self::Other(pieces) => matches(pieces, text),
        }
    }

    fn of(pieces: Vec<Piece>) -> Self {
        let plain = |pieces: &[Piece]| {
            let letter = |piece: &Piece| {
                if let Piece::Letter(letter) = piece { Some(*letter) } else { None }
            };
            pieces.iter().map(letter).collect::<Option<String>>()
        };
        let shape = match pieces.as_slice() {
            [Piece::Any, middle @ .., Piece::Any] => plain(middle).map(Self::Contains),
            [Piece::Any, tail @ ..] => plain(tail).map(Self::Ends),
            [head @ .., Piece::Any] => plain(head).map(Self::Begins),
            all => plain(all).map(Self::Exactly),
        };
        shape.unwrap_or(Self::Other(pieces))
    }
}

/// Matches greedily and goes back to the last `%` only, which is enough and never slower than the product of the lengths.
fn matches(pieces: &[Piece], text: &str) -> bool {
    let mut rest = text.chars();
    let mut at = 0;
    let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        let mut ahead = rest.clone();
        let step = match (pieces.get(at), ahead.next()) {
            (None, None) => return true,
            (Some(Piece::Any), _) => {
                retry = Some((at + 1, rest.clone()));
                at += 1;
                continue;
            }
            (Some(Piece::One), Some(_)) => true,
            (Some(Piece::Letter(wanted)), Some(found)) => *wanted == found,
            _ => false,
        };
        if step {
            at += 1;
            rest = ahead;
        } else {
            let Some((after, mut from)) = retry.take() else {
                return false;
            };
            if from.next().is_none() {
                return false;
            }
            at = after;
            rest = from.clone();
            retry = Some((after, from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn like(text: &str, pattern: &str) -> bool {
        Pattern::compile(pattern, None, Letters::Exact).unwrap().matches(text)
    }

    #[test]
    fn patterns_match_whole_texts() {
        assert!(like("/health/live", "/health%"));
        assert!(like("/a/b.css", "%.css"));
        assert!(like("abc", "%b%") && like("abc", "abc") && like("", "%") && like("", ""));
        assert!(like("größe", "gr__e") && !like("größe", "gr_e"));
        assert!(!like("abc", "ABC") && !like("abc", "ab") && !like("a\\%", "a\\\\%"));
        assert!(like("aXbXc", "a%b%c") && !like("aXbX", "a%b%c"));
    }

    #[test]
    fn an_escape_takes_the_meaning_away() {
        let compile = |pattern| Pattern::compile(pattern, Some('!'), Letters::Exact);
        let pattern = compile("100!%!_!!%").unwrap();
        assert!(pattern.matches("100%_!x") && !pattern.matches("100x_!x"));
        assert!(compile("a!b").is_err());
        assert!(compile("a!").is_err());
    }

    #[test]
    fn folded_letters_are_one_for_one() {
        let like = |text: &str, pattern: &str| Pattern::compile(pattern, None, Letters::Folded).unwrap().matches(text);
        assert!(like("GRÖẞE", "größ_") && like("k", "\u{212a}") && like("aXb", "AxB") && !like("ab", "A"));
        assert!(!like("ß", "SS") && !like("ſ", "S"));
        let escaped = Pattern::compile("AxX%", Some('X'), Letters::Folded).unwrap();
        assert!(escaped.matches("aX%") && !escaped.matches("axx"));
    }

    /// The definition: each piece against each start, by recursion.
    fn defined(pattern: &[char], text: &[char]) -> bool {
        match (pattern.first(), text.first()) {
            (None, None) => true,
            (Some('%'), _) => defined(&pattern[1..], text) || !text.is_empty() && defined(pattern, &text[1..]),
            (Some('_'), Some(_)) => defined(&pattern[1..], &text[1..]),
            (Some(wanted), Some(found)) if wanted == found => defined(&pattern[1..], &text[1..]),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn matching_agrees_with_its_definition(pattern in "[ab%_]{0,8}", text in "[ab]{0,10}") {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(like(&text, &pattern), defined(&letters(&pattern), &letters(&text)));
        }
    }
}
