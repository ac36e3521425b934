//! Adds up what test programs report.

/// How many tests passed and failed, and what those that failed said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, and steps that failed without saying which test did.
    pub failed: u64,
    /// What those that failed said, line by line: between the output of thousands nobody finds it.
    pub said: Vec<String>,
    /// Whether the next line belongs to it.
    listens: bool,
}

impl Totals {
    /// Adds what a line of output reports: `test result: ok. 12 passed; 0 failed; …`, as libtest and
    /// wasm-bindgen's runner write it, and keeps what they wrote before it under `failures:`. Any other line adds nothing.
    pub fn read(&mut self, line: &str) {
        let Some((_, report)) = line.split_once("test result: ") else {
            self.listens |= line == "failures:";
            if self.listens {
                self.said.push(line.to_owned());
            }
            return;
        };
        self.listens = false;
        self.passed += number_before(report, " passed");
        self.failed += number_before(report, " failed");
    }

    /// Adds other totals.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.said.extend(other.said);
    }

    /// Whether something was tested and nothing failed.
    pub fn good(&self) -> bool {
        self.passed > 0 && self.failed == 0
    }
}

impl std::fmt::Display for Totals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split_once(word).map_or("", |(before, _)| before);
    before.rsplit(' ').next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_all_test_programs_add_up() {
        let mut totals = Totals::default();
        for line in [
            "running 3 tests",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.03s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
            "test result: ok. 7 passed; 0 failed; 0 ignored; 0 filtered out; finished in 1.20s",
            "a page that says 99 passed; 99 failed",
        ] {
            totals.read(line);
        }
        assert_eq!(totals.to_string(), "20 passed, 2 failed");
    }

    #[test]
    fn what_a_failed_test_said_is_kept() {
        let mut totals = Totals::default();
        let output = "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nleft: 1\n\nfailures:\n    b\n\n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n\nRunning others";
        for line in output.lines() {
            totals.read(line);
        }
        let said = ["failures:", "", "---- b stdout ----", "left: 1", "", "failures:", "    b", ""];
        assert_eq!(totals.said, said);
    }

    #[test]
    fn nothing_tested_is_not_good() {
        assert!(!Totals::default().good());
        assert!(Totals { passed: 1, ..Totals::default() }.good());
        assert!(!Totals { passed: 9, failed: 1, ..Totals::default() }.good());
    }
}
