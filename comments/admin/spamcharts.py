"""The filter's figures on its page: charts as SVG, coloured by static/css/desk.css, their tables, advice in words."""

from collections.abc import Sequence

from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from comments.models import CommentSettings
from comments.spam.figures import Figures, Record
from comments.spam.model import FEWEST

STEP, SIDE = 12, 10  # of the bars
HEIGHT = 100
ENOUGH = 50  # decisions by which it can be judged
FAR_OFF = 2  # times as many good comments stopped as are allowed


def charts(groups: Sequence[Figures], settings: CommentSettings) -> list[dict]:
    """The oldest decisions on the left."""
    if not groups:
        return []
    most = max((group.false_positives or 0 for group in groups), default=0)
    allowed = float(settings.spam_hold_percent)
    top = next(step for step in (5, 10, 20, 50, 100) if step >= max(most, allowed))
    return [
        _chart("recall", _("Spam that it would have caught"), groups, [one.recall for one in groups], 100),
        _chart("precision", _("Of what it would have stopped, spam"), groups, [one.precision for one in groups], 100),
        _chart(
            "wrong",
            _("Good comments that it would have stopped"),
            groups,
            [one.false_positives for one in groups],
            top,
            line=allowed,
        ),
    ]


def tables(record: Record) -> list[dict]:
    groups = [_row(_days(group), group) for group in reversed(record.groups)]
    months = [_row(date_format(localtime(month.first), "F Y"), month) for month in reversed(record.months)]
    return [
        {"title": _("By decisions"), "rows": groups, "is_open": True},
        {"title": _("By month"), "rows": months, "is_open": False},
    ]


def advice(settings: CommentSettings, lessons: Sequence[int], whole: Figures) -> str:
    """What the figures come to, in plain words."""
    modes, mode = CommentSettings.SpamMode, settings.spam_mode
    numbers = {"caught": whole.caught, "spam": whole.spam, "stopped": whole.stopped_good, "good": whole.good}
    if mode == modes.OFF:
        return _("It is off: it looks at no comment, and learns from none that comes now.")
    if whole.decided and not sum(lessons):
        return _("It has learnt nothing of the decisions that are there. Retrain it from history.")
    if min(lessons) < FEWEST and whole.unsure == whole.decided:
        return _("Too little is known yet: it takes about %(fewest)d good comments and %(fewest)d of spam.") % {
            "fewest": FEWEST
        }
    if whole.decided < ENOUGH or not whole.good or not whole.spam:
        return _("It knows enough to say something. Whether it is right, the next decisions will show.")
    if mode == modes.ACT:
        return (
            _("Of the last %(spam)d of spam it caught %(caught)d; of %(good)d good comments it stopped %(stopped)d.")
            % numbers
        )
    if whole.false_positives > FAR_OFF * max(float(settings.spam_hold_percent), 100 / whole.good):
        return (
            _(
                "It would have caught %(caught)d of %(spam)d of spam but stopped %(stopped)d of %(good)d good comments,"
                " more than you allow. Let it observe a while longer."
            )
            % numbers
        )
    return (
        _(
            "It would have caught %(caught)d of %(spam)d of spam, and stopped %(stopped)d of %(good)d good comments. "
            "If that suits you, turn it on in the settings."
        )
        % numbers
    )


def _row(name: str, figures: Figures) -> dict:
    return {
        "name": name,
        "decided": figures.decided,
        "caught": _of(figures.caught, figures.spam),
        "stopped": _of(figures.stopped_good, figures.good),
        "precision": _percent(figures.precision),
        "unsure": figures.unsure,
    }


def _of(part: int, whole: int) -> str:
    return _("%(part)d of %(whole)d") % {"part": part, "whole": whole} if whole else "–"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{number_format(share, decimal_pos=0)} %"


def _days(group: Figures) -> str:
    first, last = (date_format(localtime(at), "j M Y") for at in (group.first, group.last))
    return first if first == last else f"{first} – {last}"


def _chart(
    name: str, title: str, groups: Sequence[Figures], shares: list, top: float, line: float | None = None
) -> dict:
    drawn, width = [], STEP * len(groups)
    for place, (group, share) in enumerate(zip(groups, shares, strict=True)):
        if share:
            height = max(round(HEIGHT * share / top, 1), 1)
            said = f"{_days(group)}: {_percent(share)}"
            drawn.append((STEP * place + 1, HEIGHT - height, SIDE, height, said))
    bars = format_html_join(
        "", '<rect class="bar-of-day" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>', drawn
    )
    known = [share for share in shares if share is not None]
    said = _("No decision says it.")
    if known:
        values = {"least": _percent(min(known)), "most": _percent(max(known)), "last": _percent(known[-1])}
        said = _("Between %(least)s and %(most)s, at last %(last)s.") % values
    return {
        "name": name,
        "title": title,
        "said": said,
        "top": _percent(top),
        "marks": [_days(groups[0]), _days(groups[-1])] if len(groups) > 1 else [_days(groups[0])],
        "line": _("The line: %(percent)s, the most that you allow.") % {"percent": f"{line:g} %"} if line else "",
        "svg": _svg(name, title, said, width, format_html("{}{}", bars, _line(line, top, width))),
    }


def _line(at: float | None, top: float, width: int) -> SafeString:
    if at is None:
        return SafeString("")
    y = round(HEIGHT * (1 - at / top), 1)
    return format_html('<line class="allowed" x1="0" x2="{}" y1="{}" y2="{}" />', width, y, y)


def _svg(name: str, title: str, said: str, width: int, drawn: SafeString) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-labelledby="{}-title" '
        'aria-describedby="{}-said"><title id="{}-title">{}</title><desc id="{}-said">{}</desc>{}</svg>',
        *(width, HEIGHT, name, name, name, title, name, said, drawn),
    )
