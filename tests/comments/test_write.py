import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from blog import sanitize
from comments import tokens
from comments.models import Comment, CommentSettings, ModerationEvent
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post(title="Tides")


def payload(post, *, age: float = 60, **changes) -> dict:
    """What a browser sends a minute after it fetched a token."""
    made = timezone.now().timestamp() - age
    fields = {"name": "Mudlark", "email": "mud@example.org", "url": "", "text": "Surely the wind?", "topic": ""}
    return fields | {"token": tokens.for_writer(post.pk, now=made), "parent": ""} | changes


def send(client, post, **changes):
    return client.post(f"{post.get_absolute_url()}comment/", payload(post, **changes))


def test_it_takes_a_comment_and_shows_it_to_its_writer_alone(client, post):
    response = send(client, post)
    comment = Comment.objects.get()
    assert response.status_code == 303 and comment.status == "pending"
    page = client.get(response["Location"])
    html = page.content.decode()
    assert "waiting for a moderator" in html and "Surely the wind?" in html and "Tides" in html
    assert "no-store" in page["Cache-Control"] and page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex"
    assert "Surely the wind?" not in client.get(post.get_absolute_url()).content.decode()


def test_markup_is_cleaned_once_for_the_form_and_once_for_the_row(client, post, monkeypatch):
    """What 10,000 hostile characters cost must not be paid again at every step."""
    clean, cleaned = sanitize.clean_comment, []
    monkeypatch.setattr(sanitize, "clean_comment", lambda text: cleaned.append(text) or clean(text))
    assert send(client, post).status_code == 303
    assert cleaned == ["Surely the wind?"] * 2


def test_it_sets_no_cookie(client, post):
    assert not send(client, post).cookies and not client.get(post.get_absolute_url()).cookies


def test_it_writes_the_first_event_of_the_log(client, post):
    send(client, post)
    event = ModerationEvent.objects.get()
    assert (event.comment_id, event.from_status, event.to_status) == (Comment.objects.get().pk, "", "pending")


def test_the_stored_address_is_a_digest(client, post):
    send(client, post)
    assert re.fullmatch(r"[0-9a-f]{32}", Comment.objects.get().address_digest)


def test_without_script_the_pages_form_leads_to_a_preview_and_that_to_the_comment(client, post):
    html = client.get(post.get_absolute_url()).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', html)[1]
    preview = client.post(f"{post.get_absolute_url()}comment/", payload(post, token=token))
    html = preview.content.decode()
    assert preview.status_code == 200 and "Is this as you meant it?" in html and not Comment.objects.exists()
    assert "Surely the wind?" in html and "mud@example.org" in html
    fresh = re.search(r'name="token" value="([^"]+)"', html)[1]
    early = client.post(f"{post.get_absolute_url()}comment/", payload(post, token=fresh))
    assert "That was quick" in early.content.decode() and not Comment.objects.exists()


def test_the_preview_button_previews(client, post):
    response = send(client, post, preview="1", text="<b>Bold</b> <script>x</script>")
    html = response.content.decode()
    assert "<b>Bold</b>" in html and "<script>x" not in html and not Comment.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "1.2.3:bad", "old", "other"])
def test_a_token_that_does_not_hold_costs_a_preview_and_not_the_text(client, post, token):
    if token == "old":
        token = tokens.for_writer(post.pk, now=timezone.now().timestamp() - 8 * 86400)
    if token == "other":
        token = tokens.for_writer(post.pk + 1)
    response = send(client, post, token=token)
    assert "Surely the wind?" in response.content.decode() and not Comment.objects.exists()


def test_sending_twice_makes_one_comment(client, post):
    data = payload(post)
    first = client.post(f"{post.get_absolute_url()}comment/", data)
    second = client.post(f"{post.get_absolute_url()}comment/", data)
    assert Comment.objects.count() == 1 and first["Location"] == second["Location"]


def test_another_comment_from_the_same_form_is_not_lost(client, post):
    data = payload(post)
    address = f"{post.get_absolute_url()}comment/"
    client.post(address, data)
    second = client.post(address, data | {"text": "And another thing"})
    html = second.content.decode()
    assert second.status_code == 200 and "And another thing" in html and "already" in html
    fresh = re.search(r'name="token" value="([^"]+)"', html)[1]
    assert fresh != data["token"] and Comment.objects.count() == 1


@pytest.mark.usefixtures("one_moment")
def test_too_many_tries_are_told_to_wait(client, post):
    for _ in range(30):
        assert send(client, post, preview="1").status_code == 200
    response = send(client, post, preview="1")
    assert response.status_code == 429 and "Surely the wind?" in response.content.decode()


@pytest.mark.usefixtures("one_moment")
def test_one_form_sent_over_and_over_counts_as_tries(client, post):
    data = payload(post)
    codes = [client.post(f"{post.get_absolute_url()}comment/", data).status_code for _ in range(32)]
    assert codes == [303] * 31 + [429] and Comment.objects.count() == 1


@pytest.mark.parametrize("origin", ["http://[", "http://a]b", "https://[::1"])
def test_an_origin_that_is_none_is_foreign(client, post, origin):
    response = client.post(f"{post.get_absolute_url()}comment/", payload(post), headers={"Origin": origin})
    assert response.status_code == 403 and "Surely the wind?" in response.content.decode()


