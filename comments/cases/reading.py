"""Reads a file of cases: {"cases": [{"id", "setup", "input", "expected"}]}, with WordPress's option names in setup."""

import json
from dataclasses import dataclass, field

# Options and circumstances that have a counterpart here; what else a setup says is named in the outcome.
KNOWN = {
    "": {
        "close_comments_days_old",
        "close_comments_for_old_posts",
        "comment_max_links",
        "comment_moderation",
        "comment_previously_approved",
        "comment_registration",
        "disallowed_keys",
        "history",
        "logged_in",
        "moderation_keys",
        "parent",
        "post",
        "post_age_hours",
        "registered_user",
        "require_name_email",
        "same_email",
        "same_ip",
        "seconds_since_last",
    },
    "post.": {"comments", "status", "type"},
    "registered_user.": {"email", "old_email"},
    "history.": {"author", "by_user", "email", "ip", "parent", "same_post", "status", "text", "url"},
}
DEFAULTS = {"text": "A plain remark about the post.", "author": "Reader", "email": "reader@example.com"}
MOST = 32_767
# What a case expects, beside our own four words, as WordPress's facts put it.
EXPECTED = {
    "publish": "approve",
    "accepted": "not refuse",
    "open": "not refuse",
    "not a duplicate": "not refuse",
    "reject": "refuse",
    "match": "spam",
    "no match": "not spam",
    "accepted; status trash": "spam",
}
SAID = ("author", "email", "text", "url", "ip", "status")
VERDICTS = ("approve", "hold", "spam", "refuse")


class CasesError(ValueError):
    """What is wrong with the file, for people."""


@dataclass
class Asked:
    """One case as read: nothing in it is missing or of the wrong kind."""

    id: str
    setup: dict
    input: dict
    expected: str  # as the file has it
    wanted: str  # "hold" or "not hold", say; empty if the case is about something else than the policy
    unknown: list[str] = field(default_factory=list)  # what of the setup has no counterpart here
    problem: str = ""  # why it cannot be run; the others can

    def allows(self, verdict: str) -> bool:
        """Whether this is what the case expects."""
        other = self.wanted.removeprefix("not ")
        return verdict == self.wanted if other == self.wanted else verdict != other

    def number(self, key: str, default: int = 0, most: int = MOST) -> float:
        value = self.setup.get(key, default)
        try:
            number = float(value or 0)
        except (TypeError, ValueError):
            number = -1
        if not 0 <= number <= most:
            raise CasesError(f"Case {self.id}: “{key}” should be a number from 0 to {most:,}.")
        return number

    def keys(self, name: str) -> list[str]:
        """The lines of a list of words, without the blank ones."""
        value = self.setup.get(name) or []
        lines = value.splitlines() if isinstance(value, str) else value
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise CasesError(f"Case {self.id}: “{name}” should be a list of words.")
        return [line.strip() for line in lines if line.strip()]

    def part(self, name: str) -> dict:
        value = self.setup.get(name) or {}
        if not isinstance(value, dict):
            raise CasesError(f"Case {self.id}: “{name}” should be an object.")
        return value

    def history(self) -> list[dict]:
        value = self.setup.get("history") or []
        if not isinstance(value, list) or not all(isinstance(item, dict | str) for item in value):
            raise CasesError(f"Case {self.id}: “history” should be a list of comments.")
        items = [{"status": item.partition(" ")[0]} if isinstance(item, str) else item for item in value]
        return [{key: words(item[key]) if key in SAID else item[key] for key in item} for item in items]

    def said(self, name: str) -> str:
        """A field of the comment, as typed."""
        required = self.setup.get("require_name_email") and name in ("author", "email")
        return words(self.input.get(name, "" if required else DEFAULTS.get(name, "")))

    def texts(self) -> list[str]:
        """What is said, one comment after the other."""
        value = self.input.get("text", DEFAULTS["text"])
        return [words(text) for text in value] if isinstance(value, list) else [words(value)]


def read(text: str) -> list[Asked]:
    """The cases of a file's text. Raises CasesError with one clear line."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CasesError(f"This is not JSON: {error}.") from None
    cases = data.get("cases") if isinstance(data, dict) else None
    if not isinstance(cases, list):
        raise CasesError("A file of cases is an object with a list “cases”.")
    return [_read_one(case, place) for place, case in enumerate(cases, start=1)]


def _read_one(case: object, place: int) -> Asked:
    if not isinstance(case, dict) or not isinstance(case.get("id"), str):
        raise CasesError(f"Case number {place} has no “id”.")
    name = case["id"]
    for key in ("setup", "input"):
        if not isinstance(case.get(key, {}), dict):
            raise CasesError(f"Case {name}: “{key}” should be an object.")
    if not isinstance(case.get("expected"), str):
        raise CasesError(f"Case {name}: “expected” should be a word.")
    expected = words(case["expected"])
    asked = Asked(words(name), case.get("setup", {}), case.get("input", {}), expected, _wanted(expected))
    try:
        asked.unknown = _unknown(asked)
    except CasesError as error:
        asked.problem = str(error)
    return asked


def _wanted(expected: str) -> str:
    said = expected.removeprefix("second: ").strip()
    for part in (said, said.partition(":")[0], said.partition(";")[0]):
        meant = EXPECTED.get(part, part)
        if meant.removeprefix("not ") in VERDICTS:
            return meant
    return ""


def _unknown(case: Asked) -> list[str]:
    given = [("", case.setup), ("post.", case.part("post")), ("registered_user.", case.part("registered_user"))]
    given += [("history.", item) for item in case.history()]
    return sorted({f"{prefix}{key}" for prefix, keys in given for key in keys if key not in KNOWN[prefix]})


def words(value: object) -> str:
    """A value as a person would type it; {"random_length": 5, "suffix": "x"} is five signs and the x."""
    if isinstance(value, dict):
        count = value.get("random_length", 0)
        value = "x" * (count if isinstance(count, int) and 0 <= count < 1_000_000 else 0) + str(value.get("suffix", ""))
    text = "" if value is None else str(value)
    # Half a character out of JSON's escapes is none.
    return text.replace("\0", "").encode("utf-8", "replace").decode().strip()
