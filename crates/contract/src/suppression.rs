//! Publishing how many people are in each cell of a fixed partition without giving small numbers away.
//!
//! People count as one of the cells, or as none (who did not say). The total is published exactly and all the time; of
//! the cells only snapshots, by four rules:
//!
//! 1. **Threshold.** A cell is published from [`K`] people on, rounded down to a multiple of [`STEP`]; below it is
//!    withheld. Who did not say is never published: that number stands between the total and every withheld cell.
//! 2. **Complement.** What the published cells leave of the total must be at least [`K`], however they are read:
//!    otherwise the smallest are withheld as well. A withheld cell could then be anything from nobody to [`K`].
//! 3. **Pace.** What is published of a cell changes at most once in [`PACE_MS`].
//! 4. **Crowd.** And only once [`K`] different people have entered or left it since: who watches the total move by one
//!    cannot watch a cell move by one.
//!
//! Rules 1 and 2 are the primary and complementary suppression of official statistics (Hundepool et al., *Statistical
//! Disclosure Control*, 2012, chapter 4); 3 and 4 are against differencing successive releases. They do not help against
//! somebody who brings nine people of their own into a cell. The decision is in `docs/decisions/0010-suppression.md`.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Fewest people of a cell that is published, and fewest who must have moved before it is again.
pub const K: u64 = 10;
/// Published cells are multiples of it.
pub const STEP: u64 = 5;
/// Shortest time between two publications of a cell, in milliseconds.
pub const PACE_MS: i64 = 3_600_000;

/// What was last published of a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The number; none while it is withheld.
    pub people: Option<u64>,
    /// When that was decided; none before the first time.
    pub at: Option<Timestamp>,
    /// Who was in it then.
    pub members: BTreeSet<i64>,
}

impl Cell {
    fn publish(&mut self, people: Option<u64>, members: &BTreeSet<i64>, at: Timestamp) {
        *self = Self { people, at: Some(at), members: members.clone() };
    }

    /// Fewest people that somebody who knows these rules can take for certain at `now`.
    fn certain(&self, now: Timestamp) -> u64 {
        let people = self.people.unwrap_or_default();
        // Decided just now it is what it says; later, fewer than K have moved, or it would have been decided again.
        if self.at == Some(now) { people } else { people.saturating_sub(K - 1) }
    }
}

/// What is published of a partition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Its cells, in an order that never changes.
    pub cells: Vec<Cell>,
}

