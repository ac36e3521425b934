//! Thousands of connections at once, on one thread: streams that are listened to, and addresses that are asked for
//! again and again. It reads as much of HTTP as the server writes: lengths and chunks.

use anyhow::{Context, Result, bail};
use cabildo_contract::time::Timestamp;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Bytes of an event that are looked at: what it says of its time stands at its beginning.
const LOOKED_AT: usize = 512;
/// Longest time without anything on any connection before a wait ends and looks at the clock.
const TICK: Duration = Duration::from_millis(20);

/// What came, since it was last asked for.
#[derive(Debug, Default)]
pub struct Heard {
    /// States that streams brought.
    pub states: usize,
    /// Bytes of everything.
    pub bytes: usize,
    /// For each, the time from when its figures were taken until it was here.
    pub lags: Vec<Duration>,
    /// For each answer to a question, how long it took, by its status.
    pub answers: HashMap<u16, Vec<Duration>>,
    /// Answers of status 503 without `Retry-After`.
    pub without_retry: usize,
    /// Connections that the server ended.
    pub ended: usize,
}

impl Heard {
    /// How long the answers of a status took, the shortest first.
    pub fn answered(&self, status: u16) -> Vec<Duration> {
        let mut waits = self.answers.get(&status).cloned().unwrap_or_default();
        waits.sort();
        waits
    }
}

/// Connections, and what came on them.
pub struct Wire {
    poll: Poll,
    events: Events,
    connections: Vec<Connection>,
    heard: Heard,
    chunk: Vec<u8>,
}

/// One connection.
struct Connection {
    stream: TcpStream,
    /// What is sent; again and again unless the answer never ends.
    request: Vec<u8>,
    /// Bytes of it that are still to be sent.
    unsent: usize,
    /// When the first of it was sent; none while nothing is asked.
    asked: Option<Instant>,
    reader: Reader,
    /// Whether the server ended it.
    ended: bool,
}

impl Wire {
    /// No connections.
    ///
    /// # Errors
    /// When the system gives nothing to wait with.
    pub fn new() -> Result<Self> {
        let (poll, events) = (Poll::new()?, Events::with_capacity(4_096));
        let (connections, heard, chunk) = (Vec::new(), Heard::default(), vec![0; 128 << 10]);
        Ok(Self { poll, events, connections, heard, chunk })
    }

    /// Opens so many connections to a server. `request` says what each sends, by its number.
    ///
    /// # Errors
    /// When one cannot be made.
    pub fn open(
        &mut self,
        count: usize,
        server: SocketAddr,
        request: impl Fn(usize) -> String,
    ) -> Result<()> {
        for number in 0..count {
            let connected = std::net::TcpStream::connect(server).context("connecting")?;
            connected.set_nonblocking(true)?;
            connected.set_nodelay(true)?;
            let mut stream = TcpStream::from_std(connected);
            let token = Token(self.connections.len());
            self.poll.registry().register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
            let request = request(number).into_bytes();
            self.connections.push(Connection {
                stream,
                request,
                unsent: 0,
                asked: None,
                reader: Reader::default(),
                ended: false,
            });
        }
        Ok(())
    }

    /// Whoever is not waiting for an answer asks.
    pub fn ask(&mut self) {
        for connection in &mut self.connections {
            if connection.asked.is_none() && !connection.ended {
                connection.asked = Some(Instant::now());
                connection.unsent = connection.request.len();
                connection.send();
            }
        }
    }

    /// How many wait for an answer, or listen to one that never ends.
    pub fn waiting(&self) -> usize {
        self.connections.iter().filter(|connection| connection.asked.is_some() && !connection.ended).count()
    }

