//! Paths into a YAML file: `parameters[2].since`.

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

/// The part that is meant of what a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The value.
    Value,
    /// The key that the path ends in.
    Key,
    /// A word in a text.
    Word(String),
}

impl Path {
    /// The file itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// The value below a key.
    pub fn key(&self, key: impl Into<Cow<'static, str>>) -> Self {
        self.then(Step::Key(key.into()))
    }

    /// An element of a list.
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    /// A path below this one.
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
