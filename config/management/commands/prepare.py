import hashlib
from importlib.metadata import version

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from blog.models import Post, User
from config import demo
from config.database import first_line, waiting_migrations
from config.management.commands.owner import DEFAULT_NAME, make_or_rescue


class Command(BaseCommand):
    help = "Makes all ready to serve: database, static files, the owner's account, demo content on an empty site."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty site empty")

    def handle(self, *, no_demo: bool, **options) -> None:
        try:
            self.migrate()
            self.collect_static_files()
            self.make_owner(with_demo=not no_demo)
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {first_line(error)}.") from None
        except OSError as error:
            raise CommandError(f"{error.filename or settings.DATA_DIR}: {error.strerror}.") from None

    def migrate(self) -> None:
        if waiting := waiting_migrations():
            self.say(f"Database: applying {waiting} migrations …")
            call_command("migrate", verbosity=0, interactive=False)

    def collect_static_files(self) -> None:
        if settings.DEBUG:
            return  # served from where they are
        stamp, current = settings.DATA_DIR / "static.digest", static_digest()
        if stamp.exists() and stamp.read_text() == current and settings.STATIC_ROOT.exists():
            return
        self.say("Static files: collecting and compressing …")
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(current)

    def make_owner(self, *, with_demo: bool) -> None:
        empty = not User.objects.exists() and not Post.objects.exists()
        if User.objects.filter(is_superuser=True, is_active=True).exists():
            return
        with transaction.atomic():  # a password that was never shown would lock everybody out
            owner, password = make_or_rescue(DEFAULT_NAME)
            if empty and with_demo:
                self.say("Demo site: writing posts, drawing pictures …")
                demo.fill(owner)
        self.stdout.write(WELCOME.format(url=settings.SITE_URL, name=owner.username, password=password))

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def static_digest() -> str:
    """Changes when a static file, or what compresses and names them, does."""
    parts = [version("django"), version("whitenoise")]
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = storage.path(name)
            parts.append(f"{path} {storage.size(name)} {storage.get_modified_time(name).timestamp()}")
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


WELCOME = """
  Your site:  {url}/
  The desk:   {url}/admin/
  Name:       {name}
  Password:   {password}    (shown this once; `manage.py owner` makes another)

What next:
  1. Sign in at {url}/admin/ and choose a password of your own.
  2. Give the site its name under “Site settings”, and write a post.
  3. Decide on the comments that wait in the moderation queue.
"""
