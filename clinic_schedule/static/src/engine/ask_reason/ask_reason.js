import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const { DateTime } = luxon;

/** Asks for the reason, and for the days if the method wants them. */
export class AskReasonDialog extends Component {
    static template = "clinic_schedule.AskReasonDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        title: String,
        days: Array,
        confirm: Function,
    };

    setup() {
        this.orm = useService("orm");
        const today = DateTime.now().toISODate();
        this.state = useState({
            reasons: [],
            reasonId: "",
            first: today,
            last: this.props.days.includes("first") ? "" : today,
            isBusy: false,
        });
        onWillStart(async () => {
            this.state.reasons = await this.orm.searchRead(
                "clinic.cancel.reason",
                [],
                ["display_name"],
            );
        });
    }

    get isReady() {
        const { days } = this.props;
        const { reasonId, first, last, isBusy } = this.state;
        const hasFirst = !days.includes("first") || first;
        // A break may stay open; an end needs its day.
        const hasLast = !days.includes("last") || days.includes("first") || last;
        return Boolean(!isBusy && reasonId && hasFirst && hasLast);
    }

    async confirm() {
        this.state.isBusy = true;
        const days = this.props.days.map((day) => this.state[day] || null);
        try {
            await this.props.confirm([...days, Number(this.state.reasonId)]);
            this.props.close();
        } finally {
            this.state.isBusy = false;
        }
    }
}

/** A button for a method of the record whose last argument is a reason. */
export class AskReason extends Component {
    static template = "clinic_schedule.AskReason";
    static props = {
        ...standardWidgetProps,
        method: String,
        label: String,
        icon: { type: String, optional: true },
        days: { type: Array, optional: true },
    };
    static defaultProps = { days: [] };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
    }

    async ask() {
        const { record, method, label, days } = this.props;
        if (!(await record.save())) {
            return;
        }
        this.dialog.add(AskReasonDialog, {
            title: label,
            days,
            confirm: async (args) => {
                await this.orm.call(record.resModel, method, [[record.resId], ...args]);
                await record.load();
            },
        });
    }
}

registry.category("view_widgets").add("clinic_ask_reason", {
    component: AskReason,
    extractProps: ({ attrs }) => ({
        method: attrs.method,
        label: attrs.string,
        icon: attrs.icon,
        days: attrs.days ? attrs.days.split(",") : [],
    }),
});
