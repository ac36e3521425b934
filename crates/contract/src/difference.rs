//! What changed between two texts, word by word.
//!
//! Short stretches are compared by the longest common subsequence of their words, which is exact and takes time and room
//! for every pair of words. Long ones are first cut at words that stand once in either text
//! ([patience diff](https://bramcohen.livejournal.com/73318.html)), so that a text of thousands of words takes
//! milliseconds. The price: a long stretch in which no word stands once is shown as replaced.

use std::collections::BTreeMap;

/// What became of a run of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// In both texts.
    Kept,
    /// Only in the first.
    Removed,
    /// Only in the second.
    Added,
}

/// Words that share their fate, joined by spaces. [`PARAGRAPH`] is a word of its own.
pub type Run = (Change, String);

/// The end of a paragraph, which an empty line marks in a text.
pub const PARAGRAPH: &str = "\n\n";

/// Most pairs of words that are compared each with each.
const PAIRS: usize = 250_000;

/// From `before` to `after`, as runs of words in reading order; where words were replaced, what was removed comes first.
///
/// Without the added runs it says `before`, without the removed ones `after`, but for the width of spaces.
#[must_use]
pub fn difference(before: &str, after: &str) -> Vec<Run> {
    let mut runs = Runs::default();
    compare(&words(before), &words(after), &mut runs);
    runs.0
}

/// The words of a text and the ends of its paragraphs.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut is_apart = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            is_apart = !words.is_empty();
            continue;
        }
        if is_apart {
            words.push(PARAGRAPH);
            is_apart = false;
        }
        words.extend(line.split_whitespace());
    }
    words
}

#[derive(Default)]
struct Runs(Vec<Run>);

impl Runs {
    fn add(&mut self, change: Change, words: &[&str]) {
        for word in words {
            match self.0.last_mut() {
                Some((last, run)) if *last == change => {
                    run.push(' ');
                    run.push_str(word);
                }
                _ => self.0.push((change, (*word).to_owned())),
            }
        }
    }
}

fn compare(a: &[&str], b: &[&str], runs: &mut Runs) {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (kept, a) = a.split_at(head);
    let (_, b) = b.split_at(head);
    runs.add(Change::Kept, kept);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, kept) = a.split_at(a.len() - tail);
    let (b, _) = b.split_at(b.len() - tail);
    if a.len().saturating_mul(b.len()) <= PAIRS {
        each_with_each(a, b, runs);
    } else {
        let (mut i, mut j) = (0, 0);
        for (at, there) in anchors(a, b) {
            compare(&a[i..at], &b[j..there], runs);
            runs.add(Change::Kept, &a[at..=at]);
            (i, j) = (at + 1, there + 1);
        }
        if (i, j) == (0, 0) {
            runs.add(Change::Removed, a);
            runs.add(Change::Added, b);
        } else {
            compare(&a[i..], &b[j..], runs);
        }
    }
    runs.add(Change::Kept, kept);
}

/// Places of words that stand once in `a` and once in `b`: as many as come in the same order in both.
fn anchors(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let there = once(b);
    let mut pairs: Vec<(usize, usize)> = once(a)
        .into_iter()
        .filter_map(|(word, at)| Some((at?, there.get(word).copied().flatten()?)))
        .collect();
    pairs.sort_unstable();
    // The longest rising sequence of places in `b`: ends[n] is the pair with the lowest place that ends one of n + 1.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (_, place)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *place);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut chosen: Vec<(usize, usize)> = std::iter::successors(ends.last().copied(), |index| before[*index])
        .map(|index| pairs[index])
        .collect();
    chosen.reverse();
    chosen
}

/// Where each word stands, if it stands once.
fn once<'a>(words: &[&'a str]) -> BTreeMap<&'a str, Option<usize>> {
    let mut places = BTreeMap::new();
    for (at, word) in words.iter().enumerate() {
        places.entry(*word).and_modify(|place| *place = None).or_insert(Some(at));
    }
    places
}

