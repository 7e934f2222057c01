"""The desk: what needs this user now, and nothing that is not theirs to see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog import reads, revisions
from blog.models import Post, ReviewNote, Revision, SiteSettings
from comments.models import Comment
from config import desk
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
DESK = "/admin/"


@pytest.fixture
def full_desk():
    """An author's posts in every standing, and another's, with comments under each."""
    arno, cora = make_user("arno", "Author"), make_user("cora", "Contributor")
    soon = timezone.now() + timedelta(days=1)
    mine = make_post(arno, title="Arno's post")
    make_post(arno, title="Arno's draft", status="draft")
    make_post(arno, title="Arno's scheduled one", published_at=soon)
    make_post(cora, title="Cora's draft", status="draft")
    make_post(cora, title="Cora's in review", status="in_review")
    theirs = make_post(make_user("other"), title="Somebody's post")
    make_comment(mine, body="Waits for Arno", status=Comment.Status.PENDING)
    make_comment(theirs, body="Waits for a moderator", status=Comment.Status.PENDING)
    make_comment(mine, body="Read under Arno's")
    return arno, cora


def _desk(client, user) -> str:
    client.force_login(user)
    return client.get(DESK).content.decode().replace("&#x27;", "'")


def test_an_author_sees_what_waits_for_them(client, full_desk):
    html = _desk(client, full_desk[0])
    assert "1 comment waits for you" in html
    for seen in ("Waits for Arno", "Arno's draft", "Arno's scheduled one", "Arno's post", "Read under", "Write a post"):
        assert seen in html
    for unseen in ("Waits for a moderator", "Cora's", "Somebody's post"):
        assert unseen not in html


def test_a_contributor_sees_their_own_posts_and_no_comments(client, full_desk):
    html = _desk(client, full_desk[1])
    for seen in ("Cora's draft", "Cora's in review", "Write a post"):
        assert seen in html
    for unseen in ("Arno's", "Waits for", "comments"):
        assert unseen not in html


def test_an_editor_sees_what_waits_for_an_editor(client, full_desk):
    html = _desk(client, make_user("edda", "Editor"))
    for seen in ("Waiting for an editor", "Cora's in review", "Arno's scheduled one", "Somebody's post"):
        assert seen in html
    for unseen in ("Cora's draft", "Arno's draft", "Waits for"):
        assert unseen not in html


def test_a_moderator_sees_comments_and_no_posts(client, full_desk):
    html = _desk(client, make_user("mona", "Moderator"))
    assert "2 comments wait for you" in html
    assert "Waits for a moderator" in html
    for unseen in ("Write a post", "draft", "scheduled"):
        assert unseen not in html


def test_an_owner_sees_all(client, full_desk):
    html = _desk(client, make_user("olive", "Owner"))
    for seen in ("2 comments wait", "Cora's in review", "Somebody's post", "Site settings", "Comment settings"):
        assert seen in html


def make_change(post, by, title: str) -> None:
    content = revisions.content_of(post) | {"title": title}
    revisions.wait(post, by, Revision.Why.SAVED, content)


def section(html: str, name: str) -> str:
    start = html.index(f'aria-labelledby="{name}"')
    return html[start : html.index("</section>", start)]


def test_changes_that_wait_stand_on_the_desk_of_who_may_publish_them(client, full_desk):
    arno, cora = full_desk
    mine = Post.objects.get(title="Arno's post")
    make_change(mine, arno, "Arno's new title")
    assert "Arno's post" in section(_desk(client, arno), "changed")
    assert "Arno's post" in section(_desk(client, make_user("edda", "Editor")), "changed")
    assert 'id="changed"' not in _desk(client, cora)
    revisions.discard_draft(mine)
    assert 'id="changed"' not in _desk(client, arno)


def test_open_notes_stand_on_the_desk_of_the_author_and_the_editors(client, full_desk):
    arno, cora = full_desk
    mine, theirs = Post.objects.get(title="Arno's draft"), Post.objects.get(title="Cora's draft")
    ReviewNote.objects.create(post=mine, author=cora, text="Which year?")
    ReviewNote.objects.create(post=theirs, name="A friend", text="<b>Lovely</b>")
    ReviewNote.objects.create(post=mine, author=cora, text="Settled", settled_at=timezone.now(), settled_by=arno)
    notes = section(_desk(client, arno), "notes")
    assert "Which year?" in notes and "Lovely" not in notes and "Settled" not in notes
    notes = section(_desk(client, make_user("edda", "Editor")), "notes")
    assert "Which year?" in notes and "A friend" in notes and "&lt;b&gt;Lovely" in notes


def test_a_year_of_publishing_is_ones_own_or_of_all(client, full_desk):
    arno, cora = full_desk
    assert "<b>1</b> post in the last 365 days" in _desk(client, arno)
    assert "<b>2</b> posts in the last 365 days" in _desk(client, make_user("edda", "Editor"))
    assert 'id="year"' not in _desk(client, cora)


def test_of_very_many_posts_the_year_says_that_it_shows_the_newest(client, full_desk, monkeypatch):
    monkeypatch.setattr(desk, "MOST_IN_YEAR", 1)
    html = _desk(client, make_user("edda", "Editor"))
    assert "<b>1</b> post in the last 365 days: the newest 1; there are more" in html


def test_reads_are_of_ones_own_posts_or_of_all(client, full_desk):
    arno, cora = full_desk
    today = timezone.now().date()
    for title, days in (("Arno's post", 0), ("Somebody's post", 0), ("Somebody's post", 29), ("Somebody's post", 30)):
        reads.count(Post.objects.get(title=title).pk, today - timedelta(days=days))
    html = _desk(client, arno)
    assert "<b>1</b> read in the last 30 days" in html
    assert "Arno's post" in section(html, "most-read")
    assert "Somebody's post" not in html
    html = _desk(client, make_user("edda", "Editor"))
    assert "<b>3</b> reads in the last 30 days" in html
    assert "Somebody's post" in section(html, "most-read")
    assert 'id="most-read"' not in _desk(client, cora)


def test_a_moderator_sees_nothing_of_publishing(client, full_desk):
    reads.count(Post.objects.get(title="Arno's post").pk, timezone.now().date())
    html = _desk(client, make_user("mona", "Moderator"))
    for unseen in ("365 days", "30 days", "Most read", "notes"):
        assert unseen not in html


def test_an_account_without_a_role_is_told_so(client):
    html = _desk(client, make_user("nobody", is_staff=True))
    assert "Your account has no role here yet." in html


def test_an_empty_desk_is_friendly(client):
    html = _desk(client, make_user("edda", "Editor"))
    for said in (
        "No comment waits",
        "None. What you begin",
        "Nothing is published yet",
        "No comments yet",
        "None in the last 30 days",
    ):
        assert said in html


def test_a_pages_draft_leads_to_the_page(client):
    user = make_user("edda", "Editor")
    page = make_page(author=user, title="About", status="draft")
    assert f"/admin/blog/page/{page.pk}/change/" in _desk(client, user)


def test_what_people_wrote_stays_text(client):
    user = make_user("mona", "Moderator")
    make_comment(make_post(), body="<script>alert(1)</script>", author_name="<b>x</b>", status="pending")
    html = _desk(client, user)
    assert "<script>alert" not in html
    assert "<b>x</b>" not in html


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Moderator", "Owner"])
def test_it_takes_few_queries(client, role, django_assert_max_num_queries):
    user = make_user("someone", role)
    for number in range(7):
        post = make_post(user, title=f"No. {number}")
        make_post(make_user(f"writer{number}"), title=f"Waits {number}", status="in_review")
        make_comment(post, status="pending")
        make_comment(post)
    client.force_login(user)
    # site settings, session, user, two for their rights;
    # drafts, in review, scheduled, published and changed ones by one query; notes; the year; reads; the most read;
    # waiting (count, newest), latest comments
    with django_assert_max_num_queries(13):
        client.get(DESK)


def test_the_desk_has_no_inline_style(client):
    client.force_login(make_user("olive", "Owner"))
    response = client.get(DESK)
    assert "style=" not in response.content.decode()
    assert "style-src 'self'" in response.headers["Content-Security-Policy"]


def test_a_stranger_logs_in_first(client):
    assert client.get(DESK).url == "/admin/login/?next=/admin/"
    assert "Log in" in client.get("/admin/login/").content.decode()


def test_the_door_names_the_site(client):
    SiteSettings(title="Tidewater Notes", tagline="A journal of one shoreline").save()
    html = client.get("/admin/login/").content.decode()
    assert "Log in · Tidewater Notes</title>" in html
    assert "A journal of one shoreline" in html


@pytest.mark.parametrize("password", ["wrong", "correct horse"])
def test_the_door_says_plainly_who_stays_out(client, password):
    make_user("rita")
    html = client.post("/admin/login/", {"username": "rita", "password": password}).content.decode()
    assert html.count("Name or password is wrong, or this account may not enter the desk.") == 1
    assert 'value="rita"' in html


@pytest.mark.parametrize(("role", "shown"), [("Owner", True), ("Editor", False)])
def test_users_stand_in_the_owners_bar(client, role, shown):
    html = _desk(client, make_user("someone", role))
    bar = html[html.index('class="places"') :]
    assert ('href="/admin/blog/user/"' in bar[: bar.index("</nav>")]) is shown