    /// Listens for so long, or until `enough` says so.
    ///
    /// # Errors
    /// When the system fails, or what comes is not HTTP.
    pub fn listen(&mut self, time: Duration, enough: impl Fn(&Heard) -> bool) -> Result<()> {
        let end = Instant::now() + time;
        while Instant::now() < end && !enough(&self.heard) {
            match self.poll.poll(&mut self.events, Some(TICK)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                polled => polled?,
            }
            for event in &self.events {
                let connection =
                    self.connections.get_mut(event.token().0).context("an unknown connection")?;
                if event.is_writable() {
                    connection.send();
                }
                if event.is_readable() || event.is_read_closed() {
                    connection.receive(&mut self.chunk, &mut self.heard)?;
                }
            }
        }
        Ok(())
    }

    /// What came since the last time.
    pub fn take(&mut self) -> Heard {
        std::mem::take(&mut self.heard)
    }
}

impl Connection {
    fn send(&mut self) {
        while self.unsent > 0 {
            let rest = &self.request[self.request.len() - self.unsent..];
            match self.stream.write(rest) {
                Ok(0) | Err(_) => return,
                Ok(sent) => self.unsent -= sent,
            }
        }
    }

    fn receive(&mut self, chunk: &mut [u8], heard: &mut Heard) -> Result<()> {
        while !self.ended {
            match self.stream.read(chunk) {
                Ok(0) => self.end(heard),
                Ok(read) => {
                    heard.bytes += read;
                    let (reader, asked) = (&mut self.reader, &mut self.asked);
                    reader.read(&chunk[..read], |said| match said {
                        Said::Event(text) => {
                            if let Some(time) = time_of(text) {
                                heard.states += 1;
                                heard.lags.push(now().saturating_sub(time));
                            }
                        }
                        Said::End { status, retry_after } => {
                            let waited = asked.take().map(|asked| asked.elapsed()).unwrap_or_default();
                            heard.answers.entry(status).or_default().push(waited);
                            heard.without_retry += usize::from(status == 503 && !retry_after);
                        }
                    })?;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => self.end(heard),
            }
        }
        Ok(())
    }

    fn end(&mut self, heard: &mut Heard) {
        self.ended = true;
        heard.ended += 1;
    }
}

/// The time now, since 1970.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// When the figures of a state were taken, since 1970; none for anything but a state.
fn time_of(event: &[u8]) -> Option<Duration> {
    let text = String::from_utf8_lossy(event);
    text.contains("event: state").then_some(())?;
    let (_, time) = text.split_once("\"time\":\"")?;
    let time = Timestamp::parse(time.split_once('"')?.0).ok()?;
    Some(Duration::from_millis(u64::try_from(time.millis()).ok()?))
}

/// What a [`Reader`] comes upon.
enum Said<'a> {
    /// A chunk is there; this is its beginning.
    Event(&'a [u8]),
    /// An answer is there as a whole.
    End {
        /// Its status.
        status: u16,
        /// Whether it says when to come again.
        retry_after: bool,
    },
}

/// Reads answers as they come, in whatever pieces.
#[derive(Debug, Default)]
struct Reader {
    state: State,
    /// The line that is being read, or the beginning of a chunk.
    text: Vec<u8>,
    status: u16,
    retry_after: bool,
    /// Bytes of the answer, if it says so; otherwise it comes in chunks.
    length: Option<usize>,
}

/// Where it stands.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In the first line or a header.
    #[default]
    Head,
    /// In a body that has a length, with so many bytes to come.
    Body(usize),
    /// In the line that says how long a chunk is.
    Size,
    /// In a chunk, with so many bytes to come.
    Chunk(usize),
    /// After a chunk.
    AfterChunk,
    /// After the last.
    AfterAll,
}

