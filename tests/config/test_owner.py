import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from blog.models import User
from config.management.commands.owner import made_up_password
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def run(capsys, *arguments) -> tuple[str, str]:
    """The name and the password that the command prints."""
    call_command("owner", *arguments)
    printed = capsys.readouterr().out
    return re.search(r"Owner: +(\S+)", printed)[1], re.search(r"Password: +(\S+)", printed)[1]


def test_it_says_that_a_second_step_stays(capsys):
    TOTPDevice.objects.create(user=make_user("olive", "Owner"))
    call_command("owner")
    assert "Without it: manage.py second_step --off olive" in capsys.readouterr().out


def test_it_makes_an_owner_who_can_sign_in(capsys):
    name, password = run(capsys)
    assert name == "owner"
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    assert Client().login(username=name, password=password)
    owner = User.objects.get()
    assert owner.is_superuser and owner.is_staff and owner.is_active


def test_every_password_is_another():
    assert len({made_up_password() for _ in range(100)}) == 100


def test_it_rescues_the_owner_there_is_under_whatever_name(capsys):
    owner = make_user("alice", "Owner", is_active=False)
    name, password = run(capsys)
    assert name == "alice"
    owner.refresh_from_db()
    assert owner.is_active and owner.check_password(password)
    assert User.objects.count() == 1


def test_it_ends_the_accounts_sessions(capsys, client):
    owner = make_user("alice", "Owner")
    client.force_login(owner)
    run(capsys)
    assert "_auth_user_id" not in client.get("/admin/").wsgi_request.session


def test_it_makes_an_owner_of_another_name(capsys):
    make_user("alice", "Owner")
    assert run(capsys, "--username", "مریم")[0] == "مریم"
    assert User.objects.filter(is_superuser=True).count() == 2


def test_it_makes_an_owner_of_an_author(capsys):
    author = make_user("bob", "Author")
    run(capsys, "--username", "bob")
    author.refresh_from_db()
    assert author.is_superuser


@pytest.mark.parametrize("name", [" ", "two words", "x" * 151, "<b>", "line\nend"])
def test_it_refuses_odd_names_with_one_line(name):
    with pytest.raises(CommandError) as caught:
        call_command("owner", "--username", name)
    assert "\n" not in str(caught.value)
    assert not User.objects.exists()
