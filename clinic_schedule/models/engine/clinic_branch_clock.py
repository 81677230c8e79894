from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.clinic_base.tools.apart import apart
from odoo.addons.clinic_base.tools.walltime import to_wall

from ...tools.clock_rules import keep_wall, read_again, read_rules, wall_by
from ...tools.states import MOVABLE

KNOWN_AHEAD = timedelta(days=730)
RENEWED_AT = timedelta(days=400)


class ClinicBranch(models.Model):
    """The branch's clock: when law or zone change it, the roster follows.

    What people agreed on is wall time, what is stored is UTC. The rules of the zone
    are therefore kept beside the branch; once they differ from what the time-zone
    database says, shifts keep their hours and visits whose hour has changed are listed.
    """

    _inherit = "clinic.branch"

    clock_rules = fields.Json(
        readonly=True,
        copy=False,
        help="Coming clock changes as shifts and visits were planned by.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        branches = super().create(vals_list)
        branches._remember_clock()
        return branches

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            # Shifts and visits of the branch follow whoever may change its zone.
            self.sudo()._follow_clock()
        return result

    def _get_today(self):
        """The date in the branch whose day began last, by the database's clock."""
        now = self.env.cr.now()
        zones = set(self.mapped("tz")) or {"UTC"}
        return min(to_wall(now, tz).date() for tz in zones)

    @api.model
    def _cron_follow_clock(self):
        """Notice a change of law; one branch never stops the rest."""
        cron = self.env["ir.cron"]
        # This process may have read its zones before the database was renewed.
        ZoneInfo.clear_cache()
        branches = self.search([("tz", "!=", False)])
        cron._commit_progress(remaining=len(branches))
        for branch in branches:
            with apart(branch):
                branch._follow_clock()
            if not cron._commit_progress(1):
                break

    def _follow_clock(self):
        """Bring shifts and the list of moved visits in line with the clock."""
        soon = self.env.cr.now().date() + RENEWED_AT
        for branch in self:
            rules = branch.clock_rules
            if rules and read_again(rules, branch.tz) != rules:
                branch._move_shifts(rules)
                branch._list_moved_visits(rules)
                branch._remember_clock()
            elif not rules or rules["last"] < str(soon):
                branch._remember_clock()

    def _remember_clock(self):
        today = self.env.cr.now().date()
        for branch in self:
            branch.clock_rules = read_rules(
                branch.tz, today - timedelta(days=1), today + KNOWN_AHEAD
            )

    def _move_shifts(self, rules):
        """Coming shifts keep their hours, all in one step so that none collide."""
        shifts = self.env["clinic.shift"].with_context(active_test=False)
        coming = shifts.search(
            [("branch_id", "=", self.id), ("start", ">", self.env.cr.now())]
        )
        values = [
            (
                shift.id,
                keep_wall(rules, shift.start, self.tz),
                keep_wall(rules, shift.stop, self.tz),
            )
            for shift in coming
        ]
        with shifts._in_any_order():
            self._update(coming, values, ("start", "stop"), "timestamp")
        # Hours that a clock change cuts or stretches are planned anew.
        self.env["clinic.shift.pattern"].search(
            [("branch_id", "=", self.id)]
        )._generate()
        shifts._wake_after_change()

    def _list_moved_visits(self, rules):
        """Note what the clock showed when the visits were agreed on."""
        coming = self.env["clinic.appointment"].search(
            [
                ("branch_id", "=", self.id),
                ("start", ">", self.env.cr.now()),
                ("state", "in", sorted(MOVABLE)),
                ("clock_before", "=", False),
            ]
        )
        values = [
            (visit.id, f"{before:%Y-%m-%d %H:%M}")
            for visit in coming
            if (before := wall_by(rules, visit.start)) != to_wall(visit.start, self.tz)
        ]
        self._update(coming, values, ("clock_before",), "varchar")
        if values:
            self._tell_of_moved_visits(len(values))

    @api.model
    def _update(self, records, values, names, kind):
        """Write ``values``, rows of id and ``names``, in one statement."""
        records.flush_model(names)
        if values:
            columns = [list(column) for column in zip(*values, strict=True)]
            self.env.cr.execute(
                SQL(
                    "UPDATE %s record SET %s FROM unnest(%s) AS row(id, %s)"
                    " WHERE record.id = row.id",
                    SQL.identifier(records._table),
                    SQL(", ").join(
                        SQL("%s = row.%s", SQL.identifier(name), SQL.identifier(name))
                        for name in names
                    ),
                    SQL(", ").join(
                        SQL("%s::%s[]", column, SQL(one))
                        for column, one in zip(columns, ("int", *[kind] * len(names)))
                    ),
                    SQL(", ").join(map(SQL.identifier, names)),
                )
            )
        records.invalidate_model(names)

    def _tell_of_moved_visits(self, count):
        """A notice to the chief registrars of the branch's company; names nobody."""
        group = self.env.ref("clinic_base.group_registrar_chief")
        users = group.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids
        )
        for lang, partners in users.partner_id.grouped("lang").items():
            env = self.with_context(lang=lang).env
            self.env["mail.thread"].message_notify(
                partner_ids=partners.ids,
                subject=env._("The clock of %(branch)s has changed", branch=self.name),
                body=env._(
                    "Coming visits that now begin at another hour of the clock:"
                    " %(count)s. Open the list “Visits whose clock time moved”.",
                    count=count,
                ),
            )
