import { RecordSelect } from "@clinic_base/record_select/record_select";
import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardViewProps } from "@web/views/standard_view_props";

import { AskReasonDialog } from "@clinic_schedule/engine/ask_reason/ask_reason";
import { countByDepartment, toClock, ZOOMS } from "./board_layout";
import { BoardModel } from "./board_model";
import { BoardRenderer, LEGEND } from "./board_renderer";
import { describeMarks } from "./marks";
import { QuickBooking } from "./quick_booking";
import { ReadinessPopover } from "./readiness_popover";
import { VisitPopover } from "./visit_popover";
import { WaitingPanel } from "./waiting_panel";

const { DateTime } = luxon;
const SHOWN_SLOTS = 3;

/** Toolbar of the board, and what follows from things done on it. */
export class BoardController extends Component {
    static template = "clinic_schedule.Board";
    static components = {
        BoardRenderer,
        Dropdown,
        DropdownItem,
        Layout,
        RecordSelect,
        WaitingPanel,
    };
    static props = { ...standardViewProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.visitPopover = usePopover(VisitPopover, { position: "right" });
        this.readinessPopover = usePopover(ReadinessPopover, { position: "bottom" });
        this.model = new BoardModel({
            orm: this.orm,
            bus: useService("bus_service"),
            place: this.place,
        });
        this.state = useState(this.model.state);
        this.legend = LEGEND;
        this.renderer = {};
        this.waiting = {};
        onWillStart(() => this.model.start());
        onWillUnmount(() => this.model.stop());
        for (const name of [
            "openVisit",
            "book",
            "move",
            "resize",
            "setReadiness",
            "command",
        ]) {
            this[name] = this[name].bind(this);
        }
    }

    /** Where another screen asked to open the board. */
    get place() {
        const { board_day, board_branch_id, board_specialist_id } = this.props.context;
        return {
            ...(board_day && { day: board_day }),
            ...(board_branch_id && { branchId: board_branch_id }),
            ...(board_specialist_id && {
                mode: "week",
                specialistId: board_specialist_id,
            }),
        };
    }

    // Toolbar

    get dayTitle() {
        const { day, mode } = this.state;
        const date = DateTime.fromISO(day);
        if (mode !== "week") {
            return date.toLocaleString({
                weekday: "short",
                day: "numeric",
                month: "long",
            });
        }
        const first = date.startOf("week");
        const format = { day: "numeric", month: "short" };
        return `${first.toLocaleString(format)} – ${first
            .plus({ days: 6 })
            .toLocaleString(format)}`;
    }

    get isToday() {
        return this.state.day === this.model.now.toISODate();
    }

    get modes() {
        return [
            { mode: "rooms", icon: "fa-building-o", label: _t("Rooms") },
            { mode: "specialists", icon: "fa-user-md", label: _t("Specialists") },
            { mode: "week", icon: "fa-calendar", label: _t("Week") },
        ];
    }

    get departments() {
        const { departments, branchId } = this.state;
        return departments.filter((one) => one.branch_id[0] === branchId);
    }

    /** What the rooms can be narrowed to, with the visits there; the first is all. */
    get roomFilters() {
        const { board } = this.state;
        const counts = board ? countByDepartment(board) : {};
        return [
            {
                id: false,
                name: _t("All departments"),
                count: board?.visits.length || 0,
            },
            ...this.departments.map(({ id, name }) => ({
                ...{ id, name },
                count: counts[id] || 0,
            })),
        ];
    }

    get roomFilter() {
        const { departmentId } = this.state;
        const filters = this.roomFilters;
        return filters.find(({ id }) => id === departmentId) || filters[0];
    }

    get step() {
        return _t("%s min", this.model.zoom.step);
    }

    get isFinest() {
        return this.state.zoom === ZOOMS.length - 1;
    }

    /** Specialists that the week can be chosen of: of the day, or of the same days. */
    get specialists() {
        const { choices, specialists } = this.state.board || {};
        return Object.entries(choices || specialists || {})
            .map(([id, name]) => ({ id: Number(id), name }))
            .sort((a, b) => a.name.localeCompare(b.name));
    }

    get specialistName() {
        return this.state.board?.specialists[this.state.specialistId] || "";
    }

    get summary() {
        const visits = this.state.board?.visits || [];
        const count = (states) =>
            visits.filter((visit) => states.includes(visit.state)).length;
        return [
            { icon: "fa-calendar-check-o", label: _t("Visits"), count: visits.length },
            { icon: "fa-sign-in", label: _t("In the hall"), count: count(["arrived"]) },
            {
                icon: "fa-money",
                label: _t("Not paid"),
                count: visits.filter((visit) => visit.marks.includes("unpaid")).length,
            },
        ];
    }

    setDay(ev) {
        if (ev.target.value) {
            this.model.choose({ day: ev.target.value });
        }
    }

    today() {
        return this.model.choose({ day: this.model.now.toISODate() });
    }

    setMode(mode) {
        const changes = { mode };
        if (mode === "week" && !this.state.specialistId) {
            changes.specialistId = this.specialists[0]?.id || false;
        }
        if (mode !== "week" || changes.specialistId || this.state.specialistId) {
            return this.model.choose(changes);
        }
        this.notification.add(_t("Nobody receives on this day."), { type: "info" });
    }

