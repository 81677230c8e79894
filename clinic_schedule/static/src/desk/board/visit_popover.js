import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const STEPS = {
    booked: ["confirm", "arrive", "no_show"],
    confirmed: ["arrive", "no_show"],
    arrived: ["start"],
    in_progress: ["done"],
};
const BUTTONS = {
    confirm: { icon: "fa-check", label: _t("Confirmed") },
    arrive: { icon: "fa-sign-in", label: _t("Arrived") },
    start: { icon: "fa-play", label: _t("Begin") },
    done: { icon: "fa-flag-checkered", label: _t("Finish") },
    no_show: { icon: "fa-user-times", label: _t("Did not come") },
};
const CANCELLABLE = ["hold", "booked", "confirmed", "arrived"];

/** A visit at a glance, and what can be done with it now. */
export class VisitPopover extends Component {
    static template = "clinic_schedule.VisitPopover";
    static props = {
        visit: Object,
        title: String,
        subtitle: String,
        time: String,
        state: Object,
        marks: Array,
        act: Function,
        cancel: Function,
        open: Function,
        openPatient: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.details = useState({ phone: "", card: "" });
        onWillStart(() => this.loadPatient());
    }

    async loadPatient() {
        const { patient_id: patientId } = this.props.visit;
        if (!patientId) {
            return;
        }
        const [patient] = await this.orm.read(
            "clinic.patient",
            [patientId],
            ["phone", "card_number"],
        );
        Object.assign(this.details, {
            phone: patient?.phone || "",
            card: patient?.card_number || "",
        });
    }

    get steps() {
        const steps = STEPS[this.props.visit.state] || [];
        return steps.map((step) => ({ step, ...BUTTONS[step] }));
    }

    get canCancel() {
        return CANCELLABLE.includes(this.props.visit.state);
    }

    async act(step) {
        this.props.close();
        await this.props.act(this.props.visit, `action_${step}`);
    }

    then(action) {
        this.props.close();
        action(this.props.visit);
    }
}
