from django.core.management.base import BaseCommand

from blog import totals
from comments import counts


class Command(BaseCommand):
    help = (
        "Counts all comments, and all posts, anew and mends stored counts that are wrong. The site may run meanwhile."
    )

    def handle(self, **options) -> None:
        wrong = totals.recount() + counts.recount()
        self.stdout.write(
            f"Stored counts that were wrong and are right now: {wrong}." if wrong else "All counts are right."
        )
