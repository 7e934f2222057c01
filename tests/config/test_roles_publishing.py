"""Role × action of publishing: by form, list, address, autosave, preview and version, nobody does more than the table
of docs/architecture.md says."""

import pytest
from django.urls import reverse

from blog import revisions
from blog.models import Image, OldPath, Post, Preview, ReviewNote
from tests.blog.pictures import in_library, upload
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
ROLES = ["Contributor", "Author", "Editor", "Moderator", "Owner"]
FORM = {"title": "New words", "body": "<p>New words.</p>", "comments_mode": "inherit"}

# Action: for each of ROLES, whether it may. "their" is another's draft, "own" one's own.
TABLE = {
    "publish own from the list": "- x x - x",
    "publish their from the list": "- - x - x",
    "publish own of many": "- x x - x",
    "publish their of many": "- - x - x",
    "take own offline from the list": "- x x - x",
    "take their offline from the list": "- - x - x",
    "label own of many": "x x x - x",
    "label their of many": "- - x - x",
    "bin own from the list": "- x x - x",
    "bin their from the list": "- - x - x",
    "bin own of many": "- x x - x",
    "bin their of many": "- - x - x",
    "take own out of the bin": "- x x - x",
    "take their out of the bin": "- - x - x",
    "take own of many out of the bin": "- x x - x",
    "take their of many out of the bin": "- - x - x",
    "duplicate own": "x x x - x",
    "duplicate their": "- - x - x",
    "keep words on own": "x x x - x",
    "keep words on their": "- - x - x",
    "bring own back": "x x x - x",
    "bring their back": "- - x - x",
    "see the versions of own": "x x x - x",
    "see the versions of their": "- - x - x",
    "throw own draft away": "- x x - x",
    "throw their draft away": "- - x - x",
    "preview own": "x x x - x",
    "preview their": "- - x - x",
    "make a link to own": "x x x - x",
    "make a link to their": "- - x - x",
    "note on own": "x x x - x",
    "note on their": "- - x - x",
    "see the reads of own": "x x x - x",
    "see the reads of their": "- - x - x",
    "replace own image": "x x x - x",
    "replace their image": "- - x - x",
    "say what own image shows": "x x x - x",
    "say what their image shows": "- - x - x",
    "move the point of own image": "x x x - x",
    "move the point of their image": "- - x - x",
    "say what own of many images show": "x x x - x",
    "say what their of many images show": "- - x - x",
    "merge labels": "- - x - x",
    "lead a missing address on": "- - x - x",
    "see the calendar": "x x x - x",
}
CELLS = [
    (action, role, mark == "x")
    for action, marks in TABLE.items()
    for role, mark in zip(ROLES, marks.split(), strict=True)
]


@pytest.mark.parametrize(("action", "role", "may"), CELLS, ids=lambda value: str(value).replace(" ", "_"))
def test_it_is_as_the_table_says(client, action, role, may):
    user, other = make_user("someone", role), make_user("another", "Author")
    client.force_login(user)
    status = "published" if "offline" in action or "throw" in action else "draft"
    post = make_post(user if "own" in action.split() else other, title="A post", status=status)
    assert bool(DOES[action.replace(" own", "").replace(" their", "")](client, post)) is may


def _url(name: str, *args) -> str:
    return reverse(f"admin:blog_{name}", args=args)


def _sees(client, address: str) -> bool:
    return client.get(address).status_code == 200


def _moved(verb: str, status: str):
    def does(client, post: Post) -> bool:
        client.post(_url(f"post_{verb}", post.pk))
        post.refresh_from_db()
        return post.status == status

    return does


def _moved_of_many(action: str, status: str, shown: str = ""):
    def does(client, post: Post) -> bool:
        client.post(_url("post_changelist") + shown, {"action": action, "_selected_action": [post.pk]})
        post.refresh_from_db()
        return post.status == status

    return does


def _out_of_bin(takes_out):
    def does(client, post: Post) -> bool:
        post.status = "binned"
        post.save()
        return takes_out(client, post)

    return does


def _label_many(client, post: Post) -> bool:
    data = {"action": "add_labels", "_selected_action": [post.pk], "apply": "1", "tags": "sea"}
    client.post(_url("post_changelist"), data)
    return post.tags.filter(name="sea").exists()


