//! What changed between two texts, word by word: the longest common subsequence of their words
//! ([Hunt and Szymanski 1977](https://doi.org/10.1145/359581.359603) give faster ways to the same result; titles and
//! summaries are short).

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

/// Words that share their fate, joined by spaces.
pub type Run = (Change, String);

/// From `before` to `after`, as runs of words in reading order; where words were replaced, what was removed comes first.
///
/// Without the added runs it says `before`, without the removed ones `after`, but for the width of spaces.
#[must_use]
pub fn difference(before: &str, after: &str) -> Vec<Run> {
    let (a, b): (Vec<&str>, Vec<&str>) =
        (before.split_whitespace().collect(), after.split_whitespace().collect());
    // longest[i][j]: words that a[i..] and b[j..] have in common, in order.
    let mut longest = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = if a[i] == b[j] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let mut runs: Vec<Run> = Vec::new();
    let mut add = |change: Change, word: &str| match runs.last_mut() {
        Some((last, words)) if *last == change => {
            words.push(' ');
            words.push_str(word);
        }
        _ => runs.push((change, word.to_owned())),
    };
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            add(Change::Kept, a[i]);
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && longest[i + 1][j] >= longest[i][j + 1]) {
            add(Change::Removed, a[i]);
            i += 1;
        } else {
            add(Change::Added, b[j]);
            j += 1;
        }
    }
    runs
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

    proptest! {
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
