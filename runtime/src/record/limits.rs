//! Constraints of values.

/// What a value must satisfy. A server checks it; see
/// [`constraints`](crate::constraints).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// The longest text, in UTF-16 units, which is what the platform counts.
    pub max_length: Option<u32>,
    /// The shortest text, in UTF-16 units.
    pub min_length: Option<u32>,
    /// Lowest and highest number, both allowed.
    pub range: Option<(i64, i64)>,
    /// A regular expression for the whole text.
    pub pattern: Option<&'static str>,
    /// The only values allowed, as texts; empty: any.
    pub values: &'static [&'static str],
    /// A list needs an element, a text a character.
    pub non_empty: bool,
    /// Blanks at both ends of a text stay; elsewhere a server takes them away.
    pub no_trim: bool,
}

impl Limits {
    /// Anything goes.
    pub const NONE: Self = Self {
        max_length: None,
        min_length: None,
        range: None,
        pattern: None,
        values: &[],
        non_empty: false,
        no_trim: false,
    };

    /// At most so many UTF-16 units of text.
    #[must_use]
    pub const fn max_length(mut self, units: u32) -> Self {
        self.max_length = Some(units);
        self
    }

    /// At least so many UTF-16 units of text.
    #[must_use]
    pub const fn min_length(mut self, units: u32) -> Self {
        self.min_length = Some(units);
        self
    }

    /// From `low` to `high`, both allowed.
    #[must_use]
    pub const fn range(mut self, low: i64, high: i64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// A regular expression for the whole text.
    #[must_use]
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// The only texts allowed.
    #[must_use]
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// Blanks at both ends of a text belong to it.
    #[must_use]
    pub const fn no_trim(mut self) -> Self {
        self.no_trim = true;
        self
    }

    /// A list needs an element, a text a character.
    #[must_use]
    pub const fn non_empty(mut self) -> Self {
        self.non_empty = true;
        self
    }
}
