import pytest
from django.contrib.admin.models import LogEntry
from django.forms import model_to_dict
from django.urls import reverse
from django.utils import timezone

from blog.models import Label
from comments.conditions import RULES, Conditions
from comments.models import CommentSettings, LabelPolicy, PostPolicy
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/comments/commentsettings/1/change/"
LABELS = "/admin/comments/labelpolicy/"


def values(**changes) -> dict:
    """A form that says nothing but `changes`."""
    return dict.fromkeys(RULES, "") | changes


def policy_page(post) -> str:
    return reverse("admin:comments_postpolicy_change", args=[post.pk])


def table(response) -> dict[str, tuple[str, str]]:
    """The policy in force as the page shows it: rule -> value, level."""
    rows = next(context["rows"] for context in response.context if "rows" in context)
    return {row.name: (row.words, row.level) for row in rows}


@pytest.fixture
def owner(client):
    user = make_user("keeper", "Owner")
    client.force_login(user)
    return user


@pytest.fixture
def post():
    return make_post(title="Tides", labels=("boats",))


# The site's.


def test_the_owner_finds_every_setting_and_saves_it(client, owner):
    html = client.get(SETTINGS).content.decode()
    fields = set(model_to_dict(CommentSettings(), exclude=["id"]))  # without those that nobody edits
    assert {name for name in fields if f'name="{name}"' in html} == fields
    new = model_to_dict(CommentSettings(), exclude=["id", "hold_all"]) | {"max_links": 7, "flood_seconds": 30}
    assert client.post(SETTINGS, new).status_code == 302
    saved = CommentSettings.load()
    assert (saved.max_links, saved.flood_seconds, saved.hold_all) == (7, 30, False)


@pytest.mark.parametrize(
    "name, value", [("max_links", "-1"), ("max_links", "101"), ("close_after_days", "40000"), ("flood_seconds", "x")]
)
def test_a_bad_figure_is_told_and_nothing_is_saved(client, owner, name, value):
    new = model_to_dict(CommentSettings(), exclude=["id"]) | {"message": "Be kind.", name: value}
    response = client.post(SETTINGS, new)
    html = response.content.decode()
    assert response.status_code == 200 and "Be kind." in html and f'value="{value}"' in html
    assert not CommentSettings.objects.exists()


# Labels'.


def test_the_owner_gives_a_label_a_policy(client, owner, post):
    html = client.get(f"{LABELS}add/").content.decode()
    assert "As the site says (waits for a moderator)" in html and '<option value="boats">' in html
    response = client.post(f"{LABELS}add/", values(label="boats", max_links="1", hold_all="False"))
    assert response.status_code == 302
    policy = LabelPolicy.objects.get()
    assert (str(policy), policy.max_links, policy.hold_all, policy.closed) == ("boats", 1, False, False)
    assert policy.approved_needed is None
    listed = client.get(LABELS, {"q": "boats"}).content.decode()
    assert "with 1 or more, a comment waits" in listed and "need not wait" in listed


def test_a_labels_policy_is_changed_and_its_label_is_not(client, owner, post):
    policy = LabelPolicy.objects.create(label=Label.objects.get(), max_links=1)
    address = f"{LABELS}{policy.pk}/change/"
    assert 'name="label"' not in client.get(address).content.decode()
    client.post(address, values(label="tides", closed="on"))
    policy.refresh_from_db()
    assert (str(policy), policy.max_links, policy.closed) == ("boats", None, True)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"label": "ships"}, "no label of this name"),
        ({"label": ""}, "required"),
        ({"label": "boats", "max_links": "101"}, "less than or equal to 100"),
        ({"label": "boats", "max_links": "-1"}, "greater than or equal to 0"),
        ({"label": "boats", "hold_after_days": "soon"}, "whole number"),
    ],
)
def test_bad_input_is_told_and_kept(client, owner, post, changes, words):
    response = client.post(f"{LABELS}add/", values(**changes))
    assert response.status_code == 200 and words in response.content.decode()
    assert all(f'value="{value}"' in response.content.decode() for value in changes.values() if value)
    assert not LabelPolicy.objects.exists()


def test_a_label_has_one_policy(client, owner, post):
    LabelPolicy.objects.create(label=Label.objects.get())
    assert "already exists" in client.post(f"{LABELS}add/", values(label="boats")).content.decode()


def test_a_label_with_a_policy_is_not_deleted_and_the_page_says_why(client, owner, post):
    label = Label.objects.get()
    LabelPolicy.objects.create(label=label)
    address = f"/admin/blog/label/{label.pk}/delete/"
    assert "omment policy of a label: boats" in client.get(address).content.decode()
    client.post(address, {"post": "yes"})
    selected = {"action": "delete_selected", "_selected_action": [label.pk], "post": "yes"}
    client.post("/admin/blog/label/", selected)
    assert Label.objects.exists()
    LabelPolicy.objects.all().delete()
    client.post(address, {"post": "yes"})
    assert not Label.objects.exists()


# A post's.


