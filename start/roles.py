"""The diary's two roles: an owner that migrates, and an application that owns nothing and bypasses nothing."""

import time

import psycopg
from psycopg import sql

from start.cluster import APP, OWNER, SUPERUSER, Cluster

DATABASE = "diary"

# An owner that may create databases runs the tests; NOINHERIT and no grants keep row security real for the application.
_RIGHTS = {
    OWNER: "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION CREATEDB",
    APP: "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION NOCREATEDB NOINHERIT",
}


def prepare(cluster: Cluster) -> None:
    """Make roles and database unless they are there. The database comes last: where it is, all is done."""
    if _is_prepared(cluster):
        return
    with _connection(cluster, SUPERUSER, "template1") as connection:
        for role, rights in _RIGHTS.items():
            _ensure_role(connection, role, rights, cluster.passwords()[role])
        _close_public_schema(connection)
        _ensure_database(connection)


def _is_prepared(cluster: Cluster) -> bool:
    try:
        for role in (APP, OWNER):
            _connection(cluster, role, DATABASE).close()
    except psycopg.OperationalError:
        return False
    return True


def _connection(cluster: Cluster, role: str, database: str) -> psycopg.Connection:
    """Waits while the server replays its journal after a crash."""
    patience = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(cluster.url(role, database), autocommit=True, connect_timeout=10)
        except psycopg.OperationalError as error:
            if "starting up" not in str(error) or time.monotonic() > patience:
                raise
            time.sleep(0.2)


def _ensure_role(connection: psycopg.Connection, role: str, rights: str, password: str) -> None:
    is_there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    statement = "ALTER ROLE {} {} PASSWORD {}" if is_there else "CREATE ROLE {} {} PASSWORD {}"
    connection.execute(sql.SQL(statement).format(sql.Identifier(role), sql.SQL(rights), sql.Literal(password)))


def _close_public_schema(connection: psycopg.Connection) -> None:
    """In template1, so that every database made later, the tests' too, is born with it."""
    for statement in (
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "ALTER SCHEMA public OWNER TO {owner}",
        "GRANT USAGE ON SCHEMA public TO {app}",
    ):
        connection.execute(sql.SQL(statement).format(owner=sql.Identifier(OWNER), app=sql.Identifier(APP)))


def _ensure_database(connection: psycopg.Connection) -> None:
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        statement = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