impl Reader {
    fn read(&mut self, mut bytes: &[u8], mut say: impl FnMut(Said<'_>)) -> Result<()> {
        while let [first, rest @ ..] = bytes {
            match self.state {
                State::Body(left) | State::Chunk(left) => {
                    let here = left.min(bytes.len());
                    let in_chunk = matches!(self.state, State::Chunk(_));
                    if in_chunk {
                        let looked = LOOKED_AT.saturating_sub(self.text.len()).min(here);
                        self.text.extend_from_slice(&bytes[..looked]);
                    }
                    bytes = &bytes[here..];
                    self.state = match (left - here, in_chunk) {
                        (0, true) => {
                            say(Said::Event(&self.text));
                            self.text.clear();
                            State::AfterChunk
                        }
                        (0, false) => self.end(&mut say),
                        (left, true) => State::Chunk(left),
                        (left, false) => State::Body(left),
                    };
                }
                _ if *first != b'\n' => {
                    self.text.push(*first);
                    bytes = rest;
                }
                _ => {
                    bytes = rest;
                    let line = String::from_utf8_lossy(&std::mem::take(&mut self.text)).trim_end().to_owned();
                    self.state = self.line(&line, &mut say)?;
                }
            }
        }
        Ok(())
    }

    /// What follows a line.
    fn line(&mut self, line: &str, say: &mut impl FnMut(Said<'_>)) -> Result<State> {
        match self.state {
            State::Head if line.is_empty() => match self.length {
                Some(0) => Ok(self.end(say)),
                Some(length) => Ok(State::Body(length)),
                None if matches!(self.status, 204 | 304) => Ok(self.end(say)),
                None => Ok(State::Size),
            },
            State::Head => {
                match line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value)) {
                    Some((name, value)) if name == "content-length" => self.length = Some(value.parse()?),
                    Some((name, _)) if name == "retry-after" => self.retry_after = true,
                    None if line.starts_with("HTTP/1.1 ") => {
                        self.status = line.get(9..12).unwrap_or_default().parse()?;
                    }
                    None => bail!("{line:?} is no header"),
                    Some(_) => {}
                }
                Ok(State::Head)
            }
            State::Size => {
                Ok(match usize::from_str_radix(line, 16).with_context(|| format!("{line:?}"))? {
                    0 => State::AfterAll,
                    size => State::Chunk(size),
                })
            }
            State::AfterChunk => Ok(State::Size),
            State::AfterAll => Ok(self.end(say)),
            State::Body(_) | State::Chunk(_) => bail!("a line in a body"),
        }
    }

    fn end(&mut self, say: &mut impl FnMut(Said<'_>)) -> State {
        say(Said::End { status: self.status, retry_after: self.retry_after });
        *self = Self::default();
        State::Head
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader says of an answer that comes in pieces of this size.
    fn said(answer: &str, piece: usize) -> Result<Vec<String>> {
        let (mut reader, mut said) = (Reader::default(), Vec::new());
        for piece in answer.as_bytes().chunks(piece) {
            reader.read(piece, |what| {
                said.push(match what {
                    Said::Event(text) => String::from_utf8_lossy(text).into_owned(),
                    Said::End { status, retry_after } => format!("{status} {retry_after}"),
                });
            })?;
        }
        Ok(said)
    }

    #[test]
    fn answers_are_read_in_whatever_pieces_they_come() -> Result<()> {
        let answers = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello\
                       HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n\
                       HTTP/1.1 304 Not Modified\r\n\r\n\
                       HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab\n\r\nA\r\n0123456789\r\n0\r\n\r\n";
        let expected = ["200 false", "503 true", "304 false", "ab\n", "0123456789", "200 false"];
        for piece in 1..=answers.len() {
            assert_eq!(said(answers, piece)?, expected, "{piece}");
        }
        assert!(said("SSH-2.0-x\r\n", 4).is_err());
        Ok(())
    }

    #[test]
    fn a_state_says_when_its_figures_were_taken_and_a_beat_is_no_state() {
        let event = |kind: &str| {
            format!(
                "event: {kind}\nid: 7\ndata: {{\"asOf\":{{\"sequence\":7,\"time\":\"1970-01-01T00:00:02.500Z\"}}"
            )
        };
        assert_eq!(time_of(event("state").as_bytes()), Some(Duration::from_millis(2_500)));
        assert_eq!(time_of(event("beat").as_bytes()), None);
        assert_eq!(time_of(b"event: state\n"), None);
    }
}
