//! What the interface says, by name. Each language fills this in, in a file of its own; the compiler knows when
//! one is missing. `{0}`, `{1}` … are places for values.
//!
//! What only one page can say is apart, so that only who opens that page fetches it.

/// A message about a number of things, in the plural forms of CLDR that our languages use.
#[derive(Debug, Clone, Copy)]
pub struct Plural {
    /// One thing.
    pub one: &'static str,
    /// Any other number.
    pub other: &'static str,
    /// Millions, in Spanish: `un millón de votos`.
    pub many: &'static str,
}

/// All that a language says.
#[derive(Debug)]
pub struct Catalogue {
    /// What more than one page can say.
    pub everywhere: &'static Messages,
    /// What is said about a figure.
    pub figure: &'static Figure,
    /// The start page.
    pub home: &'static Home,
    /// The page of a process.
    pub process: &'static Process,
    /// The page of a proposal.
    pub proposal: &'static Proposal,
    /// Writing, reading and reporting comments.
    pub discussion: &'static Discussion,
    /// Answers to comments: reading and giving them.
    pub answers: &'static Answers,
    /// An option of a consultation.
    pub option: &'static BallotOption,
    /// The page of a consultation.
    pub consultation: &'static Consultation,
    /// Choosing, reviewing and casting a ballot.
    pub voting: &'static Voting,
    /// Counted votes.
    pub tally: &'static Tally,
    /// The encounters of a process.
    pub encounters: &'static Encounters,
    /// What became of a proposal that was adopted.
    pub commitment: &'static Commitment,
    /// The committee of a process.
    pub committee: &'static Committee,
    /// The timeline of a process.
    pub timeline: &'static Timeline,
    /// The live dashboard of a process.
    pub dashboard: &'static Dashboard,
}

/// What more than one page can say.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Messages {
    pub site_name: &'static str,
    pub site_description: &'static str,
    pub motto: &'static str,
    pub skip_to_content: &'static str,
    pub home: &'static str,
    pub breadcrumbs: &'static str,
    pub language: &'static str,
    pub dark: &'static str,
    pub more_contrast: &'static str,
    pub loading: &'static str,
    pub try_again: &'static str,
    pub cancel: &'static str,
    pub sending: &'static str,
    pub pages: &'static str,
    pub next_page: &'static str,
    pub search: &'static str,
    pub dates_from_to: &'static str,
    pub source: &'static str,
    pub download_csv: &'static str,
    pub show_table: &'static str,
    pub whole_nation: &'static str,
    pub simulated: &'static str,
    pub simulated_title: &'static str,
    pub simulated_text: &'static str,
    pub exercise_title: &'static str,
    pub exercise_text: &'static str,
    pub footer_lead: &'static str,
    pub footer_privacy: &'static str,
    pub footer_api: &'static str,
    pub widget_link: &'static str,
    pub error_title: &'static str,
    pub error_offline: &'static str,
    pub error_timed_out: &'static str,
    pub error_unreadable: &'static str,
    pub error_not_found: &'static str,
    pub error_consultation_closed: &'static str,
    pub error_consultation_upcoming: &'static str,
    pub error_no_ballots_here: &'static str,
    pub error_edit_window_over: &'static str,
    pub error_comment_deleted: &'static str,
    pub error_comment_answered: &'static str,
    pub error_desk_key_required: &'static str,
    pub error_not_yours: &'static str,
    pub error_session_required: &'static str,
    pub error_invalid: &'static str,
    pub error_unavailable: &'static str,
    pub error_internal: &'static str,
    pub not_found_title: &'static str,
    pub not_found_text: &'static str,
    pub all_processes: &'static str,
    pub figures_title: &'static str,
    pub funnel_title: &'static str,
    pub funnel_all: &'static str,
    pub funnel_received: Plural,
    pub funnel_adopted: Plural,
    pub received: &'static str,
    pub adopted: &'static str,
    pub state_upcoming: &'static str,
    pub state_open: &'static str,
    pub state_closed: &'static str,
    pub opens_on: &'static str,
    pub closes_on: &'static str,
    pub proposals_title: &'static str,
    pub search_label: &'static str,
    pub level: &'static str,
    pub all_levels: &'static str,
    pub level_national: &'static str,
    pub level_subnational: &'static str,
    pub theme: &'static str,
    pub all_themes: &'static str,
    pub territory: &'static str,
    pub all_territories: &'static str,
    pub status: &'static str,
    pub all_statuses: &'static str,
    pub status_selected: &'static str,
    pub status_not_selected: &'static str,
    pub sort: &'static str,
    pub sort_number: &'static str,
    pub sort_title: &'static str,
    pub sort_comments: &'static str,
    pub no_proposals: &'static str,
    pub clear_filters: &'static str,
    pub comments_title: &'static str,
    pub stance_for: &'static str,
    pub stance_against: &'static str,
    pub stance_neutral: &'static str,
    pub results: &'static str,
    pub votes: &'static str,
    pub live_connecting: &'static str,
    pub live_live: &'static str,
    pub live_lost: &'static str,
    pub as_of: &'static str,
    pub participation: &'static str,
    pub people: &'static str,
    pub ballots: &'static str,
    pub comments: Plural,
    pub proposals_found: Plural,
    pub unnamed_proposals: Plural,
}

