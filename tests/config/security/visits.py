"""Requests that no browser would send, and some that one would: for each address, whatever can be said to it."""

import io
import json
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit

import lxml.html
from hypothesis import strategies as st

from tests.config.reader import Answer, ask
from tests.config.security.addresses import Address
from tests.config.security.furnished import ROLES, Furnished

METHODS = ("GET", "GET", "POST", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FÜR")
CSRF = "a" * 32
ODD = (
    *("", " ", "0", "-1", "1", "2", "007", "9" * 10, "9" * 19, "9" * 30, "9" * 5_000, "1e999", "nan", "0x10", "½", "٣"),
    *("\0", "a\0b", "\x1b", "\ufeff", "\u202e", "\u200c", "é", "日本", "مد", "🌊" * 20, "ﬁ", "İ", "ß", "%", "%s", "{}"),
    *(
        "../../etc/passwd",
        "..\\",
        "//elsewhere.example",
        "javascript:alert(1)",
        "<script>",
        "' OR 1=1 --",
        '"',
        "*",
        "(",
    ),
    *("2026-13-45", "2026-02-29", "0000-01-01", "9999-12-31", "2026-03-14T25:61", "24:00", "12:30:00.123456789"),
    *("[]", "{}", "null", "true", '{"a": [1, 2', "[[[[[[", "on", "None", "__all__", "pk__in", "x" * 10_000, "a b\r\nc"),
    *("http://[", "http://:80", "https://elsewhere.example/a?b#c", "a@b", "@", "a@b.c" * 60, "0.0.0.0/0", "::1/129"),
    *("00000000-0000-0000-0000-000000000000", "post", "admin", "image/png", "#12345g", "#225577", "UTC", "fa", "en"),
)
RAW = ("%", "%zz", "%FF", "%ED%A0%80", "%C0%AF", "%00", "+", "=", "&", ";", "a=1&a=2", "%26", "q", "?", "&&&=&")
NAMES = ("q", "p", "o", "page", "before", "after", "order", "next", "parent", "thread", "status", "all", "_popup", "m")
NAMES += (
    "id",
    "id__exact",
    "_to_field",
    "e",
    "term",
    "app_label",
    "model_name",
    "field_name",
    "action",
    "select_across",
)
NAMES += ("password", "csrfmiddlewaretoken", "__proto__", "author__id__exact", "date", "since", "until", "index")

texts = st.sampled_from(ODD) | st.text(max_size=20) | st.integers(-(2**70), 2**70).map(str)
quoted = texts.map(quote) | st.sampled_from(RAW)
names = st.sampled_from(NAMES) | texts
pairs = st.lists(st.tuples(names, texts), max_size=4)
types = st.sampled_from(
    (
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-16",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        f"multipart/form-data; boundary={'x' * 300}",
        "application/json",
        "text/plain",
        "",
        "é",
    )
)
HEADERS = {
    "HTTP_ACCEPT": ("application/json", "*/*;q=", ",,,"),
    "HTTP_ACCEPT_ENCODING": ("gzip", "gzip;q=x", "br;q=0, *", "é"),
    "HTTP_ACCEPT_LANGUAGE": ("fa", "xx-" * 200, "*;q=nan", "\0"),
    "HTTP_HOST": ("testserver", "elsewhere.example", "test server", "", "testserver:99999999", "[::1", "é"),
    "HTTP_IF_MODIFIED_SINCE": ("Sat, 29 Feb 2026 25:00:00 GMT", "Thu, 01 Jan 0000 00:00:00 GMT", "x" * 300),
    "HTTP_IF_NONE_MATCH": ("*", 'W/"', '"a", "b', "é"),
    "HTTP_IF_MATCH": ("*", '"a"'),
    "HTTP_ORIGIN": ("null", "http://testserver", "https://elsewhere.example", "http://[", "é"),
    "HTTP_RANGE": ("bytes=0-", "bytes=9-1", "bytes=" + "0-1," * 100, "lines=1"),
    "HTTP_REFERER": ("http://testserver/", "http://[", "//elsewhere.example", "é\0"),
    "HTTP_SEC_FETCH_SITE": ("cross-site", "none", "x"),
    "HTTP_USER_AGENT": ("", "x" * 3_000, "é\0"),
    "HTTP_X_FORWARDED_FOR": ("203.0.113.7", "203.0.113.7, ::1, nonsense", "," * 500),
    "HTTP_X_FORWARDED_HOST": ("elsewhere.example",),
    "HTTP_X_FORWARDED_PROTO": ("https", "x"),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE",),
    "HTTP_X_REQUESTED_WITH": ("XMLHttpRequest",),
    "HTTP_COOKIE": ("a", "=;=;", 'csrftoken="\\', "messages=x; proof=a:b:c; sessionid=\0", "a=" + "é" * 500),
    "CONTENT_LENGTH": ("", "0", "99999999999", "1"),  # gunicorn lets nothing else through
    "QUERY_STRING": ("m=1", "m=0&q=x", "\xff", "a" * 3_000, "&" * 3_000),
}
headers = st.dictionaries(st.sampled_from(sorted(HEADERS)), st.integers(0, 10), max_size=3).map(
    lambda chosen: {name: HEADERS[name][at % len(HEADERS[name])] for name, at in chosen.items()}
)
FILES = (b"", b"\0" * 50, b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"x" * 40, b"a,b\n1,2\n", b"{}", b"<svg/>", b"\xff\xfe")


@dataclass
class Form:
    """One that a page has."""

    path: str
    method: str
    fields: list[tuple[str, str]]
    files: tuple[str, ...] = ()


@dataclass
class Visit:
    address: str
    role: str
    method: str
    path: str  # as it stands in a request, quoted
    query: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, application, sessions: dict[str, str]) -> Answer:
        cookies = [f"csrftoken={CSRF}"] + ([f"sessionid={sessions[self.role]}"] if sessions[self.role] else [])
        environ = {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": unquote_to_bytes(self.path).decode("latin-1"),
            "QUERY_STRING": self.query,
            "CONTENT_LENGTH": str(len(self.body)),
            "HTTP_COOKIE": "; ".join(cookies),
            "wsgi.input": io.BytesIO(self.body),
            "REMOTE_ADDR": "203.0.113.7",
        }
        environ |= self.headers
        host = environ.pop("HTTP_HOST", "testserver")
        return ask(application, "", environ.pop("REQUEST_METHOD"), host, environ)


