//! Chooses the operations that the programs use: of all categories, and always the same of a spec.

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use zstack_model::{Model, Operation};

/// A fixed seed, so that runs are reproducible.
const SEED: u64 = 3;

/// Returns the operations in an order that takes a random one of each category, then another one of
/// each, and so on.
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
