import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = {
    allergy: "fa-exclamation-triangle",
    intolerance: "fa-ban",
    chronic: "fa-refresh",
    alert: "fa-bell",
};

/** Allergies and alerts at the top of a protocol, the dangerous ones first. */
export class AlertsField extends Component {
    static template = "clinic_emr.AlertsField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.icons = ICONS;
    }

    get alerts() {
        return this.props.record.data[this.props.name] || [];
    }

    async add() {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const dialog = await this.orm.call(record.resModel, "action_add_alert", [
            [record.resId],
        ]);
        await this.action.doAction(dialog, { onClose: () => record.load() });
    }
}

registry.category("fields").add("clinic_alerts", {
    component: AlertsField,
    supportedTypes: ["json"],
});