    /** What a key does on the board; undefined if nothing. */
    command(key) {
        return {
            t: () => this.today(),
            PageDown: () => this.model.turn(1),
            PageUp: () => this.model.turn(-1),
            "+": () => this.model.zoomBy(1),
            "=": () => this.model.zoomBy(1),
            "-": () => this.model.zoomBy(-1),
            r: () => this.setMode("rooms"),
            s: () => this.setMode("specialists"),
            w: () => this.setMode("week"),
            l: () => this.model.choose({ withWaiting: !this.state.withWaiting }),
            p: () => this.print(),
        }[key];
    }

    print() {
        const { branchId, day } = this.state;
        return this.action.doAction({
            type: "ir.actions.report",
            report_type: "qweb-pdf",
            report_name: "clinic_schedule.report_day_sheet",
            data: { branch_id: branchId, day },
        });
    }

    // Visits

    describe(visit) {
        const { patients, services, specialists, rooms } = this.state.board;
        const room = rooms.find((one) => one.id === visit.room_id);
        return {
            title: patients[visit.patient_id] || _t("Without a patient"),
            subtitle: [
                services[visit.service_id],
                specialists[visit.specialist_id],
                room?.name,
            ]
                .filter(Boolean)
                .join(" · "),
            time: `${toClock(visit.from)}–${toClock(visit.to)}`,
            state: LEGEND.states[visit.state],
            marks: describeMarks(visit.marks),
        };
    }

    openVisit(visit, target) {
        if (visit.members) {
            return this.openRecord("clinic.session", visit.session_id);
        }
        this.visitPopover.open(target, {
            visit,
            ...this.describe(visit),
            act: (one, method) => this.model.act(one.id, method),
            cancel: (one) => this.cancel(one),
            open: (one) => this.openRecord("clinic.appointment", one.id),
            openPatient: (one) => this.openRecord("clinic.patient", one.patient_id),
        });
    }

    openRecord(resModel, resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    cancel(visit) {
        this.dialog.add(AskReasonDialog, {
            title: _t("Cancel the visit"),
            days: [],
            confirm: (args) => this.model.act(visit.id, "cancel", args),
        });
    }

    book({ day, minute, specialistId, roomId, request }) {
        const { board } = this.state;
        const start = this.model.toServer(day, minute);
        const when = DateTime.fromISO(board.days[day]).toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
        });
        this.dialog.add(
            QuickBooking,
            {
                start,
                when: `${when}, ${toClock(minute)}`,
                zone: this.model.zone,
                specialistId,
                specialist: board.specialists[specialistId] || "",
                roomId: roomId || false,
                request: request || false,
                done: (visitId) => this.afterBooking(visitId),
            },
            { onClose: () => this.renderer.focus() },
        );
    }

    async afterBooking(visitId) {
        await this.model.changes.flush([visitId]);
        await this.waiting.load?.();
        this.notification.add(_t("The visit is booked."), { type: "success" });
    }

    async move(visit, { day, minute, specialistId, roomId }) {
        const back = [visit.start, visit.specialist_id, visit.room_id || null];
        const start = this.model.toServer(day, minute);
        await this.reschedule(visit, [start, specialistId, roomId || null], back);
    }

    async resize(visit, minutes) {
        const place = [visit.start, visit.specialist_id, visit.room_id || null];
        await this.reschedule(visit, [...place, minutes], [...place, visit.minutes]);
    }

    /** Move a visit; one click takes it back. */
    async reschedule(visit, to, back) {
        try {
            await this.model.act(visit.id, "reschedule", to);
        } catch (error) {
            return this.explain(visit, error);
        }
        const close = this.notification.add(_t("The visit is moved."), {
            type: "success",
            buttons: [
                {
                    name: _t("Undo"),
                    onClick: () => {
                        close();
                        this.reschedule(visit, back, to);
                    },
                },
            ],
        });
    }

    /** The visit stays where it was: say why, offer the next best with one click. */
    explain(visit, error) {
        const slots = error.data?.context?.slots;
        if (!slots) {
            throw error;
        }
        const close = this.notification.add(error.data.message, {
            type: "danger",
            sticky: true,
            buttons: slots.slice(0, SHOWN_SLOTS).map((slot) => ({
                name: DateTime.fromSQL(slot.start, { zone: "utc" })
                    .setZone(this.model.zone)
                    .toFormat("dd.MM HH:mm"),
                onClick: () => {
                    close();
                    const back = [
                        visit.start,
                        visit.specialist_id,
                        visit.room_id || null,
                    ];
                    this.reschedule(
                        visit,
                        [slot.start, slot.specialist_id, null],
                        back,
                    );
                },
            })),
        });
    }

    setReadiness(column, target) {
        this.readinessPopover.open(target, {
            readiness: column.readiness,
            choices: LEGEND.readiness,
            choose: async (readiness) => {
                await this.orm.write("clinic.room", [column.roomId], { readiness });
                await this.model.load();
            },
        });
    }
}
