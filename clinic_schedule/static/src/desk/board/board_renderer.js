import {
    Component,
    onMounted,
    onWillUnmount,
    reactive,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useInterval } from "@clinic_schedule/engine/core/use_interval";

import { BoardColumn, STATES } from "./board_column";
import { findShift, isFree, snap, toClock } from "./board_layout";
import { getMarks } from "./marks";

const DRAG_THRESHOLD = 4;
const EDGE = 48;
const MINUTE = 60 * 1000;
const LEAST_MINUTES = 5;

const READINESS = {
    ready: { icon: "fa-circle text-success", label: _t("Ready") },
    in_use: { icon: "fa-user text-primary", label: _t("In use") },
    cleaning: { icon: "fa-shower text-warning", label: _t("Being cleaned") },
    closed: { icon: "fa-ban text-danger", label: _t("Closed") },
};

/** Icons and words of what is drawn; the legend is made of them too. */
export const LEGEND = {
    states: STATES,
    readiness: READINESS,
    get marks() {
        return getMarks();
    },
};

/** What moves above the board: cursor, ghost of a drag, the present minute. */
export class BoardOverlay extends Component {
    static template = "clinic_schedule.BoardOverlay";
    static props = { overlay: Object, place: Function };

    setup() {
        this.overlay = useState(this.props.overlay);
    }

    get label() {
        const { minute, minutes } = this.overlay.ghost;
        return `${toClock(minute)}–${toClock(minute + minutes)}`;
    }

    get cursorLabel() {
        return toClock(this.overlay.cursor.minute);
    }
}

/** The day (or week) itself: columns, visits, and everything done on them directly. */
export class BoardRenderer extends Component {
    static template = "clinic_schedule.BoardRenderer";
    static components = { BoardColumn, BoardOverlay };
    static props = {
        model: Object,
        openVisit: Function,
        book: Function,
        move: Function,
        resize: Function,
        setReadiness: Function,
        command: Function,
        register: Function,
    };

    setup() {
        this.state = useState(this.props.model.state);
        this.grid = useRef("grid");
        this.overlay = reactive({ cursor: null, ghost: null, now: null });
        this.drag = null;
        this.carried = null;
        this.hasJustDropped = false;
        this.place = this.place.bind(this);
        this.onPointerMove = this.onPointerMove.bind(this);
        this.onPointerUp = this.onPointerUp.bind(this);
        this.props.register({
            startDrag: (ev, item) => this.startDrag(ev, item),
            focus: () => this.grid.el?.focus(),
        });
        useInterval(() => this.showNow(), MINUTE);
        onMounted(() => {
            this.grid.el.focus({ preventScroll: true });
            this.scrollToNow();
        });
        onWillUnmount(() => this.stopDrag());
        useEffect(
            () => this.showNow(),
            () => [this.state.board, this.state.zoom],
        );
    }

    // Drawing

    get model() {
        return this.props.model;
    }

    get scale() {
        return this.model.zoom.scale;
    }

    get height() {
        return (this.state.hours.last - this.state.hours.first) * this.scale;
    }

    get gridStyle() {
        const { columns } = this.state;
        const { step } = this.model.zoom;
        return `--columns: ${columns.length}; --hour: ${60 * this.scale}px; --step: ${
            step * this.scale
        }px; --height: ${this.height}px`;
    }

    get ticks() {
        const ticks = [];
        for (let minute = this.state.hours.first; minute < this.state.hours.last;) {
            ticks.push({ minute, label: toClock(minute), style: this.at(minute) });
            minute += 60;
        }
        return ticks;
    }

    /** Departments over their rooms: {key, name, style}. */
    get groups() {
        if (this.state.mode !== "rooms") {
            return [];
        }
        const groups = [];
        this.state.columns.forEach((column, index) => {
            const last = groups.at(-1);
            if (last && last.departmentId === column.departmentId) {
                last.span++;
            } else {
                groups.push({ departmentId: column.departmentId, index, span: 1 });
            }
        });
        const names = Object.fromEntries(
            this.state.departments.map((one) => [one.id, one.name]),
        );
        return groups.map(({ departmentId, index, span }) => ({
            key: `${departmentId}-${index}`,
            name: names[departmentId] || _t("By video"),
            style: `grid-column: ${index + 2} / span ${span}`,
        }));
    }

    at(minute) {
        return `top: ${(minute - this.state.hours.first) * this.scale}px`;
    }

    /** Style of something at `minute` of a column, inside the grid. */
    place({ column, minute, minutes = 0 }) {
        const top = (minute - this.state.hours.first) * this.scale;
        const height = minutes ? `; height: ${minutes * this.scale}px` : "";
        return `grid-column: ${column + 2}; margin-top: ${top}px${height}`;
    }

    getColumnStyle(index) {
        return `grid-column: ${index + 2}`;
    }

    getColumnTitle(column) {
        if (column.date) {
            return luxon.DateTime.fromISO(column.date).toLocaleString({
                weekday: "short",
                day: "numeric",
                month: "short",
            });
        }
        return column.name || _t("By video");
    }

