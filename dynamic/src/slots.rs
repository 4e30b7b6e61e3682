//! Data types that are built at run time, behind the functions that tables need.
//!
//! A function has no state, so there is one function for each of a number of slots. Slots are never
//! reused.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};

use zstack_runtime::record::{EnumShape, Kind, Shape};

const ROWS: usize = 64;
const COLUMNS: usize = 32;

/// The maximum number of data types, of all specs together, for which a process can build tables.
pub const MAX_DATA_TYPES: usize = ROWS * COLUMNS;

/// The content of a slot.
pub(super) enum SlotContent {
    Record {
        shape: &'static Shape,
        /// Others extend it: their additional fields are kept.
        keeps_more: bool,
    },
    Enum(&'static EnumShape),
}

static SLOTS: [OnceLock<SlotContent>; MAX_DATA_TYPES] = [const { OnceLock::new() }; MAX_DATA_TYPES];
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// A slot for a data type; other types may refer to it before it is filled.
#[derive(Clone, Copy)]
pub(super) struct Slot(usize);

impl Slot {
    pub(super) fn take() -> Self {
        let index = TAKEN.fetch_add(1, Ordering::Relaxed);
        assert!(
            index < SLOTS.len(),
            "a process can build {} data types; increase ROWS for more",
            SLOTS.len()
        );
        Self(index)
    }

    /// Fills the slot; a slot is filled once.
    pub(super) fn fill(self, made: SlotContent) {
        if let SlotContent::Record { shape, keeps_more: true } = made {
            KEEPERS.write().unwrap_or_else(PoisonError::into_inner).insert(address(shape));
        }
        let _ = SLOTS[self.0].set(made);
    }

    /// Returns whether a record fills the slot.
    pub(super) fn is_record(self) -> bool {
        matches!(SLOTS[self.0].get(), Some(SlotContent::Record { .. }))
    }

    pub(super) fn record(self) -> Kind {
        Kind::Record(RECORDS[self.0 / COLUMNS][self.0 % COLUMNS])
    }

    pub(super) fn enumeration(self) -> Kind {
        Kind::Enum(ENUMS[self.0 / COLUMNS][self.0 % COLUMNS])
    }
}

/// The addresses of the tables whose records keep additional fields. Each record asks for its own when
/// it is created, so a search through all slots would take too long.
static KEEPERS: RwLock<BTreeSet<usize>> = RwLock::new(BTreeSet::new());

fn address(shape: &'static Shape) -> usize {
    std::ptr::from_ref(shape).addr()
}

/// Returns whether a record that was built here keeps the additional fields of its extensions.
pub(super) fn keeps_more(shape: &'static Shape) -> bool {
    KEEPERS.read().unwrap_or_else(PoisonError::into_inner).contains(&address(shape))
}

#[expect(clippy::panic, reason = "a slot is filled with the kind that it was taken for")]
fn record<const ROW: usize, const COLUMN: usize>() -> &'static Shape {
    match SLOTS[ROW * COLUMNS + COLUMN].get() {
        Some(SlotContent::Record { shape, .. }) => shape,
        _ => panic!("this slot has no record"),
    }
}

#[expect(clippy::panic, reason = "a slot is filled with the kind that it was taken for")]
fn enumeration<const ROW: usize, const COLUMN: usize>() -> &'static EnumShape {
    match SLOTS[ROW * COLUMNS + COLUMN].get() {
        Some(SlotContent::Enum(shape)) => shape,
        _ => panic!("this slot has no enum"),
    }
}

// Constants have no loops, so each function is listed, several to a line.

#[rustfmt::skip]
const fn records<const ROW: usize>() -> [fn() -> &'static Shape; COLUMNS] {
    [
        record::<ROW, 0>, record::<ROW, 1>, record::<ROW, 2>, record::<ROW, 3>, record::<ROW, 4>,
        record::<ROW, 5>, record::<ROW, 6>, record::<ROW, 7>, record::<ROW, 8>, record::<ROW, 9>,
        record::<ROW, 10>, record::<ROW, 11>, record::<ROW, 12>, record::<ROW, 13>, record::<ROW, 14>,
        record::<ROW, 15>, record::<ROW, 16>, record::<ROW, 17>, record::<ROW, 18>, record::<ROW, 19>,
        record::<ROW, 20>, record::<ROW, 21>, record::<ROW, 22>, record::<ROW, 23>, record::<ROW, 24>,
        record::<ROW, 25>, record::<ROW, 26>, record::<ROW, 27>, record::<ROW, 28>, record::<ROW, 29>,
        record::<ROW, 30>, record::<ROW, 31>,
    ]
}

