"""`make licences` writes docs/licences.md."""

from tests.supply.packages import ROOT, pinned

PAGE = ROOT / "docs" / "licences.md"
# Whoever runs, changes or passes on the site may do so under each of these; the LGPL's libraries can be exchanged.
FREE = {
    *("0BSD", "Apache-2.0", "Apache-2.0 OR BSD-2-Clause", "Apache-2.0 OR BSD-3-Clause"),
    *("Apache-2.0 AND BSD-2-Clause", "BSD-2-Clause"),
    *("BSD-3-Clause", "ISC", "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib"),
}
HEAD = """# Licences

Marginalia is under the [BSD 3-Clause licence](../LICENSE). It stands on these packages, as `requirements.txt`
pins them. `make licences` writes this page from what they say of themselves. A test fails when it is out of date, and
when a licence is none that lets everybody run, change and pass on the site.

| Package | Licence |
|---|---|
"""
FOOT = """
**Inside of packages.** django-prose-editor brings Tiptap and ProseMirror (MIT) and Google's Material Icons
(Apache-2.0) to the desk. Pillow's and psycopg's wheels hold the C libraries that they name, such as libjpeg-turbo,
libwebp and libpq, under their own free licences. Nothing else of other people is in this repository.
"""


def page() -> str:
    rows = (f"| {package.name} | {package.licence} |\n" for package in pinned())
    return HEAD + "".join(rows) + FOOT


if __name__ == "__main__":
    PAGE.write_text(page())
    print(f"Wrote {PAGE.relative_to(ROOT)}.")
