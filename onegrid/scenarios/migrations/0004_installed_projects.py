"""What was live before there were projects counts as installed; drafts and drills are never changed."""

import django.db.models.deletion
from django.db import migrations, models

INSTALLED = """
INSERT INTO scenarios_project (id, key, round, state, owner, name_zh, name_en, need, installed, changed_at,
    minutes, minutes_sha, draft, agreed, version_id, running_out)
SELECT gen_random_uuid(), s.key, row_number() OVER (PARTITION BY s.key ORDER BY v.number), 'live',
    v.document->>'owner', coalesce(v.document->'name'->>'zh', v.document->>'name'),
    coalesce(v.document->'name'->>'en', v.document->>'name'), '', true, l.since, '', '', 0, '{}', v.id, false
  FROM (SELECT version_id, min(since) AS since FROM scenarios_live GROUP BY version_id) l
  JOIN scenarios_version v ON v.id = l.version_id JOIN scenarios_scenario s ON s.id = v.scenario_id;
UPDATE scenarios_live SET project_id = p.id FROM scenarios_project p
 WHERE p.version_id = scenarios_live.version_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""

IMMUTABLE = """
CREATE TRIGGER scenarios_draft_rows BEFORE UPDATE OR DELETE ON scenarios_draft
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
CREATE TRIGGER scenarios_draft_table BEFORE TRUNCATE ON scenarios_draft
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
CREATE TRIGGER scenarios_drill_rows BEFORE UPDATE OR DELETE ON scenarios_drill
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
CREATE TRIGGER scenarios_drill_table BEFORE TRUNCATE ON scenarios_drill
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
"""
CHANGEABLE = """
DROP TRIGGER scenarios_draft_rows ON scenarios_draft;
DROP TRIGGER scenarios_draft_table ON scenarios_draft;
DROP TRIGGER scenarios_drill_rows ON scenarios_drill;
DROP TRIGGER scenarios_drill_table ON scenarios_drill;
"""


class Migration(migrations.Migration):
    dependencies = [("scenarios", "0003_projects")]
    operations = [
        migrations.RunSQL(INSTALLED, migrations.RunSQL.noop),
        migrations.RunSQL(IMMUTABLE, CHANGEABLE),
        migrations.AlterField(
            model_name="live",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scenarios.project"
            ),
        ),
    ]
