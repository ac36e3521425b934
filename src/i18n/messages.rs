//! What the interface says, by name. Each language fills this in, in a file of its own; the compiler knows when
//! one is missing. `{0}`, `{1}` … are places for values.
//!
//! What only one page can say is apart, so that only who opens that page fetches it. The list of names at the end is the
//! only one: what a partial catalogue falls back on and what tests change are made from it.

use super::{es, partial};

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

/// The catalogue: its sections by name.
macro_rules! catalogue {
    ($($(#[doc = $doc:literal])* $name:ident: $section:ident = $constant:ident,)*) => {
        /// All that a language says.
        #[derive(Debug, Clone, Copy)]
        pub struct Catalogue {
            $($(#[doc = $doc])* pub $name: &'static $section,)*
        }

        #[cfg(not(target_arch = "wasm32"))]
        impl Catalogue {
            /// The catalogue with `change` made to every text.
            #[must_use]
            pub fn changed(&self, change: &dyn Fn(&str) -> &'static str) -> Self {
                Self { $($name: self.$name.changed(change),)* }
            }
        }

        impl Catalogue {
            /// Spanish, as it stands in a partial catalogue.
            pub const FALLBACK: Self = Self { $($name: &fallback::$constant,)* };
        }
    };
}

catalogue! {
    /// What more than one page can say.
    everywhere: Messages = EVERYWHERE,
    /// What is said about a figure.
    figure: Figure = FIGURE,
    /// The start page.
    home: Home = HOME,
    /// The page of a process.
    process: Process = PROCESS,
    /// The page of a proposal.
    proposal: Proposal = PROPOSAL,
    /// Writing, reading and reporting comments.
    discussion: Discussion = DISCUSSION,
    /// Answers to comments: reading and giving them.
    answers: Answers = ANSWERS,
    /// Moderation: what is hidden and why, and deciding about it.
    moderation: Moderation = MODERATION,
    /// An option of a consultation.
    option: BallotOption = OPTION,
    /// The page of a consultation.
    consultation: Consultation = CONSULTATION,
    /// Choosing, reviewing and casting a ballot.
    voting: Voting = VOTING,
    /// A call for proposals and the submissions to it.
    calls: Calls = CALLS,
    /// Counted votes.
    tally: Tally = TALLY,
    /// The encounters of a process.
    encounters: Encounters = ENCOUNTERS,
    /// What became of a proposal that was adopted.
    commitment: Commitment = COMMITMENT,
    /// The committee of a process.
    committee: Committee = COMMITTEE,
    /// The timeline of a process.
    timeline: Timeline = TIMELINE,
    /// The live dashboard of a process.
    dashboard: Dashboard = DASHBOARD,
    /// Identifying oneself, and what is kept of a person.
    identity: Identity = IDENTITY,
    /// Why something cannot be done.
    refusals: Refusals = REFUSALS,
    /// What waits on the device.
    outbox: Outbox = OUTBOX,
    /// The strip at the foot of the window.
    strip: Strip = STRIP,
    /// Widgets.
    embed: Embed = EMBED,
    /// Making what is pasted into a page of another site.
    widgets: Widgets = WIDGETS,
}

/// A text that is written as in Spanish, in bytes of its own. Where two languages share bytes, the linker keeps them once, and
/// the file of every page is cut in two: what Spanish and the other language need, and the rest.
macro_rules! apart {
    ($text:literal) => {
        const { concat!($text, "\u{E007F}").split_at($text.len()).0 }
    };
}
pub(super) use apart;

/// A text, or the forms of a [`Plural`].
macro_rules! kind {
    () => { &'static str };
    (Plural) => { Plural };
}

/// A Spanish message as it stands in a partial catalogue ([`partial`]).
macro_rules! fallen_back {
    ($message:expr) => {{
        const TEXT: &str = $message;
        const MARKED: [u8; partial::marked_len(TEXT)] = partial::mark(TEXT);
        const { partial::read(&MARKED) }
    }};
    ($message:expr, Plural) => {
        Plural {
            one: fallen_back!($message.one),
            other: fallen_back!($message.other),
            many: fallen_back!($message.many),
        }
    };
}

/// A message with `change` made to its texts.
#[cfg(not(target_arch = "wasm32"))]
macro_rules! changed {
    ($message:expr, $change:ident) => {
        $change($message)
    };
    ($message:expr, $change:ident, Plural) => {
        Plural { one: $change($message.one), other: $change($message.other), many: $change($message.many) }
    };
}

/// The sections, each with the name that its constant has in a language, and its messages.
macro_rules! sections {
    ($($(#[doc = $doc:literal])* $section:ident = $constant:ident { $($name:ident $(: $kind:ident)?,)* })*) => {
        $($(#[doc = $doc])*
        #[expect(missing_docs, reason = "the Spanish and English texts beside each name say what it means")]
        #[derive(Debug, Clone, Copy)]
        pub struct $section {
            $(pub $name: kind!($($kind)?),)*
        }

        #[cfg(not(target_arch = "wasm32"))]
        impl $section {
            /// The section with `change` made to every text. It stays for as long as the program runs.
            #[must_use]
            pub fn changed(&self, change: &dyn Fn(&str) -> &'static str) -> &'static Self {
                Box::leak(Box::new(Self { $($name: changed!(self.$name, change $(, $kind)?),)* }))
            }
        })*

        /// Spanish, as it stands in a partial catalogue.
        pub mod fallback {
            use super::*;

            $(/// A section.
            pub const $constant: $section = $section {
                $($name: fallen_back!(es::$constant.$name $(, $kind)?),)*
            };)*
        }
    };
}

sections! {
    /// What more than one page can say.
    Messages = EVERYWHERE {
        site_name,
        site_description,
        motto,
        skip_to_content,
        home,
        breadcrumbs,
        share,
        link_copied,
        language,
        dark,
        more_contrast,
        loading,
        try_again,
        cancel,
        sending,
        pages,
        next_page,
        search,
        dates_from_to,
        source,
        download_csv,
        show_table,
        whole_nation,
        simulated,
        simulated_title,
        simulated_text,
        exercise_title,
        exercise_text,
        footer_lead,
        footer_privacy,
        footer_account,
        footer_widgets,
        footer_api,
        error_title,
        error_offline,
        error_timed_out,
        error_unreadable,
        error_not_found,
        error_unavailable,
        error_rate_limited,
        error_internal,
        not_found_title,
        not_found_text,
        all_processes,
        figures_title,
        funnel_title,
        funnel_all,
        funnel_received: Plural,
        funnel_adopted: Plural,
        received,
        adopted,
        state_upcoming,
        state_open,
        state_closed,
        opens_on,
        closes_on,
        proposals_title,
        search_label,
        level,
        all_levels,
        level_national,
        level_subnational,
        theme,
        all_themes,
        territory,
        all_territories,
        status,
        all_statuses,
        status_selected,
        status_not_selected,
        sort,
        sort_number,
        sort_title,
        sort_comments,
        no_proposals,
        clear_filters,
        comments_title,
        stance_for,
        stance_against,
        stance_neutral,
        results,
        votes,
        live_connecting,
        live_spared,
        live_live,
        live_lost,
        as_of,
        participation,
        people,
        ballots,
        comments: Plural,
        proposals_found: Plural,
        unnamed_proposals: Plural,
    }

    /// What is said about a figure.
    Figure = FIGURE {
        definition,
        what_it_counts,
        about_figure,
        also_published,
        other_sources_say,
    }

    /// The start page.
    Home = HOME {
        home_title,
        no_processes,
        how_title,
        how_read,
        how_read_text,
        how_vote,
        how_vote_text,
        how_check,
        how_check_text,
        proposals: Plural,
        consultations: Plural,
        exercise,
    }

    /// The page of a process.
    Process = PROCESS {
        more,
        timeline,
        timeline_text,
        encounters,
        encounters_text,
        committee,
        committee_text,
        answers,
        answers_text,
        milestones,
        no_date,
        partners,
        pillars,
        priority_areas,
        sources,
        exercise,
        take_part_now,
        dashboard,
        phases,
        consultations_title,
        figures_text,
        funnel_level,
        calls_title,
        submit_now,
        see_call,
        vote_now,
        see_consultation,
        influence_inform,
        influence_consult,
        influence_involve,
        influence_collaborate,
        influence_empower,
        promise_inform,
        promise_consult,
        promise_involve,
        promise_collaborate,
        promise_empower,
        see_proposals: Plural,
        documents,
        follow_up,
        follow_up_text,
        commitment,
        proposal,
        progress,
        milestones_complete,
        of,
        fulfilled,
        fulfilled_of,
        not_on_record,
        level_received: Plural,
        level_adopted: Plural,
    }

    /// The page of a proposal.
    Proposal = PROPOSAL {
        proposal,
        status_and_reason,
        facts,
        lead_entities,
        other_entities,
        branch,
        targets,
        versions,
        version_draft,
        version_final,
        version_absent,
        title_kept,
        title_changed,
        title_difference,
        removed,
        added,
        origins,
        origins_text,
        votes_in_room: Plural,
        because,
        read_text,
        text_kept,
        text_difference,
    }

    /// Writing, reading and reporting comments.
    Discussion = DISCUSSION {
        write_comment,
        comment_rules,
        comments_need_script,
        your_comment,
        send_comment,
        comment_received,
        comment_waits,
        waiting,
        waiting_text,
        hidden,
        hidden_why,
        hidden_own,
        no_comments,
        more_comments,
        save,
        text_kept,
        your_stance,
        choose_stance,
        text_hint,
        text_required,
        author,
        comment_by,
        you,
        edited,
        comment_deleted,
        reply,
        your_reply,
        send_reply,
        reply_received,
        edit,
        new_text,
        edit_received,
        delete,
        delete_question,
        report,
        report_question,
        report_abuse,
        report_personal_data,
        report_spam,
        report_off_topic,
        choose_reason,
        send_report,
        reported,
        replies: Plural,
        characters_left: Plural,
        characters_over: Plural,
        text_too_long: Plural,
    }

    /// Answers to comments: reading and giving them.
    Answers = ANSWERS {
        title,
        lead,
        answered,
        answered_definition,
        pending,
        pending_definition,
        median,
        median_definition,
        median_none,
        under_a_day,
        computed,
        of_these_simulated,
        list,
        none_pending,
        none_answered,
        about,
        answer_of,
        effect_adopted,
        effect_partly_adopted,
        effect_not_adopted,
        effect_noted,
        answered_at,
        mended_at,
        see_change,
        waiting,
        desk_title,
        desk_text,
        desk_key,
        desk_open,
        desk_opened,
        desk_leave,
        answer,
        mend,
        effect,
        choose_effect,
        your_answer,
        text_hint,
        text_required,
        send_answer,
        answer_received,
        text_kept,

        days: Plural,
        text_too_long: Plural,
    }

    /// Moderation: what is hidden and why, and deciding about it.
    Moderation = MODERATION {
        title,
        lead,
        reported,
        reported_definition,
        waiting,
        waiting_definition,
        hidden,
        hidden_definition,
        kept,
        kept_definition,
        computed,
        of_these_simulated,
        decide_title,
        key_text,
        key,
        enter,
        leave,
        list,
        open,
        decided,
        none_open,
        none_decided,
        more,
        about,
        is_reply,
        reports,
        decisions,
        was_kept,
        was_hidden,
        reason,
        reason_hint,
        reason_required,
        reason_too_long: Plural,
        keep,
        hide,
        hide_question,
        decision_received,
        text_kept,
    }

    /// An option of a consultation.
    BallotOption = OPTION {
        option,
        closed,
        see_consultation,
        see_proposal,
    }

    /// The page of a consultation.
    Consultation = CONSULTATION {
        consultation,
        purpose,
        comments_here,
        comments_answered,
        know_the_options,
        know_the_drafts,
        see_answers,
        held_elsewhere,
        votes_never_published,
        assurance,
        assurance_email,
        assurance_oidc,
        assurance_device,
        voting_needs_script,
        options_count: Plural,
    }

    /// Choosing, reviewing and casting a ballot.
    Voting = VOTING {
        nothing_lost,
        options,
        step_choose,
        step_review,
        step_received,
        your_ballot,
        rule_between,
        rule_support,
        rule_cost,
        rule_rank,
        rule_rank_between,
        rule_points,
        rule_points_between,
        rule_points_cap,
        rule_scores,
        chosen_of,
        review_choice,
        review_heading,
        change_choice,
        confirm_ballot,
        can_change_until_close,
        keep_ballot,
        ballot_received,
        close_window,
        receipt_number,
        received_at,
        revision,
        your_choice,
        revise_ballot,
        withdraw_ballot,
        withdraw_heading,
        withdraw_text,
        ballot_withdrawn,
        rule_exactly: Plural,
        rule_up_to: Plural,
        choose_at_least: Plural,
        choose_at_most: Plural,
        choice_full: Plural,
        you_chose: Plural,
        draft_found,
        start_over,
        order_note,
        search_options,
        cost,
        cost_left,
        cost_chosen,
        too_dear,
        ranked_of,
        place_number,
        your_ranking,
        ranking_empty,
        move_up,
        move_down,
        take_off,
        moved_to,
        points_left: Plural,
        no_points_left,
        score,
        one_less,
        one_more,
        rule_options_min: Plural,
        rule_options_max: Plural,
        chosen_count: Plural,
        scored_count: Plural,
        options_found: Plural,
        points: Plural,
        points_at_least: Plural,
        points_at_most: Plural,
        you_ranked: Plural,
    }

    /// A call for proposals and the submissions to it.
    Calls = CALLS {
        call,
        submission,
        asked,
        criteria,
        criteria_text,
        criterion,
        weight,
        how_points_are_given,
        printed_total,
        take_part,
        how,
        needs_script,
        held_elsewhere,
        no_dates,
        upcoming,
        closed,
        not_here,
        changed,
        title,
        title_hint,
        title_required,
        problem,
        problem_hint,
        problem_required,
        action,
        action_hint,
        action_required,
        entity,
        entity_hint,
        kept_on_device,
        draft_found,
        start_over,
        send,
        received,
        see_mine,
        write_another,
        submissions_title,
        submissions_text,
        none,
        more,
        submitted_at,
        edited_at,
        not_a_proposal,
        yours,
        change_until,
        edit,
        edit_heading,
        save,
        edit_received,
        withdraw,
        withdraw_heading,
        withdraw_text,
        withdrawn,
        withdrawn_text,
        see_call,
        sum: Plural,
        submissions: Plural,
    }

    /// Counted votes.
    Tally = TALLY {
        option,
        place,
        votes_definition,
        no_ballots,
        ballots_counted: Plural,
        points,
        sum,
        mean,
        places_definition,
        lengths_definition,
        points_definition,
        scores_definition,
        known_from,
        outcome,
        preliminary,
        outcome_caveat,
        rule_seats,
        rule_greedy,
        rule_least,
        spent,
        none_chosen,
        chosen,
        tied,
        undecided,
        not_chosen,
        within_seats,
        within_budget,
        tied_at_border,
        depends_on_tie,
        no_seat_left,
        group_without_seats,
        beyond_budget,
        below_minimum,
        no_votes,
        seats: Plural,
        not_chosen_count: Plural,
    }

    /// The live dashboard of a process.
    Dashboard = DASHBOARD {
        funnel_definition,
        dashboard_title,
        dashboard_lead,
        on_a_wall,
        no_participation,
        people_definition,
        ballots_definition,
        comments_definition,
        source_computed,
        of_these_simulated,
        over_time,
        last_hour,
        last_hour_definition,
        by_day,
        by_day_definition,
        minute,
        day,
        by_part,
        by_level,
        by_theme,
        by_territory,
        part_definition,
        by_branch,
        branch,
        territory_title,
        territory_definition,
        department,
        withheld,
        withheld_note,
        your_department,
        your_department_hint,
        not_said,
        save,
        saved,
        needs_script,
        erased,
        moved_most,
        support,
        support_definition,
        discussion,
        discussion_definition,
        controversy,
        controversy_definition,
        nobody_both,
        proposal,
        favour_against,
        answers_section,
        turnout_section,
        answers,
        answers_definition,
        answered,
        pending,
        median,
        median_none,
        under_a_day,
        see_answers,
        moderation,
        see_moderation,
        state,
        channels,
        channels_definition,
        channel,
        online,
        widget,
        on_paper,
        imported,
        in_person,
        elsewhere,
        measure,
        value,
        attendance,
        room_votes,
        experts,
        turnout,
        turnout_definition,
        consultation,
        own_record,
        exercise,
        nothing,
        contents,
        more_rows,
        no_record,
        results_definition,
        fulfilled,
        picture_foot,
        picture_simulated,
        days: Plural,
    }

    /// The encounters of a process.
    Encounters = ENCOUNTERS {
        title,
        lead,
        workshops,
        workshops_sum,
        conversations,
        conversations_sum,
        attendance,
        tables,
        problems,
        existing_actions,
        proposed_actions,
        actions,
        actions_of,
        action,
        table,
        votes_in_room,
        room_note,
        conversation,
        date,
        experts,
        women,
        men,
        none,
        led_to,
    }

    /// The committee of a process.
    Committee = COMMITTEE {
        title,
        lead,
        term,
        changes,
        joined,
        left,
        renewal,
        renewal_sum,
        seats,
        sector,
        candidacies,
        candidacy,
        outcome,
        elected,
        not_elected,
        no_reasons,
        see_consultation,
        none,
    }

    /// The timeline of a process.
    Timeline = TIMELINE {
        title,
        lead,
        calendar,
        phase,
        consultation,
        call,
        workshop,
        conversation,
        milestone,
        where_we_are,
        finished,
        under_way,
        next,
    }

    /// What became of a proposal that was adopted.
    Commitment = COMMITMENT {
        title,
        not_on_record,
        computed,
        assessed,
        responsible,
        assessment,
        milestones,
        milestones_complete,
        evidence,
        outside,
        from,
        until,
        no_date,
        not_started,
        limited,
        substantial,
        complete,
        milestones_of: Plural,
    }

    /// Identifying oneself, and what is kept of a person.
    Identity = IDENTITY {
        title,
        lead,
        email,
        email_hint,
        email_wrong,
        consent_title,
        controller,
        contact,
        purposes,
        required,
        optional,
        rights,
        policy,
        consent,
        consent_missing,
        send_code,
        code,
        code_hint,
        code_wrong,
        code_shape,
        code_expired,
        confirm_code,
        another_code,
        other_address,
        too_soon,
        not_offered,
        not_sent,
        left,
        identified,
        lead_with,
        identify_with,
        identified_with,
        refused,
        code_subject,
        code_text,
        account,
        account_lead,
        nothing,
        author_codes,
        identities,
        since,
        by_email,
        by_oidc,
        by_device,
        consented,
        no_identity,
        sessions,
        this_device,
        opened,
        end_session,
        end_this,
        your_ballots,
        withdrawn,
        your_comments,
        deleted,
        your_submissions,
        download,
        leave,
        leave_title,
        leave_text,
        left_now,
        place,
        none,
    }

    /// Why something cannot be done, where a page is more than read.
    Refusals = REFUSALS {
        no_ballots_here,
        edit_window_over,
        comment_deleted,
        comment_answered,
        desk_key_required,
        moderator_key_required,
        comment_hidden,
        not_yours,
        session_required,
        ballot_changed,
        invalid,
        consultation_closed,
        consultation_upcoming,
    }

    /// What waits on the device.
    Outbox = OUTBOX {
        waiting,
        received,
        received_number,
        refused,
        overtaken,
        leaves_by_itself,
        may_have_arrived,
        closes_soon,
        closed,
        not_kept,
        words_kept,
        orphaned,
        overtaken_text,
        standing,
        none_stands,
        send_now,
        insist,
        give_up,
        leave_it,
        seen,
    }

    /// What only the server fills in: the strip at the foot of the window ([`super::strip_words`]), and what the page says
    /// where the app does not run ([`super::in_shell`]).
    Strip = STRIP {
        start_failure,
        no_script,
        device,
        look,
        copy,
        copy_online,
        refresh,
        newer,
        update,
        spared,
        go_live,
    }

    /// Widgets.
    Embed = EMBED {
        gone,
        vote,
        comment,
        see,
        closed_on,
        received,
        first_of,
        results_later,
        data_as_of,
        more_at,
        shared_place,
        no_number,
        no_cookie,
        crowd,
        or_in_window,
        covered,
        not_you,
        leave,
    }

    /// Making what is pasted into a page of another site.
    Widgets = WIDGETS {
        title,
        lead,
        page,
        page_hint,
        use_page,
        no_such_page,
        nothing_chosen,
        what,
        consultation,
        vote,
        results,
        counter,
        proposal,
        dashboard,
        picture_of,
        no_sites,
        only_sites,
        in_language,
        theme,
        light,
        dark,
        auto,
        color,
        color_hint,
        color_reads,
        color_changed,
        show_it,
        preview,
        width,
        paste,
        line,
        copy,
        copied,
        html,
        html_steps,
        fitted,
        element,
        wordpress,
        wordpress_steps,
        address,
        drupal,
        drupal_steps,
        sharepoint,
        sharepoint_steps,
        email,
        email_steps,
        copy_picture,
        policy,
        policy_steps,
        policy_line,
        privacy,
        privacy_steps,
        privacy_text,
        privacy_statement,
        privacy_of_voting,
    }

    /// The public screen.
    Screen = SCREEN {
        join,
        welcome_scan,
        welcome_read,
        welcome_act,
        open_now,
        code,
        live,
        people: Plural,
        ballots: Plural,
        comments: Plural,
        last_hour,
        hour_ago,
        now,
        key_ballots,
        key_comments,
        counted: Plural,
        opens,
        closes,
        closed,
        no_ballots,
        kept_back,
        days_left: Plural,
        points,
        top_support,
        top_discussion,
        funnel,
        received: Plural,
        adopted: Plural,
        fulfilled,
        territory_people,
        territory_proposals,
        territory_note,
        whole_nation,
        answers,
        answered,
        median,
        minutes: Plural,
        hours: Plural,
        milestones,
        done,
        ongoing,
        next,
        connecting,
        is_live,
        lost,
        data_of,
        ago,
        simulated,
        exercise,
    }

    /// Setting up the public screen.
    ScreenSetup = SCREEN_SETUP {
        title,
        lead,
        back,
        choose,
        choose_hint,
        welcome,
        live,
        tally,
        tally_of,
        top,
        funnel,
        territory,
        answers,
        milestones,
        how,
        rotate,
        languages,
        dist,
        size,
        theme,
        dark,
        light,
        auto,
        contrast,
        motion,
        reveal,
        reveal_hint,
        show,
        address,
        copy,
        copied,
        open,
        legible,
        too_far,
        preview,
        wide,
        tall,
        old,
        mount,
        computer,
        computer_start,
        computer_rest,
        tv,
        tv_open,
        tv_rest,
        both,
    }
}
