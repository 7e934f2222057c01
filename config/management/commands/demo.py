from django.core.management.base import BaseCommand, CommandError

from blog.models import Post, User
from config import demo
from config.database import database_or_stop


class Command(BaseCommand):
    help = "Fills a site that has no posts yet with the demo's posts, pages, pictures and comments."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--username", help="who writes the posts; default: the owner")

    def handle(self, *, username: str | None, **options) -> None:
        database_or_stop()
        if Post.objects.exists():
            raise CommandError("This site has posts already: the demo is only for an empty one.")
        users = User.objects.filter(username=username) if username else User.objects.filter(is_superuser=True)
        keeper = users.order_by("pk").first()
        if keeper is None:
            raise CommandError("There is nobody to write the posts. Make an account first: manage.py owner")
        demo.fill(keeper)
        self.stdout.write(f"The demo site is there: {Post.objects.count()} posts and pages, by {keeper.name}.")
