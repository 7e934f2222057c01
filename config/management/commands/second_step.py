from django.core.management.base import BaseCommand, CommandError

from blog.models import User
from config.database import database_or_stop
from config.signin import second, throttle


class Command(BaseCommand):
    help = "Turns somebody's second step off, for who has lost telephone and recovery codes."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--off", required=True, metavar="USERNAME", help="whose")

    def handle(self, *, off: str, **options) -> None:
        database_or_stop()
        user = User.objects.filter(username=User.normalize_username(off.strip())).first()
        if user is None:
            raise CommandError(f"There is no user {off!r}.")
        throttle.forget_code(user)
        if not second.turn_off(user):
            self.stdout.write(f"{user.username} has no second step: the password alone signs in.")
            return
        self.stdout.write(f"{user.username} signs in with the password alone now. Nobody else was changed.")
