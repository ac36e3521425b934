//! What the page itself needs to read a plain choice back before the app is here, for `src/surface/app/readback.js`.

use super::paper::Paper;
use crate::i18n::{self, count};
use crate::ui::icon::{Icon, icon};
use cabildo_contract::ballot::BallotRule;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The read-back without the choice, and what is said above it for each number of options that the rule admits. None where
/// it takes more than a number to know that a ballot is valid, or more than the ballot to cast it.
pub fn template(paper: Paper) -> Option<AnyView> {
    let own = i18n::voting();
    let voting = paper.voting;
    let rule = voting.rule();
    let is_plain =
        matches!(rule, BallotRule::Support | BallotRule::Approval(_)) && voting.max_cost().is_none();
    if !is_plain || voting.identifying.is_some() {
        return None;
    }
    let options = u32::try_from(paper.options.with_value(Vec::len)).unwrap_or(u32::MAX);
    let admitted = rule.min().max(1)..=rule.max().unwrap_or(options).min(options);
    let counts: BTreeMap<u32, String> =
        admitted.map(|chosen| (chosen, count(&own.you_chose, chosen.into()))).collect();
    let counts = serde_json::to_string(&counts).unwrap_or_default();
    Some(
        view! {
            <template data-counts=counts>
                <h2 tabindex="-1">{own.review_heading}</h2>
                <p></p>
                <ul class="c-readback" lang=paper.content.get_value()></ul>
                <p>{own.can_change_until_close}</p>
                <div class="c-ballot__bar">
                    <button type="button" class="c-button" data-variant="secondary">{own.change_choice}</button>
                    <button type="button" class="c-button" data-variant="primary">
                        {icon(Icon::BALLOT)}{own.confirm_ballot}
                    </button>
                </div>
            </template>
        }
        .into_any(),
    )
}
