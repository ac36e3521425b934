//! Whose turn it is: each view that has something to show, all of them in each language.
//!
//! Turns are counted: of three views, turn 4 is that of the second, in the second round.

/// The first turn, of so many views, of one that `has` something to show.
pub fn first(views: u64, has: impl Fn(u64) -> bool) -> u64 {
    (0..views).find(|turn| has(*turn)).unwrap_or_default()
}

/// The turn after this one of a view that `has` something to show; if none has, time goes on nonetheless.
pub fn next(turn: u64, views: u64, has: impl Fn(u64) -> bool) -> u64 {
    (turn + 1..turn + views).find(|turn| has(turn % views)).unwrap_or(turn + views.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(views: u64, has: impl Fn(u64) -> bool + Copy) -> Vec<u64> {
        let mut turn = 0;
        let next = |_| {
            turn = next(turn, views, has);
            turn
        };
        (0..4).map(next).collect()
    }

    #[test]
    fn views_take_turns_and_after_the_last_begins_another_round() {
        assert_eq!(turns(3, |_| true), [1, 2, 3, 4]);
        assert_eq!(turns(1, |_| true), [1, 2, 3, 4], "one view in several languages");
    }

    #[test]
    fn a_view_without_anything_to_show_is_passed_over() {
        assert_eq!(turns(3, |view| view != 1), [2, 3, 5, 6]);
        assert_eq!(turns(2, |_| false), [2, 4, 6, 8], "and if none has, time goes on");
        assert_eq!(first(3, |view| view == 2), 2);
        assert_eq!(first(3, |_| false), 0);
    }
}
