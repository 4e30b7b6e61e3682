//! Constraints of values.

/// The constraints of a field. A server checks them; see [`constraints`](crate::constraints).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Maximum length of a text in UTF-16 units, as the platform counts.
    pub max_length: Option<u32>,
    /// Minimum length of a text in UTF-16 units.
    pub min_length: Option<u32>,
    /// Minimum and maximum of a number, both inclusive.
    pub range: Option<(i64, i64)>,
    /// A regular expression for the whole text.
    pub pattern: Option<&'static str>,
    /// The allowed values as texts; empty if every value is allowed.
    pub values: &'static [&'static str],
    /// A list must have an item, a text a character.
    pub non_empty: bool,
    /// Surrounding whitespace is significant; otherwise a server removes it.
    pub no_trim: bool,
}

impl Limits {
    /// No constraints.
    pub const NONE: Self = Self {
        max_length: None,
        min_length: None,
        range: None,
        pattern: None,
        values: &[],
        non_empty: false,
        no_trim: false,
    };

    /// Sets the maximum length in UTF-16 units.
    #[must_use]
    pub const fn max_length(mut self, units: u32) -> Self {
        self.max_length = Some(units);
        self
    }

    /// Sets the minimum length in UTF-16 units.
    #[must_use]
    pub const fn min_length(mut self, units: u32) -> Self {
        self.min_length = Some(units);
        self
    }

    /// Sets the range, both ends inclusive.
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

    /// Sets the allowed values.
    #[must_use]
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// Makes surrounding whitespace significant.
    #[must_use]
    pub const fn no_trim(mut self) -> Self {
        self.no_trim = true;
        self
    }

    /// A list must have an item, a text a character.
    #[must_use]
    pub const fn non_empty(mut self) -> Self {
        self.non_empty = true;
        self
    }
}
