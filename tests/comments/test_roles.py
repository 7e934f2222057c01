"""Who may do what in the comments' admin: every address of it, each role, GET and POST."""

import pytest
from django.contrib import admin
from django.forms import model_to_dict
from django.urls import reverse

from blog.models import Label
from comments import moderation
from comments.models import (
    BlockRule,
    BulkDecision,
    Comment,
    Commenter,
    CommenterNote,
    CommentSettings,
    Job,
    LabelPolicy,
    MailChoice,
    ModerationEvent,
    PostPolicy,
)
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
ALL_BUT_NOT_SO = "login login 403 403 403 405 405"
OWNER = "login login 403 403 403 403 200"
OWNER_SENT_ON = "login login 403 403 403 403 302"
OWNER_SEES_OTHER = "login login 403 403 403 403 303"
OWNER_BUT_NOT_SO = "login login 403 403 403 403 405"
OWNER_WITHOUT_A_FILE = "login login 403 403 403 403 422"
STAFF_SENT_ON = "login login 302 302 302 302 302"
STAFF = "login login 200 200 200 200 200"

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
    ("comment_delete", "mine", "get", OWNER),
    ("comment_delete", "mine", "post", OWNER_SENT_ON),
    ("comment_delete", "theirs", "post", OWNER_SENT_ON),
    ("comment_reply", "mine", "get", OWN_BUT_NOT_SO),
    ("comment_reply", "mine", "post", OWN_SENT_ON),
    ("comment_reply", "theirs", "post", ALL_SENT_ON),
    ("comment_edit", "mine", "get", OWN),
    ("comment_edit", "mine", "post", OWN_SENT_ON),
    ("comment_edit", "theirs", "get", ALL),
    ("comment_edit", "theirs", "post", ALL_SENT_ON),
    ("comment_undo", "batch of theirs", "get", OWN_BUT_NOT_SO),
    ("comment_undo", "batch of theirs", "post", ALL_SENT_ON),
    ("comment_bulk", "bulk of theirs", "get", ALL),
    ("comment_bulk", "bulk of theirs", "post", OWN_BUT_NOT_SO),
    # Contributors too: comments may stand under what they wrote.
    ("comment_mail", "", "get", STAFF),
    ("comment_mail", "", "post", STAFF_SENT_ON),
    # Who moderates all may look; what the filter has learnt is the owner's.
    ("comment_filter", "", "get", ALL),
    ("comment_filter", "", "post", ALL_BUT_NOT_SO),
    ("comment_filter_progress", "retraining", "get", ALL),
    ("comment_filter_progress", "retraining", "post", ALL_BUT_NOT_SO),
    ("comment_filter_reset", "", "get", OWNER),
    ("comment_filter_reset", "", "post", OWNER_SENT_ON),
    ("comment_filter_export", "", "get", OWNER),
    ("comment_filter_export", "", "post", OWNER_BUT_NOT_SO),
    ("comment_filter_import", "", "get", OWNER),
    ("comment_filter_import", "", "post", OWNER_WITHOUT_A_FILE),
    ("comment_filter_retrain", "", "get", OWNER),
    ("comment_filter_retrain", "", "post", OWNER_SENT_ON),
    ("comment_filter_stop", "retraining", "get", OWNER_BUT_NOT_SO),
    ("comment_filter_stop", "retraining", "post", OWNER_SENT_ON),
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
    ("moderationevent_changelist", "", "post", ALL_BUT_NOT_SO),
    ("moderationevent_export", "", "get", ALL),
    ("moderationevent_export", "", "post", ALL_BUT_NOT_SO),
    ("moderationevent_add", "", "get", NOBODY),
    ("moderationevent_add", "", "post", NOBODY),
    ("moderationevent_change", "event", "get", ALL_SENT_ON),
    ("moderationevent_change", "event", "post", NOBODY),
    ("moderationevent_history", "event", "get", ALL_SENT_ON),
    ("moderationevent_history", "event", "post", NOBODY),
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
    ("commentsettings_try", "", "get", OWNER_BUT_NOT_SO),
    ("commentsettings_try", "", "post", OWNER_SEES_OTHER),
    ("commentsettings_tried", "trial", "get", OWNER),
    ("commentsettings_tried", "trial", "post", OWNER_BUT_NOT_SO),
    ("labelpolicy_changelist", "", "get", OWNER),
    ("labelpolicy_changelist", "", "post", OWNER),
    ("labelpolicy_add", "", "get", OWNER),
    ("labelpolicy_add", "", "post", OWNER_SENT_ON),
    ("labelpolicy_change", "label policy", "get", OWNER),
    ("labelpolicy_change", "label policy", "post", OWNER_SENT_ON),
    ("labelpolicy_history", "label policy", "get", OWNER),
    ("labelpolicy_history", "label policy", "post", OWNER),
    ("labelpolicy_delete", "label policy", "get", OWNER),
    ("labelpolicy_delete", "label policy", "post", OWNER_SENT_ON),
    ("blockrule_changelist", "", "get", ALL),
    ("blockrule_changelist", "", "post", ALL),
    ("blockrule_add", "", "get", ALL),
    ("blockrule_add", "", "post", ALL_SENT_ON),
    ("blockrule_change", "rule", "get", ALL),
    ("blockrule_change", "rule", "post", ALL_SENT_ON),
    ("blockrule_history", "rule", "get", ALL),
    ("blockrule_history", "rule", "post", ALL),
    ("blockrule_delete", "rule", "get", ALL),
    ("blockrule_delete", "rule", "post", ALL_SENT_ON),
    ("blockrule_test", "", "get", ALL),
    ("blockrule_test", "", "post", ALL),
    ("blockrule_import", "", "get", ALL),
    ("blockrule_import", "", "post", ALL),
    ("blockrule_export", "", "get", ALL),
    ("blockrule_export", "", "post", ALL_BUT_NOT_SO),
    ("commenter_changelist", "", "get", ALL),
    ("commenter_changelist", "", "post", ALL),
    ("commenter_add", "", "get", NOBODY),
    ("commenter_add", "", "post", NOBODY),
    ("commenter_change", "commenter", "get", ALL),
    ("commenter_change", "commenter", "post", NOBODY),
    ("commenter_history", "commenter", "get", ALL_SENT_ON),
    ("commenter_history", "commenter", "post", ALL_SENT_ON),
    ("commenter_delete", "commenter", "get", OWNER),
    ("commenter_delete", "commenter", "post", OWNER_SENT_ON),
    ("commenter_note_delete", "note", "get", ALL_BUT_NOT_SO),
    ("commenter_note_delete", "note", "post", ALL_SENT_ON),
    # One of which nothing is kept yet.
    ("commenter_account", "account", "get", ALL),
    ("commenter_account", "account", "post", NOBODY),
    ("commenter_account_delete", "account", "get", OWNER),
    ("commenter_account_delete", "account", "post", OWNER_SENT_ON),
    *(
        row
        for verb in ("block", "unblock", "note")
        for row in [
            (f"commenter_{verb}", "commenter", "get", ALL_BUT_NOT_SO),
            (f"commenter_{verb}", "commenter", "post", ALL_SENT_ON),
            (f"commenter_account_{verb}", "account", "get", ALL_BUT_NOT_SO),
            (f"commenter_account_{verb}", "account", "post", ALL_SENT_ON),
        ]
    ),
    # A post's policy is found by the post's number.
    ("postpolicy_change", "my post", "get", OWN),
    ("postpolicy_change", "my post", "post", OWN_SENT_ON),
    ("postpolicy_change", "their post", "get", ALL),
    ("postpolicy_change", "their post", "post", ALL_SENT_ON),
]
CASES = [
    pytest.param(name, on, method, role, answer, id=f"{role}-{method}-{name}-{on or 'all'}")
    for name, on, method, answers in TABLE
    for role, answer in zip(ROLES, answers.split(), strict=True)
]


