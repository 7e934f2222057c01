from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from blog.models import OldPath, Post, SiteSettings
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def test_it_shows_the_post(client):
    post = make_post(title="Tides", body="<p>High <em>water</em>.</p>", labels=("sea",), excerpt="In short.")
    html = client.get(post.get_absolute_url()).content.decode()
    for part in ("Tides", "<em>water</em>", "In short.", "sea", "Post a Comment", "No comments"):
        assert part in html


def test_its_address_is_year_month_and_slug_in_the_sites_zone(client):
    SiteSettings(time_zone="Asia/Tokyo").save()
    moment = datetime(2026, 3, 31, 20, 0, tzinfo=ZoneInfo("UTC"))  # 1 April in Tokyo
    post = make_post(title="Tides", published_at=moment)
    assert post.get_absolute_url() == "/2026/04/tides/"
    SiteSettings(time_zone="UTC").save()
    post.refresh_from_db()
    post.save()
    assert post.get_absolute_url() == "/2026/04/tides/"


@pytest.mark.parametrize(
    "title, slug", [("جزر و مد در می‌گردیم", "جزر-و-مد-در-می-گردیم"), ("हिन्दी लेख", "हिन्दी-लेख"), ("日本", "日本")]
)
def test_slugs_keep_every_script(client, title, slug):
    post = make_post(title=title)
    assert post.slug == slug
    assert client.get(post.get_absolute_url()).status_code == 200


def test_a_title_without_letters_gets_a_slug_all_the_same(client):
    post = make_post(title="?!")
    assert post.slug == f"post-{post.pk}"
    assert client.get(post.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("status", ["draft", "in_review", "binned"])
def test_it_answers_404_unless_published(client, status):
    post = make_post()
    Post.objects.filter(pk=post.pk).update(status=status)
    assert client.get(post.get_absolute_url()).status_code == 404


def test_it_answers_404_before_its_time(client):
    post = make_post(published_at=timezone.now() + timedelta(minutes=5))
    assert client.get(post.get_absolute_url()).status_code == 404


def test_a_changed_slug_leaves_a_redirect(client):
    post = make_post(title="Tides")
    old = post.get_absolute_url()
    post.slug = "high-water"
    post.save()
    response = client.get(old)
    assert response.status_code == 301 and response["Location"] == post.get_absolute_url()


def test_a_redirect_gives_way_when_the_address_is_used_again(client):
    post = make_post(title="Tides")
    old = post.get_absolute_url()
    post.slug = "high-water"
    post.save()
    post.slug = "tides"
    post.save()
    assert client.get(old).status_code == 200
    assert not OldPath.objects.filter(path=old).exists()


def test_a_changed_slug_of_any_script_leaves_a_redirect(client):
    post = make_post(title="جزر و مد")
    old = post.get_absolute_url()
    post.slug = "tides"
    post.save()
    assert client.get(old)["Location"] == post.get_absolute_url()


def test_a_slug_changed_while_the_post_is_offline_leaves_a_redirect_too(client):
    post = make_post(title="Tides")
    old = post.get_absolute_url()
    post.status = "draft"
    post.save()
    post.slug = "high-water"
    post.save()
    assert client.get(old).status_code == 404
    post.status = "published"
    post.save()
    assert client.get(old)["Location"] == post.get_absolute_url()


def test_a_date_cleared_while_offline_moves_the_post_and_leaves_a_redirect(client):
    post = make_post(title="Tides", published_at=datetime(2025, 10, 1, tzinfo=ZoneInfo("UTC")))
    post.status, post.published_at = "draft", None
    post.save()
    post.status = "published"
    post.save()
    assert post.year == timezone.now().year and client.get("/2025/10/tides/")["Location"] == post.get_absolute_url()


def test_a_date_changed_while_offline_moves_the_post(client):
    post = make_post(title="Tides", published_at=datetime(2025, 10, 1, tzinfo=ZoneInfo("UTC")))
    post.status, post.published_at = "draft", datetime(2026, 2, 1, tzinfo=ZoneInfo("UTC"))
    post.save()
    post.status = "published"
    post.save()
    assert client.get("/2026/02/tides/").status_code == 200
    assert client.get("/2025/10/tides/")["Location"] == "/2026/02/tides/"


def test_an_old_address_of_a_draft_answers_404(client):
    post = make_post(status="draft")
    OldPath.objects.create(path="/2017/06/old.html", post=post)
    assert client.get("/2017/06/old.html").status_code == 404


def test_an_old_address_without_a_post_answers_410(client):
    OldPath.objects.create(path="/gone.html")
    response = client.get("/gone.html")
    assert response.status_code == 410 and "for good" in response.content.decode()


def test_a_page_stands_at_p(client):
    page = make_page(title="About", body="<p>Who we are.</p>")
    assert page.get_absolute_url() == "/p/about/"
    html = client.get("/p/about/").content.decode()
    assert "Who we are." in html and "Post a Comment" not in html
    assert client.get("/about/").status_code == 404


def test_preview_is_for_those_who_may_change_the_post(client):
    author = make_user("alice", "Author")
    post = make_post(author, title="Draft", status="draft")
    address = f"/admin/preview/{post.pk}/"
    assert client.get(address).status_code == 302
    client.force_login(make_user("bob", "Author"))
    assert client.get(address).status_code == 403
    client.force_login(author)
    response = client.get(address)
    assert response.status_code == 200 and "no-store" in response["Cache-Control"]


def test_body_is_cleaned_on_every_save(client):
    post = make_post(body='<p onclick="x()">Hi<script>alert(1)</script></p>')
    html = client.get(post.get_absolute_url()).content.decode()
    assert "onclick" not in html and "<script>alert" not in html


def test_the_post_page_has_a_strict_content_policy(client):
    policy = client.get(make_post().get_absolute_url())["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "default-src 'none'" in policy
