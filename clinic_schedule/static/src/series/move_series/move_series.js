import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { bookAroundClashes } from "@clinic_schedule/series/series_clash/series_clash";
import {
    formatMinutes,
    parseMinutes,
} from "@clinic_schedule/engine/minutes/minutes_field";

const { DateTime, Info } = luxon;

/** Asks from which day on a series takes place at which hour and with whom. */
export class MoveSeriesDialog extends Component {
    static template = "clinic_schedule.MoveSeriesDialog";
    static components = { Dialog, RecordSelector };
    static props = {
        close: Function,
        series: Object,
        moved: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        const { weekday, minute_of_day, specialist_id } = this.props.series;
        this.weekdays = Info.weekdays("long");
        this.state = useState({
            reasons: [],
            reasonId: "",
            day: DateTime.now().toISODate(),
            weekday: Number(weekday),
            time: formatMinutes(minute_of_day),
            specialistId: specialist_id.id,
            isBusy: false,
        });
        onWillStart(() => this.load());
    }

    async load() {
        const { branch_id } = this.props.series;
        const [reasons, branches] = await Promise.all([
            this.orm.searchRead("clinic.cancel.reason", [], ["display_name"]),
            this.orm.read("clinic.branch", [branch_id.id], ["tz"]),
        ]);
        this.state.reasons = reasons;
        this.tz = branches[0].tz;
    }

    get specialistDomain() {
        const { service_id } = this.props.series;
        return [["service_line_ids.product_id", "=", service_id.id]];
    }

    get isReady() {
        const { reasonId, day, time, specialistId, isBusy } = this.state;
        return Boolean(!isBusy && reasonId && day && time && specialistId);
    }

    /** The arguments of `move_from` in their order. */
    get move() {
        const { day, weekday, time, reasonId, specialistId } = this.state;
        return [day, weekday, parseMinutes(time), Number(reasonId), specialistId];
    }

    async confirm() {
        this.state.isBusy = true;
        const { move } = this;
        const { id } = this.props.series;
        try {
            await bookAroundClashes(
                this.dialog,
                this.tz,
                (exceptions) =>
                    this.orm.call("clinic.appointment.series", "move_from", [
                        [id],
                        ...move,
                        exceptions,
                    ]),
                async (movedId) => {
                    this.props.close();
                    await this.props.moved(movedId);
                },
            );
        } finally {
            this.state.isBusy = false;
        }
    }
}

/** The button of the series' form that opens the dialog. */
export class MoveSeries extends Component {
    static template = "clinic_schedule.MoveSeries";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
    }

    ask() {
        const { record } = this.props;
        this.dialog.add(MoveSeriesDialog, {
            series: { ...record.data, id: record.resId },
            moved: (id) => this.show(id),
        });
    }

    async show(id) {
        this.notification.add(_t("This is the series at its new hour."), {
            type: "success",
        });
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "clinic.appointment.series",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("clinic_move_series", { component: MoveSeries });
