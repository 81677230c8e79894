import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Text of several lines with a button that copies it. */
export class CopyTextField extends Component {
    static template = "clinic_emr.CopyTextField";
    static components = { CopyButton };
    static props = { ...standardFieldProps };

    get text() {
        return this.props.record.data[this.props.name] || "";
    }

    get label() {
        return _t("Copy");
    }

    get done() {
        return _t("Copied");
    }
}

registry.category("fields").add("clinic_copy_text", {
    component: CopyTextField,
    supportedTypes: ["text"],
});
