"""A published version never changes: PostgreSQL itself refuses it, for every user."""

from django.db import migrations

IMMUTABLE = """
CREATE TRIGGER scenarios_version_rows BEFORE UPDATE OR DELETE ON scenarios_version
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
CREATE TRIGGER scenarios_version_table BEFORE TRUNCATE ON scenarios_version
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
"""
UNDO = """
DROP TRIGGER scenarios_version_table ON scenarios_version;
DROP TRIGGER scenarios_version_rows ON scenarios_version;
"""


class Migration(migrations.Migration):
    dependencies = [("scenarios", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunSQL(IMMUTABLE, UNDO)]
