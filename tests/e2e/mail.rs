//! The code that comes by e-mail, through a mail server that really speaks SMTP.

use crate::harness::{Browser, Server, button, checkbox, field, heading, journey_in};
use crate::identify::{CODE, CONSENT, EMAIL, choose};

/// Asks for a code.
async fn ask(browser: &Browser, email: &str) {
    browser.retypes(&field(EMAIL), email).await;
    browser.click(&button("Enviar el código")).await;
}

/// Somebody who has chosen, and consents.
async fn ready(browser: &Browser) {
    choose(browser, "Plaza del Agua").await;
    browser.click(&checkbox(CONSENT)).await;
}

#[test]
fn a_code_arrives_in_the_mailbox_and_one_that_is_unknown_there_gets_the_same_answer() {
    journey_in(Server::with_mail(), async |site| {
        let phone = site.phone().await;
        ready(&phone).await;
        ask(&phone, "nadie@example.org").await;
        phone.focuses(&field(CODE)).await;
        assert!(site.server.letters().is_empty());

        let desk = site.desktop().await;
        ready(&desk).await;
        ask(&desk, "ana@example.org").await;
        desk.focuses(&field(CODE)).await;
        let letters = site.server.letters();
        let [letter] = letters.as_slice() else { panic!("one letter, not {letters:?}") };
        assert_eq!(letter.from, "participa@cabildo.example");
        assert_eq!(letter.to, ["ana@example.org"]);
        let (head, text) = letter.message.split_once("\r\n\r\n").unwrap();
        let code = text.lines().next().unwrap();
        // The code can be read in the notification.
        let subject = head.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap();
        assert!(subject.contains(code), "{subject}");
        for line in [
            "From: participa@cabildo.example",
            "To: ana@example.org",
            "Date: ",
            "Auto-Submitted: auto-generated",
        ] {
            assert!(head.lines().any(|known| known.starts_with(line)), "{line}: {head}");
        }
        desk.types(&field(CODE), code).await;
        desk.click(&button("Confirmar")).await;
        desk.reads("Identificado por correo").await;
        desk.sees(&heading("Revise su elección")).await;

        let log = site.server.log();
        for secret in ["ana@example.org", "nadie@example.org", code] {
            assert!(!log.contains(secret), "{log}");
        }
    });
}

#[test]
fn while_the_mail_server_takes_nothing_the_page_says_so_and_keeps_what_was_typed() {
    journey_in(Server::with_mail(), async |site| {
        let phone = site.phone().await;
        phone.expect_complaint("status of 503");
        ready(&phone).await;
        ask(&phone, "luego@example.org").await;
        phone.reads("No pudimos enviar el correo.").await;
        phone.has(&field(EMAIL), "value", "luego@example.org").await;
        phone.sees(&heading("Revise su elección")).await;
        // There is no minute to wait for a code that never was.
        ask(&phone, "ana@example.org").await;
        phone.focuses(&field(CODE)).await;
        assert_eq!(site.server.letters().len(), 1);

        site.server.stop_mail();
        let desk = site.desktop().await;
        desk.expect_complaint("status of 503");
        ready(&desk).await;
        ask(&desk, "ana@example.org").await;
        desk.reads("No pudimos enviar el correo.").await;
    });
}
