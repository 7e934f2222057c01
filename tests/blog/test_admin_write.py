"""Writing in the admin: what each button does, and that nothing typed is ever lost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from blog import search
from blog.models import OldPath, Post, SiteSettings
from tests.blog.writing import ADD, address_of, form_data, opened
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 14, 21, 10, tzinfo=UTC)


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


def test_it_publishes(client, author):
    with time_machine.travel(NOW, tick=False):
        response = client.post(ADD, form_data(tags="tides, green tea", excerpt="In short.", _publish="1"), follow=True)
    post = Post.objects.get()
    assert (post.status, post.author, post.published_at) == ("published", author, NOW)
    assert post.get_absolute_url() == "/2026/03/the-tide-table/"
    assert set(post.tags.names()) == {"tides", "green tea"}
    assert post.excerpt == "In short."
    assert response.redirect_chain == [(address_of(post), 302)]
    assert "View it on the site" in response.content.decode()


def test_saving_keeps_a_draft(client, author):
    client.post(ADD, form_data(_save="1"))
    assert Post.objects.get().status == "draft"


def test_the_first_button_of_the_form_does_not_publish(client, author):
    html = client.get(ADD).content.decode()
    form = html[html.index('id="post_form"') :]
    assert form.index('name="_save"') < form.index('name="_draft"') < form.index('name="_publish"')


def test_a_draft_stays_a_draft_until_it_is_published(client, author):
    post = make_post(author, status="draft", title="Mine")
    client.post(address_of(post), form_data(title="Still mine", _save="1"))
    post.refresh_from_db()
    assert (post.status, post.title) == ("draft", "Still mine")
    client.post(address_of(post), form_data(title="Still mine", _publish="1") | opened(post))
    post.refresh_from_db()
    assert post.is_public()


def test_a_time_to_come_schedules(client, author):
    SiteSettings(time_zone="Europe/Berlin").save()
    with time_machine.travel(NOW, tick=False):
        response = client.post(ADD, form_data(published_at="2027-03-03T09:00", _publish="1"), follow=True)
        post = Post.objects.get()
        assert post.is_scheduled()
    assert post.published_at == datetime(2027, 3, 3, 8, 0, tzinfo=UTC)
    assert "Scheduled for 3 March 2027, 09:00" in response.content.decode()


def test_the_form_names_the_zone(client, author):
    SiteSettings(time_zone="Europe/Berlin").save()
    assert "Your time, Europe/Berlin." in client.get(ADD).content.decode()


def test_a_scheduled_post_can_be_published_now(client, author):
    later = timezone.now() + timedelta(days=3)
    post = make_post(author, published_at=later)
    assert "Publish now" in client.get(address_of(post)).content.decode()
    client.post(address_of(post), form_data(published_at=later.strftime("%Y-%m-%dT%H:%M"), _now="1"))
    post.refresh_from_db()
    assert post.is_public()


def test_a_published_post_can_be_taken_offline(client, author):
    post = make_post(author)
    client.post(address_of(post), form_data(_draft="1"))
    post.refresh_from_db()
    assert post.status == "draft"


def test_saving_moves_no_published_post(client, author):
    """The field shows minutes, the column holds more; and an emptied one does not mean now."""
    at = datetime(2020, 1, 31, 12, 30, 45, 678, tzinfo=UTC)
    post = make_post(author, title="Old", published_at=at)
    for typed in ("2020-01-31T12:30", ""):
        payload = form_data(title="Old", slug="old", published_at=typed, _save="1")
        client.post(address_of(post), payload | opened(post))
        post.refresh_from_db()
        assert (post.published_at, post.get_absolute_url()) == (at, "/2020/01/old/")


def test_an_hour_that_the_clock_repeats_can_be_saved_again(client, author):
    SiteSettings(time_zone="Europe/Berlin").save()
    at = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
    post = make_post(author, title="Old", published_at=at)
    client.post(address_of(post), form_data(title="Corrected", slug="old", published_at="2025-10-26T02:30", _save="1"))
    post.refresh_from_db()
    assert (post.title, post.published_at) == ("Corrected", at)


def test_a_new_slug_leaves_the_old_address_working(client, author):
    post = make_post(author, title="Old", published_at=NOW)
    client.post(address_of(post), form_data(title="Old", slug="new", published_at="2026-03-14T21:10", _save="1"))
    assert OldPath.objects.get().path == "/2026/03/old/"


def test_what_is_dangerous_does_not_come_back_into_the_editor(client, author):
    client.post(ADD, form_data(body='<p onclick="x()">Words<script>alert(1)</script></p>', _save="1"))
    assert Post.objects.get().body == "<p>Words</p>"


def test_it_requires_a_title_and_keeps_the_rest(client, author):
    words = {"title": " ", "body": "<p>Kept words</p>", "tags": "kept, labels", "excerpt": "Kept excerpt"}
    html = client.post(ADD, form_data(**words, _publish="1")).content.decode()
    assert "This field is required." in html
    for kept in ("&lt;p&gt;Kept words&lt;/p&gt;", 'value="kept, labels"', "Kept excerpt"):
        assert kept in html
    assert not Post.objects.exists()


@pytest.mark.parametrize("body", ["", "<p>&nbsp;</p>", "<p><script>x</script></p>"])
def test_nothing_is_published_without_text_and_the_rest_is_kept(client, author, body):
    html = client.post(ADD, form_data(body=body, excerpt="Kept excerpt", _publish="1")).content.decode()
    assert html.count("There is nothing to publish yet") == 1
    assert "Kept excerpt" in html
    assert not Post.objects.exists()
    client.post(ADD, form_data(body=body, _draft="1"))
    assert Post.objects.get().status == "draft"


def test_a_picture_is_enough_to_publish(client, author):
    client.post(ADD, form_data(body='<p><img src="/media/images/a.png" alt=""></p>', _publish="1"))
    assert Post.objects.get().is_public()


def test_an_old_post_without_text_can_still_be_corrected(client, author):
    post = make_post(author, body="")
    client.post(address_of(post), form_data(title="Corrected", body="", _save="1"))
    post.refresh_from_db()
    assert post.title == "Corrected"


def test_text_without_tags_becomes_paragraphs(client, author):
    client.post(ADD, form_data(body="Low water, 3 < 5 & rising\r\nat noon.\r\n\r\nThen it turned.", _save="1"))
    body = Post.objects.get().body
    assert body == "<p>Low water, 3 &lt; 5 &amp; rising<br>at noon.</p>\n\n<p>Then it turned.</p>"


def test_a_taken_slug_is_said_and_everything_is_kept(client, author):
    make_post(make_user("other"), title="The tide table", published_at=NOW)
    words = form_data(
        slug="the-tide-table",
        tags="kept, labels",
        excerpt="Kept excerpt",
        body="<p>Kept words</p>",
        published_at="2026-03-20T10:00",
        _publish="1",
    )
    html = client.post(ADD, words).content.decode()
    assert "Another post of that month has this slug. “the-tide-table-2” is free." in html
    for kept in (
        'value="The tide table"',
        'value="the-tide-table"',
        "&lt;p&gt;Kept words&lt;/p&gt;",
        'value="kept, labels"',
        "Kept excerpt",
        'value="2026-03-20T10:00"',
        "Not saved yet",
    ):
        assert kept in html
    assert Post.objects.count() == 1


def test_a_slug_may_be_taken_in_another_month(client, author):
    make_post(make_user("other"), title="The tide table", published_at=NOW)
    client.post(ADD, form_data(slug="the-tide-table", published_at="2026-04-01T10:00", _publish="1"))
    assert Post.objects.filter(slug="the-tide-table").count() == 2


def test_a_slug_that_nobody_typed_finds_a_free_one(client, author):
    make_post(make_user("other"), title="The tide table", published_at=NOW)
    client.post(ADD, form_data(published_at="2026-03-20T10:00", _publish="1"))
    assert Post.objects.get(author=author).slug == "the-tide-table-2"


def test_a_slug_taken_between_check_and_save_is_said(client, author, monkeypatch):
    """Two writers publish at once: the second meets the database's constraint, not a broken page."""
    from blog.admin import forms

    checked = []

    def blind_once(form, slug, at):
        checked.append(slug)
        return False if len(checked) == 1 else real(form, slug, at)

    real = forms.WritingForm._is_taken
    monkeypatch.setattr(forms.WritingForm, "_is_taken", blind_once)
    make_post(make_user("other"), title="The tide table", published_at=NOW)
    html = client.post(
        ADD, form_data(slug="the-tide-table", published_at="2026-03-20T10:00", _publish="1")
    ).content.decode()
    assert "“the-tide-table-2” is free" in html
    assert Post.objects.count() == 1


