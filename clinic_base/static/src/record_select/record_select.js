import { Component } from "@odoo/owl";

/**
 * A list of a few records to choose one of, by id and name.
 *
 * `onChange` is given the id, 0 for the `empty` choice.
 */
export class RecordSelect extends Component {
    static template = "clinic_base.RecordSelect";
    static props = {
        options: {
            type: Array,
            element: { type: Object, shape: { id: Number, name: String, "*": true } },
        },
        value: { type: [Number, Boolean], optional: true },
        onChange: Function,
        empty: { type: String, optional: true },
        id: { type: String, optional: true },
        label: { type: String, optional: true },
        className: { type: String, optional: true },
    };

    /** What a select tells is text, and templates know no `Number`. */
    onChange(ev) {
        this.props.onChange(Number(ev.target.value));
    }
}
