"""What owners and Prometheus ask of a large site is found by an index."""

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from comments.models import Comment
from config import generate
from config.metrics import figures
from config.roles import make_roles
from config.wellbeing import pictures
from tests.comments.people import open_site
from tests.test_plans import Plans, ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NO_LIMIT = 10**9  # how many there are is what is asked; they must not be looked for among all


def test_no_look_reads_a_table_as_a_whole():
    make_roles(apps)
    open_site()
    generate.fill(300, 3_000, 1, lambda what, done, total: None)
    now = timezone.now()
    plans = Plans(NO_LIMIT)
    for statistics in (False, True):
        if statistics:
            ask("ANALYZE")
        with connection.execute_wrapper(plans):
            figures.verdicts(now)
            figures.queue()
            pictures.comments(now, timezone.get_current_timezone())
    assert plans.wrong == [] and plans.seen == 6
    with connection.execute_wrapper(plans):
        list(Comment.objects.order_by().filter(author_name="nobody").values_list("pk"))  # it would see one that does
    assert len(plans.wrong) == 1
