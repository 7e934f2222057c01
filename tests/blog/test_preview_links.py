"""Previews by a link, for whoever has it, and the notes that they leave."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from blog import revisions
from blog.models import Preview, ReviewNote
from tests.blog.previewing import link_to, low_water
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def alice():
    return make_user("alice", "Author")


@pytest.fixture
def draft(alice):
    return low_water(alice)


def note(**fields) -> dict:
    return {"name": "Zara", "text": "Which noon?", "revision": ""} | fields


def test_a_link_shows_the_text_as_it_was_last_saved(client, alice, draft):
    address = link_to(draft)
    page = client.get(address).content.decode()
    assert "Low water</h1>" in page and "/label/sea/" in page and "Not published." in page
    assert "Preview for <bdi>Zara</bdi>, until" in page
    content = revisions.content_of(draft) | {"title": "Lowest water"}
    revisions.wait(draft, alice, "saved", content)
    assert "Lowest water</h1>" in client.get(address).content.decode()


def test_comments_are_left_out(client, alice):
    post = make_post(alice, body="<h2>One</h2><p>a</p><h2>Two</h2><p>b</p>")
    make_comment(post, body="Said by a reader.")
    page = client.get(link_to(post)).content.decode()
    assert "Readers see this now." in page and "Said by a reader." not in page
    assert "#comments" not in page and "post-a-comment" not in page


def test_nobody_keeps_it_and_nobody_is_told(client, draft):
    response = client.get(link_to(draft))
    assert "no-store" in response["Cache-Control"] and "private" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin" and response["X-Robots-Tag"] == "noindex"
    assert response["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert not response.cookies and not hasattr(response, "shown")
    assert f"/admin/preview/{draft.pk}/" not in response.content.decode()


@pytest.mark.parametrize("key", ["x", "A" * 22, "a" * 300, "%F0%9F%90%9F", "1.2"])
def test_an_unknown_key_and_a_malformed_one_are_the_same_dead_end(client, draft, key):
    link_to(draft)
    response = client.get(f"/preview/{key}/")
    assert response.status_code == 404 and "There is no preview here" in response.content.decode()
    assert response.content == client.get("/preview/other/").content
    assert "no-store" in response["Cache-Control"] and response["X-Robots-Tag"] == "noindex"


def test_an_expired_link_says_so(client, draft):
    address = link_to(draft)
    Preview.objects.update(expires_at=timezone.now() - HOUR)
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == 410 and "This link has expired" in page and "Low water" not in page
    late = client.post(address, note(text="Written meanwhile."))
    assert late.status_code == 410 and "Written meanwhile." in late.content.decode()
    assert not ReviewNote.objects.exists()


def test_a_text_in_the_bin_is_gone_until_it_is_back(client, draft):
    address = link_to(draft)
    draft.status = "binned"
    draft.save()
    assert client.get(address).status_code == 410 and client.post(address, note()).status_code == 410
    draft.status = "draft"
    draft.save()
    assert client.get(address).status_code == 200


def test_its_queries_do_not_grow_with_the_notes(client, draft, django_assert_max_num_queries):
    address = link_to(draft)
    said = {"post": draft, "preview": Preview.objects.get(), "name": "Zara"}
    ReviewNote.objects.bulk_create(ReviewNote(**said, text=f"Note {number}") for number in range(30))
    with django_assert_max_num_queries(12):
        assert "Note 29" in client.get(address).content.decode()


# Notes by link.


def test_a_note_is_kept_and_shown_to_who_has_the_link(client, draft):
    revisions.keep_what_was(draft)
    address, other = link_to(draft), link_to(draft, name="Omar")
    response = client.post(address, note(revision=draft.revision_id))
    assert response.status_code == 303 and response["Location"] == f"{address}#notes"
    kept = ReviewNote.objects.get()
    assert (kept.post, kept.name, kept.text, kept.author) == (draft, "Zara", "Which noon?", None)
    assert kept.preview.name == "Zara" and kept.revision_id == draft.revision_id
    page = client.get(address).content.decode()
    assert "Which noon?" in page and "Thank you. The author sees it." in page
    assert "Which noon?" not in client.get(other).content.decode()


def test_notes_of_those_who_work_here_are_not_shown(client, alice, draft):
    ReviewNote.objects.create(post=draft, author=alice, text="For the editor.")
    assert "For the editor." not in client.get(link_to(draft)).content.decode()


def test_markup_in_a_note_is_text(client, draft):
    address = link_to(draft)
    client.post(address, note(name="<b>Z</b>", text="<script>alert(1)</script>\r\nB"))
    page = client.get(address).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;<br>B" in page
    assert "<b>Z</b>" not in page


def test_the_same_note_sent_twice_is_one(client, draft):
    address = link_to(draft)
    client.post(address, note())
    assert client.post(address, note()).status_code == 303 and ReviewNote.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Write your name"),
        ({"text": " "}, "Write your note here."),
        ({"text": "x" * 5_001}, "at most 5000 characters"),
        ({"text": "a\0b"}, "Null characters"),
    ],
)
def test_a_note_that_is_not_right_is_kept_in_the_form(client, draft, fields, said):
    response = client.post(link_to(draft), note(**fields))
    page = response.content.decode()
    assert response.status_code == 422 and said in page and not ReviewNote.objects.exists()
    if "name" in fields:
        assert "Which noon?" in page


@pytest.mark.parametrize("revision", ["x", "9" * 30, "12345", "-1", "٣"])
def test_a_revision_that_is_none_costs_no_note(client, draft, revision):
    assert client.post(link_to(draft), note(revision=revision)).status_code == 303
    assert ReviewNote.objects.get().revision is None


def test_a_hundred_notes_are_the_most(client, draft):
    address = link_to(draft)
    link = Preview.objects.get()
    ReviewNote.objects.bulk_create(ReviewNote(post=draft, preview=link, text=str(number)) for number in range(100))
    response = client.post(address, note())
    page = response.content.decode()
    assert response.status_code == 422 and "all the notes it can" in page and "Which noon?" in page
    assert ReviewNote.objects.count() == 100


@pytest.mark.parametrize("header", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_note_from_another_site_is_refused(client, draft, header):
    response = client.post(link_to(draft), note(), headers=header)
    assert response.status_code == 403 and "another site" in response.content.decode()
    assert not ReviewNote.objects.exists()


def test_only_get_and_post_are_answered(client, draft):
    address = link_to(draft)
    assert client.put(address).status_code == 405 and client.delete(address).status_code == 405
    assert client.head(address).status_code == 200


def test_reading_writes_nothing(client, draft):
    address = link_to(draft)
    with connection.execute_wrapper(_refuse_writes):
        assert client.get(address).status_code == 200


def _refuse_writes(execute, sql, params, many, context):
    assert sql.lstrip().split()[0] not in ("INSERT", "UPDATE", "DELETE"), sql
    return execute(sql, params, many, context)
