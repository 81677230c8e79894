from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.clinic_base.tools.payload import Payload

from ...tools.states import MOVABLE


class ClinicAppointment(models.Model):
    """Visits that a leave, a closure or a roster edit has left without a shift."""

    _inherit = "clinic.appointment"

    stranded = fields.Boolean(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The specialist no longer works then: the visit has to be moved.",
    )

    @api.model
    @api.readonly
    def find_stranded(self, specialist_ids=None):
        """Coming visits without a shift, each with the times nearest to it.

        :param specialist_ids: ids, None for everybody
        :return: list of {appointment_id, specialist_id, start, alternatives (slots)}
        """
        self.check_access("read")
        asked = Payload(self.env, {"specialist_ids": specialist_ids})
        specialist_ids = asked.get_ids("specialist_ids")
        domain = [("stranded", "=", True), ("state", "in", sorted(MOVABLE))]
        if specialist_ids:
            domain.append(("specialist_id", "in", specialist_ids))
        # The visits are searched with the user's rights, the times around them not.
        return [visit.sudo()._export_stranded() for visit in self.search(domain)]

    def _export_stranded(self):
        return {
            "appointment_id": self.id,
            "specialist_id": self.specialist_id.id,
            "start": fields.Datetime.to_string(self.start),
            "alternatives": self._find_alternatives(self._as_criteria(room_id=None)),
        }

    @api.model
    def _cron_mark_stranded(self):
        """Compare coming visits with shifts, in a transaction after the change.

        The transaction that cuts a shift does not see visits that are being booked at
        that moment; this one sees both.
        """
        self._flush_for_search()
        self.env.cr.execute(
            SQL(
                """
                UPDATE clinic_appointment visit
                   SET stranded = hit.stranded
                  FROM (
                    SELECT coming.id,
                           NOT COALESCE(shifts.hours @> tsrange(
                               coming.start - make_interval(
                                   mins => COALESCE(coming.buffer_before, 0)),
                               coming.stop + make_interval(
                                   mins => COALESCE(coming.buffer_after, 0))), FALSE)
                               OR NOT specialist.active OR NOT branch.active
                               OR room.active IS FALSE
                               AS stranded
                      FROM clinic_appointment coming
                      JOIN clinic_specialist specialist
                        ON specialist.id = coming.specialist_id
                      JOIN clinic_branch branch ON branch.id = coming.branch_id
                      LEFT JOIN clinic_room room ON room.id = coming.room_id
                     CROSS JOIN LATERAL (
                           SELECT range_agg(tsrange(shift.start, shift.stop)) AS hours
                             FROM clinic_shift shift
                            WHERE shift.active
                              AND shift.specialist_id = coming.specialist_id
                              AND shift.branch_id = coming.branch_id
                              AND shift.start < coming.stop + interval '1 day'
                              AND shift.stop > coming.start - interval '1 day'
                           ) shifts
                     WHERE coming.state = ANY(%s)
                       AND coming.start > %s
                  ) hit
                 WHERE visit.id = hit.id
                   AND visit.stranded IS DISTINCT FROM hit.stranded
                """,
                sorted(MOVABLE),
                self.env.cr.now(),
            )
        )
        self.invalidate_model(["stranded"])
