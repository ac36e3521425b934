//! A content management system as a town hall runs it: Wagtail, from its own template for projects.

use super::port;
use super::server::setting;
use super::wire::Wire;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// What an administrator adds to the settings so that addresses of Cabildo can be pasted (docs/embedding.md).
const SETTINGS: &str = r#"
WAGTAILEMBEDS_FINDERS = [
    {"class": "wagtail.embeds.finders.oembed"},
    {
        "class": "wagtail.embeds.finders.oembed",
        "providers": [{"endpoint": "https://part.test/oembed", "urls": [r"^https://part\.test/.+"]}],
    },
]
"#;

/// A page with a text and a block of HTML, as sites have them.
const MODELS: &str = r#"
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import RawHTMLBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page


class HomePage(Page):
    body = RichTextField(blank=True)
    blocks = StreamField([("html", RawHTMLBlock())], blank=True)
    content_panels = Page.content_panels + [FieldPanel("body"), FieldPanel("blocks")]
"#;

const TEMPLATE: &str = r#"
{% extends "base.html" %}
{% load wagtailcore_tags %}
{% block content %}<h1>{{ page.title }}</h1>{{ page.body|richtext }}{{ page.blocks }}{% endblock %}
"#;

/// What somebody in the press office does: pastes an address where the editor asks for one, which looks the address up,
/// then HTML into a block, and publishes.
const EDIT: &str = r#"
import json, os
from django.contrib.auth import get_user_model
from django.test import Client
from home.models import HomePage

editor = get_user_model().objects.create_superuser("prensa", "prensa@example.org", "prensa")
browser = Client(HTTP_HOST="localhost")
browser.force_login(editor)
pasted = browser.post("/admin/embeds/chooser/upload/", {"embed-chooser-url": os.environ["PASTED"]})
answer = json.loads(pasted.content)
assert answer["step"] == "embed_chosen", answer
page = HomePage.objects.get()
page.title = "Alcaldía"
page.body = '<p>Participe:</p><embed embedtype="media" url="%s"/>' % os.environ["PASTED"]
page.blocks = [("html", os.environ["HTML"])]
page.save_revision(user=editor).publish()
"#;

/// A running Wagtail; ended when it is dropped.
pub struct Wagtail {
    port: u16,
    process: Child,
    _directory: TempDir,
}

impl Wagtail {
    /// Makes a site whose page has an address pasted into its text and HTML pasted into a block. It reaches Cabildo as
    /// browsers do.
    pub fn start(wire: &Wire, pasted: &str, html: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let site = directory.path().join("site");
        fs::create_dir(&site).unwrap();
        let certificate = directory.path().join("certificate.pem");
        wire.write_certificate(&certificate);
        let python = |arguments: &[&str]| {
            let mut command = Command::new(setting("CABILDO_WAGTAIL"));
            command.args(arguments).current_dir(&site).env("PASTED", pasted).env("HTML", html);
            command.env("HTTPS_PROXY", format!("http://{}", wire.address()));
            command.env("REQUESTS_CA_BUNDLE", &certificate);
            command
        };
        must(&mut python(&["-m", "wagtail.bin.wagtail", "start", "cms", "."]));
        let write = |file: &str, text: &str| fs::write(Path::join(&site, file), text).unwrap();
        write("cms/settings/local.py", SETTINGS);
        write("home/models.py", MODELS);
        write("home/templates/home/home_page.html", TEMPLATE);
        for step in [
            &["manage.py", "makemigrations", "home", "--verbosity=0"][..],
            &["manage.py", "migrate", "--verbosity=0"],
            &["manage.py", "shell", "--command", EDIT],
        ] {
            must(&mut python(step));
        }
        let port = port::free();
        let mut process = python(&["manage.py", "runserver", "--noreload", &format!("127.0.0.1:{port}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        port::answers(port, &mut process);
        Self { port, process, _directory: directory }
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }
}

fn must(command: &mut Command) {
    let done = command.output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{:?}: {said}", command.get_args().collect::<Vec<_>>());
}

impl Drop for Wagtail {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
