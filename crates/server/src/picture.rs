//! The charts of the dashboard as pictures for social networks: each says its title, what it counts, when and from where.
//!
//! [`draw`] writes SVG; [`png`] makes pixels of it with a typeface that is compiled in (Ubuntu Light, Ubuntu Font
//! Licence 1.0, from the crate `epaint_default_fonts`), so that a server without fonts draws the same. A browser that
//! shows the SVG takes its own typeface. Sizes are in pixels of 1200 × 630, what networks show whole.

use crate::catalogue::Entry;
use cabildo_app::document;
use cabildo_app::i18n::messages::{Dashboard, Messages};
use cabildo_app::i18n::{Language, fill, format};
use cabildo_app::pages::dashboard::{channel_name, heading, wait};
use cabildo_app::ui::tiles::TILES;
use cabildo_contract::proposal::Level;
use cabildo_contract::statistics::{Bucket, Part, Picture, Statistics, TerritoryPeople, TopProposal};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

const WIDTH: u32 = 1200;
const HEIGHT: u32 = 630;
/// From the edge to the words.
const EDGE: f64 = 60.0;
/// Where the chart begins and ends.
const TOP: f64 = 226.0;
const BOTTOM: f64 = 548.0;

// The light scheme of `style/tokens.css`.
const PAPER: &str = "#ffffff";
const INK: &str = "#111826";
const MUTED: &str = "#505a6d";
const LINE: &str = "#d3d9e3";
const TRACK: &str = "#e9ecf2";
const COBALT: &str = "#0943b5";
const BAR: &str = "#4672c8";
const SUN: &str = "#fecc2f";
const BLUE: &str = "#0072b2";
const VERMILLION: &str = "#d55e00";

/// Most bars of a picture; the table has all.
const MOST: usize = 7;

/// Draws a picture as SVG. None if the process has no such picture.
#[must_use]
pub fn draw(picture: &Picture, entry: &Entry, statistics: &Statistics, language: Language) -> Option<String> {
    let language = language.whole();
    let words = Words { language, t: language.messages(), own: language.catalogue().dashboard };
    let (title, definition) = match picture {
        Picture::Results(consultation) => {
            let results =
                statistics.consultations.iter().find(|results| results.consultation == *consultation)?;
            (results.title.as_str(), words.own.results_definition)
        }
        picture => heading(picture, words.own, words.t),
    };
    let body = words.body(picture, statistics)?;
    let mut canvas = Canvas::new();
    let is_map = matches!(body, Body::Tiles(_));
    let width = if is_map { 560.0 } else { f64::from(WIDTH) - 2.0 * EDGE };
    let name = &entry.process.name;
    let kicker = if name.exercise || words.is_exercise(picture, statistics) {
        format!("{} · {}", name.title, words.own.exercise)
    } else {
        name.title.clone()
    };
    canvas.text(EDGE, 68.0, 22.0, MUTED, Anchor::Start, &fit(&kicker, 22.0, width));
    let lines = wrap(title, 42.0, width, 2);
    let mut y = 120.0;
    for line in &lines {
        canvas.heading(EDGE, y, 42.0, line);
        y += 46.0;
    }
    let space = if lines.len() > 1 { 1 } else { 2 };
    y -= 8.0;
    for line in wrap(definition, 20.0, width, if is_map { 9 } else { space }) {
        canvas.text(EDGE, y, 20.0, MUTED, Anchor::Start, &line);
        y += 27.0;
    }
    words.fill_in(&mut canvas, &body, y);
    canvas.line(EDGE, 572.0, f64::from(WIDTH) - EDGE, 572.0);
    let time = format::date_time(language, statistics.as_of.time, &name.time_zone);
    let mut foot = fill(words.own.picture_foot, &[&time]);
    if statistics.people.simulated > 0 {
        foot = format!("{foot} · {}", words.own.picture_simulated);
    }
    canvas.text(EDGE, 604.0, 19.0, MUTED, Anchor::Start, &fit(&foot, 19.0, f64::from(WIDTH) - 2.0 * EDGE));
    Some(canvas.finish(language, &format!("{title}. {}", name.title), &words.said(&body)))
}

