import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useInputField } from "@web/views/fields/input_field_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const DAY = 1440;
const TIME = /^(\d{1,2})(?:\s*[:.]?\s*([0-5]\d))?(?:\s*\+\s*(1))?$/;

/** Minutes after midnight as people write a time; "+1" is the next day. */
export function formatMinutes(value) {
    if (!Number.isInteger(value)) {
        return "";
    }
    const isNextDay = value > DAY;
    const minutes = isNextDay ? value - DAY : value;
    const hour = String(Math.floor(minutes / 60)).padStart(2, "0");
    const minute = String(minutes % 60).padStart(2, "0");
    return `${hour}:${minute}${isNextDay ? " +1" : ""}`;
}

/** "9", "930", "9:30", "02:00 +1" as minutes after midnight. */
export function parseMinutes(text) {
    const match = TIME.exec(text.trim());
    if (!match) {
        throw new Error(`"${text}" is not a time`);
    }
    const [, hour, minute = "0", nextDay] = match;
    return Number(hour) * 60 + Number(minute) + (nextDay ? DAY : 0);
}

/** An integer field of minutes after midnight, shown and edited as HH:MM. */
export class MinutesField extends Component {
    static template = "clinic_schedule.MinutesField";
    static props = {
        ...standardFieldProps,
        placeholder: { type: String, optional: true },
    };

    setup() {
        useInputField({ getValue: () => this.text, parse: parseMinutes });
    }

    get text() {
        return formatMinutes(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("clinic_minutes", {
    component: MinutesField,
    displayName: _t("Time of day"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
    extractProps: ({ placeholder }) => ({ placeholder }),
});
