import pytest

from comments.models import Job
from tests.corpus.conftest import corpus
from tests.factories import make_user

__all__ = ["corpus"]


@pytest.fixture
def mona():
    return make_user("mona", "Moderator")


@pytest.fixture
def job(mona):
    return Job.objects.create(kind=Job.Kind.RETRAIN, user=mona)