/// Makes pixels of a picture. None only if [`draw`] did not write it.
#[must_use]
pub fn png(svg: &str) -> Option<Vec<u8>> {
    static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
        let mut fonts = Database::new();
        fonts.load_font_data(epaint_default_fonts::UBUNTU_LIGHT.to_vec());
        let family =
            fonts.faces().next().and_then(|face| face.families.first()).map(|family| family.0.clone());
        fonts.set_sans_serif_family(family.unwrap_or_default());
        Arc::new(fonts)
    });
    let options = Options { fontdb: Arc::clone(&FONTS), ..Options::default() };
    let tree = Tree::from_str(svg, &options).ok()?;
    let mut pixels = Pixmap::new(WIDTH, HEIGHT)?;
    resvg::render(&tree, Transform::default(), &mut pixels.as_mut());
    pixels.encode_png().ok()
}

/// What a picture shows.
enum Body {
    /// Name, length, what is written beside it.
    Bars(Vec<(String, u64, String)>),
    /// Name, comments for, comments against.
    Sides(Vec<(String, u64, u64)>),
    /// Steps of time, with the names of the first and the last.
    Columns(Vec<Bucket>, String, String),
    /// Departments.
    Tiles(Vec<TerritoryPeople>),
    /// A number and what it is: measures that have no common scale.
    Figures(Vec<(String, String)>),
    /// Nothing to show yet.
    Nothing(&'static str),
}

struct Words {
    language: Language,
    t: &'static Messages,
    own: &'static Dashboard,
}

impl Words {
    fn number(&self, n: u64) -> String {
        format::number(self.language, n)
    }

    fn is_exercise(&self, picture: &Picture, statistics: &Statistics) -> bool {
        let Picture::Results(slug) = picture else { return false };
        statistics.consultations.iter().any(|results| results.consultation == *slug && results.exercise)
    }

    fn body(&self, picture: &Picture, statistics: &Statistics) -> Option<Body> {
        let body = match picture {
            Picture::LastHour => {
                let name = |bucket: &Bucket| format::time(self.language, bucket.start, "America/Bogota");
                self.columns(&statistics.last_hour, name)
            }
            Picture::Days => {
                let name = |bucket: &Bucket| format::date(self.language, format::day(bucket.start, "UTC"));
                self.columns(&statistics.days, name)
            }
            Picture::Level => self.parts(&statistics.by_level),
            Picture::Theme => self.parts(&statistics.by_theme),
            Picture::Branch => self.parts(&statistics.by_branch),
            Picture::Territory => self.parts(&statistics.by_territory),
            Picture::Funnel => {
                let funnel = &statistics.funnel;
                let mut steps =
                    vec![(self.t.received, funnel.received()), (self.t.adopted, funnel.adopted())];
                steps.extend(funnel.fulfilled().map(|done| (self.own.fulfilled, done)));
                Body::Bars(
                    steps
                        .into_iter()
                        .map(|(name, n)| (name.to_owned(), n.into(), self.number(n.into())))
                        .collect(),
                )
            }
            Picture::Support => self.top(&statistics.top.support, |each| each.votes),
            Picture::Discussion => self.top(&statistics.top.discussion, |each| each.comments),
            Picture::Controversy => {
                let sides = statistics.top.controversy.iter();
                Body::Sides(
                    sides
                        .map(|each| (each.title.clone(), each.stances.favour, each.stances.against))
                        .collect(),
                )
            }
            Picture::Answers => {
                let answers = &statistics.answers;
                let median = answers.median_seconds.map_or(self.own.median_none.to_owned(), |seconds| {
                    wait(seconds, self.language, self.own)
                });
                Body::Figures(vec![
                    (self.number(answers.answered.total), self.own.answered.to_owned()),
                    (self.number(answers.pending.total), self.own.pending.to_owned()),
                    (median, self.own.median.to_owned()),
                ])
            }
            Picture::Channels => Body::Figures(self.channels(statistics)),
            Picture::Turnout => Body::Figures(self.turnout(statistics)),
            Picture::People => Body::Tiles(statistics.people_by_territory.clone()),
            Picture::Results(slug) => {
                let results =
                    statistics.consultations.iter().find(|results| results.consultation == *slug)?;
                match results.ballots.total {
                    0 => Body::Nothing(self.own.nothing),
                    _ => {
                        let options = results.options.iter();
                        Body::Bars(
                            options
                                .map(|option| (option.title.clone(), option.votes, self.number(option.votes)))
                                .collect(),
                        )
                    }
                }
            }
        };
        Some(match body {
            Body::Bars(bars) if bars.iter().all(|(_, value, _)| *value == 0) => {
                Body::Nothing(self.own.nothing)
            }
            Body::Sides(sides) if sides.is_empty() => Body::Nothing(self.own.nobody_both),
            Body::Figures(figures) if figures.is_empty() => Body::Nothing(self.own.nothing),
            body => body,
        })
    }

