"""The password is asked for again before what is dangerous, and nothing that was sent is lost."""

import re
import time

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from blog.models import Label, User
from comments.models import LabelPolicy, PostPolicy
from config.signin import recently
from tests.config.signin.people import PASSWORD, wait
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
ADD = "/admin/blog/user/add/"
WORDS = "kelp-and-14-gulls"
NEW = {"username": "nina", "password1": WORDS, "password2": WORDS, "usable_password": "true"}
ASKED = "Your password, please"


@pytest.fixture
def olive(client, time_machine):
    """Signed in a good while ago."""
    user = make_user("olive", "Owner")
    time_machine.move_to(time.time(), tick=False)
    client.force_login(user)
    wait(time_machine, recently.WITHIN + 1)
    return user


def hidden(response) -> list[tuple[str, str]]:
    """What the page's form would send again."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', response.content.decode())
    return [(name, value) for name, value in found if name != "csrfmiddlewaretoken"]


def test_it_asks_before_a_form_opens(client, olive):
    response = client.get(f"{ADD}?_popup=1")
    assert response.status_code == 200 and ASKED in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    sent = dict(hidden(response)) | {"again_password": PASSWORD}
    response = client.post(f"{ADD}?_popup=1", sent)
    assert (response.status_code, response.url) == (303, f"{ADD}?_popup=1")
    assert "password1" in client.get(ADD).content.decode()


def test_what_was_sent_goes_on_afterwards(client, olive):
    response = client.post(ADD, NEW)
    assert response.status_code == 403 and ASKED in response.content.decode()
    assert not User.objects.filter(username="nina").exists()
    assert dict(hidden(response)) == NEW
    assert client.post(ADD, dict(hidden(response)) | {"again_password": PASSWORD}).status_code == 302
    assert User.objects.get(username="nina").check_password(NEW["password1"])


def test_fields_of_one_name_are_all_kept(client, olive):
    users = [make_user(name).pk for name in ("rita", "ruth")]
    sent = {"action": "delete_selected", "_selected_action": users, "post": "yes"}
    response = client.post("/admin/blog/user/", sent)
    assert [value for name, value in hidden(response) if name == "_selected_action"] == [str(pk) for pk in users]
    assert User.objects.count() == 3


def test_markup_and_lines_are_kept_as_they_are(client, olive):
    words = '<b>"Kelp" & gulls</b>\r\nA second line'
    response = client.post(f"/admin/blog/user/{olive.pk}/change/", {"bio": words})
    kept = dict(hidden(response))["bio"]
    assert kept == "&lt;b&gt;&quot;Kelp&quot; &amp; gulls&lt;/b&gt;\r\nA second line"


@pytest.mark.parametrize("typed", ["wrong", "", PASSWORD.upper()])
def test_a_wrong_password_changes_nothing_and_keeps_the_words(client, olive, typed):
    response = client.post(ADD, NEW | {"again_password": typed})
    assert response.status_code == 422 and "This is not your password." in response.content.decode()
    assert dict(hidden(response)) == NEW
    assert not User.objects.filter(username="nina").exists()


def test_it_cannot_be_guessed(client, olive):
    for _time in range(10):
        client.post(ADD, {"again_password": "wrong", "again_opening": "1"})
    response = client.post(ADD, NEW | {"again_password": PASSWORD})
    assert response.status_code == 429 and int(response["Retry-After"]) > 0
    assert dict(hidden(response)) == NEW and not User.objects.filter(username="nina").exists()


def test_nobody_is_asked_within_a_quarter_of_an_hour(client, olive, time_machine):
    client.post(ADD, {"again_password": PASSWORD, "again_opening": "1"})
    wait(time_machine, recently.WITHIN - 1)
    assert ASKED not in client.get(ADD).content.decode()
    assert client.post(ADD, NEW).status_code == 302
    wait(time_machine, 2)
    assert ASKED in client.get(ADD).content.decode()


def test_signing_in_counts(client, time_machine):
    make_user("olive", "Owner")
    client.post("/sign-in/", {"username": "olive", "password": PASSWORD})
    assert ASKED not in client.get(ADD).content.decode()


def test_a_clock_that_went_back_is_no_password(client, olive, time_machine):
    wait(time_machine, -recently.WITHIN - 3600)
    assert ASKED in client.get(ADD).content.decode()


def test_a_chosen_file_is_asked_for_again(client, olive):
    path = reverse("admin:comments_comment_filter_import")
    response = client.post(path, {"file": SimpleUploadedFile("x.json", b"{}"), "sure": "on"})
    assert "The file that you chose cannot be kept" in response.content.decode()
    response = client.post(path, dict(hidden(response)) | {"again_password": PASSWORD})
    assert response.status_code == 422 and " checked" in response.content.decode()


def test_a_form_of_another_site_is_refused(olive, client):
    client.handler.enforce_csrf_checks = True
    assert client.post(ADD, NEW | {"again_password": PASSWORD}).status_code == 403
    assert not User.objects.filter(username="nina").exists()


def addresses() -> dict[str, str]:
    """Of each that asks, by name."""
    ways = {name: f"/admin/{route}" for route, name in walk(get_resolver("config.urls"), "admin/")}
    return {name: re.sub(r"<[^>]+>", "1", ways[name]) for name in sorted(recently.ALWAYS | recently.FORMS)}


def walk(resolver, under: str, before: str = ""):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern, under, route)
        elif route.startswith(under) and pattern.name:
            yield route.removeprefix(under), pattern.name


def test_each_name_is_an_address_that_asks(client, olive):
    for name, path in addresses().items():
        response = client.post(path, {"x": "1"})
        assert response.status_code == 403 and ASKED in response.content.decode(), name
        asks = ASKED in client.get(path, follow=True).content.decode()
        assert asks is (name in recently.ALWAYS), name


@pytest.mark.parametrize("model", [User, LabelPolicy, PostPolicy])
def test_whatever_changes_accounts_or_policies_asks(model):
    """A new address of their admins cannot be forgotten."""
    patterns = admin.site.get_model_admin(model).get_urls()
    names = {pattern.name for pattern in patterns if pattern.name and not pattern.name.endswith("_history")}
    assert names <= recently.ALWAYS | recently.FORMS


def test_what_is_deleted_for_good_waits_for_the_password(client, olive):
    label = Label.objects.create(name="sea", slug="sea")
    answer = client.post(
        "/admin/blog/label/", {"action": "delete_selected", "_selected_action": label.pk, "post": "yes"}
    )
    assert ASKED in answer.content.decode() and Label.objects.exists()
    answer = client.post("/admin/blog/label/", dict(hidden(answer)) | {"again_password": PASSWORD})
    assert answer.status_code == 302 and not Label.objects.exists()


def test_daily_decisions_do_not_ask(client, olive):
    comment = make_comment(make_post(), status="pending")
    for verb in ("approve", "remove", "restore", "spam"):
        answer = client.post(reverse(f"admin:comments_comment_{verb}", args=[comment.pk]), {f"seen-{comment.pk}": "1"})
        assert ASKED not in answer.content.decode(), verb


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/admin/password_change/", {"old_password": "wrong", "new_password1": WORDS, "new_password2": WORDS}),
        ("/admin/account/", {"email": "new@example.org", "current_password": "wrong"}),
    ],
)
def test_forms_that_ask_themselves_do_not_let_guess(client, olive, path, sent):
    for _time in range(10):
        assert client.post(path, sent).status_code == 200
    right = {name: PASSWORD if value == "wrong" else value for name, value in sent.items()}
    assert client.post(path, right).status_code == 429
    olive.refresh_from_db()
    assert olive.check_password(PASSWORD) and olive.email == "olive@example.org"


def test_saving_ones_account_without_a_password_is_not_counted(client, olive):
    for _time in range(12):
        assert client.post("/admin/account/", {"email": olive.email, "display_name": "O."}).status_code == 302


def test_everyday_work_goes_on(client, olive):
    for path in (
        "/admin/",
        "/admin/blog/post/",
        "/admin/blog/user/",
        "/admin/account/",
        "/admin/blog/sitesettings/1/change/",
    ):
        response = client.get(path)
        assert response.status_code == 200 and ASKED not in response.content.decode()


def test_it_lets_nobody_do_more(client, time_machine):
    client.force_login(make_user("edda", "Editor"))
    wait(time_machine, recently.WITHIN + 1)
    assert client.post(ADD, NEW | {"again_password": PASSWORD}).status_code == 403
    assert not User.objects.filter(username="nina").exists()
    assert client.get("/admin/sign-in/").status_code == 403
