import ast
import gettext
import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from blog.mail import send_due
from blog.models import Post, Preview, SiteSettings
from comments import moderation, tokens, waiting
from comments.models import Comment, Commenter, CommentSettings, MailChoice, ModerationEvent
from tests.factories import make_comment, make_page, make_post, make_user

MESSAGES = Path(__file__).resolve().parents[2] / "locale" / "fa" / "LC_MESSAGES"
# Names, the tags a comment may have, and the examples of what to type are Latin in any language; numbers are not.
LATIN = re.compile(
    r"Marginalia|<(?:b|i|a|blockquote|code)>|\S+@example\.org|https://example\.org|RSS|JSON"
    r"|\b(?:Mastodon|Telegram|Reddit|Hacker News|Bluesky|LinkedIn|WhatsApp)\b"
)


@pytest.fixture
def post():
    SiteSettings(language="fa").save()
    author = make_user("sara", display_name="سارا")
    return make_post(
        author, ("دریا",), title="جزر و مد", slug="جزر", body="<h2>ماه</h2><p>آب</p><h2>باد</h2><p>موج</p>"
    )


def shown(page: str) -> str:
    """The words of a page, those that only a screen reader says included."""
    page = re.sub(r"<(style|script|textarea)\b.*?</\1>", " ", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', page)
    return html.unescape(" ".join([re.sub(r"<[^>]*>", " ", page), *spoken]))


def assert_persian(response, *words: str) -> None:
    text = shown(response.content.decode())
    assert [word for word in words if word not in text] == []
    assert re.findall(r"[A-Za-z0-9]+", LATIN.sub("", text)) == []


@pytest.mark.django_db
def test_the_home_page_is_persian(client, post):
    make_comment(post, author_name="مینا")
    SiteSettings(language="fa", posts_per_page=1, about="کنار دریا").save()
    make_post(post.author, title="باد", slug="باد", body="<p>باد</p>", pinned=True)
    make_post(post.author, title="موج", slug="موج", body="<p>موج</p>")
    response = client.get("/")
    assert_persian(response, "بایگانی", "جست‌وجو", "تازه‌ترین نظرها", "سنجاق‌شده", "دقیقه", "نوشته‌های قدیمی‌تر")
    assert '<html lang="fa" dir="rtl">' in response.content.decode()


@pytest.mark.django_db
def test_a_post_with_a_comment_is_persian(client, post):
    make_comment(post, author_name="مینا", body="آری")
    response = client.get(post.get_absolute_url())
    assert_persian(response, "۱ نظر", "پاسخ به مینا", "ارسال نظر", "برچسب‌ها", "در این صفحه", "نمایش داده نمی‌شود")


@pytest.mark.django_db
def test_a_refused_comment_is_told_why_in_persian(client, post):
    form = f"{post.get_absolute_url()}comment/"
    nothing = client.post(form, {})
    assert nothing.status_code == 422
    assert_persian(nothing, "هنوز فرستاده نشده", "نامی را که کنار نظرتان می‌آید بنویسید.", "نظرتان را اینجا بنویسید.")
    wrong = {"name": "م" * 101, "email": "@", "url": "::", "text": "<b></b>", "parent": "9"}
    assert_persian(
        client.post(form, wrong), "این ایمیل درست نیست", "این نشانی وب درست نیست", "نظری که به آن پاسخ می‌دهید"
    )
    long = {"name": "\x00", "email": f"{'a' * 300}@example.org", "url": "ا" * 201, "text": "آ" * 10_001}
    assert_persian(client.post(form, long), "نویسه نوشته‌اید")


@pytest.mark.django_db
def test_a_sent_comment_and_a_closed_thread_are_persian(client, post):
    form = f"{post.get_absolute_url()}comment/"
    words = {"name": "مینا", "email": "mina@example.org", "text": "آری"}
    assert_persian(client.post(form, words), "همین را می‌خواستید بگویید؟")
    CommentSettings(mode=CommentSettings.Mode.CLOSED).save()
    assert_persian(client.get(post.get_absolute_url()), "بدون نظر", "نظردهی برای این نوشته بسته است.")


@pytest.mark.django_db
def test_a_long_thread_with_tombstones_is_persian(client, post):
    CommentSettings(depth=1, threads_per_page=5).save()
    root = make_comment(post, author_name="مینا", body="آری")
    gone = make_comment(post, parent=root, status="removed")
    make_comment(post, parent=gone, author_name="آرش", body="نه")
    replies = [make_comment(post, parent=root, author_name="نیما", body="شاید") for _ in range(60)]
    make_comment(post, status="removed", withdrawn_at=root.created_at)
    page = client.get(post.get_absolute_url())
    assert_persian(
        page, "اول قدیمی‌ترها", "اول تازه‌ترها", "۱۳ پاسخ دیگر", "در گفت‌وگویی که", "نظرهای بعدی", "گزارش نظر آرش"
    )
    assert_persian(page, "در پاسخ به", "در پاسخ به نظری که دیگر اینجا نیست", "یک نظر را ناظر سایت برداشته است.")
    rest = client.get(post.get_absolute_url(), {"thread": replies[-1].path})
    assert_persian(rest, "این بخشی از یک گفت‌وگوی بلند است.", "همهٔ نظرها", "آغاز گفت‌وگو")
    last = client.get(post.get_absolute_url(), {"thread": "9" * 9 + "0", "order": "newest"})
    assert_persian(last, "یک نظر را نویسنده‌اش پس گرفته است.")


@pytest.mark.django_db
def test_a_report_is_persian(client, post):
    comment = make_comment(post, author_name="مینا", body="آری")
    address = f"/comment/{comment.pk}/report/"
    assert_persian(client.get(address), "چه ایرادی دارد؟", "به زبان خودتان", "چیز دیگر", "ارسال گزارش")
    assert_persian(client.post(address, {"words": "آ" * 501}), "یکی را انتخاب کنید", "نویسه نوشته‌اید")
    assert_persian(client.post(address, {"kind": "spam"}), "صفحهٔ شما کمی قدیمی شده بود.")
    assert_persian(client.get(f"{address}thanks/"), "گزارش شما در راه است.")
    assert_persian(client.get(f"{address}thanks/?again=1"), "این نظر پیش‌تر گزارش شده")


@pytest.fixture
def written(client, post):
    """The address of the own page of a comment that waits."""
    comment = make_comment(post, author_name="مینا", body="آری", status="pending", submission="1" * 32)
    capability = tokens.capability(comment.submission)
    Comment.objects.filter(pk=comment.pk).update(capability_hash=tokens.capability_hash(capability))
    return f"/comment/status/{capability}/"


def mailed(kind: str) -> str:
    """The words of the newest mail, its link's path in the last place; the mail is wholly Persian."""
    send_due(timezone.now() + timedelta(minutes=6))
    mail = django_mail.outbox[-1]
    link = re.search(rf"http://testserver(/{kind}/\S+)", mail.body)[1]
    words = re.sub(r"http\S+|\S+@\S+", "", f"{mail.subject} {mail.body}")
    assert re.findall(r"[A-Za-z0-9]+", LATIN.sub("", words)) == []
    page = shown(re.sub(r"<title>|http\S+|\S+@\S+", "", mail.alternatives[0].content))
    assert re.findall(r"[A-Za-z0-9]+", LATIN.sub("", page)) == []
    return link


@pytest.mark.django_db
def test_the_writers_own_pages_are_persian(client, post, written):
    comment = Comment.objects.get()
    mona = make_user("mona", "Moderator", display_name="مونا")
    assert_persian(client.get(written), "با ایمیل")
    assert_persian(client.get(f"{written}edit/"))
    assert_persian(client.post(f"{written}edit/", {"text": ""}))
    assert_persian(client.get(f"{written}withdraw/"))
    client.post(f"{written}mail/", {"decision": "on", "replies": "on"})
    link = mailed("comment/prove")
    assert_persian(client.get(link))
    assert_persian(client.get("/comment/prove/nothing/"))
    assert_persian(client.post(link, {"answer": "yes"}, follow=True))
    moderation.decide([comment], "reject", actor=mona, tell="نه")
    mailed("comment/status")
    assert_persian(client.get(written))
    assert_persian(client.post(f"{written}appeal/", {"words": "چرا"}, follow=True))
    client.post(f"{written}mine/")
    link = mailed("comment/mine")
    assert_persian(client.get(link))
    assert_persian(client.post(f"{link}erase/"))
    assert_persian(client.post(f"{link}erase/", {"sure": "on"}))
    assert_persian(client.get(written))


@pytest.mark.django_db
def test_what_moderators_and_followers_are_mailed_is_persian(client, post, written):
    comment = Comment.objects.get()
    Comment.objects.update(reasons=["held_all", "links:2/2", "blocked:word/آری", "first_time:guest/1"])
    mona = make_user("mona", "Moderator", display_name="مونا")
    MailChoice.objects.create(user=mona)
    ModerationEvent.objects.create(comment_id=comment.pk, to_status="pending")
    waiting.tell(timezone.now() + timedelta(minutes=2))
    link = mailed("moderate")
    assert_persian(client.get(link), "مونا")
    state = Comment.objects.get().state
    assert_persian(client.post(link, {"verb": "approve", "seen": state}, follow=True))
    gull = Commenter.objects.create(email="gull@example.org")
    moderation.follow(comment, gull)
    moderation.decide(
        [make_comment(post, parent=comment, author_name="نیما", body="نه", status="pending")], "approve", actor=mona
    )
    send_due(timezone.now() + timedelta(minutes=6))
    link = mailed("unsubscribe")
    assert_persian(client.get(link))
    assert_persian(client.post(link))


@pytest.mark.django_db
def test_a_forgotten_password_is_persian(client, post):
    assert_persian(client.get("/password/"))
    assert_persian(client.post("/password/", {"who": ""}))
    assert_persian(client.get("/password/sent/"))
    assert_persian(client.get("/password/x/y/"))


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "آب", "ناپیدا", "."])
def test_search_is_persian(client, post, query):
    make_page(author=post.author, title="آب", slug="آب", body="<p>آب</p>")
    words = {"": "دنبال چه می‌گردید؟", "آب": "۲ نتیجه", "ناپیدا": "چیزی پیدا نشد.", ".": "کلمه‌ای برای جست‌وجو"}
    assert_persian(client.get("/search/", {"q": query}), words[query])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/archive/", "/label/دریا/", "/author/sara/", "/nowhere/", "/?before=x"])