    fn columns(&self, buckets: &[Bucket], name: impl Fn(&Bucket) -> String) -> Body {
        match (buckets.first(), buckets.last()) {
            (Some(first), Some(last)) if buckets.iter().any(|each| each.ballots + each.comments > 0) => {
                Body::Columns(buckets.to_vec(), name(first), name(last))
            }
            _ => Body::Nothing(self.own.nothing),
        }
    }

    fn parts(&self, parts: &[Part]) -> Body {
        let name = |part: &Part| match part.key.as_str() {
            key if key == Level::National.as_str() => self.t.level_national.to_owned(),
            key if key == Level::Subnational.as_str() => self.t.level_subnational.to_owned(),
            "" => self.t.whole_nation.to_owned(),
            _ => part.title.clone(),
        };
        let mut bars: Vec<_> =
            parts.iter().map(|part| (name(part), part.votes, self.number(part.votes))).collect();
        bars.sort_by_key(|(_, votes, _)| std::cmp::Reverse(*votes));
        Body::Bars(bars)
    }

    fn top(&self, list: &[TopProposal], measure: fn(&TopProposal) -> u64) -> Body {
        let bar = |each: &TopProposal| (each.title.clone(), measure(each), self.number(measure(each)));
        Body::Bars(list.iter().map(bar).collect())
    }

    fn channels(&self, statistics: &Statistics) -> Vec<(String, String)> {
        let (here, room) = (self.own.online, self.own.in_person);
        let in_person = &statistics.in_person;
        let mut cards = vec![(here, statistics.people.total, self.t.people)];
        let ballots = statistics.ballot_channels();
        cards.extend(
            ballots.iter().map(|each| (channel_name(each.channel, self.own), each.ballots, self.t.ballots)),
        );
        cards.extend([
            (here, statistics.comments.total, self.t.comments_title),
            (room, in_person.attendance, self.own.attendance),
            (room, in_person.votes, self.own.room_votes),
            (room, in_person.experts, self.own.experts),
        ]);
        cards
            .into_iter()
            .map(|(channel, n, measure)| (self.number(n), format!("{channel}: {measure}")))
            .collect()
    }

    fn turnout(&self, statistics: &Statistics) -> Vec<(String, String)> {
        let here = statistics.consultations.iter().map(|results| {
            let (n, measure) = match results.comments {
                Some(comments) if results.options.is_empty() => {
                    (comments.answered.total + comments.pending.total, self.t.comments_title)
                }
                _ => (results.ballots.total, self.t.ballots),
            };
            let exercise = if results.exercise { format!(" ({})", self.own.exercise) } else { String::new() };
            (self.number(n), format!("{measure}. {}{exercise}", results.title))
        });
        let elsewhere = statistics.elsewhere.iter().filter_map(|consultation| {
            let figure = consultation.figures.first()?;
            let values: Vec<String> = std::iter::once(figure.value)
                .chain(figure.also_published.iter().map(|other| other.value))
                .map(|value| self.number(value))
                .collect();
            Some((values.join(" / "), format!("{}. {}", figure.label, consultation.title)))
        });
        here.chain(elsewhere).take(6).collect()
    }

