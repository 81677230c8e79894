import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

import { formatLongDay, toBranchTime } from "../../core/branch_time";
import { bookAroundClashes } from "../series_clash/series_clash";

const { DateTime, Info } = luxon;

const BEST = 6;
const ALL = 60;
const PARTS = {
    any: [null, null],
    morning: [null, "12:00"],
    day: ["12:00", "17:00"],
    evening: ["17:00", null],
};

/** Criteria of find_slots for what the registrar has chosen so far. */
export function prepareCriteria(wish, all) {
    const [hourFrom, hourTo] = PARTS[wish.part];
    const from = DateTime.fromISO(wish.date).startOf("day").toUTC();
    const criteria = {
        service_id: wish.service_id,
        date_from: from.toFormat("yyyy-MM-dd HH:mm:ss"),
        limit: all ? ALL : BEST,
        order: all ? "earliest" : "compact",
    };
    const optional = {
        patient_id: wish.patient_id,
        specialist_ids: wish.specialist_id && [wish.specialist_id],
        branch_ids: wish.branch_id && [wish.branch_id],
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

/** A registrar books: patient, service, one of the best times, done. */
export class NewVisit extends Component {
    static template = "clinic_schedule.NewVisit";
    static components = { RecordSelector };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.action = useService("action");
        this.search = 0;
        this.state = useState({ ...this.emptyWish(), ...this.emptyResult() });
        this.names = {};
        this.zones = {};
        onWillStart(() => this.loadBranches());
    }

    emptyWish() {
        const context = this.props.action?.context || {};
        return {
            patient_id: context.default_patient_id || false,
            service_id: context.default_service_id || false,
            specialist_id: context.default_specialist_id || false,
            branch_id: context.default_branch_id || false,
            date: DateTime.now().toISODate(),
            part: "any",
            weeks: 0,
        };
    }

    emptyResult() {
        return {
            all: false,
            loading: false,
            slots: null,
            chosen: null,
            booked: null,
            why: "",
        };
    }

    async loadBranches() {
        const branches = await this.orm.searchRead("clinic.branch", [], ["name", "tz"]);
        for (const branch of branches) {
            this.zones[branch.id] = branch.tz;
            this.names[`clinic.branch,${branch.id}`] = branch.name;
        }
        this.severalBranches = branches.length > 1;
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

    get canBook() {
        return this.state.patient_id && this.state.chosen && !this.state.booked;
    }

    // Wishes

    async update(field, value) {
        this.state[field] = value;
        this.state.all = false;
        await this.findSlots();
    }

    /** What is shown is of another kind from now on: hours of the week, or dates. */
    async setRhythm(weeks) {
        this.state.slots = this.state.slots && [];
        await this.update("weeks", weeks);
    }

    createPatient() {
        this.dialog.add(FormViewDialog, {
            resModel: "clinic.patient",
            title: _t("New patient"),
            onRecordSaved: (record) => this.update("patient_id", record.resId),
        });
    }

    // Times

    async showAll() {
        this.state.all = true;
        await this.findSlots();
    }

    async findSlots() {
        const search = ++this.search;
        Object.assign(this.state, { chosen: null, booked: null, why: "" });
        if (!this.state.service_id) {
            this.state.slots = null;
            return;
        }
        this.state.loading = true;
        try {
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
            day: start.toLocaleString({
                weekday: "short",
                day: "numeric",
                month: "short",
            }),
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

    choose(slot) {
        this.state.chosen = slot;
    }

    // Booking

    async book() {
        try {
            await (this.state.weeks ? this.bookSeries() : this.bookVisit());
        } catch (error) {
            await this.offerNext(error);
        }
    }

    get bookingVals() {
        const { chosen, patient_id, service_id } = this.state;
        const { specialist_id, branch_id } = chosen;
        return { service_id, patient_id, specialist_id, branch_id };
    }

    async bookVisit() {
        const { chosen } = this.state;
        const vals = { ...this.bookingVals, start: chosen.start };
        if (chosen.room_id) {
            vals.room_id = chosen.room_id;
        }
        await this.orm.call("clinic.appointment", "book", [vals]);
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
        this.state.why = error.data.message;
        this.state.chosen = null;
        await this.show(slots);
    }

    get sentence() {
        const { longDay, time, specialist, room, branch, seriesId } = this.state.booked;
        if (seriesId) {
            return _t(
                "Your standing hour: %(weekday)s, %(time)s, %(specialist)s, %(branch)s.",
                { weekday: longDay, time, specialist, branch },
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
        Object.assign(this.state, this.emptyWish(), this.emptyResult());
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
