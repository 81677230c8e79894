import { useEffect } from "@odoo/owl";

import { DateTimeField } from "@web/views/fields/datetime/datetime_field";
import { patch } from "@web/core/utils/patch";

/**
 * Keeps a typed date on the screen.
 *
 * When the popover closes, the field takes the record's value back. If the field has an
 * onchange, the record gets the typed value only after the server has answered, and the
 * field would stay empty. Whoever registers patients types dates and presses Tab.
 */
patch(DateTimeField.prototype, {
    setup() {
        super.setup();
        useEffect(
            () => {
                if (!this.picker.activeInput) {
                    this.state.value = this.getRecordValue();
                }
            },
            () => [
                Number(this.props.record.data[this.startDateField] || 0),
                Number(this.props.record.data[this.endDateField] || 0),
            ],
        );
    },
});
