import { markRaw, reactive } from "@odoo/owl";
import { user } from "@web/core/user";

import { BranchChanges } from "@clinic_schedule/engine/core/branch_changes";
import {
    DEFAULT_ZOOM,
    ZOOMS,
    getColumns,
    getHours,
    keepSame,
    mergeVisits,
} from "./board_layout";

const { DateTime } = luxon;

const SETTING = "clinic_board";
const KEPT = ["branchId", "mode", "zoom", "departmentId", "onlyWorking", "withWaiting"];
const SQL = "yyyy-MM-dd HH:mm:ss";

/** What is shown and how; reads the server, hears of changes, keeps the user's choices. */
export class BoardModel {
    /** @param {Object} place {branchId, day, mode, specialistId} to open at */
    constructor({ orm, bus, place }) {
        this.orm = orm;
        this.reading = 0;
        this.changes = new BranchChanges(bus, {
            accepts: (message) => this.isShown(message),
            read: (ids, announced) => this.refresh(ids, announced),
        });
        this.state = reactive({
            branches: [],
            departments: [],
            branchId: false,
            day: "",
            mode: "rooms",
            zoom: DEFAULT_ZOOM,
            departmentId: false,
            onlyWorking: false,
            withWaiting: false,
            specialistId: false,
            ...user.settings[SETTING],
            ...place,
            board: null,
            columns: [],
            hours: null,
            isLoading: false,
        });
    }

    async start() {
        const { state } = this;
        [state.branches, state.departments] = await Promise.all([
            this.orm.searchRead("clinic.branch", [], ["name", "tz"]),
            this.orm.searchRead("clinic.department", [], ["name", "branch_id"]),
        ]);
        if (!this.branch) {
            state.branchId = state.branches[0]?.id;
        }
        state.day ||= this.now.toISODate();
        this.changes.start();
        await this.load();
    }

    stop() {
        this.changes.stop();
    }

    // What is shown

    get branch() {
        return this.state.branches.find((one) => one.id === this.state.branchId);
    }

    get zone() {
        return this.branch?.tz || "utc";
    }

    get now() {
        return DateTime.now().setZone(this.zone);
    }

    get zoom() {
        return ZOOMS[this.state.zoom];
    }

    get criteria() {
        const { branchId, day, mode, specialistId } = this.state;
        if (mode !== "week") {
            return { branch_id: branchId, day };
        }
        const monday = DateTime.fromISO(day).startOf("week").toISODate();
        return {
            branch_id: branchId,
            day: monday,
            days: 7,
            specialist_id: specialistId,
        };
    }

    /** UTC text of a minute of a day of the board. */
    toServer(day, minute) {
        const date = DateTime.fromISO(this.state.board.days[day], { zone: this.zone });
        return date
            .set({ hour: Math.floor(minute / 60), minute: minute % 60 })
            .toUTC()
            .toFormat(SQL);
    }

    // Reading

    async load() {
        const { state } = this;
        if (!state.branchId) {
            return;
        }
        const reading = ++this.reading;
        const criteria = this.criteria;
        this.changes.listen(criteria.branch_id);
        state.isLoading = true;
        try {
            const board = await this.orm.call("clinic.appointment", "get_board", [
                criteria,
            ]);
            if (reading === this.reading) {
                this.show({ ...board, specialistId: criteria.specialist_id });
            }
        } finally {
            if (reading === this.reading) {
                state.isLoading = false;
            }
        }
    }

    show(board) {
        // Never changed in place, and too large to be watched.
        this.state.board = markRaw(board);
        this.arrange();
    }

    arrange() {
        const { board, columns } = this.state;
        this.state.hours = markRaw(getHours(board));
        this.state.columns = markRaw(keepSame(getColumns(board, this.state), columns));
    }

    // Changes of others

    isShown({ branch_id, days, version }) {
        const { board, branchId } = this.state;
        const isOnDay = !days.length || days.some((day) => board?.days.includes(day));
        return branch_id === branchId && isOnDay && !(version < board?.version);
    }

    async refresh(ids, announced) {
        if (!ids) {
            return this.load();
        }
        const reading = this.reading;
        const changes = await this.orm.silent.call(
            "clinic.appointment",
            "get_board_visits",
            [this.criteria, ids, announced],
        );
        if (reading === this.reading) {
            this.show(mergeVisits(this.state.board, ids, changes));
        }
    }

    // The user's choices

    async choose(changes) {
        Object.assign(this.state, changes);
        const needsReading = ["branchId", "day", "mode", "specialistId"];
        if (needsReading.some((key) => key in changes)) {
            await this.load();
        } else {
            this.arrange();
        }
        this.keep();
    }

    keep() {
        const choices = Object.fromEntries(KEPT.map((key) => [key, this.state[key]]));
        if (choices.mode === "week") {
            choices.mode = "specialists";
        }
        user.setUserSettings(SETTING, choices);
    }

    turn(direction) {
        const step =
            this.state.mode === "week" ? { weeks: direction } : { days: direction };
        const day = DateTime.fromISO(this.state.day).plus(step).toISODate();
        return this.choose({ day });
    }

    zoomBy(direction) {
        const zoom = Math.min(
            Math.max(this.state.zoom + direction, 0),
            ZOOMS.length - 1,
        );
        return this.choose({ zoom });
    }

    // Writing

    /** Call a method of a visit, read it again at once, whatever the outcome. */
    async act(visitId, method, args = []) {
        try {
            return await this.orm.call("clinic.appointment", method, [
                [visitId],
                ...args,
            ]);
        } finally {
            await this.changes.flush([visitId]);
        }
    }
}
