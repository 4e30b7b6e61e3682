/// The fields of a record that have been read.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// A bit for each of the first 64.
    pub(crate) first: u64,
    rest: Vec<bool>,
}

impl Seen {
    pub(crate) fn insert(&mut self, index: usize) {
        if index < 64 {
            self.first |= 1 << index;
        } else {
            let index = index - 64;
            if self.rest.len() <= index {
                self.rest.resize(index + 1, false);
            }
            self.rest[index] = true;
        }
    }

    pub(crate) fn contains(&self, index: usize) -> bool {
        if index < 64 {
            self.first & (1 << index) != 0
        } else {
            self.rest.get(index - 64).copied().unwrap_or(false)
        }
    }
}
