//! What a wall shows, view by view, as a picture in words and numbers: three lines of five words, and numbers that are
//! read from across a room.
//!
//! Nothing here is anybody's free text: titles come from the file of the process, and everything else is counted.

use super::data::{About, Bucket, Choice, Entry, Figures, Moving, Tally};
use crate::i18n::{self, count, fill, format, language};
use crate::route::screen::{Screen, View};
use cabildo_contract::answer::Answers;
use cabildo_contract::id::Slug;
use cabildo_contract::time::{Date, State, Timestamp};

/// What views are drawn from.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The figures.
    pub figures: Option<&'a Figures>,
    /// What the process is.
    pub about: Option<&'a About>,
    /// What was done and what comes.
    pub steps: &'a [Entry],
    /// What time it is.
    pub now: Timestamp,
}

/// A number with what it counts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Number {
    /// The number.
    pub value: u64,
    /// What it counts.
    pub words: String,
    /// Of how much it is a part, as a length: `40%`; empty where it is of none.
    pub part: String,
}

/// A line of a list with its bar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Line {
    /// What it is about.
    pub name: String,
    /// How much.
    pub value: u64,
    /// Whether it is below zero.
    pub below_zero: bool,
    /// Its length: `40%`.
    pub length: String,
}

/// A point on the way of the process.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Point {
    /// `done`, `ongoing` or `next`.
    pub state: &'static str,
    /// When, in words.
    pub when: String,
    /// What.
    pub name: String,
}

/// All that a view shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// What it is about.
    pub title: String,
    /// More about it.
    pub lead: String,
    /// What has to be said about what is listed.
    pub note: String,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// How to join, in steps.
    pub how: Vec<&'static str>,
    /// Numbers.
    pub numbers: Vec<Number>,
    /// The last hour: ballots and on them comments, as paths in a field of 600 by 100.
    pub hour: Option<[String; 2]>,
    /// A list.
    pub lines: Vec<Line>,
    /// The way of the process.
    pub points: Vec<Point>,
    /// How long until what is kept back is shown.
    pub countdown: String,
}

/// Whether a view has anything to show on a wall.
pub fn has(view: &View, screen: &Screen, known: Known<'_>) -> bool {
    let Known { figures, about, steps, now } = known;
    match (view, figures) {
        (View::Welcome, _) => true,
        (View::Milestones, _) => !steps.is_empty(),
        (_, None) => false,
        (View::Live, Some(_)) => true,
        (View::Tally(named), Some(figures)) => tally(figures, named.as_ref(), about, now).is_some(),
        (View::Top, Some(figures)) => !moving(figures, screen, now).1.is_empty(),
        (View::Funnel, Some(figures)) => figures.funnel.total().received > 0,
        (View::Territory, Some(figures)) => !territories(figures).1.is_empty(),
        (View::Answers, Some(figures)) => asked(&figures.answers) > 0,
    }
}

/// What a view shows.
pub fn picture(view: &View, screen: &Screen, known: Known<'_>) -> Picture {
    let lines = screen.lines();
    let drawn = known.figures.and_then(|figures| match view {
        View::Welcome => None,
        View::Live => Some(live(figures)),
        View::Tally(named) => {
            of_tally(tally(figures, named.as_ref(), known.about, known.now)?, screen, known)
        }
        View::Top => Some(top(figures, screen, known.now)),
        View::Funnel => Some(funnel(figures)),
        View::Territory => Some(territory(figures, lines)),
        View::Answers => Some(answers(&figures.answers)),
        View::Milestones => Some(milestones(known, lines)),
    });
    drawn.unwrap_or_else(|| welcome(known))
}

fn tally<'a>(
    figures: &'a Figures,
    named: Option<&Slug>,
    about: Option<&About>,
    now: Timestamp,
) -> Option<&'a Tally> {
    figures.tally(named, about?, now)
}

fn welcome(known: Known<'_>) -> Picture {
    let t = i18n::screen();
    let open = || {
        let about = known.about?;
        let tally = known.figures?.tally(None, about, known.now)?;
        let period = about.period(&tally.consultation)?;
        (period.state(known.now) == State::Open).then(|| fill(t.open_now, &[&tally.title]))
    };
    Picture {
        title: known.about.map_or(t.join, |about| &about.title).to_owned(),
        how: vec![t.welcome_scan, t.welcome_read, t.welcome_act],
        note: open().unwrap_or_default(),
        ..Picture::default()
    }
}

fn number(n: u64) -> String {
    format::number(language(), n)
}

