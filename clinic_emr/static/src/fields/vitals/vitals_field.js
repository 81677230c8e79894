import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { NumberInput } from "@clinic_emr/components/number_input/number_input";

/** Vital signs in one line; what can be measured stands in `vital_signs`. */
export class VitalsField extends Component {
    static template = "clinic_emr.VitalsField";
    static components = { NumberInput };
    static props = { ...standardFieldProps };

    get signs() {
        return this.props.record.data.vital_signs || [];
    }

    get values() {
        const values = this.props.record.data[this.props.name] || {};
        return { ...values, bmi: bmiOf(values) };
    }

    set(code, value) {
        this.props.record.update({
            [this.props.name]: { ...this.values, [code]: value },
        });
    }
}

/** Weight in kg by height in m squared; null while one of them is missing. */
function bmiOf({ weight, height }) {
    return weight && height ? Math.round((weight * 1e5) / height ** 2) / 10 : null;
}

registry.category("fields").add("clinic_vitals", {
    component: VitalsField,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "vital_signs", type: "json", readonly: true }],
});
