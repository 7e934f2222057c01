import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from config import settings as product
from tests.config.signin.people import PASSWORD, knows_who, passes
from tests.factories import make_user


@pytest.fixture
def hashers(settings):
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS


def test_new_passwords_are_argon2(hashers):
    stored = make_password(PASSWORD)
    assert stored.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password(PASSWORD, stored) and not check_password("wrong", stored)


@pytest.mark.django_db
def test_an_older_password_works_and_is_made_anew(client, hashers):
    olive = make_user("olive", "Owner")
    olive.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    olive.save()
    assert passes(client).status_code == 302 and knows_who(client)
    assert client.get("/admin/").status_code == 200  # the new hash did not end the session
    olive.refresh_from_db()
    assert identify_hasher(olive.password).algorithm == "argon2"
    assert check_password(PASSWORD, olive.password)


@pytest.mark.parametrize("password", ["horses-14", "password1234", "1234567890123", "olive-olive"])
def test_weak_passwords_are_refused(password):
    from blog.models import User

    with pytest.raises(ValidationError):
        validate_password(password, User(username="olive-olive"))


def test_a_good_one_is_taken():
    assert validate_password("kelp and gulls") is None