def test_a_reader_with_an_account_can_sign_in_and_comes_back(client, post):
    CommentSettings(who="accounts").save()
    make_user("reader")
    html = client.get(post.get_absolute_url()).content.decode()
    address = re.search(r'href="(/sign-in/[^"]+)"', html)[1]
    assert "<title>Sign in · Marginalia" in client.get(address).content.decode()
    data = {"username": "reader", "password": "correct horse", "next": post.get_absolute_url()}
    assert client.post("/sign-in/", data | {"password": "wrong"}).status_code == 200
    assert client.post("/sign-in/", data)["Location"] == post.get_absolute_url()
    assert client.post("/sign-out/")["Location"] == "/"


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("name", "", "Write the name"),
        ("name", "x" * 101, "at most 100 characters"),
        ("email", "", "never shown"),
        ("email", "nobody", "not an e-mail address"),
        ("url", "javascript:alert(1)", "not a web address"),
        ("url", "x y", "not a web address"),
        ("text", "", "Write your comment"),
        ("text", " \n ", "Write your comment"),
        ("text", "x" * 10_001, "too long"),
        ("text", "<b></b>", "no words"),
    ],
)
def test_bad_input_is_answered_beside_the_field_and_keeps_every_word(client, post, field, value, words):
    response = send(client, post, **{field: value})
    html = response.content.decode()
    assert response.status_code == 422 and words in html and not Comment.objects.exists()
    assert f'id="comment-{field}_error"' in html and 'aria-invalid="true"' in html
    for kept in ("Mudlark", "mud@example.org", "Surely the wind?"):
        assert kept in html or payload(post)[field] == kept


def test_a_null_byte_is_no_server_error(client, post):
    assert send(client, post, text="a\x00b").status_code in (303, 422)


def test_a_filled_trap_costs_a_preview(client, post):
    response = send(client, post, topic="cheap loans")
    assert "programs do" in response.content.decode() and not Comment.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_cannot_make_a_browser_comment(client, post, headers):
    response = client.post(f"{post.get_absolute_url()}comment/", payload(post), headers=headers)
    assert response.status_code == 403 and "Surely the wind?" in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}])
def test_this_site_and_old_browsers_can(client, post, headers):
    assert client.post(f"{post.get_absolute_url()}comment/", payload(post), headers=headers).status_code == 303


@pytest.mark.usefixtures("one_moment")
def test_many_at_one_moment_are_told_to_wait_even_if_the_flood_rule_is_off(client, post):
    CommentSettings(flood_seconds=0).save()
    for number in range(6):
        assert send(client, post, text=f"Number {number}").status_code == 303
    response = send(client, post, text="One more")
    assert response.status_code == 429 and int(response["Retry-After"]) > 0
    assert "One more" in response.content.decode()
    elsewhere = client.post(f"{post.get_absolute_url()}comment/", payload(post), REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 303


def test_who_moderates_is_not_counted(client, post):
    client.force_login(make_user("mod", "Moderator"))
    for number in range(8):
        assert send(client, post, text=f"Number {number}").status_code == 303


def test_a_reply_stands_under_the_comment_it_answers(client, post):
    parent = make_comment(post, author_name="Keeper")
    html = client.get(f"{post.get_absolute_url()}comment/?parent={parent.pk}").content.decode()
    assert "Keeper" in html and f'name="parent" value="{parent.pk}"' in html
    send(client, post, parent=str(parent.pk))
    assert Comment.objects.get(status="pending").parent == parent


@pytest.mark.parametrize("which", ["pending", "elsewhere", "missing", "words"])
def test_only_an_approved_comment_of_the_post_can_be_answered(client, post, which):
    parents = {
        "pending": lambda: make_comment(post, status="pending").pk,
        "elsewhere": lambda: make_comment(make_post(title="Other")).pk,
        "missing": lambda: 10**30,
        "words": lambda: "x",
    }
    response = send(client, post, parent=str(parents[which]()))
    assert response.status_code == 422 and "no longer shown" in response.content.decode()
    assert 'name="parent" value=' not in response.content.decode()


@pytest.mark.parametrize("mode", ["closed", "hidden"])
def test_closed_comments_take_none_and_lose_no_words(client, post, mode):
    post.comments_mode = mode
    post.save()
    response = send(client, post)
    assert response.status_code == 403 and "Surely the wind?" in response.content.decode()
    assert not Comment.objects.exists()


def test_a_page_takes_comments_only_if_its_author_opens_them(client):
    page = make_page(title="About")
    assert send(client, page).status_code == 403
    page.comments_mode = "open"
    page.save()
    assert send(client, page).status_code == 303


def test_the_owner_may_ask_for_an_account(client, post):
    CommentSettings(who="accounts").save()
    assert send(client, post).status_code == 403
    client.force_login(make_user("reader"))
    assert send(client, post).status_code == 303
    assert Comment.objects.get().author_name == "Reader"


def test_who_is_signed_in_needs_djangos_token_and_loses_nothing_without(post):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("reader"))
    response = send(client, post)
    html = response.content.decode()
    assert response.status_code == 200 and "Surely the wind?" in html and not Comment.objects.exists()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1]
    assert send(client, post, csrfmiddlewaretoken=token).status_code == 303


@pytest.mark.parametrize("when", ["draft", "scheduled"])
def test_an_unpublished_post_takes_none(client, when):
    later = timezone.now() + timedelta(days=1)
    post = make_post(published_at=later)
    if when == "draft":
        post.status = "draft"
        post.save()
    assert send(client, post).status_code == 404


def test_other_methods_are_refused(client, post):
    assert client.put(f"{post.get_absolute_url()}comment/").status_code == 405


def test_an_unknown_capability_answers_404(client):
    assert client.get("/comment/status/nothing/").status_code == 404


def test_the_message_above_the_form_is_shown(client, post):
    CommentSettings(message="Be kind.").save()
    assert "Be kind." in client.get(post.get_absolute_url()).content.decode()
