//! A part of a list that can be long: what it shall speak of, from where on, how much of it.

/// Which part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What stands in its lines; nothing for all of them.
    pub text: String,
    /// After how many.
    pub after: i64,
    /// At most so many.
    pub most: i64,
}

/// A part, and how long the whole of it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// The lines.
    pub lines: Vec<T>,
    /// How many there are altogether, counted up to [`COUNTED`].
    pub of: i64,
}

/// Lists are counted up to so many lines, and taken along up to so many.
pub const COUNTED: i64 = 10_000;

impl<T> Found<T> {
    /// Whether there are more than were counted.
    #[must_use]
    pub const fn is_more(&self) -> bool {
        self.of >= COUNTED
    }
}
