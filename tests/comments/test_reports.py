import pytest

from comments import moderation, reporting, tokens
from comments.models import Comment, CommentSettings, Report
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db

WORDS = "It says where I live."


@pytest.fixture
def comment():
    return make_comment(make_post(title="Tides"), author_name="Gull", body="Number 7, Harbour Street.")


def address(comment) -> str:
    return f"/comment/{comment.pk}/report/"


def payload(comment, **fields) -> dict:
    return {"kind": "private", "words": WORDS, "token": tokens.for_writer(comment.post_id)} | fields


def send(client, comment, **fields):
    return client.post(address(comment), payload(comment, **fields))


def test_it_works(client, comment):
    response = send(client, comment)
    assert response.status_code == 303
    report = Report.objects.get()
    assert (report.comment, report.kind, report.words, report.closed_at) == (comment, "private", WORDS, None)
    assert len(report.address_digest) == 32
    page = client.get(response["Location"]).content.decode()
    assert "Your report is on its way." in page and comment.get_absolute_url() in page


def test_the_page_shows_the_comment_and_is_kept_by_nobody(client, comment):
    response = client.get(address(comment))
    page = response.content.decode()
    assert "Number 7, Harbour Street." in page and "Gull" in page and comment.get_absolute_url() in page
    assert page.count('type="radio"') == len(Report.Kind)
    assert "no-store" in response["Cache-Control"] and response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_the_page_of_thanks_is_kept_by_nobody_and_outlives_the_comment(client, comment):
    moderation.decide([comment], "remove", actor=make_user("mod", "Moderator"))
    response = client.get(f"{address(comment)}thanks/")
    assert response.status_code == 200 and comment.get_absolute_url() not in response.content.decode()
    assert "no-store" in response["Cache-Control"] and response["X-Robots-Tag"] == "noindex"


def test_it_changes_nothing_that_readers_see(client, comment):
    before = client.get(comment.post.get_absolute_url()).content
    send(client, comment)
    comment.refresh_from_db()
    assert comment.status == Comment.Status.APPROVED and comment.reported_at
    assert client.get(comment.post.get_absolute_url()).content == before


def test_words_are_no_duty(client, comment):
    assert send(client, comment, words="").status_code == 303


def test_the_same_network_is_told_that_it_is_on_its_way(client, comment):
    send(client, comment)
    again = send(client, comment, kind="rude", words="And rude.")
    assert again.status_code == 303 and Report.objects.count() == 1
    assert "reported already" in client.get(again["Location"]).content.decode()


def test_another_network_is_another_report(client, comment):
    send(client, comment)
    client.post(address(comment), payload(comment), REMOTE_ADDR="198.51.100.7")
    assert Report.objects.count() == 2


def assert_refused(response, status: int, *words: str) -> None:
    """With what was chosen and typed still there, and a token that works."""
    page = response.content.decode()
    assert response.status_code == status and not Report.objects.exists()
    assert [word for word in (WORDS, *words) if word not in page] == []
    assert 'role="alert"' in page


def test_a_kind_is_asked_for(client, comment):
    assert_refused(send(client, comment, kind=""), 422, "Choose what is wrong with it.")


def test_an_unknown_kind_is_refused(client, comment):
    assert_refused(send(client, comment, kind="x"), 422, "Choose what is wrong with it.")


def test_too_many_words_are_kept_and_refused(client, comment):
    response = send(client, comment, words=WORDS + "x" * 500)
    assert_refused(response, 422, f"{WORDS}{'x' * 500}", "at most 500 characters, and you have 521", "checked")


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_another_site_is_refused(client, comment, headers):
    response = client.post(address(comment), payload(comment), headers=headers)
    assert_refused(response, 403, "sent from another site", "checked")


@pytest.mark.parametrize("token", ["", "x", "1.2.3:x"])
def test_a_token_that_is_not_ours_is_refused_and_renewed(client, comment, token):
    response = send(client, comment, token=token)
    assert_refused(response, 422, "not quite fresh", "checked")
    assert tokens.read(response.context["form"]["token"].value(), comment.post_id)


def test_a_token_of_another_post_is_refused(client, comment):
    assert_refused(send(client, comment, token=tokens.for_writer(make_post().pk)), 422, "not quite fresh")


@pytest.mark.usefixtures("one_moment")
def test_too_many_reports_are_told_when_to_come_back(client, comment):
    others = [make_comment(comment.post) for _ in range(reporting.LIMITS[0][0])]
    for other in others:
        assert send(client, other).status_code == 303
    Report.objects.all().delete()
    response = send(client, comment)
    assert_refused(response, 429, "That is a lot of reports at once.", "checked")
    assert 0 < int(response["Retry-After"]) <= 60


@pytest.mark.parametrize("status", ["pending", "rejected", "spam", "removed"])
def test_only_a_comment_that_is_shown_can_be_reported(client, status):
    hidden = make_comment(make_post(), status=status)
    assert client.get(address(hidden)).status_code == send(client, hidden).status_code == 404
    assert not Report.objects.exists()


def test_none_can_be_reported_where_comments_are_hidden(client, comment):
    CommentSettings(mode="hidden").save()
    assert client.get(address(comment)).status_code == send(client, comment).status_code == 404


def test_those_who_are_signed_in_report_alike(client, comment):
    client.force_login(make_user())
    assert send(client, comment).status_code == 303


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_it_knows_no_other_method(client, comment, method):
    assert getattr(client, method)(address(comment)).status_code == 405
