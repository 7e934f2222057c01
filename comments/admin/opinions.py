"""What the spam filter makes of a comment, in words: beside the comment in the queue, and among its mistakes."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comments.models import CommentSettings, Says, SpamSample
from comments.spam.words import reason

SIGNS = 4  # for, and as many against


@dataclass
class Opinion:
    says: str  # one of Says
    words: str
    signs: list[SafeString]  # what speaks for spam, the strongest first ...
    against: list[SafeString]  # ... and what against it

    @classmethod
    def of(cls, sample: SpamSample, settings: CommentSettings) -> "Opinion":
        says = sample.says(settings)
        why = sorted(sample.why, key=lambda sign: -abs(sign[2]))
        return cls(
            says=says,
            words=_words(says, sample.probability),
            signs=[_sign(sign) for sign in why if sign[2] > 0][:SIGNS],
            against=[_sign(sign) for sign in why if sign[2] < 0][:SIGNS],
        )


def opinions(ids: Iterable[int]) -> dict[int, Opinion]:
    """Those of these comments that the filter has seen as they are; two queries however many they are."""
    samples = SpamSample.objects.filter(comment__in=ids).exclude(features=b"").defer("features", "likeness", "source")
    settings = CommentSettings.load()
    return {sample.comment_id: Opinion.of(sample, settings) for sample in samples}


def _words(says: str, probability: float) -> str:
    if says == Says.UNSURE:
        return _("not sure, it has not seen enough like it")
    said = {
        Says.SPAM: _("spam, %(percent)s in 100"),
        Says.HOLD: _("doubtful, %(percent)s in 100 for spam"),
        Says.GOOD: _("good, %(percent)s in 100 for spam"),
    }[says]
    return said % {"percent": f"{100 * probability:.0f}"}


def _sign(sign: list) -> SafeString:
    """A sign holds people's words: escaped, and kept from turning the line around."""
    kind, value, _weight = sign
    return format_html("<bdi>{}</bdi>", reason(kind, value))