    /** Who works in the room, or in which rooms the specialist does. */
    getColumnSubtitle(column) {
        const { board } = this.state;
        const rooms = Object.fromEntries(
            board.rooms.map((room) => [room.id, room.name]),
        );
        const names = column.shifts.map((shift) =>
            column.specialistId
                ? rooms[shift.room_id] || (shift.telemedicine ? _t("By video") : "")
                : board.specialists[shift.specialist_id],
        );
        return [...new Set(names.filter(Boolean))].join(", ");
    }

    getReadiness(column) {
        return READINESS[column.readiness];
    }

    // The present

    showNow() {
        const { board, hours } = this.state;
        const { now } = this.model;
        const day = board?.days.indexOf(now.toISODate()) ?? -1;
        const minute = now.hour * 60 + now.minute;
        const isShown = day >= 0 && minute >= hours.first && minute <= hours.last;
        this.overlay.now = isShown
            ? { top: (minute - hours.first) * this.scale, label: toClock(minute) }
            : null;
    }

    scrollToNow() {
        const { now } = this.overlay;
        if (now) {
            this.grid.el.scrollTop = Math.max(
                0,
                now.top - this.grid.el.clientHeight / 3,
            );
        }
    }

    // Pointer

    /** Column and minute under the pointer. */
    locate(ev) {
        const columns = this.grid.el.querySelectorAll(".o_clinic_board_column");
        if (!columns.length) {
            return null;
        }
        const rect = columns[0].getBoundingClientRect();
        const column = Math.floor((ev.clientX - rect.left) / rect.width);
        const minute = this.state.hours.first + (ev.clientY - rect.top) / this.scale;
        const isInside = column >= 0 && column < columns.length;
        return isInside ? { column, minute } : null;
    }

    onClickFree(ev, index) {
        const { step } = this.model.zoom;
        const found = this.locate(ev);
        // The browser clicks where a drag has ended.
        if (found && !this.hasJustDropped) {
            const minute = Math.floor(found.minute / step) * step;
            this.setCursor(index, minute);
            this.bookAt(index, minute);
        }
    }

    onPointerDownVisit(ev, visit, column) {
        if (ev.button || visit.isBusy) {
            return;
        }
        const isHandle = ev.target.classList.contains("o_clinic_board_handle");
        const kind = isHandle ? "resize" : "move";
        const found = this.locate(ev);
        this.startDrag(ev, {
            kind,
            visit,
            column,
            minutes: visit.to - visit.from,
            offset: found ? found.minute - visit.from : 0,
        });
    }

    /** Follow the pointer with a ghost of `item`: {kind, visit|request, minutes}. */
    startDrag(ev, item) {
        ev.preventDefault();
        this.grid.el.focus({ preventScroll: true });
        this.drag = { offset: 0, ...item, x: ev.clientX, y: ev.clientY, begun: false };
        window.addEventListener("pointermove", this.onPointerMove);
        window.addEventListener("pointerup", this.onPointerUp);
    }

    stopDrag() {
        this.drag = null;
        this.overlay.ghost = null;
        window.removeEventListener("pointermove", this.onPointerMove);
        window.removeEventListener("pointerup", this.onPointerUp);
    }

    onPointerMove(ev) {
        const { drag } = this;
        const distance = Math.hypot(ev.clientX - drag.x, ev.clientY - drag.y);
        drag.begun ||= distance > DRAG_THRESHOLD;
        if (!drag.begun || (drag.visit && !drag.visit.movable)) {
            return;
        }
        this.scrollAtEdges(ev);
        const found = this.locate(ev);
        this.overlay.ghost = found && this.getGhost(drag, found);
    }

    getGhost(drag, { column, minute }) {
        const { step } = this.model.zoom;
        if (drag.kind === "resize") {
            const { visit } = drag;
            const minutes = Math.max(LEAST_MINUTES, snap(minute, step) - visit.from);
            return this.checkGhost({
                column: drag.column,
                minute: visit.from,
                minutes,
            });
        }
        const start = snap(minute - drag.offset, step);
        return this.checkGhost({ column, minute: start, minutes: drag.minutes });
    }

    checkGhost(ghost) {
        const { column, minute, minutes } = ghost;
        const visitId = this.drag?.visit?.id || this.carried?.id;
        const ok = isFree(this.state.columns[column], minute, minutes, visitId);
        return { ...ghost, ok };
    }

    scrollAtEdges(ev) {
        const rect = this.grid.el.getBoundingClientRect();
        const towards = (position, first, last) =>
            position < first + EDGE ? -EDGE / 2 : position > last - EDGE ? EDGE / 2 : 0;
        this.grid.el.scrollBy(
            towards(ev.clientX, rect.left, rect.right),
            towards(ev.clientY, rect.top, rect.bottom),
        );
    }