def test_other_pages_are_persian(client, post, path):
    assert_persian(client.get(path), "بایگانی", "خوراک نظرها")


@pytest.mark.django_db
def test_a_preview_by_link_is_persian(client, post):
    Post.objects.filter(pk=post.pk).update(status="draft")
    address = f"/preview/{Preview.objects.make(7, post=post, created_by=post.author, name='مینا')}/"
    assert_persian(client.get(address), "پیش‌نمایش برای", "منتشر نشده است.", "یادداشتی بگذارید")
    assert_persian(client.post(address, {"text": "\x00"}), "هنوز فرستاده نشده", "نامتان را بنویسید")
    assert_persian(client.post(address, {"name": "م"}), "یادداشتتان را اینجا بنویسید.")
    client.post(address, {"name": "مینا", "text": "آری"})
    assert_persian(client.get(address), "سپاس. نویسنده آن را می‌بیند.", "یک یادداشت دیگر")
    Preview.objects.update(expires_at=timezone.now())
    assert_persian(client.get(address), "مهلت این پیوند تمام شده است")
    Preview.objects.update(revoked_at=timezone.now())
    assert_persian(client.get(address), "این پیوند پس گرفته شد.")
    assert_persian(client.get("/preview/x/"), "اینجا پیش‌نمایشی نیست")