/// What is said about a figure.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Figure {
    pub definition: &'static str,
    pub what_it_counts: &'static str,
    pub about_figure: &'static str,
    pub also_published: &'static str,
    pub other_sources_say: &'static str,
}

/// The start page.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Home {
    pub home_title: &'static str,
    pub no_processes: &'static str,
    pub how_title: &'static str,
    pub how_read: &'static str,
    pub how_read_text: &'static str,
    pub how_vote: &'static str,
    pub how_vote_text: &'static str,
    pub how_check: &'static str,
    pub how_check_text: &'static str,
    pub proposals: Plural,
    pub consultations: Plural,
    pub exercise: &'static str,
}

/// The page of a process.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Process {
    pub more: &'static str,
    pub timeline: &'static str,
    pub timeline_text: &'static str,
    pub encounters: &'static str,
    pub encounters_text: &'static str,
    pub committee: &'static str,
    pub committee_text: &'static str,
    pub answers: &'static str,
    pub answers_text: &'static str,
    pub milestones: &'static str,
    pub no_date: &'static str,
    pub partners: &'static str,
    pub pillars: &'static str,
    pub priority_areas: &'static str,
    pub sources: &'static str,
    pub exercise: &'static str,
    pub take_part_now: &'static str,
    pub dashboard: &'static str,
    pub phases: &'static str,
    pub consultations_title: &'static str,
    pub figures_text: &'static str,
    pub funnel_level: &'static str,
    pub vote_now: &'static str,
    pub see_consultation: &'static str,
    pub influence_inform: &'static str,
    pub influence_consult: &'static str,
    pub influence_involve: &'static str,
    pub influence_collaborate: &'static str,
    pub influence_empower: &'static str,
    pub promise_inform: &'static str,
    pub promise_consult: &'static str,
    pub promise_involve: &'static str,
    pub promise_collaborate: &'static str,
    pub promise_empower: &'static str,
    pub see_proposals: Plural,
    pub documents: &'static str,
    pub follow_up: &'static str,
    pub follow_up_text: &'static str,
    pub commitment: &'static str,
    pub proposal: &'static str,
    pub progress: &'static str,
    pub milestones_complete: &'static str,
    pub of: &'static str,
    pub fulfilled: &'static str,
    pub fulfilled_of: &'static str,
    pub not_on_record: &'static str,
    pub level_received: Plural,
    pub level_adopted: Plural,
}