/// A part of a whole as a length.
fn length(part: u64, whole: u64) -> String {
    format!("{}%", (part as f64 * 100.0 / whole.max(1) as f64) as u32)
}

fn live(figures: &Figures) -> Picture {
    let t = i18n::screen();
    let counted = |words, value| Number {
        value,
        words: format::plural(language(), words, value).to_owned(),
        part: String::new(),
    };
    let hour = &figures.last_hour;
    Picture {
        title: t.live.to_owned(),
        numbers: vec![
            counted(&t.people, figures.people.total),
            counted(&t.ballots, figures.ballots.total),
            counted(&t.comments, figures.comments.total),
        ],
        hour: Some([
            columns(hour, |bucket| [0, bucket.ballots]),
            columns(hour, |bucket| [bucket.ballots, bucket.comments]),
        ]),
        ..Picture::default()
    }
}

/// Lines with bars; the longest fills its track.
fn bars(lines: Vec<(String, i64)>) -> Vec<Line> {
    let most = lines.iter().map(|(_, value)| *value).max().unwrap_or_default().max(1).unsigned_abs();
    let line = |(name, value): (String, i64)| Line {
        name,
        value: value.unsigned_abs(),
        below_zero: value < 0,
        length: length(value.max(0).unsigned_abs(), most),
    };
    lines.into_iter().map(line).collect()
}

fn of_tally(tally: &Tally, screen: &Screen, known: Known<'_>) -> Option<Picture> {
    let t = i18n::screen();
    let Known { about, now, .. } = known;
    let (about, ballots) = (about?, tally.ballots.total);
    let time = |at| format::date_time(language(), at, &about.time_zone);
    let when = about.period(&tally.consultation).map_or_else(String::new, |period| match period.state(now) {
        State::Upcoming => fill(t.opens, &[&time(period.opens)]),
        State::Open => fill(t.closes, &[&time(period.closes)]),
        State::Closed => fill(t.closed, &[&time(period.closes)]),
    });
    let hidden = tally.visible_from.max(screen.reveal.filter(|reveal| now < *reveal));
    let mut picture = Picture {
        title: tally.title.clone(),
        lead: format!("{} · {when}", count(&t.counted, ballots)),
        exercise: tally.exercise,
        ..Picture::default()
    };
    if let Some(from) = hidden {
        picture.note = fill(t.kept_back, &[&time(from)]);
        picture.countdown = countdown(from.millis() - now.millis());
    } else if ballots == 0 {
        picture.note = t.no_ballots.to_owned();
    } else {
        let points = tally.rule.as_ref().is_some_and(|rule| !rule.counts_votes());
        let line = |choice: &Choice| (choice.title.clone(), choice.score);
        picture.note = if points { t.points } else { "" }.to_owned();
        // What is said above them takes the room of one.
        picture.lines = bars(tally.options.iter().take(screen.lines() - 1).map(line).collect());
    }
    Some(picture)
}

/// Hours, minutes and seconds, and days before them.
fn countdown(millis: i64) -> String {
    let seconds = millis.max(0).unsigned_abs().div_ceil(1_000);
    let (days, seconds) = (seconds / 86_400, seconds % 86_400);
    let clock = format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if days > 0 { format!("{} {clock}", count(&i18n::screen().days_left, days)) } else { clock }
}

/// The proposals that move people most, by votes where those may be shown and there are any, else by comments. Says which.
fn moving<'a>(figures: &'a Figures, screen: &Screen, now: Timestamp) -> (bool, &'a [Moving]) {
    let kept_back = screen.reveal.is_some_and(|reveal| now < reveal);
    let by_votes = !kept_back && !figures.top.support.is_empty();
    (by_votes, if by_votes { &figures.top.support } else { &figures.top.discussion })
}

fn top(figures: &Figures, screen: &Screen, now: Timestamp) -> Picture {
    let t = i18n::screen();
    let (by_votes, found) = moving(figures, screen, now);
    let title = if by_votes { t.top_support } else { t.top_discussion };
    let line = |moving: &Moving| {
        let value = if by_votes { moving.votes } else { moving.comments };
        (moving.title.clone(), value as i64)
    };
    let lines = bars(found.iter().take(screen.lines()).map(line).collect());
    Picture { title: title.to_owned(), lines, ..Picture::default() }
}

