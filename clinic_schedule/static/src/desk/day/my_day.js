import { RecordSelect } from "@clinic_base/record_select/record_select";
import { Component, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { moveFocus } from "@clinic_schedule/engine/core/arrow_keys";
import { formatLongDay } from "@clinic_schedule/engine/core/branch_time";
import { useInterval } from "@clinic_schedule/engine/core/use_interval";
import { toClock } from "@clinic_schedule/desk/board/board_layout";
import { LEGEND } from "@clinic_schedule/desk/board/board_renderer";
import { describeMarks } from "@clinic_schedule/desk/board/marks";
import { DayModel, EXPECTED } from "./day_model";

const { DateTime } = luxon;
const TICK = 10_000;
const NO_SHOW = { icon: "fa-user-times", label: _t("Did not come") };
const STEPS = {
    arrived: [
        { method: "action_call", icon: "fa-bullhorn", label: _t("Call in") },
        { method: "action_start", icon: "fa-play", label: _t("Begin") },
    ],
    in_progress: [
        { method: "action_done", icon: "fa-flag-checkered", label: _t("Finish") },
    ],
};
const ARRIVE = { method: "action_arrive", icon: "fa-sign-in", label: _t("Arrived") };
const MISSED = { method: "action_no_show", ...NO_SHOW };
const DESK = [
    "clinic_base.group_registrar",
    "clinic_base.group_call_center",
    "clinic_base.group_clinic_manager",
    "clinic_base.group_medical_chief",
];
const ROW = ".o_clinic_my_row";

/** Visits in the order of time, with the free time and the breaks between them. */
export function getTimeline(list) {
    const rows = list.visits.map((visit) => {
        const [piece] = visit.pieces;
        return { key: `v${visit.id}`, visit, from: piece[1], to: piece[2] };
    });
    const shifts = list.shifts.flatMap(({ pieces }) => pieces);
    shifts.sort((a, b) => a[1] - b[1]);
    const gaps = [];
    let end = null;
    for (const [, from, to] of shifts) {
        if (end !== null && from > end) {
            gaps.push({ key: `b${end}`, kind: "break", from: end, to: from });
        }
        let free = end === null ? from : Math.max(from, end);
        const inside = rows
            .filter((row) => row.from < to && row.to > from)
            .filter(({ visit }) => visit.state !== "no_show");
        for (const row of [...inside, { from: to, to }]) {
            if (row.from > free) {
                gaps.push({ key: `f${free}`, kind: "free", from: free, to: row.from });
            }
            free = Math.max(free, row.to);
        }
        end = Math.max(end ?? 0, to);
    }
    return [...rows, ...gaps].sort((a, b) => a.from - b.from || a.to - b.to);
}

/** The day of one specialist: who is here, who waits and how long, who comes next. */
export class MyDay extends Component {
    static template = "clinic_schedule.MyDay";
    static components = { RecordSelect };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.model = new DayModel({
            orm: this.orm,
            bus: useService("bus_service"),
            method: "get_specialist_day",
            criteria: { day: false, specialist_id: false, branch_id: false },
        });
        this.day = useState(this.model.state);
        this.specialists = [];
        useInterval(() => this.model.tick(), TICK);
        onWillStart(() => this.start());
        onWillUnmount(() => this.model.stop());
    }

    async start() {
        const groups = await Promise.all(DESK.map((group) => user.hasGroup(group)));
        if (groups.some(Boolean)) {
            this.specialists = await this.orm.searchRead(
                "clinic.specialist",
                [],
                ["name"],
            );
        }
        await this.model.start();
        if (!this.day.list && this.specialists.length) {
            await this.model.choose({ specialist_id: this.specialists[0].id });
        }
    }

    // The day

    get title() {
        return formatLongDay(DateTime.fromISO(this.day.list.day));
    }

    get isToday() {
        const { list, now } = this.day;
        return list.day === now.setZone(list.tz).toISODate();
    }

    turn(days) {
        const day = DateTime.fromISO(this.day.list.day).plus({ days }).toISODate();
        return this.model.choose({ day, branch_id: false });
    }

    today() {
        return this.model.choose({ day: false, branch_id: false });
    }

    chooseSpecialist(id) {
        return this.model.choose({ specialist_id: id, branch_id: false });
    }

    get timeline() {
        return getTimeline(this.day.list);
    }

    describeGap({ kind, from, to }) {
        return {
            icon: kind === "break" ? "fa-coffee" : "fa-leaf",
            label: kind === "break" ? _t("Break") : _t("Free"),
            time: `${toClock(from)}–${toClock(to)}`,
        };
    }

    // Visits

    /** Received now; or else nobody. */
    get present() {
        return this.day.list.visits.filter(({ state }) => state === "in_progress");
    }

    /** Whoever is here goes before whoever is still expected. */
    get next() {
        const { visits } = this.day.list;
        return (
            visits.find(({ state }) => state === "arrived") ||
            visits.find(({ state }) => EXPECTED.includes(state))
        );
    }

    get waiting() {
        return this.day.list.visits.filter(({ state }) => state === "arrived");
    }

    get cards() {
        const cards = this.present.map((visit) => ({
            visit,
            kind: "present",
            title: _t("Now in the room"),
        }));
        if (this.isToday && this.next) {
            cards.push({ visit: this.next, kind: "next", title: _t("Next") });
        }
        return cards;
    }

    get left() {
        return this.day.list.visits.filter(({ state }) =>
            [...EXPECTED, "arrived"].includes(state),
        ).length;
    }

    describe(visit) {
        const { patients, services, rooms } = this.day.list;
        const room = rooms.find(({ id }) => id === visit.room_id);
        const [piece] = visit.pieces;
        return {
            patient: patients[visit.patient_id]?.name || _t("Without a patient"),
            card: patients[visit.patient_id]?.card || "",
            service: services[visit.service_id] || "",
            room: room?.name || "",
            time: `${toClock(piece[1])}–${toClock(piece[2])}`,
            state: LEGEND.states[visit.state] || NO_SHOW,
            marks: describeMarks(visit.marks),
            ...this.model.describeWaiting(visit),
            isCalled: visit.state === "arrived" && Boolean(visit.called_at),
        };
    }

    /** What the state machine lets happen now; a mistake is better not offered. */
    getSteps(visit) {
        if (EXPECTED.includes(visit.state)) {
            return this.model.isLate(visit) ? [ARRIVE, MISSED] : [ARRIVE];
        }
        return STEPS[visit.state] || [];
    }

    act(visit, { method }) {
        return this.model.act(visit, method);
    }

    async press(visit, { method }) {
        const action = await this.model.act(visit, method);
        if (action?.type) {
            await this.action.doAction(action);
        }
    }

    open(visit) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "clinic.appointment",
            res_id: visit.id,
            views: [[false, "form"]],
        });
    }

    // Keyboard

    onKeydown(ev) {
        const turns = { PageDown: 1, PageUp: -1 };
        if (turns[ev.key] && this.day.list) {
            ev.preventDefault();
            this.turn(turns[ev.key]);
            return;
        }
        moveFocus(ev, ROW);
    }

    onRowKeydown(ev, visit) {
        if (ev.key === "Enter" && ev.target === ev.currentTarget) {
            this.open(visit);
        }
    }
}

registry.category("actions").add("clinic_schedule.my_day", MyDay);
