import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { AnswerSheet } from "./answer_sheet";

/** The answers of a protocol; what its template asks stands in `definition`. */
export class AnswersField extends Component {
    static template = "clinic_emr.AnswersField";
    static components = { AnswerSheet };
    static props = { ...standardFieldProps };

    get definition() {
        return this.props.record.data.definition;
    }

    get answers() {
        return this.props.record.data[this.props.name] || {};
    }

    set(key, value) {
        // Answers to other templates stay: the specialist may go back to them.
        this.props.record.update({
            [this.props.name]: { ...this.answers, [key]: value },
        });
    }
}

/** A template as specialists will see it, to be tried out; nothing is kept. */
export class AnswersPreview extends Component {
    static template = "clinic_emr.AnswersPreview";
    static components = { AnswerSheet };
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ answers: {} });
    }

    get definition() {
        return this.props.record.data[this.props.name];
    }

    get hasFields() {
        return (this.definition?.sections || []).some((one) => one.fields.length);
    }

    set(key, value) {
        this.state.answers[key] = value;
    }
}

registry.category("fields").add("clinic_answers", {
    component: AnswersField,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "definition", type: "json", readonly: true }],
});
registry.category("fields").add("clinic_answers_preview", {
    component: AnswersPreview,
    supportedTypes: ["json"],
});
