//! In which order a person is shown the options of a ballot.
//!
//! What stands first is chosen more often (J. A. Krosnick and M. P. Fiorina, *Ballot order effects*; J. M. Miller and
//! J. A. Krosnick, *The Impact of Candidate Name Order on Election Outcomes*, Public Opinion Quarterly 62, 1998). So each
//! person has an order of their own, by chance, and keeps it: who comes back finds everything where it was.

use crate::platform;
use cabildo_contract::consultation::BallotOption;
use leptos::prelude::*;

/// Name of the attribute of the root element, and of the cookie, that carries the order.
pub const NAME: &str = "cabildo-order";

/// One of 256 orders: enough that no place favours an option, too few to tell people apart by it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Order(pub u8);

impl Order {
    /// The order that the server gave this page; the first of them where it gave none.
    #[must_use]
    pub fn of_page() -> Self {
        let attribute = platform::root_attribute(&format!("data-{NAME}"));
        Self(attribute.and_then(|order| order.parse().ok()).unwrap_or_default())
    }

    /// The order in whose context this runs.
    #[must_use]
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The options in this order. An option's place among the others depends on the order and on their ids alone, so
    /// one that is added later leaves the others as they were.
    #[must_use]
    pub fn arrange(self, mut options: Vec<BallotOption>) -> Vec<BallotOption> {
        options.sort_by_cached_key(|option| self.key(option.id.as_str()));
        options
    }

    /// FNV-1a (RFC 9923) over the order and the id, with the finalizer of MurmurHash3, which spreads the last bytes over
    /// the whole key.
    fn key(self, id: &str) -> u64 {
        let hash = std::iter::once(self.0).chain(id.bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^ (hash >> 33)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use cabildo_contract::id::OptionId;

    fn options(count: usize) -> Vec<BallotOption> {
        let option = |n: usize| {
            let id = format!("o{n}");
            serde_json::from_value(serde_json::json!({
                "id": OptionId::parse(id).unwrap(), "reference": "", "title": "", "description": "", "proposal": null,
                "comments": { "total": 0, "simulated": 0 },
            }))
            .unwrap()
        };
        (0..count).map(option).collect()
    }

    fn ids(options: &[BallotOption]) -> Vec<&str> {
        options.iter().map(|option| option.id.as_str()).collect()
    }

    #[test]
    fn one_order_is_always_the_same_and_loses_no_option() {
        let arranged = Order(7).arrange(options(20));
        let mut again = options(20);
        again.reverse();
        assert_eq!(ids(&arranged), ids(&Order(7).arrange(again)));
        let mut sorted = ids(&arranged);
        sorted.sort_unstable();
        let all = options(20);
        let mut expected = ids(&all);
        expected.sort_unstable();
        assert_eq!(sorted, expected);
    }

    #[test]
    fn an_option_that_is_added_leaves_the_others_as_they_were() {
        let (before, after) = (Order(3).arrange(options(9)), Order(3).arrange(options(10)));
        let kept: Vec<&str> = ids(&after).into_iter().filter(|id| *id != "o9").collect();
        assert_eq!(ids(&before), kept);
    }

    #[test]
    fn over_all_orders_no_option_stands_first_much_more_often_than_another() {
        for count in [2, 5, 15] {
            let mut first = vec![0; count];
            for order in 0..=u8::MAX {
                let arranged = Order(order).arrange(options(count));
                let index: usize = arranged[0].id.as_str()[1..].parse().unwrap();
                first[index] += 1;
            }
            let fair = 256 / count;
            assert!(first.iter().all(|n| (fair / 2..=fair * 2).contains(n)), "{count}: {first:?}");
        }
    }
}
