//! A process's timeline as a calendar that other programs subscribe to (iCalendar, RFC 5545).

use cabildo_contract::record::{Entry, EntryKind, Record};
use cabildo_contract::time::Date;
use icalendar::{Calendar, Component, Event, Property};

/// Writes it. Every entry is an event of whole days, whose identity stays the same when it is written again.
#[must_use]
pub fn write(record: &Record) -> String {
    let mut calendar = Calendar::new();
    calendar.name(&one_line(&record.process.title));
    for entry in &record.timeline {
        calendar.push(event(record, entry));
    }
    calendar.done().to_string()
}

fn event(record: &Record, entry: &Entry) -> Event {
    let kind = match entry.kind {
        EntryKind::Phase => "phase",
        EntryKind::Consultation => "consultation",
        EntryKind::Call => "call",
        EntryKind::Workshop => "workshop",
        EntryKind::Conversation => "conversation",
        EntryKind::Milestone => "milestone",
    };
    let name = entry.slug.as_ref().map_or_else(|| compact(entry.from), ToString::to_string);
    let day =
        |name: &str, date: Date| Property::new(name, compact(date)).add_parameter("VALUE", "DATE").done();
    Event::new()
        .uid(&format!("{kind}-{name}@{}.cabildo", record.process.slug))
        // When the entry was written is not kept; the same text for the same timeline keeps caches and ETags true.
        .add_property("DTSTAMP", format!("{}T000000Z", compact(entry.from)))
        .append_property(day("DTSTART", entry.from))
        // The day after the last: the end of an event is not part of it.
        .append_property(day("DTEND", entry.to.next()))
        .summary(&one_line(&entry.title))
        .done()
}

/// A text without line ends: not every property escapes them, and one would begin a line of its own.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// `20201210`.
fn compact(date: Date) -> String {
    date.to_string().replace('-', "")
}
