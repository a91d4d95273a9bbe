//! Paths folded to the templates of `routes`: `/users/7/cards?page=2` is `/users/{id}/cards`.

use crate::error::{Error, Result};

/// Templates in the order in which they are written; the first that matches a path names it.
///
/// - A segment matches itself; `{name}` matches any one segment that is not empty.
/// - The query, the fragment and one slash at the end of a path do not count.
///
/// ```
/// use backburn_scan::normalise::Routes;
///
/// let routes = Routes::compile(&["/pay".to_owned(), "/users/{id}/cards".to_owned()])?;
/// assert_eq!(routes.route_of("/users/7/cards/?page=2"), Some(1));
/// assert_eq!(routes.route_of("/users/7"), None);
/// # Ok::<(), backburn_scan::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routes {
    templates: Vec<Vec<Segment>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Exactly(String),
    Any,
}

impl Routes {
    /// Compiles templates, or says which one is no template.
    pub fn compile(templates: &[String]) -> Result<Self> {
        let templates: Vec<_> = templates.iter().map(|template| compile(template)).collect::<Result<_>>()?;
        Ok(Self { templates })
    }

    /// The number of the first template that matches.
    #[must_use]
    pub fn route_of(&self, path: &str) -> Option<usize> {
        let path = segments(path.split(['?', '#']).next().unwrap_or(path))?;
        self.templates.iter().position(|template| {
            let mut rest = path.split('/');
            let all = template.iter().all(|segment| match (segment, rest.next()) {
                (Segment::Exactly(text), Some(found)) => text == found,
                (Segment::Any, Some(found)) => !found.is_empty(),
                (_, None) => false,
            });
            all && rest.next().is_none()
        })
    }
}

/// The path between its first slash and its last.
fn segments(path: &str) -> Option<&str> {
    let path = path.strip_prefix('/')?;
    Some(path.strip_suffix('/').unwrap_or(path))
}

fn compile(template: &str) -> Result<Vec<Segment>> {
    let wrong = |message: &str, remedy: &str| {
        Err(Error::spec(format!("the route '{template}' {message}")).value(template).remedy(remedy))
    };
    let Some(path) = segments(template) else {
        return wrong("does not begin with a slash", "write it like '/users/{id}'");
    };
    if template.contains(['?', '#']) {
        return wrong("has a query", "leave the query out; it never counts");
    }
    let mut compiled = Vec::new();
    for segment in path.split('/') {
        let inside = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match inside {
            Some(name) if name.ends_with("...") || name.ends_with('*') => {
                return wrong("has a parameter for several segments", "write one {name} for each segment");
            }
            Some(name) if !name.is_empty() && !name.contains(['{', '}']) => compiled.push(Segment::Any),
            _ if segment.contains(['{', '}']) => {
                return wrong("has a brace inside a segment", "a parameter is a whole segment, such as {id}");
            }
            _ if segment.contains('*') || segment.starts_with(':') => {
                return wrong("has a wildcard", "write {name} for any one segment");
            }
            _ if segment.is_empty() && path.contains('/') => {
                return wrong("has an empty segment", "write one slash between two segments");
            }
            _ => compiled.push(Segment::Exactly(segment.to_owned())),
        }
    }
    Ok(compiled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(templates: &[&str]) -> Result<Routes> {
        Routes::compile(&templates.iter().map(|&template| template.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_first_template_that_matches_names_the_path() {
        let routes = routes(&["/", "/pay", "/users/{id}", "/users/me", "/users/{id}/cards/"]).unwrap();
        for (path, expected) in [
            ("/", Some(0)),
            ("/?q=1", Some(0)),
            ("/pay", Some(1)),
            ("/pay/", Some(1)),
            ("/pay?amount=/x", Some(1)),
            ("/pay#top", Some(1)),
            ("/pay//", None),
            ("/Pay", None),
            ("/users/7", Some(2)),
            ("/users/me", Some(2)),
            ("/users/", None),
            ("/users//", None),
            ("/users/7/cards", Some(4)),
            ("/users//cards", None),
            ("/users/7/cards/9", None),
            ("pay", None),
            ("", None),
            ("*", None),
        ] {
            assert_eq!(routes.route_of(path), expected, "{path:?}");
        }
    }

    #[test]
    fn a_bad_template_is_named() {
        for (template, words) in [
            ("pay", "does not begin with a slash"),
            ("/files/{rest...}", "several segments"),
            ("/files/*", "wildcard"),
            ("/users/:id", "wildcard"),
            ("/users/{id", "brace"),
            ("/users/{}", "brace"),
            ("/a//b", "empty segment"),
            ("/a?b", "query"),
        ] {
            let error = routes(&["/fine", template]).unwrap_err();
            assert!(error.message.contains(&format!("'{template}'")), "{error}");
            assert!(error.message.contains(words), "{error}");
            assert!(error.remedy.is_some());
        }
    }
}