fn funnel(figures: &Figures) -> Picture {
    let t = i18n::screen();
    let total = figures.funnel.total();
    let step = |value: u32, words: String| Number {
        value: value.into(),
        words,
        part: length(value.into(), total.received.into()),
    };
    let named = |value: u32, plural| step(value, format::plural(language(), plural, value.into()).to_owned());
    let mut numbers = vec![named(total.received, &t.received), named(total.adopted, &t.adopted)];
    let fulfilled = |value| step(value, fill(t.fulfilled, &[&number(total.followed.into())]));
    numbers.extend(total.fulfilled.map(fulfilled));
    Picture { title: t.funnel.to_owned(), numbers, ..Picture::default() }
}

fn territory(figures: &Figures, lines: usize) -> Picture {
    let t = i18n::screen();
    let (people, found) = territories(figures);
    let (title, note) = match people {
        true => (t.territory_people, t.territory_note),
        false => (t.territory_proposals, ""),
    };
    let line = |(name, value): (String, u64)| {
        (if name.is_empty() { t.whole_nation.to_owned() } else { name }, value as i64)
    };
    let lines = bars(found.into_iter().take(lines).map(line).collect());
    Picture { title: title.to_owned(), note: note.to_owned(), lines, ..Picture::default() }
}

fn answers(answers: &Answers) -> Picture {
    let t = i18n::screen();
    let (value, all) = (answers.answered.total, asked(answers));
    let numbers = vec![Number { value, words: fill(t.answered, &[&number(all)]), part: length(value, all) }];
    let lead = answers.median_seconds.map_or_else(String::new, |seconds| fill(t.median, &[&span(seconds)]));
    Picture { title: t.answers.to_owned(), lead, numbers, ..Picture::default() }
}

fn milestones(known: Known<'_>, lines: usize) -> Picture {
    let t = i18n::screen();
    let today = known.about.map_or(known.now.date(), |about| format::day(known.now, &about.time_zone));
    let point = |entry: &Entry| {
        let (state, words, day) = match entry.state(today) {
            State::Closed => ("done", t.done, entry.to),
            State::Open => ("ongoing", t.ongoing, entry.from),
            State::Upcoming => ("next", t.next, entry.from),
        };
        Point {
            state,
            when: format!("{words} · {}", format::date(language(), day)),
            name: entry.title.clone(),
        }
    };
    let points = around(known.steps, today, lines).into_iter().map(point).collect();
    Picture { title: t.milestones.to_owned(), points, ..Picture::default() }
}

/// One column a minute as a path: each from the first number up by the second.
fn columns(buckets: &[Bucket], which: fn(&Bucket) -> [u32; 2]) -> String {
    let most = buckets.iter().map(|bucket| bucket.ballots + bucket.comments).max().unwrap_or(0).max(4);
    let mut path = String::new();
    for (at, bucket) in buckets.iter().enumerate() {
        let [below, own] = which(bucket);
        if own > 0 {
            let height = |acts: u32| acts * 100 / most;
            let (base, top) = (100 - height(below), 100 - height(below + own));
            path += &format!("M{} {base}V{top}h7V{base}z", at * 10 + 1);
        }
    }
    path
}

/// Comments that have an answer, or wait for one.
fn asked(answers: &Answers) -> u64 {
    answers.answered.total + answers.pending.total
}

/// Where people live, as far as that may be known, most first; where it may not of any place, where the proposals are
/// from. Says which.
fn territories(figures: &Figures) -> (bool, Vec<(String, u64)>) {
    let known = figures.people_by_territory.iter();
    let people: Vec<(String, u64)> =
        known.filter_map(|place| Some((place.name.clone(), place.people?))).collect();
    if !people.is_empty() {
        return (true, most_first(people));
    }
    let named = figures.by_territory.iter().filter(|part| part.proposals > 0);
    (false, most_first(named.map(|part| (part.title.clone(), part.proposals.into())).collect()))
}

/// A few dozen places: the sort of the standard library would be two kilobytes for them.
fn most_first(mut places: Vec<(String, u64)>) -> Vec<(String, u64)> {
    let mut ordered = Vec::with_capacity(places.len());
    while let Some(most) = places.iter().map(|(_, value)| *value).max() {
        if let Some(at) = places.iter().position(|(_, value)| *value == most) {
            ordered.push(places.remove(at));
        }
    }
    ordered
}

/// A time in words, in the largest unit of which it is at least two.
fn span(seconds: u64) -> String {
    let t = i18n::screen();
    match seconds {
        172_800.. => count(&t.days_left, seconds / 86_400),
        7_200.. => count(&t.hours, seconds / 3_600),
        _ => count(&t.minutes, seconds.div_ceil(60)),
    }
}

