import { RecordSelect } from "@clinic_base/record_select/record_select";
import { Component, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { moveFocus } from "@clinic_schedule/engine/core/arrow_keys";
import { useInterval } from "@clinic_schedule/engine/core/use_interval";
import { LEGEND } from "@clinic_schedule/desk/board/board_renderer";
import { describeMarks } from "@clinic_schedule/desk/board/marks";
import { ReadinessPopover } from "@clinic_schedule/desk/board/readiness_popover";
import { DayModel, EXPECTED } from "./day_model";

const { DateTime } = luxon;
const TICK = 10_000;
const MINUTE = 60_000;
const BRANCH_KEY = "clinic_schedule.reception_branch";
const NO_SHOW = { icon: "fa-user-times", label: _t("Did not come") };
const ROW = ".o_clinic_day_row";
const REPLIES = "clinic.message.reply";

function fold(text) {
    return (text || "").toLowerCase().replaceAll("ё", "е");
}

/** Today's visits of a branch: who comes, who waits and how long, who is late. */
export class Reception extends Component {
    static template = "clinic_schedule.Reception";
    static components = { RecordSelect };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.readinessPopover = usePopover(ReadinessPopover, { position: "left" });
        this.model = new DayModel({
            orm: this.orm,
            bus: useService("bus_service"),
            method: "get_reception",
            criteria: {
                branch_id: Number(browser.localStorage.getItem(BRANCH_KEY)) || false,
            },
        });
        this.day = useState(this.model.state);
        this.state = useState({ branches: [], text: "", filter: "open", replies: 0 });
        useAutofocus({ refName: "search" });
        useInterval(() => this.model.tick(), TICK);
        useInterval(() => this.countReplies(), MINUTE);
        onWillStart(() => Promise.all([this.start(), this.countReplies()]));
        onWillUnmount(() => this.model.stop());
    }

    async start() {
        this.state.branches = await this.orm.searchRead("clinic.branch", [], ["name"]);
        const { criteria } = this.day;
        if (!this.state.branches.some(({ id }) => id === criteria.branch_id)) {
            criteria.branch_id = this.state.branches[0]?.id;
        }
        if (criteria.branch_id) {
            await this.model.start();
        }
    }

    /** Answers of patients by SMS that wait for a person, for whoever may read them. */
    async countReplies() {
        if (await user.checkAccessRight(REPLIES, "read")) {
            const waiting = [["state", "=", "review"]];
            this.state.replies = await this.orm.silent.searchCount(REPLIES, waiting);
        }
    }

    get repliesText() {
        return _t("Replies to read: %s", this.state.replies);
    }

    openReplies() {
        return this.action.doAction("clinic_message.clinic_message_reply_action");
    }

    chooseBranch(id) {
        browser.localStorage.setItem(BRANCH_KEY, id);
        return this.model.choose({ branch_id: id });
    }

    get title() {
        return DateTime.fromISO(this.day.list.day).toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
        });
    }

    // Rows

    get filters() {
        return [
            { key: "open", icon: "fa-list", label: _t("Not finished") },
            { key: "late", icon: "fa-clock-o", label: _t("Late") },
            { key: "hall", icon: "fa-users", label: _t("In the hall") },
            { key: "all", icon: "fa-calendar", label: _t("All of the day") },
        ].map((filter) => ({
            ...filter,
            count: this.visits.filter((one) => this.isIn(filter.key, one)).length,
        }));
    }

    setFilter(filter) {
        Object.assign(this.state, { filter, text: "" });
    }

    isIn(filter, visit) {
        return {
            open: [...EXPECTED, "arrived", "in_progress"].includes(visit.state),
            late: this.model.isLate(visit),
            hall: visit.state === "arrived",
            all: true,
        }[filter];
    }

    get visits() {
        return this.day.list?.visits || [];
    }

    /** Words of the name in any order, digits of a phone or of the card. */
    matches(visit) {
        const patient = this.day.list.patients[visit.patient_id] || {};
        const phone = (patient.phone || "").replace(/\D/g, "");
        const words = fold(this.state.text).split(/\s+/).filter(Boolean);
        const digits = this.state.text.replace(/\D/g, "");
        if (digits && !/[^\d\s()+-]/.test(this.state.text)) {
            return phone.includes(digits) || (patient.card || "").includes(digits);
        }
        return words.every((word) => fold(patient.name).includes(word));
    }

    get shown() {
        // Whoever is looked for is found in whatever state the visit is.
        return this.state.text.trim()
            ? this.visits.filter((visit) => this.matches(visit))
            : this.visits.filter((visit) => this.isIn(this.state.filter, visit));
    }

    describe(visit) {
        const { patients, specialists, services, rooms } = this.day.list;
        const room = rooms.find(({ id }) => id === visit.room_id);
        const patient = patients[visit.patient_id] || {};
        return {
            patient: patient.name || _t("Without a patient"),
            contact: [patient.card, patient.phone].filter(Boolean).join(" · "),
            specialist: specialists[visit.specialist_id] || "",
            service: services[visit.service_id] || "",
            room,
            state: LEGEND.states[visit.state] || NO_SHOW,
            marks: describeMarks(visit.marks),
            time: this.model.toClock(visit.start),
            ...this.model.describeWaiting(visit),
            canArrive: EXPECTED.includes(visit.state),
            canUndo:
                this.day.list.may_reverse &&
                ["arrived", "no_show"].includes(visit.state),
        };
    }

    /** Who waits longest comes first. */
    get hall() {
        return this.visits
            .filter((visit) => visit.state === "arrived")
            .sort((a, b) => (a.arrived_at || "").localeCompare(b.arrived_at || ""));
    }

    get rooms() {
        return this.day.list.rooms.map((room) => ({
            ...room,
            ...LEGEND.readiness[room.readiness],
        }));
    }

    get readiness() {
        return LEGEND.readiness;
    }

    // What is done

    arrive(visit) {
        return this.model.act(visit, "action_arrive");
    }

    noShow(visit) {
        return this.model.act(visit, "action_no_show");
    }

    undo(visit) {
        return this.model.act(visit, "action_reverse");
    }

    open(visit) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "clinic.appointment",
            res_id: visit.id,
            views: [[false, "form"]],
        });
    }

    setReadiness(room, target) {
        this.readinessPopover.open(target, {
            readiness: room.readiness,
            choices: LEGEND.readiness,
            choose: (readiness) =>
                this.orm.write("clinic.room", [room.id], { readiness }),
        });
    }

    // Keyboard

    onInput(ev) {
        this.state.text = ev.target.value;
    }

    onKeydown(ev) {
        const isSearch = ev.target.matches(".o_clinic_search");
        if (ev.key === "Escape" && this.state.text) {
            this.state.text = "";
            this.root.el.querySelector(".o_clinic_search").focus();
        } else if (isSearch && ev.key === "ArrowDown") {
            ev.preventDefault();
            this.root.el.querySelector(ROW)?.focus();
        } else if (isSearch && ev.key === "Enter") {
            const expected = this.shown.filter(({ state }) => EXPECTED.includes(state));
            if (this.state.text.trim() && expected.length === 1) {
                this.arrive(expected[0]);
            }
        } else if (!isSearch) {
            moveFocus(ev, ROW);
        }
    }

    onRowKeydown(ev, visit) {
        if (ev.key !== "Enter" || ev.target !== ev.currentTarget) {
            return;
        }
        if (EXPECTED.includes(visit.state)) {
            this.arrive(visit);
        } else {
            this.open(visit);
        }
    }
}

registry.category("actions").add("clinic_schedule.reception", Reception);
