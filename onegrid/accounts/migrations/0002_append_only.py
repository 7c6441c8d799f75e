"""The audit log refuses every change, for every user, by the trigger function of the kernel."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER accounts_audit_rows BEFORE UPDATE OR DELETE ON accounts_audit
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
CREATE TRIGGER accounts_audit_table BEFORE TRUNCATE ON accounts_audit
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
"""
UNDO = """
DROP TRIGGER accounts_audit_table ON accounts_audit;
DROP TRIGGER accounts_audit_rows ON accounts_audit;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunSQL(APPEND_ONLY, UNDO)]
