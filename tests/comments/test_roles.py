"""Who may do what in the comments' admin: every address of it, each role, GET and POST."""

import pytest
from django.contrib import admin
from django.urls import reverse

from comments import moderation
from comments.models import Comment, CommentSettings, ModerationEvent
from comments.moderation import Verb
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "reader", "Contributor", "Author", "Editor", "Moderator", "Owner")

# One answer for each of ROLES. login: asked to sign in; 302: done, or sent on.
NOBODY = "login login 403 403 403 403 403"
OWN = "login login 403 200 200 200 200"
OWN_SENT_ON = "login login 403 302 302 302 302"
OWN_BUT_NOT_SO = "login login 403 405 405 405 405"
ALL = "login login 403 403 403 200 200"
ALL_SENT_ON = "login login 403 403 403 302 302"
OWNER = "login login 403 403 403 403 200"
OWNER_SENT_ON = "login login 403 403 403 403 302"
STAFF_SENT_ON = "login login 302 302 302 302 302"

# Name, what its number is, method, answers. "mine" lies under the user's own post, "theirs" under somebody else's.
TABLE = [
    ("comment_changelist", "", "get", OWN),
    ("comment_changelist", "", "post", OWN_BUT_NOT_SO),
    ("comment_add", "", "get", NOBODY),
    ("comment_add", "", "post", NOBODY),
    ("comment_change", "mine", "get", OWN),
    ("comment_change", "mine", "post", NOBODY),
    ("comment_change", "theirs", "get", ALL),
    ("comment_change", "theirs", "post", NOBODY),
    ("comment_history", "mine", "get", OWN_SENT_ON),
    ("comment_history", "mine", "post", OWN_SENT_ON),
    ("comment_history", "theirs", "get", ALL_SENT_ON),
    ("comment_history", "theirs", "post", ALL_SENT_ON),
    ("comment_delete", "mine", "get", NOBODY),
    ("comment_delete", "mine", "post", NOBODY),
    *(
        row
        for verb in Verb.values
        for row in [
            (f"comment_{verb}", "mine", "get", OWN_BUT_NOT_SO),
            (f"comment_{verb}", "mine", "post", OWN_SENT_ON),
            (f"comment_{verb}", "theirs", "get", OWN_BUT_NOT_SO),
            (f"comment_{verb}", "theirs", "post", ALL_SENT_ON),
            (f"comment_{verb}_selected", "select mine", "get", OWN_BUT_NOT_SO),
            (f"comment_{verb}_selected", "select mine", "post", OWN_SENT_ON),
            (f"comment_{verb}_selected", "select theirs", "post", ALL_SENT_ON),
            (f"comment_{verb}_selected", "select both", "post", ALL_SENT_ON),
        ]
    ),
    ("moderationevent_changelist", "", "get", ALL),
    ("moderationevent_changelist", "", "post", ALL),
    ("moderationevent_add", "", "get", NOBODY),
    ("moderationevent_add", "", "post", NOBODY),
    ("moderationevent_change", "event", "get", ALL),
    ("moderationevent_change", "event", "post", NOBODY),
    ("moderationevent_history", "event", "get", ALL),
    ("moderationevent_history", "event", "post", ALL),
    ("moderationevent_delete", "event", "get", NOBODY),
    ("moderationevent_delete", "event", "post", NOBODY),
    ("commentsettings_changelist", "", "get", STAFF_SENT_ON),
    ("commentsettings_changelist", "", "post", STAFF_SENT_ON),
    ("commentsettings_add", "", "get", NOBODY),
    ("commentsettings_add", "", "post", NOBODY),
    ("commentsettings_change", "settings", "get", OWNER),
    ("commentsettings_change", "settings", "post", OWNER_SENT_ON),
    ("commentsettings_history", "settings", "get", OWNER),
    ("commentsettings_history", "settings", "post", OWNER),
    ("commentsettings_delete", "settings", "get", NOBODY),
    ("commentsettings_delete", "settings", "post", NOBODY),
]
CASES = [
    pytest.param(name, on, method, role, answer, id=f"{role}-{method}-{name}-{on or 'all'}")
    for name, on, method, answers in TABLE
    for role, answer in zip(ROLES, answers.split(), strict=True)
]


@pytest.mark.parametrize(("name", "on", "method", "role", "answer"), CASES)
def test_each_role(client, name, on, method, role, answer):
    user = None if role == "anonymous" else make_user("somebody", "" if role == "reader" else role)
    if user:
        client.force_login(user)
    mine = make_post(author=user, title="Mine") if user else make_post(title="Mine")
    theirs = make_post(author=make_user("stranger", "Author"), title="Theirs")
    status = "rejected" if "restore" in name else "pending"
    comments = {"mine": make_comment(mine, status=status), "theirs": make_comment(theirs, status=status)}
    gone = make_comment(theirs, status="pending")
    moderation.approve(gone, rule="import")
    numbers = {"event": ModerationEvent.objects.get().pk, "settings": 1}
    numbers |= {key: comment.pk for key, comment in comments.items()}
    selected = [comment.pk for key, comment in comments.items() if on in (f"select {key}", "select both")]
    data = {"selected": selected, "who": "anyone", "mode": "closed", "message": ""} if method == "post" else {}
    args = [numbers[on]] if on in numbers else []

    response = getattr(client, method)(reverse(f"admin:comments_{name}", args=args), data)

    if answer == "login" and method == "post" and user is None:
        # Not the sign-in page, which would lose what was sent.
        assert response.status_code == 403 and "signed out" in response.content.decode()
    elif answer == "login":
        assert response.status_code == 302
        assert response.url.startswith(reverse("admin:login"))
    else:
        assert response.status_code == int(answer)
    changed = {key for key, comment in comments.items() if Comment.objects.get(pk=comment.pk).status != status}
    may = method == "post" and answer == "302" and "history" not in name and name.startswith("comment_")
    touched = {key for key in comments if key in on or on == "select both"}
    assert changed == (touched if may else set())
    assert ModerationEvent.objects.count() == 1 + len(changed)
    assert CommentSettings.load().mode == ("closed" if answer == "302" and on == "settings" else "open")


def test_the_table_names_every_address():
    ours = (Comment, ModerationEvent, CommentSettings)
    patterns = [pattern for model in ours for pattern in admin.site.get_model_admin(model).get_urls()]

    # The one without a name sends /<number>/ on to /<number>/change/.
    assert {pattern.name for pattern in patterns if pattern.name} == {f"comments_{name}" for name, *_ in TABLE}


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Moderator"])
def test_the_desk_lists_what_a_role_may_open(client, role):
    user = make_user("somebody", role)
    client.force_login(user)

    labels = {
        model["admin_url"]
        for app in client.get(reverse("admin:index")).context["available_apps"]
        for model in app["models"]
        if app["app_label"] == "comments"
    }

    queue, log = (reverse(f"admin:comments_{name}_changelist") for name in ("comment", "moderationevent"))
    assert labels == {"Contributor": set(), "Author": {queue}, "Editor": {queue}, "Moderator": {queue, log}}[role]
