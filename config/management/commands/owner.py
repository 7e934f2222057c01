import secrets

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from blog.models import User
from config.database import database_or_stop

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
DEFAULT_NAME = "owner"


class Command(BaseCommand):
    help = "Makes the owner's account, or rescues it: gives it a new password, which is printed once."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--username", help="default: the owner there is, or a new one called “owner”")

    def handle(self, *, username: str | None, **options) -> None:
        database_or_stop()
        user, password = make_or_rescue(username or present_owner() or DEFAULT_NAME)
        self.stdout.write(f"Owner:     {user.username}\nPassword:  {password}\nIt is not shown again.")
        from config.signin import second  # here: it makes codes as passwords are made here

        if second.has_one(user):
            self.stdout.write(f"The second step stays. Without it: manage.py second_step --off {user.username}")


def present_owner() -> str | None:
    owner = User.objects.filter(is_superuser=True).order_by("-is_active", "pk").first()
    return owner and owner.username


@transaction.atomic
def make_or_rescue(username: str) -> tuple[User, str]:
    """The account of this name, made if need be, as an active owner with a new password; and that password.

    Raises CommandError if it is no name for an account. A new password also ends the account's sessions.
    """
    username = User.normalize_username(username.strip())
    user = User.objects.select_for_update().filter(username=username).first() or User(username=username)
    try:
        User._meta.get_field("username").clean(username, user)
    except ValidationError as error:
        raise CommandError(f"{username!r} cannot be a username. {error.messages[0]}") from None
    password = made_up_password()
    user.is_active = user.is_staff = user.is_superuser = True
    user.set_password(password)
    user.save()
    return user, password


def made_up_password() -> str:
    """79 bits in four groups that can be read out and typed."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