    /// What is drawn, in words: for who cannot see it.
    fn said(&self, body: &Body) -> String {
        let list: Vec<String> = match body {
            Body::Bars(bars) => bars.iter().map(|(name, _, label)| format!("{name}: {label}")).collect(),
            Body::Sides(sides) => sides
                .iter()
                .map(|(name, favour, against)| format!("{name}: {}", self.favour_against(*favour, *against)))
                .collect(),
            Body::Columns(buckets, first, last) => {
                let sum = |pick: fn(&Bucket) -> u32| buckets.iter().map(|each| u64::from(pick(each))).sum();
                let (ballots, comments) = (sum(|each| each.ballots), sum(|each| each.comments));
                vec![
                    format!("{first} – {last}"),
                    format!("{}: {}", self.t.ballots, self.number(ballots)),
                    format!("{}: {}", self.t.comments_title, self.number(comments)),
                ]
            }
            Body::Tiles(people) => people
                .iter()
                .map(|each| {
                    let words = each.people.map_or(self.own.withheld.to_owned(), |n| self.number(n));
                    format!("{}: {words}", each.territory.name)
                })
                .collect(),
            Body::Figures(figures) => {
                figures.iter().map(|(number, label)| format!("{label}: {number}")).collect()
            }
            Body::Nothing(words) => vec![(*words).to_owned()],
        };
        list.join("; ")
    }

    fn favour_against(&self, favour: u64, against: u64) -> String {
        fill(self.own.favour_against, &[&self.number(favour), &self.number(against)])
    }

    fn fill_in(&self, canvas: &mut Canvas, body: &Body, below: f64) {
        match body {
            Body::Bars(bars) => self.bars(canvas, bars),
            Body::Sides(sides) => self.sides(canvas, sides),
            Body::Columns(buckets, first, last) => self.plot(canvas, buckets, first, last),
            Body::Tiles(people) => self.map(canvas, people, below),
            Body::Figures(figures) => cards(canvas, figures),
            Body::Nothing(words) => {
                canvas.text(f64::from(WIDTH) / 2.0, 400.0, 30.0, MUTED, Anchor::Middle, words);
            }
        }
    }

    /// Says how many are left out.
    fn more(&self, canvas: &mut Canvas, all: usize) {
        if all > MOST {
            let words = fill(self.own.more_rows, &[&self.number((all - MOST) as u64)]);
            canvas.text(f64::from(WIDTH) - EDGE, BOTTOM + 14.0, 18.0, MUTED, Anchor::End, &words);
        }
    }

    fn bars(&self, canvas: &mut Canvas, bars: &[(String, u64, String)]) {
        let shown = &bars[..bars.len().min(MOST)];
        let longest = shown.iter().map(|bar| bar.1).max().unwrap_or_default().max(1);
        for ((name, value, label), y, height) in rows(shown) {
            names(canvas, name, y, height);
            let full = 480.0;
            canvas.rect(560.0, y - 11.0, full, 22.0, TRACK, "");
            canvas.rect(560.0, y - 11.0, full * share(*value, longest), 22.0, BAR, "");
            canvas.text(f64::from(WIDTH) - EDGE, y + 8.0, 24.0, INK, Anchor::End, label);
        }
        self.more(canvas, bars.len());
    }

    fn sides(&self, canvas: &mut Canvas, sides: &[(String, u64, u64)]) {
        let shown = &sides[..sides.len().min(MOST)];
        let longest = shown.iter().map(|side| side.1.max(side.2)).max().unwrap_or_default().max(1);
        let (middle, half) = (850.0, 210.0);
        canvas.text(middle - 12.0, TOP - 4.0, 19.0, MUTED, Anchor::End, self.t.stance_against);
        canvas.text(middle + 12.0, TOP - 4.0, 19.0, MUTED, Anchor::Start, self.t.stance_for);
        for ((name, favour, against), y, height) in rows(shown) {
            names(canvas, name, y, height);
            let (left, right) = (half * share(*against, longest), half * share(*favour, longest));
            canvas.rect(middle - left, y - 10.0, left, 20.0, PAPER, VERMILLION);
            canvas.rect(middle, y - 10.0, right, 20.0, BLUE, BLUE);
            canvas.text(middle - left - 10.0, y + 7.0, 20.0, INK, Anchor::End, &self.number(*against));
            canvas.text(middle + right + 10.0, y + 7.0, 20.0, INK, Anchor::Start, &self.number(*favour));
        }
        canvas.line(middle, TOP + 8.0, middle, BOTTOM);
        self.more(canvas, sides.len());
    }