def test_a_working_titles_slug_follows_the_title(client, author):
    post = make_post(author, status="draft", title="Working title")
    client.post(address_of(post), form_data(title="The real one", slug="working-title", _save="1"))
    post.refresh_from_db()
    assert post.slug == "the-real-one"


def test_a_title_of_any_script_makes_the_slug(client, author):
    client.post(ADD, form_data(title="جزر و مد", _save="1"))
    assert Post.objects.get().slug == "جزر-و-مد"


def test_labels_are_parted_by_commas_alone(client, author):
    client.post(ADD, form_data(tags='green tea, "salt, pepper", Green Tea,, tides ', _save="1"))
    post = Post.objects.get()
    assert set(post.tags.names()) == {"green tea", "salt, pepper", "tides"}
    html = client.get(address_of(post)).content.decode()
    assert 'value="green tea, &quot;salt, pepper&quot;, tides"' in html


def test_a_new_label_is_found_by_search(client, author):
    client.post(ADD, form_data(tags="estuary", _publish="1"))
    assert [hit.post.title for hit in search.search("estuary").hits] == ["The tide table"]


def test_a_label_that_is_too_long_is_refused(client, author):
    html = client.post(ADD, form_data(tags="x" * 101, _save="1")).content.decode()
    assert "is too long for a label" in html


def test_the_editor_has_its_import_map_with_the_nonce(client, author):
    response = client.get(ADD)
    nonce = response.wsgi_request.csp_nonce
    assert f"'nonce-{nonce}'" in response.headers["Content-Security-Policy"]
    html = response.content.decode()
    tag = html[html.index("importmap") - 60 : html.index("importmap") + 60]
    assert f'nonce="{nonce}"' in tag
    assert "data-django-prose-editor-marginalia" in html
    assert "style=" not in html


def test_a_published_post_without_title_and_slug_is_refused_with_its_text_kept(client, author):
    post = make_post(author=author, title="Once")

    answer = client.post(address_of(post), form_data(title="", slug="", body="<p>New words.</p>", _save="1"))

    assert answer.status_code == 200
    assert "New words." in answer.content.decode()
    assert Post.objects.get().title == "Once"
