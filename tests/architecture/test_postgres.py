"""The PostgreSQL that the records' tests run on is a real one."""

import psycopg
import pytest

from tests.postgres import Server


def _ask(url: str, question: bytes) -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.postgres
def test_the_tests_have_a_real_postgresql_that_keeps_chinese_text(postgres_url: str) -> None:
    assert str(_ask(postgres_url, b"SELECT version()")).startswith("PostgreSQL")
    assert _ask(postgres_url, "SELECT '民生微实事'".encode()) == "民生微实事"


@pytest.mark.postgres
def test_every_database_of_the_tests_begins_empty(postgres_server: Server) -> None:
    url = postgres_server.create("begins_empty")
    tables = b"SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert _ask(url, tables) == 0
