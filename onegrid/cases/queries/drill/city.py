"""Whose posts and past: this installation's own database, or another city's on the same server."""

from django.db import connection

from onegrid.cases.rules.drill.refusals import NoCity


def use_city(name: str) -> None:
    """Read from another city's database from now on, in this process. Raises NoCity."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY datname")
        known = [row[0] for row in cursor.fetchall()]
    if name in known:
        connection.close()
        connection.settings_dict["NAME"] = name
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('cases_case') IS NOT NULL")
            if cursor.fetchone() == (True,):
                return
    raise NoCity(city=name, cities="、".join(one for one in known if one != "postgres"))