@pytest.mark.django_db
def test_an_authors_preview_is_persian(client, post):
    post.author.is_superuser = post.author.is_staff = True
    post.author.save()
    client.force_login(post.author)
    assert_persian(client.get(f"/admin/preview/{post.pk}/"), "خواننده‌ها اکنون این را می‌بینند.")
    assert_persian(client.get(f"/admin/preview/{post.pk}/frame/"), "تلفن", "تیره", "بازگشت به نوشتن")


def test_what_is_translated_is_compiled():
    """A bare machine has no msgfmt, so the .mo is in the repository: it says what the .po says."""
    with open(MESSAGES / "django.mo", "rb") as file:
        compiled = gettext.GNUTranslations(file)
    translated = po_entries((MESSAGES / "django.po").read_text(encoding="utf-8"))
    assert len(translated) > 100
    # gettext keeps the forms of a plural apart, under (the singular, number of the form).
    assert {key: words for key, words in compiled._catalog.items() if key} == translated


def po_entries(text: str) -> dict:
    """What gettext makes of a .po file: the singular, or it and a form's number, to the translation."""
    entries = {}
    for block in text.split("\n\n")[1:]:
        said = re.findall(r'^(msg\w+)(?:\[(\d)\])? ((?:".*"\n?)+)', block, re.MULTILINE)
        words = {name + form: "".join(map(ast.literal_eval, lines.splitlines())) for name, form, lines in said}
        key = words.pop("msgid")
        words.pop("msgid_plural", None)
        for name, word in words.items():
            form = name.removeprefix("msgstr")
            entries[(key, int(form)) if form else key] = word
    return entries
