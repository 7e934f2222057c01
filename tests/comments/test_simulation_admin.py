"""The settings page's “Try these on past comments”: asked for without saving, shown, then saved or changed."""

import re
from datetime import timedelta

import lxml.html
import pytest
from django.forms import model_to_dict
from django.urls import reverse
from django.utils import timezone

from comments import moderation
from comments.models import Comment, CommentSettings, Job
from comments.policy import Verdict
from tests.factories import make_comment, make_user

pytestmark = pytest.mark.django_db
CHANGE = "/admin/comments/commentsettings/1/change/"
TRY = "/admin/comments/commentsettings/try/"
GONE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def owner(client):
    user = make_user("olive", "Owner")
    client.force_login(user)
    return user


@pytest.fixture
def comment(post):
    comment = Comment(post=post, author_name="Mud", author_email="mud@example.org", body="Surely <the> wind?")
    moderation.receive(comment, Verdict("pending", ["held_all", "first_time:guest/1"], "hold_all"))
    return comment


def typed(**fields) -> dict:
    """The form as a browser sends it."""
    values = model_to_dict(CommentSettings.load(), exclude=["id"]) | {"hold_all": "on"} | fields
    return {name: value for name, value in values.items() if value is not None and value is not False}


def tried(client, django_capture_on_commit_callbacks, **fields):
    """The page to which the form leads; the worker is done by then."""
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(TRY, typed(**fields))
    assert response.status_code == 303, response.content.decode()
    return client.get(response["Location"])


def words(response) -> str:
    assert response.status_code == 200
    return " ".join(lxml.html.fromstring(response.content.decode()).text_content().split())


def cells(response) -> list[list[str]]:
    (body,) = lxml.html.fromstring(response.content.decode()).findall(".//table/tbody")
    return [[cell.text_content() for cell in row] for row in body]


def hidden(response) -> dict:
    forms = lxml.html.fromstring(response.content.decode()).forms
    form = next(form for form in forms if form.action == CHANGE)
    return dict(form.form_values())


def test_it_is_asked_for_from_the_form_without_saving(client, owner, comment, django_capture_on_commit_callbacks):
    page = tried(client, django_capture_on_commit_callbacks, hold_all=False, approved_needed=0, **{"try": "100"})

    said = words(page)
    assert "hold every comment: was yes would be no" in said
    assert cells(page) == [
        ["Then", "0", "1", "0", "0"],
        ["As saved", "0", "1", "0", "0"],
        ["With these", "1", "0", "0", "0"],
    ]
    assert "1 comment would have fared otherwise" in said
    assert "Surely <the> wind?" in said
    assert "Every comment is read before it appears" in said and "No rule was against it" in said
    assert reverse("admin:comments_comment_change", args=[comment.pk]) in page.content.decode()
    assert CommentSettings.load().hold_all, "nothing is saved"
    assert Job.objects.get().asked["size"] == 100


def test_the_buttons_say_how_many(client, owner):
    form = lxml.html.fromstring(client.get(CHANGE).content.decode()).get_element_by_id("commentsettings_form")
    buttons = form.findall(".//button[@formaction]")
    assert {one.get("value"): one.text_content() for one in buttons} == {
        "100": "The last 100",
        "1000": "The last 1,000",
        "10000": "The last 10,000",
    }
    assert {one.get("formaction") for one in buttons} == {TRY}
    order = re.findall(r'name="(_save|try)"', client.get(CHANGE).content.decode())
    assert order[0] == "_save", "Enter in a field saves, as ever"


@pytest.mark.parametrize("size", ["", "7", "100000", "x"])
def test_another_number_is_a_thousand(client, owner, size):
    client.post(TRY, typed(**{"try": size}))
    assert Job.objects.get().asked["size"] == 1_000


