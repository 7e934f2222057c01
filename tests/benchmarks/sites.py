"""Sites to measure: content.py's, made once on SQLite and once on PostgreSQL; each group gets copies of its own."""

import os
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.benchmarks.servers import SECRET, LeftOut, manage
from tests.config.command import environment

POSTGRES_URL = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
BARE, FULL, COPY = "marginalia_bench_bare", "marginalia_bench_full", "marginalia_bench_copy"
SIZES = (1_000, 50_000)  # posts, where no sites are given; ten times as many comments
MAKE = ["shell", "-c", "from tests.benchmarks.content import make; make()"]


class Sites(ExitStack):
    def __init__(self, given: list[str] | None = None) -> None:
        """`given` are a small and a large site that are there: folders, or postgres:// addresses."""
        super().__init__()
        self.folder = Path(self.enter_context(tempfile.TemporaryDirectory(prefix="marginalia-bench-")))
        self.given = given

    @cached_property
    def pair(self) -> list[str]:
        """A small site and a large one, of config/generate."""
        if self.given:
            return self.given
        for posts in SIZES:
            environ = of_folder(self.folder / str(posts))
            manage(environ, "migrate")
            size = ["--posts", str(posts), "--comments", str(posts * 10)]
            manage(environ, "generate_content", *size, stdout=subprocess.DEVNULL)
        return [str(self.folder / str(posts)) for posts in SIZES]

    @cached_property
    def bare(self) -> Path:
        """A folder with a site that has nothing to read yet."""
        environ = of_folder(self.folder / "bare")
        manage(environ, "migrate")
        manage(environ, "collectstatic", "--noinput")
        return self.folder / "bare"

    @cached_property
    def full(self) -> Path:
        folder = copy(self.bare, self.folder / "full")
        manage(of_folder(folder), *MAKE)
        return folder

    @cached_property
    def bare_database(self) -> str:
        try:
            recreate(BARE)
        except psycopg.Error as error:
            raise LeftOut(f"PostgreSQL does not answer: {str(error).partition(chr(10))[0]}") from None
        self.callback(drop, BARE)
        manage(of_folder(self.bare, DATABASE_URL=url_of(BARE)), "migrate")
        return BARE

    @cached_property
    def full_database(self) -> str:
        recreate(FULL, self.bare_database)
        self.callback(drop, FULL)
        manage(of_folder(self.bare, DATABASE_URL=url_of(FULL)), *MAKE)
        return FULL

    def sqlite(self, servers, bare: bool = False, **values: str) -> dict[str, str]:
        """The environment of a copy that the group may change."""
        folder = servers.folder / f"site-{len(list(servers.folder.iterdir()))}"
        return of_folder(copy(self.bare if bare else self.full, folder), **values)

    def postgres(self, servers, bare: bool = False, **values: str) -> dict[str, str]:
        recreate(COPY, self.bare_database if bare else self.full_database)
        servers.callback(drop, COPY)
        folder = copy(self.bare, servers.folder / "site-postgres")
        return of_folder(folder, DATABASE_URL=url_of(COPY), **values)


def copy(folder: Path, to: Path) -> Path:
    return shutil.copytree(folder, to, dirs_exist_ok=True)


def of_folder(folder: Path, **values: str) -> dict[str, str]:
    """The environment of the site there: nothing of another one's settings, and those of production."""
    folder.mkdir(exist_ok=True)
    usual = {"DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": SECRET, "WEB_CONCURRENCY": "2"}
    kept = {name: value for name, value in environment(folder).items() if name != "REDIS_URL"}
    return kept | usual | values


def of_site(name: str) -> dict[str, str]:
    """The environment of a folder or a database. tests.settings are the product's, without compressed static files."""
    if "://" in name:
        return os.environ | {"DATABASE_URL": name, "DJANGO_SETTINGS_MODULE": "tests.settings", "SECRET_KEY": SECRET}
    return of_folder(Path(name), DJANGO_SETTINGS_MODULE="tests.settings")


def url_of(database: str) -> str:
    return urlsplit(POSTGRES_URL)._replace(path=f"/{database}").geturl()


def recreate(database: str, template: str = "template0") -> None:
    with psycopg.connect(url_of("postgres"), autocommit=True, connect_timeout=5) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')


def drop(database: str) -> None:
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
