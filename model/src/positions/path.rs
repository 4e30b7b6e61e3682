//! Paths into a YAML file, such as `parameters[2].since`.

use std::borrow::Cow;

/// The steps from the root of a file to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(Vec<Step>);

/// A step into a mapping or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The key of an entry.
    Key(Cow<'static, str>),
    /// The index of an element, from 0.
    Index(usize),
}

/// The part of an entry that a position marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The value.
    Value,
    /// The key at the end of the path.
    Key,
    /// A word in a text.
    Word(String),
}

impl Path {
    /// The path of the file itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// Appends a key.
    pub fn key(&self, key: impl Into<Cow<'static, str>>) -> Self {
        self.then(Step::Key(key.into()))
    }

    /// Appends an index of a list.
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    /// Appends several steps.
    pub fn join(&self, steps: &[Step]) -> Self {
        Self([&self.0, steps].concat())
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }
}
