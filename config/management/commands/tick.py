from django.core.management.base import BaseCommand
from django.utils import timezone

from config.tick import tick


class Command(BaseCommand):
    help = "Does once what `manage.py worker` does every minute: clears what has expired, takes up lost tasks."

    def handle(self, **options) -> None:
        tick(timezone.now())
