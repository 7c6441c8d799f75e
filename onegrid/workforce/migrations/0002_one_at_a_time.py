"""One principal holder and one delegate per post on any day, kept by PostgreSQL itself.

An exclusion constraint needs "equal post" as a GiST operator; without the extension btree_gist, a range
type over uuid gives it: the ranges [post, post] overlap exactly where the posts are the same."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workforce", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE TYPE workforce_uuid_range AS RANGE (subtype = uuid)",
            "DROP TYPE workforce_uuid_range",
        ),
        migrations.RunSQL(
            "ALTER TABLE workforce_appointment ADD CONSTRAINT workforce_one_principal EXCLUDE USING gist"
            " (workforce_uuid_range(post_id, post_id, '[]') WITH &&, daterange(starts_on, ends_before) WITH &&)"
            " WHERE (principal)",
            "ALTER TABLE workforce_appointment DROP CONSTRAINT workforce_one_principal",
        ),
        migrations.RunSQL(
            "ALTER TABLE workforce_delegation ADD CONSTRAINT workforce_one_delegate EXCLUDE USING gist"
            " (workforce_uuid_range(post_id, post_id, '[]') WITH &&, daterange(starts_on, ends_before) WITH &&)",
            "ALTER TABLE workforce_delegation DROP CONSTRAINT workforce_one_delegate",
        ),
    ]
