//! Colombia's departments as tiles of one size: where each lies, roughly, without a border in sight.
//!
//! A map by area would show Amazonas large and Bogotá as a dot, whoever lives there. Every department gets the same tile.

use crate::i18n;
use cabildo_contract::statistics::TerritoryPeople;
use leptos::prelude::*;

/// The place of a department.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Its code in DIVIPOLA.
    pub code: &'static str,
    /// What stands in the tile: its letters in [ISO 3166-2:CO](https://www.iso.org/obp/ui/#iso:code:3166:CO).
    pub letters: &'static str,
    /// West to east, from 1 to [`COLUMNS`].
    pub column: u8,
    /// North to south, from 1 to [`ROWS`].
    pub row: u8,
}

/// How many tiles from west to east.
pub const COLUMNS: u8 = 6;
/// How many tiles from north to south.
pub const ROWS: u8 = 8;

const fn tile(code: &'static str, letters: &'static str, column: u8, row: u8) -> Tile {
    Tile { code, letters, column, row }
}

/// All departments and Bogotá, from north to south and from west to east.
pub const TILES: [Tile; 33] = [
    tile("88", "SAP", 1, 1),
    tile("44", "LAG", 6, 1),
    tile("08", "ATL", 4, 2),
    tile("47", "MAG", 5, 2),
    tile("20", "CES", 6, 2),
    tile("23", "COR", 2, 3),
    tile("70", "SUC", 3, 3),
    tile("13", "BOL", 4, 3),
    tile("54", "NSA", 5, 3),
    tile("27", "CHO", 2, 4),
    tile("05", "ANT", 3, 4),
    tile("68", "SAN", 4, 4),
    tile("15", "BOY", 5, 4),
    tile("81", "ARA", 6, 4),
    tile("66", "RIS", 2, 5),
    tile("17", "CAL", 3, 5),
    tile("25", "CUN", 4, 5),
    tile("85", "CAS", 5, 5),
    tile("99", "VID", 6, 5),
    tile("76", "VAC", 1, 6),
    tile("63", "QUI", 2, 6),
    tile("73", "TOL", 3, 6),
    tile("11", "DC", 4, 6),
    tile("50", "MET", 5, 6),
    tile("94", "GUA", 6, 6),
    tile("19", "CAU", 2, 7),
    tile("41", "HUI", 3, 7),
    tile("18", "CAQ", 4, 7),
    tile("95", "GUV", 5, 7),
    tile("97", "VAU", 6, 7),
    tile("52", "NAR", 2, 8),
    tile("86", "PUT", 3, 8),
    tile("91", "AMA", 5, 8),
];

/// The tiles with what is published of each. What is withheld says so; it is never a zero.
#[must_use]
pub fn tiles(people: &[TerritoryPeople], number: impl Fn(u64) -> String) -> AnyView {
    let own = i18n::dashboard();
    let most = people.iter().filter_map(|each| each.people).max().unwrap_or_default().max(1);
    let items = TILES
        .iter()
        .map(|tile| {
            let known = people.iter().find(|each| each.territory.code == tile.code);
            let published = known.and_then(|each| each.people);
            let words = published.map_or(own.withheld.to_owned(), &number);
            let name = known.map(|each| each.territory.name.clone());
            let bar = published.map(|people| {
                view! {
                    <svg class="c-tiles__track" viewBox="0 0 1000 10" preserveAspectRatio="none">
                        <rect class="c-tiles__bar" width=(people * 1_000 / most).to_string() height="10"></rect>
                    </svg>
                }
            });
            view! {
                <li title=name data-column=tile.column.to_string() data-row=tile.row.to_string()
                    data-withheld=published.is_none().then_some("")>
                    <span class="c-tiles__letters">{tile.letters}</span>
                    <span class="c-tiles__value">{words}</span>
                    {bar}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="c-tiles">{items}</ol><p class="c-tiles__note">{own.withheld_note}</p> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_department_has_one_tile_of_its_own_within_the_map() {
        let codes: BTreeSet<&str> = TILES.iter().map(|tile| tile.code).collect();
        let letters: BTreeSet<&str> = TILES.iter().map(|tile| tile.letters).collect();
        let places: BTreeSet<(u8, u8)> = TILES.iter().map(|tile| (tile.column, tile.row)).collect();
        assert_eq!((codes.len(), letters.len(), places.len()), (33, 33, 33));
        assert!(places.iter().all(|place| (1..=COLUMNS).contains(&place.0) && (1..=ROWS).contains(&place.1)));
    }
}