impl Snapshot {
    /// Moves on to `now`: who is in each cell, and how many people there are in all, those in no cell included. Says
    /// whether anything was decided anew.
    pub fn refresh(&mut self, members: &[BTreeSet<i64>], total: u64, now: Timestamp) -> bool {
        let mut changed = self.cells.len() < members.len();
        self.cells.resize_with(members.len(), Cell::default);
        for (cell, members) in self.cells.iter_mut().zip(members) {
            let rested = cell.at.is_none_or(|at| now.millis() - at.millis() >= PACE_MS);
            if rested && cell.members.symmetric_difference(members).count() as u64 >= K {
                let people = members.len() as u64;
                cell.publish((people >= K).then_some(people / STEP * STEP), members, now);
                changed = true;
            }
        }
        while self.cells.iter().map(|cell| cell.certain(now)).sum::<u64>() + K > total {
            let published = self.cells.iter_mut().zip(members).filter(|(cell, _)| cell.people.is_some());
            let Some((cell, members)) = published.min_by_key(|(cell, _)| cell.people) else { break };
            cell.publish(None, members, now);
            changed = true;
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CELLS: usize = 4;

    /// What the published numbers leave possible for a cell, given the total: of one equation over ranges, the exact
    /// solution. The attacker knows the rules, and even when each number was decided.
    fn possible(of: usize, snapshot: &Snapshot, total: u64, now: Timestamp) -> (u64, u64) {
        let range = |cell: &Cell| match (cell.people, cell.at) {
            (Some(people), Some(at)) if at == now => (people, people + STEP - 1),
            (Some(people), Some(at)) if now.millis() - at.millis() >= PACE_MS => {
                (people.saturating_sub(K - 1), people + STEP - 1 + K - 1)
            }
            // Within the hour any number may have moved; withheld it may be anything.
            _ => (0, total),
        };
        let mut ranges: Vec<(u64, u64)> = snapshot.cells.iter().map(range).collect();
        // Who did not say.
        ranges.push((0, total));
        let others = |pick: fn(&(u64, u64)) -> u64| -> u64 {
            ranges.iter().enumerate().filter(|(index, _)| *index != of).map(|(_, range)| pick(range)).sum()
        };
        let (low, high) = ranges[of];
        (low.max(total.saturating_sub(others(|r| r.1))), high.min(total.saturating_sub(others(|r| r.0))))
    }

    #[derive(Debug, Clone)]
    enum Event {
        /// So many people come, and say the same.
        Come(usize, usize),
        /// Somebody leaves.
        Leave(usize),
        /// Somebody says something else.
        Say(usize, usize),
        /// Minutes pass, and the snapshot moves on.
        Refresh(i64),
    }

    fn event() -> impl Strategy<Value = Event> {
        // The last cell is who did not say.
        let cell = 0..=CELLS;
        prop_oneof![
            (1..25_usize, cell.clone()).prop_map(|(people, cell)| Event::Come(people, cell)),
            (0..200_usize).prop_map(Event::Leave),
            (0..200_usize, cell).prop_map(|(person, cell)| Event::Say(person, cell)),
            (1..150_i64).prop_map(Event::Refresh),
        ]
    }

    struct World {
        people: Vec<(i64, usize)>,
        next: i64,
        now: i64,
        snapshot: Snapshot,
    }

    impl World {
        fn new() -> Self {
            Self { people: Vec::new(), next: 0, now: 0, snapshot: Snapshot::default() }
        }

        fn members(&self) -> Vec<BTreeSet<i64>> {
            let of = |cell| self.people.iter().filter(|(_, at)| *at == cell).map(|(id, _)| *id).collect();
            (0..CELLS).map(of).collect()
        }

        fn live(&mut self, event: &Event) -> bool {
            match *event {
                Event::Come(people, cell) => {
                    self.people.extend((0..people as i64).map(|more| (self.next + more, cell)));
                    self.next += people as i64;
                }
                Event::Leave(at) if !self.people.is_empty() => {
                    self.people.remove(at % self.people.len());
                }
                Event::Say(at, cell) if !self.people.is_empty() => {
                    let at = at % self.people.len();
                    self.people[at].1 = cell;
                }
                Event::Refresh(minutes) => {
                    self.now += minutes * 60_000;
                    let members = self.members();
                    self.snapshot.refresh(
                        &members,
                        self.people.len() as u64,
                        Timestamp::from_millis(self.now),
                    );
                    return true;
                }
                _ => {}
            }
            false
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn no_sequence_of_snapshots_and_totals_gives_a_small_cell_away(events in prop::collection::vec(event(), 1..60)) {
            let mut world = World::new();
            for event in &events {
                let before = world.snapshot.clone();
                if !world.live(event) {
                    continue;
                }
                let (now, total) = (Timestamp::from_millis(world.now), world.people.len() as u64);
                let members = world.members();
                for (index, cell) in world.snapshot.cells.iter().enumerate() {
                    let (low, high) = possible(index, &world.snapshot, total, now);
                    if cell.people.is_none() {
                        // The total alone says as much: that there are not more people in it than in all.
                        prop_assert!(low == 0 && high >= K.min(total), "cell {index}: {low} to {high} of {total}");
                    }
                    let people = members[index].len() as u64;
                    prop_assert!(low <= people && people <= high, "the attacker errs");
                    prop_assert!(people >= K || low < high || total == 0, "cell {index} is {low}");
                    if let Some(people) = cell.people {
                        prop_assert!(people >= K && people % STEP == 0);
                    }
                    // Pace and crowd.
                    if let Some(before) = before.cells.get(index).filter(|before| *before != cell)
                        && before.people.is_some()
                        && let (Some(people), Some(at)) = (cell.people, before.at)
                    {
                        prop_assert!(world.now - at.millis() >= PACE_MS, "{people} came too soon");
                        let moved = before.members.symmetric_difference(&cell.members).count() as u64;
                        prop_assert!(moved >= K);
                    }
                }
                // Who did not say is a cell as well.
                let said: u64 = members.iter().map(|members| members.len() as u64).sum();
                let (low, high) = possible(CELLS, &world.snapshot, total, now);
                prop_assert!(total - said >= K || low < high || total == 0, "{low} people did not say");
            }
        }
    }

    fn crowd(from: i64, people: i64) -> BTreeSet<i64> {
        (from..from + people).collect()
    }

    #[test]
    fn the_attacker_of_these_tests_wins_where_only_small_cells_are_withheld() {
        let now = Timestamp::from_millis(0);
        let cell = |people| Cell { people, at: Some(now), members: BTreeSet::new() };
        // 30 in one, 0 in another, nobody silent, published without rounding would be worse still.
        let naive = Snapshot { cells: vec![cell(Some(30)), cell(None)] };
        assert_eq!(possible(1, &naive, 30, now), (0, 0));
    }

    #[test]
    fn a_cell_is_published_from_ten_on_rounded_down_to_fives_while_ten_are_left() {
        let now = Timestamp::from_millis(0);
        let mut snapshot = Snapshot::default();
        let members = [crowd(0, 9), crowd(100, 14), crowd(200, 27)];
        assert!(snapshot.refresh(&members, 50, now));
        assert_eq!(
            snapshot.cells.iter().map(|cell| cell.people).collect::<Vec<_>>(),
            [None, Some(10), Some(25)]
        );
        assert!(!snapshot.refresh(&members, 50, now), "nothing more to decide");
        // Were all fifty in the last two, the first would be known to be empty.
        let mut snapshot = Snapshot::default();
        snapshot.refresh(&[crowd(0, 0), crowd(100, 20), crowd(200, 30)], 50, now);
        assert_eq!(snapshot.cells.iter().map(|cell| cell.people).collect::<Vec<_>>(), [None, None, Some(30)]);
    }

    #[test]
    fn a_cell_rests_for_an_hour_and_until_ten_people_moved() {
        let at = |minutes: i64| Timestamp::from_millis(minutes * 60_000);
        let mut snapshot = Snapshot::default();
        let people = |snapshot: &Snapshot| snapshot.cells[0].people;
        snapshot.refresh(&[crowd(0, 20)], 100, at(0));
        snapshot.refresh(&[crowd(0, 40)], 120, at(59));
        assert_eq!(people(&snapshot), Some(20), "too soon");
        snapshot.refresh(&[crowd(0, 29)], 109, at(60));
        assert_eq!(people(&snapshot), Some(20), "nine came");
        snapshot.refresh(&[crowd(5, 20)], 100, at(60));
        assert_eq!(snapshot.cells[0].at, Some(at(60)), "five came and five left");
    }
}