/// The page of a proposal.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Proposal {
    pub proposal: &'static str,
    pub status_and_reason: &'static str,
    pub facts: &'static str,
    pub lead_entities: &'static str,
    pub other_entities: &'static str,
    pub branch: &'static str,
    pub targets: &'static str,
    pub versions: &'static str,
    pub version_draft: &'static str,
    pub version_final: &'static str,
    pub version_absent: &'static str,
    pub title_kept: &'static str,
    pub title_changed: &'static str,
    pub title_difference: &'static str,
    pub removed: &'static str,
    pub added: &'static str,
    pub origins: &'static str,
    pub origins_text: &'static str,
    pub votes_in_room: Plural,
    pub because: &'static str,
    pub read_text: &'static str,
    pub text_kept: &'static str,
    pub text_difference: &'static str,
}

/// Writing, reading and reporting comments.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Discussion {
    pub write_comment: &'static str,
    pub comment_rules: &'static str,
    pub comments_need_script: &'static str,
    pub your_comment: &'static str,
    pub send_comment: &'static str,
    pub comment_received: &'static str,
    pub no_comments: &'static str,
    pub more_comments: &'static str,
    pub save: &'static str,
    pub text_kept: &'static str,
    pub your_stance: &'static str,
    pub choose_stance: &'static str,
    pub text_hint: &'static str,
    pub text_required: &'static str,
    pub author: &'static str,
    pub comment_by: &'static str,
    pub you: &'static str,
    pub edited: &'static str,
    pub comment_deleted: &'static str,
    pub reply: &'static str,
    pub your_reply: &'static str,
    pub send_reply: &'static str,
    pub reply_received: &'static str,
    pub edit: &'static str,
    pub new_text: &'static str,
    pub edit_received: &'static str,
    pub delete: &'static str,
    pub delete_question: &'static str,
    pub report: &'static str,
    pub report_question: &'static str,
    pub report_abuse: &'static str,
    pub report_personal_data: &'static str,
    pub report_spam: &'static str,
    pub report_off_topic: &'static str,
    pub choose_reason: &'static str,
    pub send_report: &'static str,
    pub reported: &'static str,
    pub replies: Plural,
    pub characters_left: Plural,
    pub characters_over: Plural,
    pub text_too_long: Plural,
}

/// Answers to comments: reading and giving them.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Answers {
    pub title: &'static str,
    pub lead: &'static str,
    pub answered: &'static str,
    pub answered_definition: &'static str,
    pub pending: &'static str,
    pub pending_definition: &'static str,
    pub median: &'static str,
    pub median_definition: &'static str,
    pub median_none: &'static str,
    pub under_a_day: &'static str,
    pub computed: &'static str,
    pub of_these_simulated: &'static str,
    pub list: &'static str,
    pub none_pending: &'static str,
    pub none_answered: &'static str,
    pub about: &'static str,
    pub answer_of: &'static str,
    pub effect_adopted: &'static str,
    pub effect_partly_adopted: &'static str,
    pub effect_not_adopted: &'static str,
    pub effect_noted: &'static str,
    pub answered_at: &'static str,
    pub mended_at: &'static str,
    pub see_change: &'static str,
    pub waiting: &'static str,
    pub desk_title: &'static str,
    pub desk_text: &'static str,
    pub desk_key: &'static str,
    pub desk_open: &'static str,
    pub desk_opened: &'static str,
    pub desk_leave: &'static str,
    pub answer: &'static str,
    pub mend: &'static str,
    pub effect: &'static str,
    pub choose_effect: &'static str,
    pub your_answer: &'static str,
    pub text_hint: &'static str,
    pub text_required: &'static str,
    pub send_answer: &'static str,
    pub answer_received: &'static str,
    pub text_kept: &'static str,
    pub all: &'static str,
    pub days: Plural,
    pub text_too_long: Plural,
}

/// An option of a consultation.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct BallotOption {
    pub option: &'static str,
    pub closed: &'static str,
    pub see_consultation: &'static str,
    pub see_proposal: &'static str,
}

