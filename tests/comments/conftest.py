import pytest
import time_machine
from django.utils import timezone

from comments import moderation
from comments.models import ModerationEvent
from tests.factories import make_comment, make_post, make_user


@pytest.fixture
def moderator(client):
    user = make_user("mod", "Moderator", display_name="Mona")
    client.force_login(user)
    return user


@pytest.fixture
def post():
    return make_post(title="What the tide table leaves out")


@pytest.fixture
def event(moderator):
    moderation.decide([make_comment(make_post(), status="pending")], "approve", actor=moderator)
    return ModerationEvent.objects.get()


@pytest.fixture
def one_moment():
    """The clock stands: limits are counted in fixed windows, and a minute that ends in between allows as many again."""
    with time_machine.travel(timezone.now(), tick=False):
        yield