fn each_with_each(a: &[&str], b: &[&str], runs: &mut Runs) {
    // longest[i][j]: words that a[i..] and b[j..] have in common, in order; with PAIRS at most 500.
    let width = b.len() + 1;
    let mut longest = vec![0_u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i] == b[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            runs.add(Change::Kept, &a[i..=i]);
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1])
        {
            runs.add(Change::Removed, &a[i..=i]);
            i += 1;
        } else {
            runs.add(Change::Added, &b[j..=j]);
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_title_that_was_made_longer_keeps_its_words() {
        let runs = difference("Datos abiertos", "Plataforma de datos abiertos de Palmira");
        assert_eq!(
            runs,
            [
                (Change::Removed, "Datos".to_owned()),
                (Change::Added, "Plataforma de datos".to_owned()),
                (Change::Kept, "abiertos".to_owned()),
                (Change::Added, "de Palmira".to_owned()),
            ]
        );
        assert_eq!(difference("igual", "igual"), [(Change::Kept, "igual".to_owned())]);
        assert_eq!(difference("", ""), []);
    }

    #[test]
    fn paragraphs_stay_apart() {
        let runs = difference("Uno dos.\n\nTres.", "Uno dos.\n \n\nTres cuatro.");
        assert_eq!(
            runs,
            [
                (Change::Kept, format!("Uno dos. {PARAGRAPH}")),
                (Change::Removed, "Tres.".to_owned()),
                (Change::Added, "Tres cuatro.".to_owned()),
            ]
        );
        assert_eq!(difference("una\nlínea", "una línea"), [(Change::Kept, "una línea".to_owned())]);
    }

    /// A text in which words come back as in a real one: many rarely, few often.
    fn long_text(words: u32, seed: u32) -> Vec<String> {
        (0..words)
            .map(|at| {
                let mixed = (at + seed).wrapping_mul(2_654_435_761) >> 12;
                if mixed.is_multiple_of(3) { "de".to_owned() } else { format!("w{}", mixed % 4_000) }
            })
            .collect()
    }

    #[test]
    fn a_long_text_is_compared_word_by_word_and_quickly() {
        let before = long_text(5_000, 0);
        let mut after = before.clone();
        after.splice(4_000..4_010, ["nuevo".to_owned()]);
        after.splice(100..100, ["añadido".to_owned(), "aquí".to_owned()]);
        let (before, after) = (before.join(" "), after.join(" "));
        let runs = difference(&before, &after);
        let of = |change| runs.iter().filter(|(kind, _)| *kind == change).collect::<Vec<_>>();
        assert_eq!(of(Change::Added).len(), 2, "{runs:?}");
        assert_eq!(of(Change::Removed).len(), 1);
        // Two texts that have nothing but their rare words in common, and two without any word that stands once.
        for (one, other) in
            [(before.as_str(), long_text(5_000, 77).join(" ")), (&"a b ".repeat(2_500), "b c ".repeat(2_500))]
        {
            let since = std::time::Instant::now();
            let runs = difference(one, &other);
            assert!(!runs.is_empty());
            assert!(since.elapsed().as_secs() < 2, "{:?}", since.elapsed());
        }
    }

    proptest! {
        #[test]
        fn a_long_difference_says_both_texts(
            before in prop::collection::vec("[a-f]{1,2}", 300..900),
            after in prop::collection::vec("[a-f]{1,2}", 300..900),
        ) {
            let runs = difference(&before.join(" "), &after.join(" "));
            let without = |change| {
                let words = runs.iter().filter(|(kind, _)| *kind != change).map(|(_, words)| words.as_str());
                words.collect::<Vec<_>>().join(" ")
            };
            prop_assert_eq!(without(Change::Added), before.join(" "));
            prop_assert_eq!(without(Change::Removed), after.join(" "));
        }

        #[test]
        fn either_text_can_be_read_out_of_the_difference(before in "[a-d ]{0,40}", after in "[a-d ]{0,40}") {
            let runs = difference(&before, &after);
            let without = |change| {
                let words: Vec<&str> =
                    runs.iter().filter(|(kind, _)| *kind != change).map(|(_, words)| words.as_str()).collect();
                words.join(" ")
            };
            let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(without(Change::Added), plain(&before));
            prop_assert_eq!(without(Change::Removed), plain(&after));
            prop_assert!(runs.windows(2).all(|pair| pair[0].0 != pair[1].0), "runs are as long as they can be");
        }
    }
}
