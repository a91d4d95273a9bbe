//! The values of a line, found in one walk along it.
//!
//! Lines of a log have the same keys in the same order nearly always, so that each key is compared with the one that
//! came at its place in the last line before anything is looked up. The walk takes only what it is sure of; about all
//! else (broken lines, keys with escapes, deep nesting) it says nothing, and `serde_json` has the word.

use super::spot::{Spot, Spots};
use super::tokens::{blank, number, text};
use super::tree::Tree;

/// Objects and arrays within each other at most.
const DEEPEST: usize = 64;

/// What a line has beside what is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    Nothing,
    /// Other keys, or a leaf where only an object is looked for.
    More,
}

/// Finds the values of a line that is an object, all of which is looked at. Nothing says nothing about the line.
pub(super) fn walk(tree: &mut Tree, line: &[u8], spots: &mut Spots) -> Option<Beside> {
    if !line.is_ascii() {
        std::str::from_utf8(line).ok()?;
    }
    spots.clear(spots.places());
    let start = blank(line, 0);
    line.get(start).filter(|byte| **byte == b'{')?;
    let mut walk = Walk { line, spots, depth: 0, beside: Beside::Nothing };
    let end = walk.object(Some(tree), start + 1)?;
    (blank(line, end) == line.len()).then_some(walk.beside)
}

/// A line on which somebody walks; every step takes a place and gives the one behind what it was about.
struct Walk<'a> {
    line: &'a [u8],
    spots: &'a mut Spots,
    depth: usize,
    beside: Beside,
}

impl Walk<'_> {
    /// An object, behind its brace.
    fn object(&mut self, mut tree: Option<&mut Tree>, start: usize) -> Option<usize> {
        self.depth += 1;
        let mut at = blank(self.line, start);
        if self.depth > DEEPEST {
            return None;
        }
        let mut last = None;
        let mut open = self.line.get(at)? != &b'}';
        while open {
            let child;
            (child, at) = self.key(tree.as_deref_mut(), &mut last, at)?;
            at = match child {
                Some(child) => self.wanted(child, at)?,
                None => self.value(at)?,
            };
            (open, at) = self.goes_on(at, b'}')?;
        }
        self.depth -= 1;
        Some(at + 1)
    }

    /// A key with its colon; `last` is the child that came before it. What is looked for below it comes along.
    #[inline]
    fn key<'t>(
        &mut self,
        tree: Option<&'t mut Tree>,
        last: &mut Option<usize>,
        at: usize,
    ) -> Option<(Option<&'t mut Tree>, usize)> {
        let Some(tree) = tree else { return Some((None, self.other_key(at)?.1)) };
        let guess = last.map_or(tree.begin, |last| tree.children[last].then);
        if let Some(child) = tree.children.get(guess)
            && self.line.get(at..)?.starts_with(&child.written)
        {
            *last = Some(guess);
            let end = blank(self.line, at + child.written.len());
            return Some((Some(&mut tree.children[guess].tree), end));
        }
        let (key, end) = self.other_key(at)?;
        let Some(found) = tree.position(key) else {
            self.beside = Beside::More;
            return Some((None, end));
        };
        match *last {
            Some(last) => tree.children[last].then = found,
            None => tree.begin = found,
        }
        *last = Some(found);
        Some((Some(&mut tree.children[found].tree), end))
    }

    /// A key that was not expected, with its colon.
    fn other_key(&self, at: usize) -> Option<(&[u8], usize)> {
        let (end, escaped) = self.line.get(at).filter(|byte| **byte == b'"').and_then(|_| text(self.line, at + 1))?;
        let colon = blank(self.line, end);
        let plain = !escaped && self.line.get(colon) == Some(&b':');
        plain.then(|| (&self.line[at + 1..end - 1], blank(self.line, colon + 1)))
    }

    /// A value that is looked for.
    #[inline]
    fn wanted(&mut self, tree: &mut Tree, start: usize) -> Option<usize> {
        // An equal key before this one may have had what is below.
        tree.forget_below(self.spots);
        let (spot, end) = match self.line.get(start)? {
            b'"' => {
                let (end, escaped) = text(self.line, start + 1)?;
                (Spot::text(start, end, escaped), end)
            }
            b'n' => (Spot::Null, self.word(b"null", start)?),
            b'{' => {
                let end = self.object(Some(tree), start + 1)?;
                (Spot::Plain { start, end }, end)
            }
            _ => {
                let end = self.value(start)?;
                (Spot::Plain { start, end }, end)
            }
        };
        if tree.here.is_empty() && self.line[start] != b'{' {
            self.beside = Beside::More;
        }
        for place in &tree.here {
            self.spots.set(*place, spot);
        }
        if !tree.first.is_empty() {
            let first = self.first(start)?;
            for place in &tree.first {
                self.spots.set(*place, first);
            }
        }
        Some(end)
    }

    /// The first element of a value that is an array.
    fn first(&mut self, at: usize) -> Option<Spot> {
        let start = blank(self.line, at + 1);
        if self.line.get(at)? != &b'[' || self.line.get(start)? == &b']' {
            return Some(Spot::Missing);
        }
        let end = self.value(start)?;
        Some(Spot::of(&self.line[start..end], start))
    }

    /// Any value.
    fn value(&mut self, at: usize) -> Option<usize> {
        match self.line.get(at)? {
            b'"' => Some(text(self.line, at + 1)?.0),
            b'-' | b'0'..=b'9' => number(self.line, at),
            b'{' => self.object(None, at + 1),
            b'[' => self.array(at + 1),
            b't' => self.word(b"true", at),
            b'f' => self.word(b"false", at),
            b'n' => self.word(b"null", at),
            _ => None,
        }
    }

    /// An array, behind its bracket.
    fn array(&mut self, start: usize) -> Option<usize> {
        self.depth += 1;
        let mut at = blank(self.line, start);
        if self.depth > DEEPEST {
            return None;
        }
        let mut open = self.line.get(at)? != &b']';
        while open {
            at = self.value(at)?;
            (open, at) = self.goes_on(at, b']')?;
        }
        self.depth -= 1;
        Some(at + 1)
    }

    /// What stands behind a value: a comma, behind which it goes on, or the `end`.
    #[inline]
    fn goes_on(&self, at: usize, end: u8) -> Option<(bool, usize)> {
        let at = blank(self.line, at);
        match *self.line.get(at)? {
            b',' => Some((true, blank(self.line, at + 1))),
            byte => (byte == end).then_some((false, at)),
        }
    }

    fn word(&self, word: &[u8], at: usize) -> Option<usize> {
        self.line.get(at..)?.starts_with(word).then_some(at + word.len())
    }
}