def _duplicate(client, post: Post) -> bool:
    client.post(_url("post_duplicate", post.pk))
    return Post.objects.count() == 2


def _keep_words(client, post: Post) -> bool:
    client.post(_url("post_autosave", post.pk), FORM)
    return post.revisions.exists()


def _bring_back(client, post: Post) -> bool:
    revisions.saved(post, post.author, "saved")
    address = f"{_url('post_change', post.pk)}?revision={post.revision_id}"
    shown = _sees(client, address)
    base = {"base_revision": post.revision_id, "restored": post.revision_id, "author": post.author_id}
    client.post(address, FORM | base | {"_save": "1"})
    post.refresh_from_db()
    assert (post.title == "New words") is shown
    return shown


def _versions(client, post: Post) -> bool:
    revisions.saved(post, post.author, "saved")
    compare = f"{_url('post_compare', post.pk)}?to={post.revision_id}"
    seen = {_sees(client, address) for address in (_url("post_history", post.pk), compare)}
    assert len(seen) == 1
    return seen.pop()


def _throw_away(client, post: Post) -> bool:
    revisions.wait(post, post.author, "saved", revisions.content_of(post) | {"title": "Other"})
    client.post(_url("post_discard", post.pk))
    post.refresh_from_db()
    return post.draft_id is None


def _preview(client, post: Post) -> bool:
    seen = {_sees(client, reverse(name, args=[post.pk])) for name in ("preview_post", "preview_frame")}
    assert len(seen) == 1
    return seen.pop()


def _link(client, post: Post) -> bool:
    client.post(_url("post_previews", post.pk), {"name": "Uncle", "days": "7"})
    return Preview.objects.exists()


def _note(client, post: Post) -> bool:
    client.post(_url("post_notes", post.pk), {"text": "Good."})
    return ReviewNote.objects.exists()


def _image_changed(column: str, **sent):
    def does(client, post: Post) -> bool:
        image = in_library(uploaded_by=post.author)
        post.cover = image
        post.save()
        form = {"alt": "x", "focal_x": "0.5", "focal_y": "0.5"} | sent
        if column == "digest":
            form["replacement"] = upload("red")
        client.post(_url("image_change", image.pk), form)
        return getattr(Image.objects.get(pk=image.pk), column) != getattr(image, column)

    return does


def _describe_many(client, post: Post) -> bool:
    image = in_library(uploaded_by=post.author)
    client.post(f"{_url('image_words')}?all", {"image": [image.pk], f"image-{image.pk}-alt": "A pier"})
    return Image.objects.get(pk=image.pk).alt == "A pier"


def _merge(client, post: Post) -> bool:
    post.tags.add("sea", "seas")
    sea, seas = post.tags.order_by("name")
    data = {"action": "merge_selected", "_selected_action": [sea.pk, seas.pk], "kept": sea.pk, "apply": "1"}
    client.post(_url("label_changelist"), data)
    return post.tags.count() == 1


def _lead_on(client, post: Post) -> bool:
    client.post(_url("oldpath_add"), {"path": "/old/", "leads_to": "/elsewhere/"})
    return OldPath.objects.exists()


DOES = {
    "publish from the list": _moved("publish", "published"),
    "publish of many": _moved_of_many("publish_selected", "published"),
    "take offline from the list": _moved("offline", "draft"),
    "label of many": _label_many,
    "bin from the list": _moved("bin", "binned"),
    "bin of many": _moved_of_many("bin_selected", "binned"),
    "take out of the bin": _out_of_bin(_moved("restore", "draft")),
    "take of many out of the bin": _out_of_bin(_moved_of_many("restore_selected", "draft", "?standing=binned")),
    "duplicate": _duplicate,
    "keep words on": _keep_words,
    "bring back": _bring_back,
    "see the versions of": _versions,
    "throw draft away": _throw_away,
    "preview": _preview,
    "make a link to": _link,
    "note on": _note,
    "see the reads of": lambda client, post: _sees(client, _url("post_reads", post.pk)),
    "replace image": _image_changed("digest"),
    "say what image shows": _image_changed("alt"),
    "move the point of image": _image_changed("focal_x", focal_x="0.1"),
    "say what of many images show": _describe_many,
    "merge labels": _merge,
    "lead a missing address on": _lead_on,
    "see the calendar": lambda client, post: _sees(client, _url("post_calendar")),
}