def forms_of(application, address: Address, path: str, sessions: dict[str, str]) -> list[Form]:
    """The forms that readers and the owner find there, and what links there ask for."""
    found = []
    for role in ("anonymous", "Owner"):
        answer = Visit(address.name, role, "GET", path).send(application, sessions)
        if not answer.headers.get("content-type", "").startswith("text/html") or not answer.body:
            continue
        page = lxml.html.fromstring(answer.body)
        for form in page.forms:
            kinds = {field.get("name"): field.get("type") for field in form.inputs if field.get("name")}
            to = urlsplit(form.action or path).path or path
            files = tuple(name for name, kind in kinds.items() if kind == "file")
            found.append(Form(to, form.method, [*form.form_values()], files))
            found += [
                Form(to, "POST", [*form.form_values(), (button.get("name"), button.get("value") or "")], files)
                for button in form.xpath(".//button[@name]|.//input[@type='submit' and @name]")
            ]
        for link in page.xpath("//a[contains(@href, '?')]/@href")[:10]:
            parts = urlsplit(link)
            if not parts.netloc:
                found.append(Form(parts.path or path, "GET", parse_qsl(parts.query)))
    return found


@st.composite
def visits(draw, site: Furnished, address: Address, forms: list[Form]) -> Visit:
    """One visit to an address, by a form of its page or by none."""
    visit = Visit(address.name, draw(st.sampled_from(ROLES)), draw(st.sampled_from(METHODS)), site.path(address))
    form = draw(st.sampled_from(forms)) if forms and draw(st.integers(0, 3)) else None
    if form:
        visit.role = draw(st.sampled_from((*ROLES, "Owner", "Owner", "Owner", "anonymous")))
        visit.method, visit.path = draw(st.sampled_from((form.method, form.method, "POST"))), form.path
    elif address.parameters and draw(st.booleans()):
        values = {name: quote(str(value)) for name, value in site.values_of(address).items()}
        values |= {name: draw(quoted) for name in address.parameters if draw(st.booleans())}
        visit.path = address.path(values)
    fields = draw(pairs) if form is None else _changed(draw, form.fields)
    if visit.method in ("GET", "HEAD"):
        visit.query = draw(st.sampled_from(RAW)) if draw(st.integers(0, 9)) == 0 else _packed(fields)
    else:
        _fill(draw, visit, fields, form.files if form else ())
    if draw(st.integers(0, 3)) == 0:
        visit.headers |= draw(headers)
    return visit


def _changed(draw, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A form as it came, with a few fields changed, left out, doubled, or added."""
    fields = list(fields)
    if draw(st.integers(0, 7)) == 0:
        return [(name, "") for name, _ in fields]
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(fields)))
        if at == len(fields):
            fields.append((draw(names), draw(texts)))
        elif (what := draw(st.integers(0, 5))) == 0:
            del fields[at]
        elif what == 1:
            fields.append(fields[at])
        else:
            fields[at] = fields[at][0], draw(texts)
    return fields


def _fill(draw, visit: Visit, fields: list[tuple[str, str]], files: tuple[str, ...]) -> None:
    """Puts the fields into the body, in one of the ways that there are."""
    token = [("csrfmiddlewaretoken", CSRF)]
    fields = [one for one in fields if one[0] != "csrfmiddlewaretoken"] + (token if draw(st.integers(0, 9)) else [])
    way = draw(st.integers(0, 9))
    if way == 0:
        visit.body, visit.headers["CONTENT_TYPE"] = draw(st.binary(max_size=60)), draw(types)
    elif way == 1:
        visit.body = draw(st.sampled_from(ODD)).encode() if draw(st.booleans()) else json.dumps(dict(fields)).encode()
        visit.headers |= {"CONTENT_TYPE": "application/json", "HTTP_X_CSRFTOKEN": CSRF}
    elif files or way == 2:
        sent = [
            (name, draw(st.sampled_from(FILES)), draw(texts)) for name in (files or ("file",)) if draw(st.booleans())
        ]
        visit.body, visit.headers["CONTENT_TYPE"] = _multipart(fields, sent), "multipart/form-data; boundary=x"
    else:
        visit.body = _packed(fields).encode()
        visit.headers["CONTENT_TYPE"] = "application/x-www-form-urlencoded"


def _packed(fields: list[tuple[str, str]]) -> str:
    return urlencode([(name, value) for name, value in fields if name is not None])


def _multipart(fields: list[tuple[str, str]], files: list[tuple[str, bytes, str]]) -> bytes:
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields]
    for name, content, said in files:
        head = (
            f'Content-Disposition: form-data; name="{name}"; filename="{said[:200]}"\r\nContent-Type: image/png\r\n\r\n'
        )
        parts.append(head.encode() + content)
    return b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"