    fn plot(&self, canvas: &mut Canvas, buckets: &[Bucket], first: &str, last: &str) {
        let highest =
            buckets.iter().map(|each| each.ballots + each.comments).max().unwrap_or_default().max(1);
        let (left, right, low, high) = (EDGE, f64::from(WIDTH) - EDGE, 508.0, 268.0);
        canvas.rect(EDGE, TOP - 8.0, 18.0, 18.0, BLUE, BLUE);
        canvas.text(EDGE + 28.0, TOP + 8.0, 20.0, INK, Anchor::Start, self.t.ballots);
        canvas.rect(EDGE + 230.0, TOP - 8.0, 18.0, 18.0, PAPER, VERMILLION);
        canvas.text(EDGE + 258.0, TOP + 8.0, 20.0, INK, Anchor::Start, self.t.comments_title);
        canvas.text(right, high - 8.0, 20.0, MUTED, Anchor::End, &self.number(highest.into()));
        canvas.line(left, high, right, high);
        // A few days are not stretched over the whole width.
        let step = (right - left) / buckets.len().max(14) as f64;
        for (index, bucket) in buckets.iter().enumerate() {
            let x = left + index as f64 * step;
            let height = |n: u32| (low - high) * share(n.into(), highest.into());
            let (ballots, comments) = (height(bucket.ballots), height(bucket.comments));
            let width = (step * 0.8).max(1.0);
            canvas.rect(x, low - ballots, width, ballots, BLUE, "");
            canvas.rect(x, low - ballots - comments, width, comments, PAPER, VERMILLION);
        }
        canvas.line(left, low, right, low);
        canvas.text(left, low + 30.0, 20.0, MUTED, Anchor::Start, first);
        if buckets.len() > 1 {
            let x = if buckets.len() < 14 { left + buckets.len() as f64 * step } else { right };
            let x = x.max(left + 480.0);
            canvas.text(x, low + 30.0, 20.0, MUTED, Anchor::End, last);
        }
    }

