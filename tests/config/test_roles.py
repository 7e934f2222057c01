"""Role × action for posts, pages and images, as docs/architecture.md has it. Comments: tests/comments/test_roles.py."""

import pytest
from django.urls import reverse

from blog.models import Post, Series
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
ROLES = ["Contributor", "Author", "Editor", "Moderator", "Owner"]

# Action: for each of ROLES, whether it may. "their" is another's.
TABLE = {
    "write a draft": "x x x - x",
    "send for review": "x x x - x",
    "publish a new post": "- x x - x",
    "change own draft": "x x x - x",
    "publish own draft": "- x x - x",
    "change own post in review": "x x x - x",
    "publish own post in review": "- x x - x",
    "change own published post": "- x x - x",
    "take own published post offline": "- x x - x",
    "bin own draft": "- x x - x",
    "bin own published post": "- x x - x",
    "restore own post": "- x x - x",
    "see their draft": "- - x - x",
    "change their draft": "- - x - x",
    "publish their draft": "- - x - x",
    "change their published post": "- - x - x",
    "bin their published post": "- - x - x",
    "restore their post": "- - x - x",
    "see the posts": "x x x - x",
    "write a page": "- - x - x",
    "change a page": "- - x - x",
    "bin a page": "- - x - x",
    "see the images": "x x x - x",
    "upload an image": "x x x - x",
    "change labels": "- - x - x",
    "begin a series": "- x x - x",
    "put a post into a series": "x x x - x",
    "change series": "- - x - x",
    "change old addresses": "- - x - x",
    "decide on missing addresses": "- - x - x",
    "change users": "- - - - x",
    "invite people": "- - - - x",
    "end their sign-in": "- - - - x",
    "change the site's settings": "- - - - x",
    "say who needs a second step": "- - - - x",
    "set up a second step": "x x x x x",
    "see how the site is": "- - - - x",
}
CELLS = [
    (action, role, mark == "x")
    for action, marks in TABLE.items()
    for role, mark in zip(ROLES, marks.split(), strict=True)
]

BUTTONS = {"write": "_save", "change": "_save", "send": "_review", "publish": "_publish", "take": "_draft"}
PAGES = {
    "see the posts": "/admin/blog/post/",
    "see the images": "/admin/blog/image/pick/",
    "upload an image": "/admin/blog/image/add/",
    "change labels": "/admin/blog/label/",
    "change series": "/admin/blog/series/",
    "change old addresses": "/admin/blog/oldpath/",
    "decide on missing addresses": "/admin/blog/missingpath/",
    "change users": "/admin/blog/user/",
    "invite people": "/admin/invitations/",
    "change the site's settings": "/admin/blog/sitesettings/1/change/",
    "say who needs a second step": "/admin/sign-in/",
    "set up a second step": "/admin/account/second-step/",
    "see how the site is": "/admin/how-is-the-site/",
}


@pytest.mark.parametrize(("action", "role", "may"), CELLS, ids=lambda value: str(value).replace(" ", "_"))
def test_it_is_as_the_table_says(client, action, role, may):
    user = make_user("someone", role)
    client.force_login(user)
    if action in PAGES:
        did = client.get(PAGES[action]).status_code == 200
    elif "sign-in" in action:
        did = client.post(f"/admin/account/{make_user('another').pk}/sign-ins/end/").status_code == 302
    elif "series" in action:
        did = _joins(client, is_new=action.startswith("begin"))
    elif "page" in action:
        did = _does(client, user, action, None if action.startswith("write") else make_page(title="About"), "page")
    else:
        did = _does(client, user, action, _post(user, action), "post")
    assert did is may


def _joins(client, is_new: bool) -> bool:
    """Whether a post is written that belongs to a series, which is there already or is not."""
    if not is_new:
        Series.objects.create(title="Tides")
    payload = {"title": "New words", "body": "<p>x</p>", "comments_mode": "inherit", "series": "Tides", "_save": "1"}
    client.post("/admin/blog/post/add/", payload | {"author": client.session["_auth_user_id"]})
    return Post.objects.filter(series__title="Tides").exists()


def _post(user, action: str) -> Post | None:
    author = user if "own" in action else make_user("another")
    if action in ("write a draft", "send for review", "publish a new post"):
        return None
    if "restore" in action:
        return make_post(author, title="A post", status="binned")
    status = "draft" if "draft" in action else "in_review" if "review" in action else "published"
    return make_post(author, title="A post", status=status)


def _does(client, user, action: str, post: Post | None, kind: str) -> bool:
    """Posts what a browser would, or a forger; whether the database followed."""
    verb = action.split()[0]
    if verb == "see":
        return client.get(reverse("admin:blog_post_change", args=[post.pk])).status_code == 200
    if verb in ("bin", "restore"):
        address = reverse(f"admin:blog_{kind}_{'delete' if verb == 'bin' else 'restore'}", args=[post.pk])
        client.post(address, {"post": "yes"})
        return Post.objects.get().status == ("binned" if verb == "bin" else "draft")
    address = reverse(f"admin:blog_{kind}_change", args=[post.pk]) if post else reverse(f"admin:blog_{kind}_add")
    author = post.author if post else user
    payload = {"title": "New words", "body": "<p>x</p>", "comments_mode": "inherit", "author": author.pk}
    client.post(address, payload | {BUTTONS[verb]: "1"})
    done = Post.objects.filter(title="New words").first()
    if done is None:
        return False
    wanted = {"send": "in_review", "publish": "published", "take": "draft"}.get(verb)
    return done.author == author and (wanted is None or done.status == wanted)
