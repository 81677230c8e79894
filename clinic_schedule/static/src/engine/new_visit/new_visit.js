import { RecordSelect } from "@clinic_base/record_select/record_select";
import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { pick } from "@web/core/utils/objects";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { moveFocus } from "@clinic_schedule/engine/core/arrow_keys";
import {
    formatDay,
    formatLongDay,
    formatNearDay,
    toBranchTime,
    toServerMoment,
} from "@clinic_schedule/engine/core/branch_time";
import { useHold } from "@clinic_schedule/engine/core/use_hold";
import { PatientField } from "@clinic_schedule/engine/patient_field/patient_field";
import { bookAroundClashes } from "@clinic_schedule/series/series_clash/series_clash";

const { DateTime, Info } = luxon;

const BEST = 6;
const ALL = 60;
const PARTS = {
    any: [null, null],
    morning: [null, "12:00"],
    day: ["12:00", "17:00"],
    evening: ["17:00", null],
};

// Criteria of find_slots that find_services knows too.
const OFFER_WISH = [
    "patient_id",
    "specialist_ids",
    "room_ids",
    "branch_ids",
    "payment_source_id",
    "telemedicine",
    "date_from",
];

/** Criteria of find_slots for what the registrar has chosen so far. */
export function prepareCriteria(wish, all) {
    const [hourFrom, hourTo] = PARTS[wish.part];
    const criteria = {
        service_id: wish.service_id,
        date_from: toServerMoment(wish.date),
        limit: all ? ALL : BEST,
        order: all ? "earliest" : "compact",
    };
    // All times are shown past the last day of a request too.
    const isBounded = wish.due_to && !all && !wish.weeks;
    const last = isBounded && DateTime.fromISO(wish.due_to);
    const optional = {
        date_to: last && toServerMoment(last.plus({ days: 1 }).toISODate()),
        patient_id: wish.patient_id,
        specialist_ids: wish.specialist_id && [wish.specialist_id],
        branch_ids: wish.branch_id && [wish.branch_id],
        room_ids: wish.room_id && [wish.room_id],
        payment_source_id: wish.payment_source_id,
        telemedicine: wish.telemedicine,
        hour_from: hourFrom,
        hour_to: hourTo,
    };
    for (const [key, value] of Object.entries(optional)) {
        if (value) {
            criteria[key] = value;
        }
    }
    return criteria;
}

/**
 * A registrar books, from whatever the caller says first: patient, service, specialist
 * or room; one of the best times, held meanwhile; done.
 */