    onPointerUp(ev) {
        const { drag } = this;
        const { ghost } = this.overlay;
        this.stopDrag();
        if (!drag.begun) {
            if (drag.visit) {
                this.props.openVisit(drag.visit, ev.target.closest(".o_clinic_visit"));
            }
            return;
        }
        this.hasJustDropped = true;
        browser.setTimeout(() => (this.hasJustDropped = false));
        if (ghost) {
            this.drop(drag, ghost);
        }
    }

    drop({ kind, visit, request }, { column, minute, minutes }) {
        const target = this.state.columns[column];
        if (kind === "resize") {
            this.props.resize(visit, minutes);
        } else if (kind === "move") {
            const isSame = minute === visit.from && column === this.findVisit(visit.id);
            if (!isSame) {
                this.props.move(visit, this.getTarget(target, minute, visit));
            }
        } else {
            this.props.book({ ...this.getTarget(target, minute, {}), request });
        }
    }

    findVisit(visitId) {
        return this.state.columns.findIndex((column) =>
            column.visits.some((one) => !one.isBusy && one.id === visitId),
        );
    }

    /** Who, where and when a place on the board means. */
    getTarget(column, minute, visit) {
        const shift = findShift(column, minute);
        return {
            day: column.day,
            minute,
            specialistId:
                column.specialistId || shift?.specialist_id || visit.specialist_id,
            roomId: column.specialistId ? shift?.room_id : column.roomId,
        };
    }

    bookAt(index, minute) {
        this.props.book(this.getTarget(this.state.columns[index], minute, {}));
    }

    // Keyboard

    setCursor(column, minute) {
        this.overlay.cursor = { column, minute };
    }

    /** Visit under the cursor. */
    get current() {
        const { cursor } = this.overlay;
        return (
            cursor &&
            this.state.columns[cursor.column]?.visits.find(
                (one) =>
                    !one.isBusy && one.from <= cursor.minute && cursor.minute < one.to,
            )
        );
    }

    onKeydown(ev) {
        const actions = {
            ArrowDown: () => this.moveCursor(0, 1, ev.shiftKey),
            ArrowUp: () => this.moveCursor(0, -1, ev.shiftKey),
            ArrowRight: () => this.moveCursor(1, 0),
            ArrowLeft: () => this.moveCursor(-1, 0),
            Enter: () => this.onEnter(),
            Escape: () => this.release(),
            m: () => this.pickUp(),
        };
        const key = ev.key.length === 1 ? ev.key.toLowerCase() : ev.key;
        const isPlain = !ev.ctrlKey && !ev.altKey && !ev.metaKey;
        const action = isPlain && (actions[key] || this.props.command(key));
        if (action) {
            ev.preventDefault();
            ev.stopPropagation();
            action();
        }
    }

    moveCursor(columns, steps, isStretching = false) {
        const { step } = this.model.zoom;
        const { hours } = this.state;
        const cursor = this.overlay.cursor || {
            column: 0,
            minute: this.overlay.now
                ? snap(hours.first + this.overlay.now.top / this.scale, step)
                : hours.first,
        };
        const ghost = this.overlay.ghost;
        if (this.carried && isStretching) {
            const minutes = Math.max(LEAST_MINUTES, ghost.minutes + steps * step);
            this.overlay.ghost = this.checkGhost({ ...ghost, minutes });
            return;
        }
        const last = this.state.columns.length - 1;
        const column = Math.min(Math.max(cursor.column + columns, 0), last);
        const minute = Math.min(
            Math.max(snap(cursor.minute, step) + steps * step, hours.first),
            hours.last - step,
        );
        this.setCursor(column, minute);
        if (this.carried) {
            this.overlay.ghost = this.checkGhost({ ...ghost, column, minute });
        }
        this.showCursor();
    }

    showCursor() {
        const { column, minute } = this.overlay.cursor;
        const columns = this.grid.el.querySelectorAll(".o_clinic_board_column");
        const top = (minute - this.state.hours.first) * this.scale;
        const { el } = this.grid;
        if (top < el.scrollTop || top > el.scrollTop + el.clientHeight - 2 * EDGE) {
            el.scrollTop = top - el.clientHeight / 2;
        }
        columns[column]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    onEnter() {
        const { cursor, ghost } = this.overlay;
        if (this.carried && ghost) {
            const visit = this.carried;
            this.release();
            const kind = ghost.minutes === visit.to - visit.from ? "move" : "resize";
            this.drop({ kind, visit }, ghost);
        } else if (this.current) {
            const card = this.grid.el.querySelector(
                `[data-visit="${this.current.id}"]`,
            );
            this.props.openVisit(this.current, card);
        } else if (cursor) {
            this.bookAt(cursor.column, cursor.minute);
        }
    }

    /** Take the visit under the cursor, to be moved or stretched with the arrows. */
    pickUp() {
        const visit = this.current;
        if (!visit?.movable) {
            return;
        }
        this.carried = visit;
        const { column } = this.overlay.cursor;
        this.setCursor(column, visit.from);
        const minutes = visit.to - visit.from;
        this.overlay.ghost = this.checkGhost({ column, minute: visit.from, minutes });
    }

    release() {
        this.carried = null;
        this.stopDrag();
    }
}
