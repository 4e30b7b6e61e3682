//! Which operations the programs use: always the same of one spec, and of as
//! many categories as there are.

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use zstack_model::{Model, Operation};

/// So that a run can be repeated.
const SEED: u64 = 3;

/// Operations in an order that takes one of each category, then another one of
/// each, and so on; which of them is by chance.
pub(super) fn over_categories(model: &Model) -> impl Iterator<Item = &Operation> {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut categories: Vec<Vec<&Operation>> = model
        .categories
        .iter()
        .map(|category| {
            let mut operations: Vec<_> = model.operations_of(&category.name).collect();
            operations.shuffle(&mut random);
            operations
        })
        .collect();
    categories.shuffle(&mut random);
    let most = categories.iter().map(Vec::len).max().unwrap_or(0);
    (0..most).flat_map(move |turn| {
        categories.iter().filter_map(|category| category.get(turn).copied()).collect::<Vec<_>>()
    })
}