#[rustfmt::skip]
const RECORDS: [[fn() -> &'static Shape; COLUMNS]; ROWS] = [
    records::<0>(), records::<1>(), records::<2>(), records::<3>(), records::<4>(), records::<5>(),
    records::<6>(), records::<7>(), records::<8>(), records::<9>(), records::<10>(), records::<11>(),
    records::<12>(), records::<13>(), records::<14>(), records::<15>(), records::<16>(), records::<17>(),
    records::<18>(), records::<19>(), records::<20>(), records::<21>(), records::<22>(), records::<23>(),
    records::<24>(), records::<25>(), records::<26>(), records::<27>(), records::<28>(), records::<29>(),
    records::<30>(), records::<31>(), records::<32>(), records::<33>(), records::<34>(), records::<35>(),
    records::<36>(), records::<37>(), records::<38>(), records::<39>(), records::<40>(), records::<41>(),
    records::<42>(), records::<43>(), records::<44>(), records::<45>(), records::<46>(), records::<47>(),
    records::<48>(), records::<49>(), records::<50>(), records::<51>(), records::<52>(), records::<53>(),
    records::<54>(), records::<55>(), records::<56>(), records::<57>(), records::<58>(), records::<59>(),
    records::<60>(), records::<61>(), records::<62>(), records::<63>(),
];

#[rustfmt::skip]
const fn enumerations<const ROW: usize>() -> [fn() -> &'static EnumShape; COLUMNS] {
    [
        enumeration::<ROW, 0>, enumeration::<ROW, 1>, enumeration::<ROW, 2>, enumeration::<ROW, 3>,
        enumeration::<ROW, 4>, enumeration::<ROW, 5>, enumeration::<ROW, 6>, enumeration::<ROW, 7>,
        enumeration::<ROW, 8>, enumeration::<ROW, 9>, enumeration::<ROW, 10>, enumeration::<ROW, 11>,
        enumeration::<ROW, 12>, enumeration::<ROW, 13>, enumeration::<ROW, 14>, enumeration::<ROW, 15>,
        enumeration::<ROW, 16>, enumeration::<ROW, 17>, enumeration::<ROW, 18>, enumeration::<ROW, 19>,
        enumeration::<ROW, 20>, enumeration::<ROW, 21>, enumeration::<ROW, 22>, enumeration::<ROW, 23>,
        enumeration::<ROW, 24>, enumeration::<ROW, 25>, enumeration::<ROW, 26>, enumeration::<ROW, 27>,
        enumeration::<ROW, 28>, enumeration::<ROW, 29>, enumeration::<ROW, 30>, enumeration::<ROW, 31>,
    ]
}

#[rustfmt::skip]
const ENUMS: [[fn() -> &'static EnumShape; COLUMNS]; ROWS] = [
    enumerations::<0>(), enumerations::<1>(), enumerations::<2>(), enumerations::<3>(), enumerations::<4>(),
    enumerations::<5>(), enumerations::<6>(), enumerations::<7>(), enumerations::<8>(), enumerations::<9>(),
    enumerations::<10>(), enumerations::<11>(), enumerations::<12>(), enumerations::<13>(),
    enumerations::<14>(), enumerations::<15>(), enumerations::<16>(), enumerations::<17>(),
    enumerations::<18>(), enumerations::<19>(), enumerations::<20>(), enumerations::<21>(),
    enumerations::<22>(), enumerations::<23>(), enumerations::<24>(), enumerations::<25>(),
    enumerations::<26>(), enumerations::<27>(), enumerations::<28>(), enumerations::<29>(),
    enumerations::<30>(), enumerations::<31>(), enumerations::<32>(), enumerations::<33>(),
    enumerations::<34>(), enumerations::<35>(), enumerations::<36>(), enumerations::<37>(),
    enumerations::<38>(), enumerations::<39>(), enumerations::<40>(), enumerations::<41>(),
    enumerations::<42>(), enumerations::<43>(), enumerations::<44>(), enumerations::<45>(),
    enumerations::<46>(), enumerations::<47>(), enumerations::<48>(), enumerations::<49>(),
    enumerations::<50>(), enumerations::<51>(), enumerations::<52>(), enumerations::<53>(),
    enumerations::<54>(), enumerations::<55>(), enumerations::<56>(), enumerations::<57>(),
    enumerations::<58>(), enumerations::<59>(), enumerations::<60>(), enumerations::<61>(),
    enumerations::<62>(), enumerations::<63>(),
];