/// The page of a consultation.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Consultation {
    pub consultation: &'static str,
    pub purpose: &'static str,
    pub comments_here: &'static str,
    pub comments_answered: &'static str,
    pub know_the_options: &'static str,
    pub know_the_drafts: &'static str,
    pub see_answers: &'static str,
    pub held_elsewhere: &'static str,
    pub votes_never_published: &'static str,
    pub assurance: &'static str,
    pub assurance_device: &'static str,
    pub voting_needs_script: &'static str,
    pub options_count: Plural,
}

/// Choosing, reviewing and casting a ballot.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Voting {
    pub nothing_lost: &'static str,
    pub options: &'static str,
    pub step_choose: &'static str,
    pub step_review: &'static str,
    pub step_received: &'static str,
    pub your_ballot: &'static str,
    pub rule_between: &'static str,
    pub rule_support: &'static str,
    pub rule_cost: &'static str,
    pub rule_rank: &'static str,
    pub rule_rank_between: &'static str,
    pub rule_points: &'static str,
    pub rule_points_between: &'static str,
    pub rule_points_cap: &'static str,
    pub rule_scores: &'static str,
    pub chosen_of: &'static str,
    pub review_choice: &'static str,
    pub review_heading: &'static str,
    pub change_choice: &'static str,
    pub confirm_ballot: &'static str,
    pub can_change_until_close: &'static str,
    pub keep_ballot: &'static str,
    pub ballot_received: &'static str,
    pub receipt_number: &'static str,
    pub received_at: &'static str,
    pub revision: &'static str,
    pub your_choice: &'static str,
    pub revise_ballot: &'static str,
    pub withdraw_ballot: &'static str,
    pub withdraw_heading: &'static str,
    pub withdraw_text: &'static str,
    pub ballot_withdrawn: &'static str,
    pub rule_exactly: Plural,
    pub rule_up_to: Plural,
    pub choose_at_least: Plural,
    pub choose_at_most: Plural,
    pub choice_full: Plural,
    pub you_chose: Plural,
    pub draft_found: &'static str,
    pub start_over: &'static str,
    pub order_note: &'static str,
    pub search_options: &'static str,
    pub cost: &'static str,
    pub cost_left: &'static str,
    pub cost_chosen: &'static str,
    pub too_dear: &'static str,
    pub ranked_of: &'static str,
    pub place_number: &'static str,
    pub your_ranking: &'static str,
    pub ranking_empty: &'static str,
    pub move_up: &'static str,
    pub move_down: &'static str,
    pub take_off: &'static str,
    pub moved_to: &'static str,
    pub points_left: Plural,
    pub no_points_left: &'static str,
    pub score: &'static str,
    pub one_less: &'static str,
    pub one_more: &'static str,
    pub rule_options_min: Plural,
    pub rule_options_max: Plural,
    pub chosen_count: Plural,
    pub scored_count: Plural,
    pub options_found: Plural,
    pub points: Plural,
    pub points_at_least: Plural,
    pub points_at_most: Plural,
    pub you_ranked: Plural,
}

/// Counted votes.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Tally {
    pub option: &'static str,
    pub place: &'static str,
    pub votes_definition: &'static str,
    pub no_ballots: &'static str,
    pub ballots_counted: Plural,
    pub points: &'static str,
    pub sum: &'static str,
    pub mean: &'static str,
    pub places_definition: &'static str,
    pub lengths_definition: &'static str,
    pub points_definition: &'static str,
    pub scores_definition: &'static str,
    pub known_from: &'static str,
    pub outcome: &'static str,
    pub preliminary: &'static str,
    pub outcome_caveat: &'static str,
    pub rule_seats: &'static str,
    pub rule_greedy: &'static str,
    pub rule_least: &'static str,
    pub spent: &'static str,
    pub none_chosen: &'static str,
    pub chosen: &'static str,
    pub tied: &'static str,
    pub undecided: &'static str,
    pub not_chosen: &'static str,
    pub within_seats: &'static str,
    pub within_budget: &'static str,
    pub tied_at_border: &'static str,
    pub depends_on_tie: &'static str,
    pub no_seat_left: &'static str,
    pub group_without_seats: &'static str,
    pub beyond_budget: &'static str,
    pub below_minimum: &'static str,
    pub no_votes: &'static str,
    pub seats: Plural,
    pub not_chosen_count: Plural,
}