    fn map(&self, canvas: &mut Canvas, people: &[TerritoryPeople], below: f64) {
        let (left, top, wide, high) = (674.0, 44.0, 80.0, 65.0);
        let most = people.iter().filter_map(|each| each.people).max().unwrap_or_default().max(1);
        for tile in TILES {
            let x = left + f64::from(tile.column - 1) * wide;
            let y = top + f64::from(tile.row - 1) * high;
            let (width, height) = (wide - 6.0, high - 6.0);
            let published =
                people.iter().find(|each| each.territory.code == tile.code).and_then(|each| each.people);
            canvas.rect(x, y, width, height, if published.is_some() { TRACK } else { PAPER }, LINE);
            canvas.text(x + 7.0, y + 20.0, 15.0, MUTED, Anchor::Start, tile.letters);
            match published {
                Some(people) => {
                    canvas.text(x + 7.0, y + 45.0, 22.0, INK, Anchor::Start, &self.number(people));
                    canvas.rect(x, y + height - 7.0, width * share(people, most), 7.0, BLUE, "");
                }
                None => canvas.text(x + 7.0, y + 42.0, 13.0, MUTED, Anchor::Start, self.own.withheld),
            }
        }
        let mut known: Vec<_> =
            people.iter().filter_map(|each| Some((each.people?, each.territory.name.as_str()))).collect();
        known.sort_by_key(|(people, _)| std::cmp::Reverse(*people));
        let mut y = (below + 22.0).max(380.0);
        for (people, name) in known.iter().take(5) {
            if y > BOTTOM + 6.0 {
                break;
            }
            canvas.text(EDGE, y, 22.0, INK, Anchor::Start, &self.number(*people));
            canvas.text(EDGE + 90.0, y, 22.0, INK, Anchor::Start, &fit(name, 22.0, 460.0));
            y += 32.0;
        }
        if known.is_empty() {
            for line in wrap(self.own.withheld_note, 22.0, 540.0, 3) {
                canvas.text(EDGE, y, 22.0, INK, Anchor::Start, &line);
                y += 30.0;
            }
        }
    }
}

/// Up to six numbers, three to a row.
fn cards(canvas: &mut Canvas, figures: &[(String, String)]) {
    let per_row = figures.len().clamp(1, 3);
    let wide = (f64::from(WIDTH) - 2.0 * EDGE + 30.0) / per_row as f64;
    for (index, (number, label)) in figures.iter().take(6).enumerate() {
        let x = EDGE + (index % per_row) as f64 * wide;
        let y = TOP + 14.0 + (index / per_row) as f64 * 164.0;
        canvas.rect(x, y, wide - 30.0, 4.0, COBALT, "");
        canvas.heading(x, y + 60.0, if number.chars().count() > 9 { 30.0 } else { 50.0 }, number);
        for (line, words) in wrap(label, 19.0, wide - 30.0, 3).iter().enumerate() {
            canvas.text(x, y + 90.0 + line as f64 * 24.0, 19.0, MUTED, Anchor::Start, words);
        }
    }
}

/// The rows of a chart with their middles and their height.
fn rows<T>(items: &[T]) -> impl Iterator<Item = (&T, f64, f64)> {
    let top = TOP + 12.0;
    let height = ((BOTTOM - top) / items.len().max(1) as f64).min(76.0);
    items.iter().enumerate().map(move |(index, item)| (item, top + (index as f64 + 0.5) * height, height))
}

/// The name of a row: two lines where there is room for them.
fn names(canvas: &mut Canvas, name: &str, y: f64, height: f64) {
    let (size, step) = (18.0, 21.0);
    let lines = wrap(name, size, 476.0, if height >= 2.0 * step { 2 } else { 1 });
    let from = y + 6.0 - (lines.len() as f64 - 1.0) * step / 2.0;
    for (index, line) in lines.iter().enumerate() {
        canvas.text(EDGE, from + index as f64 * step, size, INK, Anchor::Start, line);
    }
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// How wide words are at most, about: the typeface differs from browser to browser.
fn width_of(text: &str, size: f64) -> f64 {
    let of = |letter: char| match letter {
        'i' | 'í' | 'l' | 'j' | 't' | 'f' | 'r' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' | 'I' => 0.32,
        'm' | 'w' | 'M' | 'W' | '—' => 0.88,
        letter if letter.is_uppercase() => 0.68,
        _ => 0.55,
    };
    text.chars().map(of).sum::<f64>() * size
}

/// As much of the words as one line holds.
fn fit(text: &str, size: f64, width: f64) -> String {
    wrap(text, size, width, 1).into_iter().next().unwrap_or_default()
}

/// Words in at most so many lines; what does not fit is cut off with an ellipsis.
fn wrap(text: &str, size: f64, width: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let is_last = lines.len() >= most;
        let Some(line) = lines.last_mut() else { break };
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        let room = if is_last && words.peek().is_some() { width - size * 0.9 } else { width };
        if width_of(&longer, size) <= room {
            *line = longer;
        } else if is_last {
            let mut cut = if line.is_empty() { word.to_owned() } else { std::mem::take(line) };
            while width_of(&cut, size) > width - size * 0.9 && cut.pop().is_some() {}
            *line = format!("{}…", cut.trim_end_matches([',', '.', ';', ':', ' ']));
            break;
        } else if line.is_empty() {
            *line = word.to_owned();
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

/// SVG as it is written.
struct Canvas(String);

impl Canvas {
    fn new() -> Self {
        let mut canvas = Self(String::with_capacity(16_384));
        canvas.rect(0.0, 0.0, WIDTH.into(), HEIGHT.into(), PAPER, "");
        canvas.rect(0.0, 0.0, WIDTH.into(), 12.0, COBALT, "");
        canvas.rect(0.0, 12.0, 180.0, 6.0, SUN, "");
        canvas
    }

    fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, ground: &str, edge: &str) {
        if width <= 0.0 || height <= 0.0 {
            return;
        }
        let edge =
            if edge.is_empty() { String::new() } else { format!(" stroke=\"{edge}\" stroke-width=\"2\"") };
        // Writing to a string does not fail.
        let _ = write!(
            self.0,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{ground}\"{edge}/>"
        );
    }

    fn line(&mut self, x: f64, y: f64, to_x: f64, to_y: f64) {
        let _ = write!(
            self.0,
            "<path d=\"M{x:.1} {y:.1}L{to_x:.1} {to_y:.1}\" stroke=\"{LINE}\" stroke-width=\"2\"/>"
        );
    }

    fn text(&mut self, x: f64, y: f64, size: f64, colour: &str, anchor: Anchor, words: &str) {
        self.words(x, y, size, colour, anchor, words, 0.35);
    }

    fn heading(&mut self, x: f64, y: f64, size: f64, words: &str) {
        // The one typeface at hand is light.
        self.words(x, y, size, INK, Anchor::Start, words, size / 26.0);
    }

    #[expect(clippy::too_many_arguments, reason = "the one place where text is written")]
    fn words(&mut self, x: f64, y: f64, size: f64, colour: &str, anchor: Anchor, words: &str, stroke: f64) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = write!(
            self.0,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size:.0}\" fill=\"{colour}\" stroke=\"{colour}\" \
             stroke-width=\"{stroke:.2}\" text-anchor=\"{anchor}\">{}</text>",
            escape(words)
        );
    }

    fn finish(self, language: Language, title: &str, description: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
             viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"title description\" lang=\"{}\" \
             font-family=\"sans-serif\"><title id=\"title\">{}</title><desc id=\"description\">{}</desc>{}</svg>\n",
            language.tag(),
            escape(title),
            escape(description),
            self.0
        )
    }
}