def test_an_author_sets_the_policy_of_an_own_post(client, post):
    client.force_login(make_user("writer", "Author"))
    post.author = make_user("other", "Author")
    post.save()
    assert client.get(policy_page(post)).status_code == 403
    client.force_login(post.author)
    html = client.get(policy_page(post)).content.decode()
    assert "Tides" in html and "As the site says (waits for a moderator)" in html
    response = client.post(policy_page(post), values(hold_all="False", max_links="5", close_after_days="0"))
    assert response.status_code == 302
    found = Conditions.of(post)
    assert (found.hold_all.value, found.max_links.value, found.close_after_days.value) == (False, 5, 0)
    assert {found.hold_all.level, found.max_links.level, found.close_after_days.level} == {"post"}
    assert found.approved_needed.level == "site"


def test_what_is_emptied_is_inherited_again(client, owner, post):
    PostPolicy.objects.create(post=post, max_links=5)
    client.post(policy_page(post), values())
    client.post(policy_page(post), values())
    assert PostPolicy.objects.get().max_links is None and Conditions.of(post).max_links.level == "site"


def test_saving_it_is_logged(client, owner, post):
    client.post(policy_page(post), values(max_links="5"))
    entry = LogEntry.objects.get()
    assert entry.user == owner and entry.object_id == str(PostPolicy.objects.get().pk)


@pytest.mark.parametrize("changes", [{"max_links": "x"}, {"max_links": "101"}, {"hold_after_days": "-4"}])
def test_a_bad_value_is_told_and_kept(client, owner, post, changes):
    response = client.post(policy_page(post), values(approved_needed="3", **changes))
    html = response.content.decode()
    assert response.status_code == 200 and 'value="3"' in html and "correct the error" in html
    assert all(f'value="{value}"' in html for value in changes.values())
    assert not PostPolicy.objects.exists()


@pytest.mark.parametrize("number", ["999999", "x", "1_0", "9" * 40])
def test_a_post_that_is_none_leads_back_to_the_desk(client, owner, number):
    response = client.get(f"/admin/comments/postpolicy/{number}/change/")
    assert response.status_code == 302 and response["Location"] == reverse("admin:index")


def test_a_page_has_one_too(client, owner):
    page = make_page(title="About")
    assert client.post(policy_page(page), values(hold_all="True")).status_code == 302
    assert PostPolicy.objects.get().post_id == page.pk


def test_a_moderator_learns_nothing_of_drafts(client):
    client.force_login(make_user("mod", "Moderator"))
    draft, published = make_post(title="Secret", status="draft"), make_post()
    assert client.get(policy_page(published)).status_code == 200
    assert client.get(policy_page(draft)).status_code == 403
    assert client.post(policy_page(draft), values(max_links="5")).status_code == 403


# The policy in force.


def test_the_editor_shows_what_holds_and_who_says_so(client, owner, post):
    LabelPolicy.objects.create(label=Label.objects.get(), max_links=1, closed=True)
    PostPolicy.objects.create(post=post, hold_after_days=14)
    response = client.get(f"/admin/blog/post/{post.pk}/change/")
    shown = table(response)
    assert shown["Comments"] == ("closed: shown, no new ones", "Label “boats”")
    assert shown["Every comment"] == ("waits for a moderator", "Site")
    assert shown["Links"] == ("with 1 or more, a comment waits", "Label “boats”")
    assert shown["Older posts"][0].startswith("comments wait after 14 days (on ")
    assert shown["Older posts"][1] == "This post"
    html = response.content.decode()
    for place in (policy_page(post), SETTINGS, f"{LABELS}?q=boats"):
        assert f'href="{place}"' in html


def test_it_shows_since_when_comments_are_closed(client, owner):
    CommentSettings(close_after_days=30).save()
    post = make_post(published_at=timezone.now().replace(year=timezone.now().year - 1, month=1, day=1))
    shown = table(client.get(policy_page(post)))
    assert "(since 31 January" in shown["Closing"][0]


def test_who_may_not_change_it_gets_no_links(client, post):
    writer = make_user("writer", "Contributor")
    draft = make_post(writer, status="draft")
    client.force_login(writer)
    html = client.get(f"/admin/blog/post/{draft.pk}/change/").content.decode()
    assert "Comment policy in force" in html and policy_page(draft) not in html and SETTINGS not in html


def test_a_refused_form_shows_what_still_holds(client, owner, post):
    response = client.post(
        f"/admin/blog/post/{post.pk}/change/", {"title": "", "slug": "tides", "comments_mode": "closed"}
    )
    assert response.status_code == 200 and table(response)["Comments"] == ("open", "Site")


def test_a_new_post_has_no_table_yet(client, owner):
    assert "Comment policy in force" not in client.get("/admin/blog/post/add/").content.decode()


@pytest.mark.parametrize("role, is_led", [("Author", True), ("Contributor", False)])
def test_the_editor_leads_who_may_decide_to_the_posts_comments(client, role, is_led):
    user = make_user("ada", role)
    post = make_post(author=user, status="draft")
    client.force_login(user)

    html = client.get(reverse("admin:blog_post_change", args=[post.pk])).content.decode()

    assert (f"/admin/comments/comment/?status=approved&amp;post={post.pk}" in html) is is_led
