import pytest

from tests.factories import make_user


@pytest.fixture
def moderator(client):
    user = make_user("mod", "Moderator", display_name="Mona")
    client.force_login(user)
    return user