/// Text of a document in XML, without the characters that XML cannot have.
fn escape(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|letter| !letter.is_control() && !matches!(letter, '\u{FFFE}' | '\u{FFFF}'))
        .collect();
    document::escape(&plain)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn words_that_do_not_fit_are_cut_with_an_ellipsis() {
        let name = "Archipiélago de San Andrés, Providencia y Santa Catalina";
        assert_eq!(name.chars().count(), 56);
        assert_eq!(wrap(name, 20.0, 2_000.0, 1), [name]);
        let two = wrap(name, 20.0, 340.0, 2);
        assert_eq!(two.join(" "), name, "all of it in two lines");
        let cut = fit(name, 20.0, 300.0);
        assert!(cut.ends_with('…') && width_of(&cut, 20.0) <= 300.0, "{cut}");
        assert!(fit(&"x".repeat(500), 20.0, 300.0).ends_with('…'));
        assert_eq!(wrap("", 20.0, 300.0, 2), [""]);
    }

    #[test]
    fn words_become_text_and_nothing_else() {
        assert_eq!(escape("a<b> & \"c\"\u{1}"), "a&lt;b&gt; &amp; &quot;c&quot;");
    }

    #[test]
    fn pixels_are_made_without_a_font_on_the_machine() {
        let mut canvas = Canvas::new();
        let blank = canvas.0.clone();
        canvas.heading(60.0, 200.0, 60.0, "Participación, ñandú");
        let of = |canvas: Canvas| png(&canvas.finish(Language::Spanish, "t", "d")).unwrap();
        let (written, blank) = (of(canvas), of(Canvas(blank)));
        assert!(
            written.starts_with(b"\x89PNG") && written.len() > blank.len() + 1_000,
            "the words are drawn"
        );
    }
}
