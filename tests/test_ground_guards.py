"""What refuses a second visit outlives an update, a backup and a restore."""

from clinic_cli import archive, databases, odoo
from clinic_cli.commands import doctor
from clinic_cli.progress import Progress

# All that the database itself checks on our tables. By name: a restored condition is
# the same in other words.
RULES = """
SELECT concat_ws(' ', conrelid::regclass, conname, contype, condeferrable)
  FROM pg_constraint WHERE conrelid::regclass::text LIKE 'clinic\\_%' AND convalidated
 UNION
SELECT concat_ws(' ', indrelid::regclass, indexrelid::regclass, 'unique')
  FROM pg_index WHERE indrelid::regclass::text LIKE 'clinic\\_%' AND indisunique
"""


def rules(server, database):
    return {row[0] for row in server.sql(RULES, database)}


def test_rules_of_the_database_outlive_update_and_restore(postgresql, tmp_path):
    template = databases.ensure_suite_template(postgresql, Progress())
    stages = [tmp_path / "write", tmp_path / "load"]
    for stage in stages:
        stage.mkdir()
    with databases.scratch(postgresql, template) as database:
        installed = rules(postgresql, database)
        assert not doctor.unguarded(postgresql, database)
        odoo.change_modules(database, Progress(), update=["clinic_schedule"])
        assert rules(postgresql, database) == installed
        backup = tmp_path / "backup.tar.gz"
        archive.write(postgresql, database, "now", backup, stages[0])
        restored = f"{database}_back"
        try:
            manifest = archive.unpack(backup, stages[1])
            archive.load(postgresql, restored, stages[1], manifest)
            assert rules(postgresql, restored) == installed
        finally:
            databases.drop(postgresql, restored)


def test_the_doctor_names_a_rule_that_is_missing(postgresql):
    template = databases.ensure_suite_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        postgresql.sql(
            "ALTER TABLE clinic_occupancy"
            " DROP CONSTRAINT clinic_occupancy_patient_no_overlap",
            database,
        )
        assert [tuple(row) for row in doctor.unguarded(postgresql, database)] == [
            ("clinic_occupancy", "clinic_occupancy_patient_no_overlap")
        ]


def test_the_doctor_names_a_medical_role_that_nobody_granted(postgresql):
    template = databases.ensure_suite_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        odoo.configure(postgresql)
        assert not doctor.ungranted(database)
        postgresql.sql(
            "INSERT INTO res_groups_users_rel (gid, uid)"
            " SELECT res_id, 2 FROM ir_model_data"
            " WHERE module = 'clinic_base' AND name = 'group_medical'",
            database,
        )
        [line] = doctor.ungranted(database)
        assert "(admin)" in line


def test_the_doctor_tells_of_messages_that_nobody_sends(postgresql):
    template = databases.ensure_suite_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        odoo.configure(postgresql)
        assert not list(doctor._check_outbox(database))
        postgresql.sql(
            "INSERT INTO clinic_message"
            " (key, purpose, state, recipient, scheduled_at, company_id, active)"
            " VALUES ('x', 'other', 'unsent', '+79160000001', now(), 1, TRUE)",
            database,
        )
        [finding] = doctor._check_outbox(database)
        assert "1 messages to patients were not sent: no gateway" in finding.cause
        assert not finding.is_fault, "a clinic may do without"
