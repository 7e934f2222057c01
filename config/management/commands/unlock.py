from django.core.management.base import BaseCommand

from config.database import database_or_stop
from config.signin import throttle


class Command(BaseCommand):
    help = "Forgets all failed sign-ins, so that whoever has to wait can try again at once."

    def handle(self, **options) -> None:
        database_or_stop()
        throttle.forget_all()
        self.stdout.write("Nobody has to wait before signing in any more.")
