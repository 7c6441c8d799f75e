"""A code once given stays: rows are never deleted, and of a grid only its name and its end may change."""

from django.db import migrations

CODES_STAY = """
CREATE FUNCTION territory_refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% keeps every code for ever: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION territory_refuse_redrawing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.code, NEW.id, NEW.boundary, NEW.valid_from) IS DISTINCT FROM
       (OLD.code, OLD.id, OLD.boundary, OLD.valid_from)
       OR (OLD.valid_to IS NOT NULL AND NEW.valid_to IS DISTINCT FROM OLD.valid_to) THEN
        RAISE EXCEPTION 'grid % is fixed: retire it and create another', OLD.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER territory_division_rows BEFORE DELETE OR UPDATE OF code ON territory_division
    FOR EACH ROW EXECUTE FUNCTION territory_refuse_deletion();
CREATE TRIGGER territory_division_table BEFORE TRUNCATE ON territory_division
    FOR EACH STATEMENT EXECUTE FUNCTION territory_refuse_deletion();
CREATE TRIGGER territory_grid_rows BEFORE DELETE ON territory_grid
    FOR EACH ROW EXECUTE FUNCTION territory_refuse_deletion();
CREATE TRIGGER territory_grid_table BEFORE TRUNCATE ON territory_grid
    FOR EACH STATEMENT EXECUTE FUNCTION territory_refuse_deletion();
CREATE TRIGGER territory_grid_fixed BEFORE UPDATE ON territory_grid
    FOR EACH ROW EXECUTE FUNCTION territory_refuse_redrawing();
"""
UNDO = """
DROP TRIGGER territory_grid_fixed ON territory_grid;
DROP TRIGGER territory_grid_table ON territory_grid;
DROP TRIGGER territory_grid_rows ON territory_grid;
DROP TRIGGER territory_division_table ON territory_division;
DROP TRIGGER territory_division_rows ON territory_division;
DROP FUNCTION territory_refuse_redrawing();
DROP FUNCTION territory_refuse_deletion();
"""


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]
    operations = [migrations.RunSQL(CODES_STAY, UNDO)]