def test_what_is_wrong_is_said_and_all_that_was_typed_is_kept(client, owner):
    response = client.post(TRY, typed(max_links="many", message="Be kind."))
    page = lxml.html.fromstring(response.content.decode())
    assert "Enter a whole number." in page.text_content()
    form = page.get_element_by_id("commentsettings_form")
    assert form.action == CHANGE, "sent again, it is saved"
    assert (form.fields["max_links"], form.fields["message"].strip()) == ("many", "Be kind.")
    assert not Job.objects.exists() and CommentSettings.load().message == ""


def test_they_are_saved_from_there(client, owner, comment, django_capture_on_commit_callbacks):
    page = tried(client, django_capture_on_commit_callbacks, hold_all=False, max_links=7, message="Be “kind”.")

    assert client.post(CHANGE, hidden(page) | {"_save": "1"}).status_code == 302

    saved = CommentSettings.load()
    assert (saved.hold_all, saved.max_links, saved.message) == (False, 7, "Be “kind”.")
    page = client.get(reverse("admin:comments_commentsettings_tried", args=[Job.objects.get().pk]))
    assert "These settings are the saved ones." in words(page)
    assert "Save these settings" not in words(page)


def test_what_was_saved_meanwhile_stays(client, owner, django_capture_on_commit_callbacks):
    tried(client, django_capture_on_commit_callbacks, max_links=7)
    CommentSettings(message="Be brief.").save()
    page = client.get(reverse("admin:comments_commentsettings_tried", args=[Job.objects.get().pk]))
    client.post(CHANGE, hidden(page) | {"_save": "1"})
    saved = CommentSettings.load()
    assert (saved.message, saved.max_links) == ("Be brief.", 7)


def test_they_are_changed_from_there_with_nothing_lost(client, owner, django_capture_on_commit_callbacks):
    page = tried(client, django_capture_on_commit_callbacks, hold_all=False, max_links=7)
    link = next(one for one in re.findall(r'href="([^"]*)"', page.content.decode()) if "?tried=" in one)

    form = lxml.html.fromstring(client.get(link).content.decode()).get_element_by_id("commentsettings_form")
    assert form.fields["max_links"] == "7" and "hold_all" not in dict(form.form_values())
    client.post(link, dict(form.form_values()) | {"max_links": "8", "_save": "1"})
    saved = CommentSettings.load()
    assert (saved.hold_all, saved.max_links) == (False, 8)


@pytest.mark.parametrize("pk", ["x", "", GONE])
def test_a_trial_that_is_gone_leaves_the_form_as_it_is(client, owner, pk):
    assert client.get(f"{CHANGE}?tried={pk}").status_code == 200
    assert client.get(f"{TRY}{GONE}/").status_code == 404


def test_the_work_of_another_kind_is_no_trial(client, owner):
    job = Job.objects.create(kind="retrain", user=owner)
    assert client.get(f"{TRY}{job.pk}/").status_code == 404


def test_it_shows_how_far_it_is(client, owner):
    job = Job.objects.create(kind="simulate", user=owner, asked={"size": 10_000, "changes": {}})
    page = client.get(f"{TRY}{job.pk}/")
    assert "It begins in a moment." in words(page)
    Job.objects.update(done=1_200, total=10_000)
    page = client.get(f"{TRY}{job.pk}/")
    assert "1,200 of 10,000 comments" in words(page)
    html = page.content.decode()
    assert 'value="1200" max="10000"' in html
    assert "data-wait" in html and 'http-equiv="refresh"' in html, "with and without a script"
    assert "Save these settings" not in html


def test_one_that_does_not_end_is_not_waited_for(client, owner):
    before = timezone.now() - timedelta(hours=1)
    job = Job.objects.create(kind="simulate", user=owner, asked={"size": 100, "changes": {}}, created_at=before)
    assert "This has not come to an end." in words(client.get(f"{TRY}{job.pk}/"))


