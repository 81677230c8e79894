import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { useService } from "@web/core/utils/hooks";

import { PatientField } from "@clinic_schedule/engine/patient_field/patient_field";
import { useHold } from "@clinic_schedule/engine/core/use_hold";

const { DateTime } = luxon;

/**
 * Books the place that was clicked on the board. The hour is held as soon as it is
 * known what for, so that nobody takes it while the patient is on the line.
 */
export class QuickBooking extends Component {
    static template = "clinic_schedule.QuickBooking";
    static components = { Dialog, PatientField, RecordSelector };
    static props = {
        close: Function,
        start: String,
        when: String,
        zone: String,
        specialistId: { type: [Number, Boolean], optional: true },
        specialist: { type: String, optional: true },
        roomId: { type: [Number, Boolean], optional: true },
        request: { type: [Object, Boolean], optional: true },
        done: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.body = useRef("body");
        this.held = useHold(() => this.hold());
        const { request, specialistId } = this.props;
        this.state = useState({
            patientId: request?.patient_id || false,
            serviceId: request?.service_id || false,
            specialistId: specialistId || false,
            slots: [],
            start: this.props.start,
            when: this.props.when,
            why: "",
            isBusy: false,
        });
        onWillStart(() => this.loadServices());
        useEffect(
            () => this.body.el?.querySelector(".o_clinic_patient input")?.focus(),
            () => [],
        );
    }

    /** What the specialist gives; the only service is chosen at once. */
    async loadServices() {
        const { specialistId } = this.state;
        if (specialistId) {
            const lines = await this.orm.searchRead(
                "clinic.specialist.service",
                [["specialist_id", "=", specialistId]],
                ["product_id"],
            );
            this.serviceIds = lines.map((line) => line.product_id[0]);
            if (this.serviceIds.length === 1) {
                this.state.serviceId = this.serviceIds[0];
            }
        }
        await this.hold();
    }

    get serviceDomain() {
        const domain = [["is_clinic_service", "=", true]];
        return this.serviceIds ? [...domain, ["id", "in", this.serviceIds]] : domain;
    }

    get canBook() {
        const { patientId, serviceId, specialistId, isBusy } = this.state;
        return Boolean(patientId && serviceId && specialistId && !isBusy);
    }

    get heldFor() {
        return _t("Held for %s", this.held.state.left);
    }

    get wish() {
        const { serviceId, specialistId, start, patientId } = this.state;
        const wish = { service_id: serviceId, specialist_id: specialistId, start };
        if (patientId) {
            wish.patient_id = patientId;
        }
        if (this.props.roomId) {
            wish.room_id = this.props.roomId;
        }
        return wish;
    }

    async update(field, value) {
        this.state[field] = value;
        await this.hold();
    }

    async chooseSpecialist(specialistId) {
        this.serviceIds = null;
        Object.assign(this.state, { specialistId, serviceId: false });
        await this.loadServices();
    }

    // Holding

    /** Hold the hour for what is chosen now; the former hold is given back first. */
    hold() {
        this.holding = this.takeHour();
        return this.holding;
    }

    async takeHour() {
        Object.assign(this.state, { why: "", slots: [] });
        if (!this.state.serviceId || !this.state.specialistId) {
            await this.held.release();
            return;
        }
        try {
            await this.held.take(this.wish);
        } catch (error) {
            this.explain(error);
        }
    }

    // Booking

    async book() {
        // Whoever presses at once books the hour that is just being held; why it could
        // not be held has been said, and booking says it again if it still holds.
        await Promise.allSettled([this.holding]);
        if (!this.canBook) {
            return;
        }
        this.state.isBusy = true;
        const vals = { ...this.wish };
        if (this.held.state.id) {
            vals.hold_id = this.held.state.id;
        }
        if (this.props.request) {
            vals.request_id = this.props.request.id;
        }
        try {
            const visitId = await this.orm.call("clinic.appointment", "book", [vals]);
            this.held.settle();
            this.props.done(visitId);
            this.props.close();
        } catch (error) {
            this.explain(error);
        } finally {
            this.state.isBusy = false;
        }
    }

    /** Say why the hour cannot be had, and offer the next best. */
    explain(error) {
        const slots = error.data?.context?.slots;
        if (!slots) {
            throw error;
        }
        this.state.why = error.data.message;
        this.state.slots = slots.slice(0, 5).map((slot) => ({
            ...slot,
            label: DateTime.fromSQL(slot.start, { zone: "utc" })
                .setZone(this.props.zone)
                .toLocaleString({
                    weekday: "short",
                    day: "numeric",
                    month: "short",
                    hour: "2-digit",
                    minute: "2-digit",
                }),
        }));
    }

    async choose(slot) {
        Object.assign(this.state, {
            start: slot.start,
            when: slot.label,
            specialistId: slot.specialist_id,
        });
        await this.hold();
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            this.book();
        }
    }
}
