"""Pages that are the same for everybody, so that one rendering may serve all (config/pagecache/)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blog import versions


class Shown:
    """What a page shows, as keys of blog/versions.py, and until when time alone does not change it.

    A view that says nothing shows anything: its page is out of date after every change.
    """

    def __init__(self) -> None:
        self.said: set[str] = set()
        self.until: datetime | None = None

    @property
    def keys(self) -> set[str]:
        return {versions.SITE, *(self.said or {versions.ALL})}

    def add(self, *keys: str) -> None:
        self.said.update(keys)

    def posts(self, posts: Iterable) -> None:
        """A list of posts: which ones there are, and what is shown of each."""
        self.add(versions.LISTS, *(versions.post_key(post.pk) for post in posts))

    def no_longer_than(self, moment: datetime | None) -> None:
        if moment is not None and (self.until is None or moment < self.until):
            self.until = moment


def shared(*parameters: str) -> Callable:
    """Marks a view that answers everybody who is not signed in alike, by GET alone. Of the query it reads these
    parameters.

    The view says on request.shown what its page shows.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_safe
        @wraps(view, updated=())
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            request.shown = Shown()
            response = view(request, *args, **kwargs)
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                response.headers.setdefault("Cache-Control", "private, no-cache")
            elif response.status_code == 200 and not response.streaming:
                response.headers["Cache-Control"] = "no-cache"
                response.shown = request.shown
            return response

        answer.parameters = frozenset(parameters)
        return answer

    return decorate


def for_everywhere(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Marks a view of pictures that pages elsewhere may show, such as those of feed readers."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer


def shown(request: HttpRequest) -> Shown:
    """What the page at hand shows; of a page that is not shared it does not matter."""
    return getattr(request, "shown", None) or Shown()
