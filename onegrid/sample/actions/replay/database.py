"""The replay's own database: emptied before each run, and never another one."""

from typing import Final

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from onegrid.kernel.refusals import Refusal

SUFFIX: Final = "_replay"


class NotAReplayDatabase(Refusal):
    status = 409
    code = "sample.not-a-replay-database"
    zh = "数据库“{name}”不是回放专用库：回放会清空数据库，只允许名称以“_replay”结尾的库。"
    en = "The database '{name}' is not for replays: a replay empties it, so its name must end in _replay."


def recreate_database() -> None:
    """Drop the replay's database and create it anew, with empty tables. Raises NotAReplayDatabase."""
    settings = connection.settings_dict
    name = str(settings["NAME"])
    if not name.endswith(SUFFIX):
        raise NotAReplayDatabase(name=name)
    connection.close()
    server = {
        "host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"],
        "password": settings.get("PASSWORD"),
    }  # fmt: skip
    given = {key: value for key, value in server.items() if value}
    with psycopg.connect(**given, dbname="postgres", autocommit=True) as admin:
        identifier = sql.Identifier(name)
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier))
    call_command("migrate", verbosity=0)
