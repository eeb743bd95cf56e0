"""The throw-away PostgreSQL is one per run, quick to copy, and gone afterwards."""

import os
import subprocess
import time

import psycopg
import pytest

from tests import postgres


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    return postgres.shared_cluster(tmp_path_factory)


@pytest.fixture
def database(cluster, request):
    """A database of this test's own."""
    name = f"{request.node.name}-{os.getpid()}"
    postgres.create_database(cluster, name)
    yield name
    postgres.drop_database(cluster, name)


def query(cluster, statement, database="postgres"):
    address = f"host={cluster.folder} user=postgres dbname={database}"
    with psycopg.connect(address) as session:
        cursor = session.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


@pytest.mark.parametrize("number", range(6))
def test_all_workers_share_one_server(cluster, tmp_path_factory, number):
    assert postgres.shared_cluster(tmp_path_factory) == cluster
    assert query(cluster, "SHOW server_version").startswith("18.")


def test_database_is_a_copy_of_its_template(cluster, database):
    query(cluster, "CREATE TABLE award AS SELECT 'Đặng Thị Đào' AS nominee", database)

    postgres.create_database(cluster, f"copy-{database}", template=database)

    nominee = query(cluster, "SELECT lower(nominee) FROM award", f"copy-{database}")
    assert nominee == "đặng thị đào"
    postgres.drop_database(cluster, f"copy-{database}")
    assert (
        query(cluster, "SELECT count(*) FROM pg_database WHERE datname LIKE 'copy-%'") == 0
    )


def test_drop_puts_out_who_is_still_connected(cluster):
    postgres.create_database(cluster, "busy")
    session = psycopg.connect(f"host={cluster.folder} user=postgres dbname=busy")

    postgres.drop_database(cluster, "busy")

    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    session.close()


def test_only_a_durable_server_waits_for_the_disk(cluster):
    durable = postgres.start(owner=os.getpid(), durable=True)
    try:
        assert (query(durable, "SHOW fsync"), query(cluster, "SHOW fsync")) == ("on", "off")
    finally:
        postgres.stop(durable)
    assert not durable.folder.exists()


def test_server_ends_with_a_killed_owner():
    with subprocess.Popen(["sleep", "60"]) as owner:
        server = postgres.start(owner=owner.pid)
        owner.kill()

        assert _within(5, lambda: not server.folder.exists())


def _within(seconds, condition):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
