import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const LIMIT = 80;
const DEFAULT_MINUTES = 30;

/** Who waits to be booked; a card is dragged onto a free hour of the board. */
export class WaitingPanel extends Component {
    static template = "clinic_schedule.WaitingPanel";
    static props = { startDrag: Function, register: Function };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ requests: [] });
        this.props.register({ load: () => this.load() });
        onWillStart(() => this.load());
    }

    async load() {
        const requests = await this.orm.searchRead(
            "clinic.booking.request",
            [["state", "=", "open"]],
            ["patient_id", "service_id", "specialist_ids", "due_to", "priority"],
            { limit: LIMIT, order: "priority desc, due_to, id" },
        );
        const services = await this.orm.read(
            "product.product",
            [...new Set(requests.map((one) => one.service_id[0]).filter(Boolean))],
            ["duration"],
        );
        const minutes = Object.fromEntries(
            services.map((one) => [one.id, one.duration]),
        );
        this.state.requests = requests.map((one) => ({
            id: one.id,
            patient_id: one.patient_id[0],
            patient: one.patient_id[1],
            service_id: one.service_id[0],
            service: one.service_id[1],
            due: one.due_to && _t("by %s", formatDate(deserializeDate(one.due_to))),
            isUrgent: one.priority === "2",
            minutes: minutes[one.service_id[0]] || DEFAULT_MINUTES,
        }));
    }

    onPointerDown(ev, request) {
        const { minutes } = request;
        this.props.startDrag(ev, {
            kind: "request",
            request,
            minutes,
            offset: minutes / 2,
        });
    }
}
