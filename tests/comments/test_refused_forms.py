"""Forms that were refused, as a screen reader meets them: first the reasons, each tied to its field."""

import re

import pytest
from django.urls import reverse

from blog.models import SiteSettings
from comments import tokens
from comments.models import CommentSettings
from tests.comments.people import make_own, own, send
from tests.factories import make_comment

pytestmark = pytest.mark.django_db

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def assert_told(response, *fields: str, status: int = 422) -> str:
    """The page says that there is a problem, holds the focus there, and leads to each of these fields."""
    html = response.content.decode()
    assert response.status_code == status and TITLE.search(html)[1].startswith("Problem: ")
    summary = re.search(r'<div class="problem"[^>]* role="alert" tabindex="-1" autofocus>.*?</div>', html, re.DOTALL)[0]
    assert html.count("autofocus") == 1
    assert re.findall(r'href="#([^"]+)"', summary) == list(fields)
    for field in fields:
        assert f'id="{field}"' in html
    return html


def test_a_comment(client, post):
    html = assert_told(
        send(client, post, name="", email="nobody", text=""), "comment-name", "comment-email", "comment-text"
    )
    for field in ("comment-name", "comment-email"):
        tag = re.search(rf'<input[^>]*id="{field}"[^>]*>', html)[0]
        assert 'aria-invalid="true"' in tag and f'aria-describedby="{field}_error"' in tag
        assert f'id="{field}_error"' in html
    text = re.search(r"<textarea[^>]*>", html)[0]
    assert 'aria-describedby="comment-text_helptext comment-text_error"' in text.replace(
        "comment-text_error comment-text_helptext", "comment-text_helptext comment-text_error"
    )


def test_a_comment_that_answers_one_that_is_gone(client, post):
    gone = make_comment(post, status="removed")
    assert "no longer shown" in assert_told(send(client, post, parent=str(gone.pk)))


def test_a_fresh_form_holds_no_focus_and_has_no_problem(client, post):
    for address in (post.get_absolute_url(), f"{post.get_absolute_url()}comment/"):
        html = client.get(address).content.decode()
        assert "autofocus" not in html and "Problem" not in TITLE.search(html)[1] and "aria-invalid" not in html


def test_the_fields_say_what_a_browser_may_fill_in(client, post):
    html = client.get(post.get_absolute_url()).content.decode()
    for field, token in (("name", "name"), ("email", "email"), ("url", "url")):
        assert f'autocomplete="{token}"' in re.search(rf'<input[^>]*id="comment-{field}"[^>]*>', html)[0]


def test_a_comment_on_a_closed_post(client, post):
    CommentSettings(mode=CommentSettings.Mode.CLOSED).save()
    assert "Surely the wind?" in assert_told(send(client, post), status=403)


def test_a_report(client, post):
    comment = make_comment(post)
    data = {"token": tokens.for_writer(post.pk)}
    html = assert_told(client.post(reverse("report_comment", args=[comment.pk]), data), "report-kind_0")
    assert 'aria-describedby="report-kind_error"' in html


def test_a_change(client, post):
    comment = make_own(post, status="pending")
    assert_told(client.post(own(comment, "edit"), {"text": ""}), "comment-text")


def test_a_follower(client, post):
    data = {"token": tokens.for_writer(post.pk), "email": "nobody"}
    assert_told(client.post(f"{post.get_absolute_url()}follow/", data), "follow-email")


@pytest.mark.usefixtures("one_moment")
def test_too_many_comments_say_how_long_to_wait_and_keep_every_word(client, post):
    for _ in range(31):
        response = send(client, post, preview="1")
    html = assert_told(response, status=429)
    seconds = int(response["Retry-After"])
    assert f"Wait {seconds} second" in html and "Surely the wind?" in html


def test_numbers_have_the_digits_of_the_language(client, post):
    SiteSettings(language="fa").save()
    html = send(client, post, text="آ" * 10_001).content.decode()
    assert "۱۰۰۰۱" in html and "10001 " not in html
