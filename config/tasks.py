"""Work for the worker (manage.py worker) that knows both apps."""

from django.utils import timezone
from django_tasks import task

from comments import retention
from config.bin import CHORES
from config.doctor import examine


@task(priority=-10)  # after the mails and the moderators' decisions
def purge() -> dict[str, int]:
    """Forgets all that is due; stopped and started again, it goes on where it was."""
    return retention.purge(timezone.now(), chores=CHORES)


@task(priority=-20)  # it may read a whole database file
def look_at_everything() -> list[dict[str, str]]:
    """What `manage.py doctor` says, for config/wellbeing."""
    return [
        {"check": name, "level": str(found.level), "words": found.words, "todo": found.todo}
        for name, found in examine()
    ]