/// The live dashboard of a process.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Dashboard {
    pub funnel_definition: &'static str,
    pub dashboard_title: &'static str,
    pub dashboard_lead: &'static str,
    pub no_participation: &'static str,
    pub people_definition: &'static str,
    pub ballots_definition: &'static str,
    pub comments_definition: &'static str,
    pub source_computed: &'static str,
    pub of_these_simulated: &'static str,
    pub over_time: &'static str,
    pub last_hour: &'static str,
    pub last_hour_definition: &'static str,
    pub by_day: &'static str,
    pub by_day_definition: &'static str,
    pub minute: &'static str,
    pub day: &'static str,
    pub by_part: &'static str,
    pub by_level: &'static str,
    pub by_theme: &'static str,
    pub by_territory: &'static str,
    pub part_definition: &'static str,
}

/// The encounters of a process.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Encounters {
    pub title: &'static str,
    pub lead: &'static str,
    pub workshops: &'static str,
    pub workshops_sum: &'static str,
    pub conversations: &'static str,
    pub conversations_sum: &'static str,
    pub attendance: &'static str,
    pub tables: &'static str,
    pub problems: &'static str,
    pub existing_actions: &'static str,
    pub proposed_actions: &'static str,
    pub actions: &'static str,
    pub actions_of: &'static str,
    pub action: &'static str,
    pub table: &'static str,
    pub votes_in_room: &'static str,
    pub room_note: &'static str,
    pub conversation: &'static str,
    pub date: &'static str,
    pub experts: &'static str,
    pub women: &'static str,
    pub men: &'static str,
    pub none: &'static str,
    pub led_to: &'static str,
}

/// The committee of a process.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Committee {
    pub title: &'static str,
    pub lead: &'static str,
    pub term: &'static str,
    pub changes: &'static str,
    pub joined: &'static str,
    pub left: &'static str,
    pub renewal: &'static str,
    pub renewal_sum: &'static str,
    pub seats: &'static str,
    pub sector: &'static str,
    pub candidacies: &'static str,
    pub candidacy: &'static str,
    pub outcome: &'static str,
    pub elected: &'static str,
    pub not_elected: &'static str,
    pub no_reasons: &'static str,
    pub see_consultation: &'static str,
    pub none: &'static str,
}

/// The timeline of a process.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Timeline {
    pub title: &'static str,
    pub lead: &'static str,
    pub calendar: &'static str,
    pub phase: &'static str,
    pub consultation: &'static str,
    pub workshop: &'static str,
    pub conversation: &'static str,
    pub milestone: &'static str,
    pub where_we_are: &'static str,
    pub finished: &'static str,
    pub under_way: &'static str,
    pub next: &'static str,
}

/// What became of a proposal that was adopted.
#[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
#[derive(Debug)]
pub struct Commitment {
    pub title: &'static str,
    pub not_on_record: &'static str,
    pub computed: &'static str,
    pub assessed: &'static str,
    pub responsible: &'static str,
    pub assessment: &'static str,
    pub milestones: &'static str,
    pub milestones_complete: &'static str,
    pub evidence: &'static str,
    pub outside: &'static str,
    pub from: &'static str,
    pub until: &'static str,
    pub no_date: &'static str,
    pub not_started: &'static str,
    pub limited: &'static str,
    pub substantial: &'static str,
    pub complete: &'static str,
    pub milestones_of: Plural,
}
