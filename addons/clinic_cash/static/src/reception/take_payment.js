import { onWillStart } from "@odoo/owl";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

import { Reception } from "@clinic_schedule/desk/day/reception";
import { VisitPopover } from "@clinic_schedule/desk/board/visit_popover";

const CASHIER = "clinic_base.group_cashier";

/** From a visit to the cash desk, for who is a cashier; new each time, for super. */
const takePayments = () => ({
    setup() {
        super.setup();
        this.action = useService("action");
        this.orm = useService("orm");
        onWillStart(async () => {
            this.isCashier = await user.hasGroup(CASHIER);
        });
    },
    canPay(visit) {
        return (
            this.isCashier &&
            Boolean(visit.patient_id) &&
            visit.marks.includes("unpaid")
        );
    },
    async takePayment(visit) {
        const method = "action_take_payment";
        const action = await this.orm.call("clinic.appointment", method, [[visit.id]]);
        this.props.close?.();
        await this.action.doAction(action);
    },
});

patch(Reception.prototype, takePayments());
patch(VisitPopover.prototype, takePayments());
