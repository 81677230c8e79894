import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { NumberInput } from "@clinic_emr/components/number_input/number_input";
import { isEmpty, scoreOf } from "./score";

const FEW = 7;

/** The fields of a template, each with the input that fits its kind. */
export class AnswerSheet extends Component {
    static template = "clinic_emr.AnswerSheet";
    static components = { NumberInput };
    static props = {
        definition: { type: [Object, { value: false }], optional: true },
        answers: Object,
        readonly: { type: Boolean, optional: true },
        onChange: Function,
    };

    get sections() {
        return this.props.definition?.sections || [];
    }

    valueOf(field) {
        const value = this.props.answers[field.key];
        return isEmpty(value) ? null : value;
    }

    set(field, value) {
        this.props.onChange(field.key, isEmpty(value) ? null : value);
    }

    toggle(field, value) {
        this.set(field, this.valueOf(field) === value ? null : value);
    }

    labelOf(field) {
        const key = this.valueOf(field);
        return field.options.find((option) => option.key === key)?.label || "—";
    }

    hasFew(field) {
        return field.options.length <= FEW;
    }

    steps(field) {
        const count = Math.max(0, Math.min(20, field.high - field.low));
        return Array.from({ length: count + 1 }, (_, step) => field.low + step);
    }

    rangeOf({ low, high }) {
        if (low === null && high === null) {
            return "";
        }
        return low === null
            ? `≤ ${high}`
            : high === null
              ? `≥ ${low}`
              : `${low}–${high}`;
    }

    progressOf({ answered, asked }) {
        return _t("answered %(given)s of %(asked)s", { given: answered, asked });
    }

    scoreOf(section, field) {
        return scoreOf(section, field, this.props.answers);
    }
}
