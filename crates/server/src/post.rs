//! Sending mail: to a real server by SMTP or, while trying Cabildo out, into a mailbox that a page shows.

use cabildo_contract::identity::Email;
use cabildo_contract::time::Timestamp;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Letters that the mailbox keeps.
const KEPT: usize = 50;
/// Longest time that handing a letter over may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why mail cannot be sent as the options say.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The address of the server cannot be understood.
    #[error(
        "--smtp is not the address of a mail server (smtp://[USER:PASSWORD@]HOST[:PORT], smtps://…): {0}"
    )]
    Server(lettre::transport::smtp::Error),
    /// The address of the sender cannot be understood.
    #[error("--mail-from is not an e-mail address: {0}")]
    From(lettre::address::AddressError),
}

/// A letter could not be handed over.
#[derive(Debug, thiserror::Error)]
#[error("the mail server did not take a letter: {0}")]
pub struct NotSent(String);

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What it is about.
    pub subject: String,
    /// Its plain text.
    pub text: String,
}

/// A letter in the mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// When.
    pub at: Timestamp,
    /// To whom.
    pub to: String,
    /// What.
    pub letter: Letter,
}

/// Where letters go.
pub enum Post {
    /// Nowhere: none can be sent.
    None,
    /// Into a mailbox in memory, for whoever tries Cabildo out.
    Mailbox(Mutex<VecDeque<Received>>),
    /// To a mail server.
    Smtp {
        /// The way to it.
        transport: Box<AsyncSmtpTransport<Tokio1Executor>>,
        /// In whose name.
        from: Box<Mailbox>,
    },
}

impl Post {
    /// An empty mailbox.
    #[must_use]
    pub fn mailbox() -> Self {
        Self::Mailbox(Mutex::default())
    }

    /// To the mail server at `url`, from `from`.
    ///
    /// # Errors
    /// [`PostError`].
    pub fn smtp(url: &str, from: &str) -> Result<Self, PostError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(PostError::Server)?
            .timeout(Some(TIMEOUT))
            // The name of this machine is nobody's business.
            .hello_name(ClientId::Domain("cabildo.invalid".to_owned()))
            .build();
        let address: Address = from.parse().map_err(PostError::From)?;
        Ok(Self::Smtp { transport: Box::new(transport), from: Box::new(Mailbox::new(None, address)) })
    }

    /// Whether letters can be sent.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// What is in the mailbox, newest first; none where letters really go out.
    #[must_use]
    pub fn received(&self) -> Option<Vec<Received>> {
        let Self::Mailbox(letters) = self else { return None };
        let letters = letters.lock().unwrap_or_else(PoisonError::into_inner);
        Some(letters.iter().rev().cloned().collect())
    }

    /// Sends a letter. That the server knows no such mailbox is no error: whoever asks must not learn which there are.
    ///
    /// # Errors
    /// [`NotSent`]; trying later may help.
    pub async fn send(&self, to: &Email, letter: Letter, at: Timestamp) -> Result<(), NotSent> {
        let failed = |error: &dyn std::fmt::Display| NotSent(error.to_string());
        match self {
            Self::None => Err(NotSent("no mail server is configured".to_owned())),
            Self::Mailbox(letters) => {
                let mut letters = letters.lock().unwrap_or_else(PoisonError::into_inner);
                letters.push_back(Received { at, to: to.as_str().to_owned(), letter });
                while letters.len() > KEPT {
                    letters.pop_front();
                }
                Ok(())
            }
            Self::Smtp { transport, from } => {
                let to: Address = to.as_str().parse().map_err(|error| failed(&error))?;
                let mut message = Message::builder()
                    .from((**from).clone())
                    .to(Mailbox::new(None, to))
                    .subject(letter.subject)
                    .header(ContentType::TEXT_PLAIN)
                    .body(letter.text)
                    .map_err(|error| failed(&error))?;
                // No mailbox answers that its owner is away (RFC 3834).
                let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
                message.headers_mut().insert_raw(HeaderValue::new(automatic, "auto-generated".to_owned()));
                match transport.send(message).await {
                    Ok(_) => Ok(()),
                    // The server's words may name the address.
                    Err(error) if error.is_permanent() => {
                        tracing::warn!("a mail server refused a letter for good");
                        Ok(())
                    }
                    Err(error) if error.is_transient() => Err(NotSent("try again later".to_owned())),
                    Err(error) => Err(failed(&error)),
                }
            }
        }
    }
}