/// So many entries around today: what was done last, by its last day, then what goes on and what comes next, by their
/// first.
fn around(timeline: &[Entry], today: Date, most: usize) -> Vec<&Entry> {
    let of = |state| timeline.iter().filter(|entry| entry.state(today) == state).collect::<Vec<_>>();
    let (mut done, going, next) = (Vec::<&Entry>::new(), of(State::Open), of(State::Upcoming));
    for entry in of(State::Closed) {
        let at = done.iter().position(|other| other.to > entry.to).unwrap_or(done.len());
        done.insert(at, entry);
    }
    // What was done last is always among them.
    let room = most.saturating_sub(done.len().min(1));
    let going = going.get(going.len().saturating_sub(room)..).unwrap_or_default();
    let next = next.get(..next.len().min(room - going.len())).unwrap_or_default();
    let done = done.get((done.len() + going.len() + next.len()).saturating_sub(most)..).unwrap_or_default();
    [done, going, next].concat()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_on_each_other_and_the_highest_fills_the_field() {
        let bucket = |ballots, comments| Bucket { ballots, comments };
        let buckets = [bucket(0, 0), bucket(6, 2), bucket(4, 0)];
        assert_eq!(columns(&buckets, |bucket| [0, bucket.ballots]), "M11 100V25h7V100zM21 100V50h7V100z");
        assert_eq!(columns(&buckets, |bucket| [bucket.ballots, bucket.comments]), "M11 25V0h7V25z");
        assert_eq!(
            columns(&[bucket(1, 0)], |bucket| [0, bucket.ballots]),
            "M1 100V75h7V100z",
            "one act is no peak"
        );
    }

    fn entry(title: &str, from: &str, to: &str) -> Entry {
        let day = |text| Date::parse(text).unwrap();
        Entry { title: title.to_owned(), from: day(from), to: day(to) }
    }

    fn titles(timeline: &[Entry], most: usize) -> String {
        let today = Date::parse("2026-06-15").unwrap();
        around(timeline, today, most).iter().map(|entry| entry.title.as_str()).collect()
    }

    #[test]
    fn around_today_stands_what_goes_on_with_what_was_done_and_what_comes() {
        let timeline = [
            entry("a", "2026-01-01", "2026-01-02"),
            entry("b", "2026-02-01", "2026-03-02"),
            entry("c", "2026-06-01", "2026-07-01"),
            entry("d", "2026-08-01", "2026-08-01"),
            entry("e", "2026-09-01", "2026-09-01"),
        ];
        assert_eq!(titles(&timeline, 5), "abcde");
        assert_eq!(titles(&timeline, 3), "bcd");
        assert_eq!(titles(&timeline[..2], 5), "ab", "all of it was done");
        assert_eq!(titles(&timeline[3..], 5), "de", "none of it");
        assert_eq!(titles(&timeline[2..3], 3), "c");
        let long = [entry("a", "2026-01-01", "2026-05-01"), entry("b", "2026-02-01", "2026-03-02")];
        assert_eq!(titles(&long, 5), "ba", "what was done stands where it ended");
        assert_eq!(titles(&long, 1), "a");
    }

    fn figures(people: &str, parts: &str) -> Figures {
        let json = format!(
            r#"{{"as_of":{{"sequence":1,"time":"2026-06-15T12:00:00Z"}},"people":{{"total":30,"simulated":0}},
            "ballots":{{"total":0,"simulated":0}},"comments":{{"total":0,"simulated":0}},"last_hour":[],
            "by_territory":[{parts}],"funnel":{{"levels":[]}},"consultations":[],"people_by_territory":[{people}]}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn of_a_place_that_is_withheld_nothing_is_shown_and_never_zero() {
        let people = r#"{"code":"05","name":"Antioquia","people":null},{"code":"08","name":"Atlántico","people":10},
            {"code":"11","name":"Bogotá","people":15}"#;
        let parts =
            r#"{"title":"Cali","proposals":2},{"title":"","proposals":9},{"title":"Pasto","proposals":0}"#;
        let known = (true, vec![("Bogotá".to_owned(), 15), ("Atlántico".to_owned(), 10)]);
        assert_eq!(territories(&figures(people, parts)), known);
        let withheld = r#"{"code":"05","name":"Antioquia","people":null}"#;
        let proposals = (false, vec![(String::new(), 9), ("Cali".to_owned(), 2)]);
        assert_eq!(territories(&figures(withheld, parts)), proposals);
    }
}
