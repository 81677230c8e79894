import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { BranchChanges } from "@clinic_schedule/engine/core/branch_changes";

const { DateTime } = luxon;
const SQL = "yyyy-MM-dd HH:mm:ss";

export const EXPECTED = ["booked", "confirmed"];

/** The list with changed visits put in and those that have left taken out. */
export function mergeDay(list, ids, changes) {
    const changed = new Set(ids);
    const visits = [
        ...list.visits.filter((one) => !changed.has(one.id)),
        ...changes.visits,
    ].sort((a, b) => a.start.localeCompare(b.start) || a.id - b.id);
    const merged = { ...list, visits, now: changes.now };
    for (const names of ["patients", "services", "specialists"]) {
        merged[names] = { ...list[names], ...changes[names] };
    }
    return merged;
}

/** A list of visits of a day: reads the server and hears of changes. */
export class DayModel {
    /** @param {Object} page {orm, bus, method, criteria} */
    constructor({ orm, bus, method, criteria }) {
        Object.assign(this, { orm, method });
        this.reading = 0;
        this.changes = new BranchChanges(bus, {
            accepts: (message) => this.isShown(message),
            read: (ids) => this.refresh(ids),
        });
        this.state = reactive({ criteria, list: null, now: DateTime.utc() });
    }

    async start() {
        this.changes.start();
        await this.load();
    }

    stop() {
        this.changes.stop();
    }

    async choose(criteria) {
        Object.assign(this.state.criteria, criteria);
        await this.load();
    }

    call(criteria) {
        const silent = this.state.list ? this.orm.silent : this.orm;
        return silent.call("clinic.appointment", this.method, [criteria]);
    }

    async load() {
        const reading = ++this.reading;
        const list = await this.call({ ...this.state.criteria });
        if (reading === this.reading) {
            this.show(list);
            this.changes.listen(this.branchId);
        }
    }

    async refresh(ids) {
        const { list, criteria } = this.state;
        if (!ids || !list) {
            return this.load();
        }
        const reading = this.reading;
        const changes = await this.call({
            ...criteria,
            branch_id: this.branchId,
            day: list.day,
            ids,
        });
        if (reading === this.reading) {
            this.show(mergeDay(this.state.list, ids, changes));
        }
    }

    show(list) {
        this.state.list = list;
        if (list) {
            // The server's clock: a wrong one beside it would make everybody late.
            this.skew = this.parse(list.now).diff(DateTime.utc());
            this.tick();
        }
    }

    get branchId() {
        return this.state.list?.branch_id || this.state.criteria.branch_id;
    }

    isShown({ branch_id, days, version }) {
        const { list } = this.state;
        const isOnDay = !days.length || days.includes(list?.day);
        return branch_id === this.branchId && isOnDay && !(version < list?.version);
    }

    /** Call a method of a visit and read it again, whatever the outcome. */
    async act(visit, method, args = []) {
        try {
            return await this.orm.call("clinic.appointment", method, [
                [visit.id],
                ...args,
            ]);
        } finally {
            await this.changes.flush([visit.id]);
        }
    }

    // Time

    tick() {
        this.state.now = DateTime.utc().plus(this.skew || 0);
        const { list, criteria } = this.state;
        const today = list && this.state.now.setZone(list.tz).toISODate();
        if (list && !criteria.day && list.day !== today && this.asked !== today) {
            // Midnight: a page that is left open shows the new day.
            this.asked = today;
            this.load();
        }
    }

    parse(text) {
        return DateTime.fromFormat(text, SQL, { zone: "utc" });
    }

    toClock(text) {
        return this.parse(text).setZone(this.state.list.tz).toFormat("HH:mm");
    }

    /** Full minutes from a UTC text until now; negative before it. */
    minutesSince(text) {
        return Math.floor(this.state.now.diff(this.parse(text), "minutes").minutes);
    }

    isLate(visit) {
        return EXPECTED.includes(visit.state) && this.minutesSince(visit.start) >= 1;
    }

    /** Minutes in the hall; null for who is not there, or came nobody knows when. */
    waited(visit) {
        return visit.state === "arrived" && visit.arrived_at
            ? Math.max(this.minutesSince(visit.arrived_at), 0)
            : null;
    }

    describeWaiting(visit) {
        const waited = this.waited(visit);
        const late = this.isLate(visit) && this.minutesSince(visit.start);
        return {
            waited,
            late,
            waits: _t("waits %s min", waited),
            lateness: _t("late by %s min", late),
        };
    }
}