export class NewVisit extends Component {
    static template = "clinic_schedule.NewVisit";
    static components = { PatientField, RecordSelect, RecordSelector };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.search = 0;
        this.held = useHold(() => this.hold());
        this.holding = Promise.resolve();
        this.state = useState({ ...this.getWish(), ...this.emptyResult() });
        this.names = {};
        this.zones = {};
        // Wherever the focus is: in a field, or nowhere after the page has changed.
        useHotkey("control+enter", () => this.book(), {
            bypassEditableProtection: true,
        });
        onWillStart(() => this.start());
    }

    /** What the action's context says: `default_…`, and `slot` that is wanted. */
    getWish() {
        const context = this.props.action?.context || {};
        const given = (name) => context[`default_${name}`] || false;
        return {
            patient_id: given("patient_id"),
            service_id: given("service_id"),
            specialist_id: given("specialist_id"),
            branch_id: given("branch_id"),
            room_id: given("room_id"),
            payment_source_id: given("payment_source_id"),
            request_id: given("request_id"),
            due_to: given("due_to"),
            telemedicine: given("telemedicine"),
            date: given("date") || DateTime.now().toISODate(),
            part: "any",
            weeks: 0,
        };
    }

    emptyResult() {
        return {
            all: false,
            loading: false,
            offers: null,
            slots: null,
            chosen: null,
            booked: null,
            isBusy: false,
            why: "",
        };
    }

    async start() {
        const [branches, sources] = await Promise.all([
            this.orm.searchRead("clinic.branch", [], ["name", "tz"]),
            this.orm.searchRead("clinic.payment.source", [], ["name"]),
        ]);
        this.paymentSources = sources;
        for (const branch of branches) {
            this.zones[branch.id] = branch.tz;
            this.names[`clinic.branch,${branch.id}`] = branch.name;
        }
        this.severalBranches = branches.length > 1;
        await this.findSlots();
        const { slot } = this.props.action?.context || {};
        if (slot && this.state.slots) {
            await this.want(slot);
        }
    }

    // What can be chosen

    get parts() {
        return [
            ["any", _t("Any time")],
            ["morning", _t("Morning")],
            ["day", _t("Afternoon")],
            ["evening", _t("Evening")],
        ];
    }

    /** Once, or a standing hour every so many weeks. */
    get rhythms() {
        return [
            [0, _t("Once")],
            [1, _t("Every week")],
            [2, _t("Every two weeks")],
        ];
    }

    get serviceDomain() {
        return [["is_clinic_service", "=", true]];
    }

    get specialistDomain() {
        return this.state.service_id
            ? [["service_line_ids.product_id", "=", this.state.service_id]]
            : [];
    }

    get roomDomain() {
        return this.state.branch_id ? [["branch_id", "=", this.state.branch_id]] : [];
    }

    get canBook() {
        const { patient_id, chosen, booked, isBusy } = this.state;
        return Boolean(patient_id && chosen && !booked && !isBusy);
    }

    get heldFor() {
        return _t("Held for %s", this.held.state.left);
    }

    // Wishes

    async update(field, value) {
        this.state[field] = value;
        this.state.all = false;
        if (["patient_id", "service_id"].includes(field)) {
            // The request is one patient's, for one service.
            Object.assign(this.state, { request_id: false, due_to: false });
        }
        await this.findSlots();
    }

    /** The time that was spoken of stays: it may be another member of the family. */
    async updatePatient(patientId) {
        const { chosen, weeks, booked } = this.state;
        await this.update("patient_id", patientId);
        if (chosen && !weeks && !booked && this.state.slots) {
            await this.want(chosen);
        }
    }

    /** What is shown is of another kind from now on: hours of the week, or dates. */
    async setRhythm(weeks) {
        this.state.slots = this.state.slots && [];
        await this.update("weeks", weeks);
    }

    // Times

    async showAll() {
        this.state.all = true;
        await this.findSlots();
    }

    async findSlots() {
        const search = ++this.search;
        const result = { chosen: null, booked: null, offers: null, why: "" };
        Object.assign(this.state, result, { loading: true });
        await this.held.release();
        try {
            if (!this.state.service_id) {
                this.state.slots = null;
                await this.findOffers(search);
                return;
            }
            const slots = await this.callSearch();
            if (search === this.search) {
                await this.show(slots);
            }
        } finally {
            if (search === this.search) {
                this.state.loading = false;
            }
        }
    }

    /** What a specialist does, or who works in a room: from there to the service. */
    async findOffers(search) {
        const wish = pick(prepareCriteria(this.state, false), ...OFFER_WISH);
        if (!wish.specialist_ids && !wish.room_ids) {
            return;
        }
        const { services } = await this.orm.call(
            "clinic.appointment",
            "find_services",
            [{ ...wish, limit: ALL }],
        );
        if (search === this.search) {
            this.state.offers = services.flatMap((service) =>
                service.specialists.map((specialist) =>
                    this.describeOffer(service, specialist),
                ),
            );
        }
    }

    describeOffer(service, specialist) {
        const [time] = specialist.times;
        const start = time && toBranchTime(time.start, this.zones[time.branch_id]);
        return {
            key: `${service.id}|${specialist.id}`,
            service_id: service.id,
            specialist_id: specialist.id,
            name: service.name,
            specialist: specialist.name,
            nearest: start && `${formatNearDay(start)}, ${start.toFormat("HH:mm")}`,
            price: time?.price?.amount,
            why: specialist.why,
        };
    }

    async chooseOffer({ service_id, specialist_id }) {
        Object.assign(this.state, { service_id, specialist_id });
        await this.findSlots();
    }

    callSearch() {
        const criteria = prepareCriteria(this.state, this.state.all);
        const { weeks } = this.state;
        return weeks
            ? this.orm.call("clinic.appointment", "find_series_slots", [
                  { ...criteria, interval_weeks: weeks },
              ])
            : this.orm.call("clinic.appointment", "find_slots", [criteria]);
    }

    async show(slots) {
        await this.loadNames("clinic.specialist", slots, "specialist_id");
        if (this.state.weeks) {
            this.state.slots = slots.map((hour) => this.describeHour(hour));
            return;
        }
        await this.loadNames("clinic.room", slots, "room_id");
        const sorted = [...slots].sort((a, b) => a.start.localeCompare(b.start));
        this.state.slots = sorted.map((slot) => this.describe(slot));
    }

    async loadNames(model, slots, field) {
        const unknown = slots
            .map((slot) => slot[field])
            .filter((id) => id && !(`${model},${id}` in this.names));
        const ids = [...new Set(unknown)];
        if (!ids.length) {
            return;
        }
        const records = await this.orm.read(model, ids, ["name"]);
        for (const { id, name } of records) {
            this.names[`${model},${id}`] = name;
        }
    }

    getName(model, id) {
        return this.names[`${model},${id}`] || "";
    }

    describe(slot) {
        const start = toBranchTime(slot.start, this.zones[slot.branch_id]);
        const room = this.getName("clinic.room", slot.room_id);
        return {
            ...slot,
            key: `${slot.start}|${slot.specialist_id}|${slot.room_id}`,
            day: formatDay(start),
            longDay: formatLongDay(start),
            time: start.toFormat("HH:mm"),
            specialist: this.getName("clinic.specialist", slot.specialist_id),
            room,
            where: room || _t("By video"),
            branch: this.getName("clinic.branch", slot.branch_id),
        };
    }

    /** A standing hour as a card: its weekday instead of a date. */
    describeHour(hour) {
        const branch = this.getName("clinic.branch", hour.branch_id);
        return {
            ...hour,
            key: `${hour.weekday}|${hour.minute_of_day}|${hour.specialist_id}|${hour.branch_id}`,
            day: Info.weekdays("short")[hour.weekday],
            longDay: Info.weekdays("long")[hour.weekday],
            time: hour.hour,
            specialist: this.getName("clinic.specialist", hour.specialist_id),
            where: branch,
            branch,
            taken: hour.clashes.length,
        };
    }

    // Holding

    isChosen({ key }) {
        return this.state.chosen?.key === key;
    }

    async choose(slot) {
        if (this.isChosen(slot)) {
            return;
        }
        Object.assign(this.state, { chosen: slot, why: "" });
        await this.hold();
    }

    /** Choose a time that may not be among those on the screen. */
    async want(slot) {
        await this.loadNames("clinic.specialist", [slot], "specialist_id");
        await this.loadNames("clinic.room", [slot], "room_id");
        const wanted = this.describe(slot);
        const listed = this.state.slots.find(({ key }) => key === wanted.key);
        if (!listed) {
            this.state.slots = [wanted, ...this.state.slots];
        }
        await this.choose(listed || wanted);
    }

    /** Nobody else gets the chosen time meanwhile; a standing hour cannot be held. */
    hold() {
        this.holding = this.takeHold();
        return this.holding;
    }

    async takeHold() {
        if (!this.state.chosen || this.state.weeks) {
            return;
        }
        try {
            await this.held.take(this.visitVals);
        } catch (error) {
            if (!error.exceptionName?.endsWith(".BookingLimitError")) {
                await this.offerNext(error);
                return;
            }
            // Too many holds already: the time can still be booked at once.
            this.state.why = error.data.message;
        }
    }

    // Booking

    async book() {
        await this.holding;
        if (!this.canBook) {
            return;
        }
        this.state.isBusy = true;
        try {
            await (this.state.weeks ? this.bookSeries() : this.bookVisit());
        } catch (error) {
            await this.offerNext(error);
        } finally {
            this.state.isBusy = false;
        }
    }

    get bookingVals() {
        const { chosen, patient_id, service_id, payment_source_id, telemedicine } =
            this.state;
        const { specialist_id, branch_id } = chosen;
        return {
            ...{ service_id, specialist_id, branch_id },
            ...(patient_id && { patient_id }),
            ...(payment_source_id && { payment_source_id }),
            ...(telemedicine && { telemedicine }),
        };
    }

    get visitVals() {
        const { start, room_id, session_id } = this.state.chosen;
        return {
            ...this.bookingVals,
            start,
            ...(room_id && { room_id }),
            ...(session_id && { session_id }),
        };
    }

    async bookVisit() {
        const { chosen, request_id } = this.state;
        const vals = { ...this.visitVals, ...(request_id && { request_id }) };
        if (this.held.state.id) {
            vals.hold_id = this.held.state.id;
        }
        await this.orm.call("clinic.appointment", "book", [vals]);
        this.held.settle();
        this.state.booked = chosen;
    }

    async bookSeries() {
        const { chosen, date, weeks } = this.state;
        const vals = {
            ...this.bookingVals,
            weekday: chosen.weekday,
            minute_of_day: chosen.minute_of_day,
            interval_weeks: weeks,
            date_from: date,
        };
        await bookAroundClashes(
            this.dialog,
            this.zones[chosen.branch_id],
            (exceptions) =>
                this.orm.call("clinic.appointment.series", "book_series", [
                    { ...vals, ...exceptions },
                ]),
            (seriesId) => {
                this.state.booked = { ...chosen, seriesId };
            },
        );
    }

    /** Somebody was faster, or a rule forbids: say so and show the next best times. */
    async offerNext(error) {
        const slots = error.data?.context?.slots;
        if (!slots) {
            throw error;
        }
        Object.assign(this.state, { why: error.data.message, chosen: null });
        await this.held.release();
        await this.show(slots);
    }

    /** What the registrar says to the patient, in words. */
    get sentence() {
        const { longDay, time, specialist, room, branch, seriesId, session_id } =
            this.state.booked;
        if (seriesId) {
            return _t(
                "Your standing hour: %(weekday)s, %(time)s, %(specialist)s, %(branch)s.",
                { weekday: longDay, time, specialist, branch },
            );
        }
        if (session_id) {
            return _t(
                "You have a place in the group on %(day)s at %(time)s, %(specialist)s, %(room)s, %(branch)s.",
                { day: longDay, time, specialist, room, branch },
            );
        }
        return room
            ? _t(
                  "You are booked for %(day)s at %(time)s, %(specialist)s, %(room)s, %(branch)s.",
                  { day: longDay, time, specialist, room, branch },
              )
            : _t("You are booked for %(day)s at %(time)s, %(specialist)s, by video.", {
                  day: longDay,
                  time,
                  specialist,
              });
    }

    startAgain() {
        const { patient_id, branch_id } = this.state;
        Object.assign(this.state, this.getWish(), this.emptyResult(), {
            ...{ patient_id, branch_id },
            ...{ service_id: false, specialist_id: false, room_id: false },
            ...{ request_id: false, due_to: false },
        });
    }

    onKeydown(ev) {
        moveFocus(ev, ".o_clinic_slot");
    }

    openServices() {
        this.action.doAction("clinic_schedule.clinic_service_selector_action", {
            additionalContext: { default_patient_id: this.state.patient_id },
        });
    }

    openVisits() {
        const { seriesId } = this.state.booked;
        if (seriesId) {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "clinic.appointment.series",
                res_id: seriesId,
                views: [[false, "form"]],
            });
            return;
        }
        this.action.doAction("clinic_schedule.clinic_appointment_action", {
            additionalContext: { search_default_today: 0, search_default_coming: 1 },
        });
    }
}

registry.category("actions").add("clinic_schedule.new_visit", NewVisit);
