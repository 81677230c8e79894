import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { formatFloat } from "@web/core/utils/numbers";
import { parseFloat } from "@web/views/fields/parsers";

/** A number that tells by colour and icon when it is out of its range. */
export class NumberInput extends Component {
    static template = "clinic_emr.NumberInput";
    static props = {
        value: { type: [Number, { value: null }], optional: true },
        low: { type: [Number, { value: null }], optional: true },
        high: { type: [Number, { value: null }], optional: true },
        digits: { type: Number, optional: true },
        unit: { type: String, optional: true },
        label: { type: String, optional: true },
        readonly: { type: Boolean, optional: true },
        onChange: Function,
    };

    setup() {
        this.state = useState({ text: this.format(this.props), isInvalid: false });
        onWillUpdateProps((next) => {
            // What is being typed stays as typed: "36," is not yet "36".
            if (!this.state.isInvalid && this.parse() !== (next.value ?? null)) {
                this.state.text = this.format(next);
            }
        });
    }

    format({ value, digits }) {
        if (value === null || value === undefined) {
            return "";
        }
        return formatFloat(value, { digits: [16, digits ?? 2], trailingZeros: false });
    }

    parse() {
        const text = this.state.text.trim();
        return text ? parseFloat(text.replace(".", localPoint())) : null;
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        try {
            const value = this.parse();
            this.state.isInvalid = false;
            this.props.onChange(value);
        } catch {
            this.state.isInvalid = true;
        }
    }

    get flag() {
        const { value, low, high } = this.props;
        return flagOf(value, low, high);
    }
}

/** "low", "high" or "" of a value; a bound that is not given is open. */
export function flagOf(value, low, high) {
    if (value === null || value === undefined) {
        return "";
    }
    if (low !== null && low !== undefined && value < low) {
        return "low";
    }
    return high !== null && high !== undefined && value > high ? "high" : "";
}

function localPoint() {
    return formatFloat(0.5, { digits: [16, 1] }).charAt(1);
}