def test_one_that_failed_says_so(client, owner):
    fields = {"asked": {"size": 100, "changes": {"max_links": ["2", "7"]}}, "problem": "Something went wrong."}
    job = Job.objects.create(kind="simulate", user=owner, finished_at=timezone.now(), **fields)
    said = words(client.get(f"{TRY}{job.pk}/"))
    assert "Something went wrong. Nothing was changed." in said
    assert "Save these settings" in said


def test_there_is_nothing_to_try_them_on(client, owner, django_capture_on_commit_callbacks):
    assert "There is no comment yet" in words(tried(client, django_capture_on_commit_callbacks))


def test_a_comment_that_is_deleted_since_is_not_shown(client, owner, comment, django_capture_on_commit_callbacks):
    page = tried(client, django_capture_on_commit_callbacks, hold_all=False, approved_needed=0)
    moderation.delete(comment, actor=owner)
    said = words(client.get(page.request["PATH_INFO"]))
    assert "1 comment would have fared otherwise" in said and "1 of them is deleted by now." in said
    assert "wind?" not in said


def test_what_people_decided_stands_beside_it(client, owner, comment, django_capture_on_commit_callbacks):
    moderation.decide([comment], "spam", actor=owner)
    said = words(tried(client, django_capture_on_commit_callbacks, hold_all=False, approved_needed=0))
    assert "Of 1 comment that they called spam, 0 would have been caught (1 then)" in said
    said = words(tried(client, django_capture_on_commit_callbacks))
    assert "Of 1 comment that they called spam, 1 would have been caught (1 then), of which 1 held" in said


def test_what_is_left_out_is_said(client, owner, comment):
    fields = {"gone": 2, "wordless": 1, "unscored": 1, "unknown_rules": 1, "no_network": 1}
    found = {"looked_at": 1, "since": timezone.now().isoformat(), "then": {"pending": 1}, "now": {"pending": 1}}
    found |= {"saved": {"pending": 1}, "people": {}, "changes": []} | fields
    changes = {"spam_mode": ["observe", "act"]}
    job = Job.objects.create(
        kind="simulate", user=owner, asked={"size": 1, "changes": changes}, found=found, finished_at=timezone.now()
    )
    said = words(client.get(f"{TRY}{job.pk}/"))
    for one in (
        "2 comments of that time are deleted by now",
        "The words of 1 comment are forgotten",
        "1 comment was never seen by the spam filter",
        "1 block rule looks at browsers or wide networks",
        "The network of 1 comment is forgotten",
        "The policies of labels and posts, block rules, and who may moderate count as they are today.",
        "spam filter: was observe only: it says what it thinks, and learns would be act",
    ):
        assert one in said, one


def test_all_that_would_fare_otherwise_can_be_looked_at(client, owner, comment, monkeypatch):
    monkeypatch.setattr("comments.admin.simulation.LISTED", 2)
    ids = [make_comment(comment.post, body=f"Number {number}").pk for number in range(5)]
    changes = [[pk, "approved", "approved", ["nothing_against"], "pending", ["held_all"]] for pk in reversed(ids)]
    found = {"looked_at": 9, "since": timezone.now().isoformat(), "then": {}, "saved": {}, "now": {}, "people": {}}
    found |= dict.fromkeys(("gone", "wordless", "unscored", "unknown_rules", "no_network"), 0) | {"changes": changes}
    fields = {"asked": {"size": 100, "changes": {}}, "found": found, "finished_at": timezone.now()}
    address = f"{TRY}{Job.objects.create(kind='simulate', user=owner, **fields).pk}/"

    shown = [client.get(f"{address}?page={page}").context for page in ("1", "2", "3", "9", "x")]

    listed = [[change["comment"].body[-1] for change in context["changes"]] for context in shown]
    assert listed == [["4", "3"], ["2", "1"], ["0"], [], ["4", "3"]]
    assert [(context["newer"], context["older"]) for context in shown[:3]] == [(None, 2), (1, 3), (2, None)]
    assert "3 to 4" in words(client.get(f"{address}?page=2"))
