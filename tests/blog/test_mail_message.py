"""What goes out: both parts, the headers, and nothing that a name or a title smuggles in."""

from email import message_from_bytes, policy

import pytest
from django.conf import settings as product
from django.core import mail as outbox

from blog.mail import send_due
from blog.mail.letter import message_id
from blog.mail.masks import mask, one_line
from blog.models import Mail, SiteSettings
from tests.blog.letters import KINDS, make_mail

pytestmark = pytest.mark.django_db
EVIL = "Hi\r\nBcc: victim@example.org\r\n\r\n<b>x</b>"


@pytest.fixture(autouse=True)
def _kinds(settings):
    settings.MAIL_KINDS = KINDS


def sent(**data):
    """The message of one mail, read back from its bytes."""
    make_mail(data=data)
    assert send_due() == 1
    return message_from_bytes(outbox.outbox[-1].message().as_bytes(), policy=policy.default)


def text_of(message) -> str:
    return message.get_body(("plain",)).get_content()


def html_of(message) -> str:
    return message.get_body(("html",)).get_content()


def test_it_has_both_parts_and_the_site_on_top_and_below():
    SiteSettings(title="Tides & Notes").save()
    message = sent()
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert text_of(message).startswith("Tides & Notes\n\nSomebody asked")
    assert "http://testserver/a/?b=1&c=2\n" in text_of(message)
    assert "You get this mail because" in text_of(message) and text_of(message).endswith("http://testserver/\n")
    html = html_of(message)
    assert "Tides &amp; Notes</a>" in html and 'href="http://testserver/a/?b=1&amp;c=2"' in html
    assert '<html lang="en" dir="ltr">' in html and "You get this mail because" in html
    assert "src=" not in html, "nothing is loaded, so nobody learns when it is read"


def test_its_headers(settings):
    settings.DEFAULT_FROM_EMAIL = "Tide Notes <noreply@blog.example.org>"
    message = sent(subject="Grüße", headers={"List-Id": "<comments.testserver>"})
    assert (message["From"], message["To"]) == ("Tide Notes <noreply@blog.example.org>", "reader@example.org")
    assert (message["Subject"], message["Auto-Submitted"]) == ("Grüße", "auto-generated")
    assert message["List-Id"] == "<comments.testserver>"
    assert message["Date"]


def test_the_message_id_stays_the_same_when_it_is_sent_again():
    first = sent()
    Mail.objects.update(status="waiting")
    send_due()
    second = outbox.outbox[-1].message()
    assert first["Message-ID"] == second["Message-ID"] == message_id(Mail.objects.get())
    assert first["Message-ID"].endswith("@testserver>")


def test_the_message_id_of_each_mail_is_its_own(settings):
    ids = {message_id(make_mail(key=key)) for key in "abc"}
    assert len(ids) == 3
    settings.SITE_URL = "http://[fd00::1]:8000"
    assert message_id(Mail.objects.first()).endswith("@[fd00::1]>")


def test_it_speaks_the_sites_language():
    SiteSettings(title="یادداشت", language="fa").save()
    html = html_of(sent())
    assert '<html lang="fa" dir="rtl">' in html


@pytest.mark.parametrize("data", [{"subject": EVIL}, {"headers": {"X-Title": EVIL}}, {"name": EVIL}])
def test_no_header_is_smuggled_in(data):
    message = sent(**data)
    assert "Bcc" not in message and outbox.outbox[-1].recipients() == ["reader@example.org"]
    assert "\n\n<b>" not in message["Subject"] and "<b>x</b>" not in html_of(message)
    if "subject" in data:
        assert message["Subject"] == "Hi Bcc: victim@example.org <b>x</b>"
        assert message.get_body(("plain",)) is not None


@pytest.mark.parametrize(
    "to",
    [
        "reader@example.org\r\nBcc: victim@example.org",
        "reader@example.org, victim@example.org",
        "Reader <reader@example.org>",
        "reader",
        "",
        "rëader@example.org",
        f"{'x' * 330}@example.org",
    ],
)
def test_a_wrong_address_ends_the_mail_and_stops_nothing(to, caplog):
    wrong, other = make_mail(data={"to": to}), make_mail(key="b")
    assert send_due() == 1
    wrong.refresh_from_db()
    other.refresh_from_db()
    assert (wrong.status, other.status) == ("dead", "sent")
    assert outbox.outbox[0].recipients() == ["reader@example.org"] and len(outbox.outbox) == 1
    assert "victim" not in wrong.problem + caplog.text


def test_text_is_plain_and_html_is_escaped():
    message = sent(name="<script>alert(1)</script> & Co")
    assert "for <script>alert(1)</script> & Co." in text_of(message)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in html_of(message)


def test_every_text_is_plain():
    """Django escapes .txt like any other template, unless it stands in the frame that says otherwise."""
    folder = product.BASE_DIR / "templates" / "mail"
    texts = sorted(path for path in folder.glob("*.txt") if path.stem != "base")
    assert texts
    for path in texts:
        assert path.read_text().startswith('{% extends "mail/base.txt" %}'), path.name
        assert path.with_suffix(".html").read_text().startswith('{% extends "mail/base.html" %}'), path.name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb", "a b"),
        ("a\n\n b\tc ", "a b c"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("a\u2028b\x85c", "a b c"),
    ],
)
def test_a_line_is_one_line(text, expected):
    assert one_line(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("550 <a.b+c@example.org>: unknown", "550 <…@…>: unknown"),
        ("rejected reader@EXAMPLE.org\r\nreally", "rejected …@… really"),
        ("see https://x.example/?to=a%40b.org&y", "see https://x.example/?to=…@…"),
        ("no mailbox Reader here, re-reader", "no mailbox … here, re-…"),
        ("readers are many", "readers are many"),
    ],
)
def test_nobodys_address_is_kept(text, expected):
    assert mask(text, "reader@example.org") == expected
