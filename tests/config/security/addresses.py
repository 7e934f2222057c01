"""Every address of the project, found from its URL patterns, so that none is forgotten."""

from dataclasses import dataclass

from django.urls import URLPattern, get_resolver
from django.utils.regex_helper import normalize


@dataclass(frozen=True)
class Address:
    name: str  # with its namespace; without a name of its own: its template
    template: str  # as of str %: "label/%(slug)s/"
    parameters: tuple[str, ...]

    def path(self, values: dict) -> str:
        missing = [name for name in self.parameters if name not in values]
        assert not missing, f"furnished.py does not say what {missing} of {self.name} may be."
        return "/" + self.template % {name: values[name] for name in self.parameters}


def every_address() -> list[Address]:
    return list(_below(get_resolver().url_patterns, "", ""))


def _below(patterns: list, before: str, namespace: str):
    for pattern in patterns:
        text = pattern.pattern.regex.pattern.removeprefix("^")
        if isinstance(pattern, URLPattern):
            for template, parameters in normalize(before + text):
                name = namespace + (pattern.name or f"/{template}")
                yield Address(name, template, tuple(parameters))
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _below(pattern.url_patterns, before + text, inner)
