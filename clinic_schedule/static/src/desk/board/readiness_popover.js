import { Component } from "@odoo/owl";

/** Says that a room is ready, in use, being cleaned or closed. */
export class ReadinessPopover extends Component {
    static template = "clinic_schedule.ReadinessPopover";
    static props = {
        readiness: String,
        choices: Object,
        choose: Function,
        close: Function,
    };

    async choose(readiness) {
        this.props.close();
        await this.props.choose(readiness);
    }
}
