import pytest
from django.core.management import call_command

from comments import counts
from comments.models import SiteCount
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


def test_it_mends_wrong_counts_and_says_how_many(capsys):
    make_comment(make_post())
    SiteCount.objects.update(count=9)

    call_command("recount")
    assert capsys.readouterr().out == "Stored counts that were wrong and are right now: 1.\n"
    assert counts.site()["approved"] == 1

    call_command("recount")
    assert capsys.readouterr().out == "All counts are right.\n"
