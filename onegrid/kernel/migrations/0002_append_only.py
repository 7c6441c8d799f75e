"""The trail refuses every change, for every user; stamps draw from a sequence that never rolls back."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER kernel_trail_rows BEFORE UPDATE OR DELETE ON kernel_trail
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
CREATE TRIGGER kernel_trail_table BEFORE TRUNCATE ON kernel_trail
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
CREATE SEQUENCE kernel_stamp_value;
"""
UNDO = """
DROP SEQUENCE kernel_stamp_value;
DROP TRIGGER kernel_trail_table ON kernel_trail;
DROP TRIGGER kernel_trail_rows ON kernel_trail;
DROP FUNCTION kernel_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY, UNDO)]