def as_they_are(comments: dict[str, Comment]) -> dict[str, tuple | None]:
    rows = Comment.objects.filter(pk__in=[comment.pk for comment in comments.values()])
    found = {pk: state for pk, *state in rows.values_list("pk", "status", "body")}
    return {key: found.get(comment.pk) for key, comment in comments.items()}


# What changes something that is kept of people; whom nobody blocked, "unblock" leaves alone.
KEEPS = {"comment_mail", "commenter_note_delete", "commenter_delete"}
KEEPS |= {f"commenter_{kind}{verb}" for kind in ("", "account_") for verb in ("block", "note")}


def what_is_kept_of_people() -> list[set]:
    return [
        set(Commenter.objects.values_list("pk", "user", "blocked_at")),
        set(CommenterNote.objects.values_list("pk", "text")),
        set(MailChoice.objects.values_list("user", "when")),
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
    comments["decided"] = make_comment(theirs, status="pending")
    moderation.decide([comments["decided"]], "approve", rule="import")
    event = ModerationEvent.objects.get()
    numbers = {"event": event.pk, "settings": 1, "batch of theirs": event.batch}
    numbers["bulk of theirs"] = BulkDecision.objects.create(actor=theirs.author, verb="spam").pk
    numbers["retraining"] = Job.objects.create(kind=Job.Kind.RETRAIN, user=theirs.author).pk
    label_policy = LabelPolicy.objects.create(label=Label.objects.create(name="tides"))
    Label.objects.create(name="boats")
    commenter = Commenter.objects.create(email="reader@example.org")
    note = CommenterNote.objects.create(commenter=commenter, author=user, text="A note.")
    numbers |= {"commenter": commenter.pk, "account": make_user("rita").pk, "note": (commenter.pk, note.pk)}
    numbers |= {"trial": Job.objects.create(kind="simulate", user=theirs.author, asked={"changes": {}}).pk}
    numbers |= {"rule": BlockRule.objects.create(match="word", pattern="dice").pk}
    numbers |= {"label policy": label_policy.pk, "my post": mine.pk, "their post": theirs.pk}
    numbers |= {key: comment.pk for key, comment in comments.items()}
    selected = [comments[key].pk for key in ("mine", "theirs") if on in (f"select {key}", "select both")]
    values = model_to_dict(CommentSettings(), exclude=["id"]) | {"mode": "closed", "label": "boats"}
    values |= {
        "when": "never",
        "match": "word",
        "pattern": "casino",
        "field": "any",
        "action": "hold",
        "text": "casino",
    }
    values |= {f"seen-{comment.pk}": comment.state for comment in comments.values()}
    data = {"selected": selected, **values} if method == "post" else {}
    before = as_they_are(comments)
    args = numbers[on] if on == "note" else [numbers[on]] if on in numbers else []
    kept = what_is_kept_of_people()

    response = getattr(client, method)(reverse(f"admin:comments_{name}", args=args), data)

    if answer == "login" and method == "post" and user is None:
        # Not the sign-in page, which would lose what was sent.
        assert response.status_code == 403 and "signed out" in response.content.decode()
    elif answer == "login":
        assert response.status_code == 302
        assert response.url.startswith(reverse("admin:login"))
    else:
        assert response.status_code == int(answer)
    may = method == "post" and answer == "302"
    assert (what_is_kept_of_people() != kept) == (may and name in KEEPS)
    now = as_they_are(comments)
    changed = {key for key in comments if now[key] != before[key]}
    may = may and "history" not in name and name.startswith("comment_")
    touched = {key for key in ("mine", "theirs") if on in (key, f"select {key}", "select both")}
    if on == "batch of theirs" and role in ("Moderator", "Owner"):
        touched = {"decided"}
    assert changed == (touched if may else set())
    assert (ModerationEvent.objects.count() > 1) == bool(changed)
    assert CommentSettings.load().mode == ("closed" if answer == "302" and on == "settings" else "open")


def test_the_table_names_every_address():
    ours = (BlockRule, Comment, Commenter, ModerationEvent, CommentSettings, LabelPolicy, PostPolicy)
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

    names = ("comment", "commenter", "moderationevent", "blockrule")
    queue, *others = (reverse(f"admin:comments_{name}_changelist") for name in names)
    opens = {"Contributor": set(), "Author": {queue}, "Editor": {queue}, "Moderator": {queue, *others}}
    assert labels == opens[role]
