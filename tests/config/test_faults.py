"""No room for uploads, a disk that is away, and a mail server that stands still: on real ones."""

import os
import re
import socket
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from blog.mail.sending import send_due
from blog.models import Image, Mail, SiteSettings
from config.logs import WithoutCapabilities
from tests.blog.letters import KINDS, make_mail
from tests.blog.pictures import upload
from tests.config import room
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NO_ROOM = "There is no room left for it on the server"


@pytest.fixture
def disk():
    disk = room.Room(2)
    if not disk.is_there:
        disk.remove()
        room.is_missing()
    yield disk
    disk.remove()


@pytest.fixture
def desk(client):
    client.force_login(make_user("edith", "Editor"))
    return client


def stored(disk) -> list:
    return [path for path in disk.folder.rglob("*") if path.is_file() and path.name != "filler"]


def picture() -> SimpleUploadedFile:
    return upload()


def test_an_upload_without_room_is_refused_and_leaves_nothing(disk, desk, settings):
    settings.MEDIA_ROOT = disk.folder
    disk.fill()
    answer = desk.post(reverse("admin:blog_image_upload"), {"upload": picture()})
    assert answer.status_code == 422 and NO_ROOM in answer.json()["error"]
    page = desk.post(reverse("admin:blog_image_add"), {"upload": picture(), "alt": "A pier"})
    assert page.status_code == 200 and NO_ROOM in page.content.decode() and 'value="A pier"' in page.content.decode()
    assert not Image.objects.exists() and stored(disk) == []

    disk.make_room()
    assert desk.post(reverse("admin:blog_image_upload"), {"upload": picture()}).status_code == 201
    image = Image.objects.get()
    assert [path.name for path in stored(disk)] == [os.path.basename(image.file.name)]


def test_the_beginning_of_a_file_is_not_taken_for_it(desk, settings, tmp_path):
    """As a power cut leaves it."""
    settings.MEDIA_ROOT = tmp_path
    desk.post(reverse("admin:blog_image_upload"), {"upload": picture()})
    image = Image.objects.get()
    whole = (tmp_path / image.file.name).read_bytes()
    Image.objects.all().delete()
    (tmp_path / image.file.name).write_bytes(whole[:100])
    desk.post(reverse("admin:blog_image_upload"), {"upload": picture()})
    again = Image.objects.get()
    assert again.file.name == image.file.name and (tmp_path / again.file.name).read_bytes() == whole


def test_a_form_that_finds_no_room_on_its_way_in_says_so(disk, desk, settings):
    """Large files are written to the temporary folder as they come."""
    settings.FILE_UPLOAD_TEMP_DIR = str(disk.folder)
    disk.fill()
    desk.raise_request_exception = False
    large = SimpleUploadedFile("pier.jpg", os.urandom(settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 100_000), "image/jpeg")
    answer = desk.post(reverse("admin:blog_image_add"), {"upload": large, "alt": "A pier"})
    assert answer.status_code == 503 and "no room left" in answer.content.decode()
    assert not stored(disk)


@pytest.fixture
def away(settings, tmp_path):
    """A folder of uploads that not even root can enter: its name leads to itself."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "images").symlink_to("images")
    return settings.MEDIA_ROOT / "images"


def test_a_picture_whose_disk_is_away_is_not_the_sites_fault(away, client, caplog):
    client.raise_request_exception = False
    answer = client.get(f"/media/images/ab/ab{'c' * 30}.png")
    assert answer.status_code == 503 and answer["Cache-Control"] == "no-store" and answer["Retry-After"]
    [record] = [record for record in caplog.records if record.name == "django.request"]
    WithoutCapabilities().filter(record)
    assert record.exc_info is None and "Too many levels of symbolic links" in record.getMessage()
    assert client.get("/").status_code == 200


def test_an_upload_whose_disk_is_away_is_refused(away, desk):
    answer = desk.post(reverse("admin:blog_image_upload"), {"upload": picture()})
    assert answer.status_code == 422 and "disk did not take it" in answer.json()["error"]
    assert not Image.objects.exists()
    away.unlink()
    assert desk.post(reverse("admin:blog_image_upload"), {"upload": picture()}).status_code == 201


def test_a_site_whose_logo_cannot_be_read_shows_its_plain_icon(desk, away):
    away.unlink()
    desk.post(reverse("admin:blog_image_upload"), {"upload": picture()})
    SiteSettings(logo=Image.objects.get()).save()
    address = re.search(r'href="(/icon-[^"]+)"', desk.get("/").content.decode())[1]
    away.rename(away.with_name("elsewhere"))
    away.symlink_to("images")
    assert desk.get(address).status_code == 302


@pytest.fixture
def silent():
    """It lets everybody in and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_mail_server_that_stands_still_is_waited_for_once_a_run(silent, mail_server, settings):
    settings.MAIL_KINDS = settings.MAIL_KINDS | KINDS
    for number in range(3):
        make_mail(key=f"mail {number}")
    port, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = settings.EMAIL_PORT, silent, 0.5
    now = timezone.now()
    assert send_due(now) == 0
    waiting = Mail.objects.filter(status="waiting")
    assert waiting.count() == 3 and waiting.exclude(unreached_at=None).count() == 1
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = port, 20
    assert send_due(now + timedelta(minutes=1)) == 3
    assert send_due(now + timedelta(minutes=2)) == 0
    assert len(mail_server.messages) == len({message["Message-ID"] for message in mail_server.messages}) == 3


def test_a_mail_server_without_room_is_tried_again_later(mail_server, settings):
    settings.MAIL_KINDS = settings.MAIL_KINDS | KINDS
    make_mail(key="mail")
    mail_server.answers["DATA"] = ["452 4.3.1 Insufficient system storage"]
    now = timezone.now()
    assert send_due(now) == 0
    assert "452" in Mail.objects.get(status="waiting").problem
    assert send_due(now + timedelta(minutes=2)) == 1 and len(mail_server.messages) == 1
