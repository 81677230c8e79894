/**
 * Pure geometry of the board: columns, lanes, and what is free. Minutes are those that
 * the clock of the branch shows; days are counted from the first day of the board.
 */

/** Grid steps in minutes and how many pixels a minute takes at each. */
export const ZOOMS = [
    { step: 60, scale: 0.6 },
    { step: 30, scale: 0.9 },
    { step: 15, scale: 1.4 },
    { step: 10, scale: 2.2 },
    { step: 5, scale: 4 },
    { step: 1, scale: 10 },
];
export const DEFAULT_ZOOM = 2;
const OPENING = 8 * 60;
const CLOSING = 20 * 60;
const HOUR = 60;

const byName = (a, b) => a.name.localeCompare(b.name);

/** First and last minute to draw: whole hours around all that is on the board. */
export function getHours(board) {
    const pieces = [...board.shifts, ...board.visits].flatMap((one) => one.pieces);
    const first = Math.min(OPENING, ...pieces.map((piece) => piece[1]));
    const last = Math.max(CLOSING, ...pieces.map((piece) => piece[2]));
    return {
        first: Math.floor(first / HOUR) * HOUR,
        last: Math.ceil(last / HOUR) * HOUR,
    };
}

/**
 * The columns of the board.
 *
 * @param {Object} board answer of `get_board`
 * @param {Object} options
 * @param {"rooms"|"specialists"|"week"} options.mode
 * @param {number|false} options.departmentId only rooms of this department
 * @param {boolean} options.onlyWorking leave out columns without shift and visit
 * @returns {Object[]} columns: {key, day, name, roomId?, specialistId?, ...}
 */
export function getColumns(board, { mode, departmentId, onlyWorking }) {
    const columns = {
        rooms: () => getRoomColumns(board, departmentId),
        specialists: () => getSpecialistColumns(board, departmentId),
        week: () => getDayColumns(board),
    }[mode]();
    for (const column of columns) {
        fill(column, board);
    }
    return onlyWorking
        ? columns.filter((one) => one.shifts.length || one.visits.length)
        : columns;
}

/** {department id: visits in its rooms}; a visit without a room is in none. */
export function countByDepartment(board) {
    const departments = new Map(board.rooms.map((one) => [one.id, one.department_id]));
    const counts = {};
    for (const { room_id } of board.visits) {
        const id = departments.get(room_id);
        if (id) {
            counts[id] = (counts[id] || 0) + 1;
        }
    }
    return counts;
}

function getRoomColumns(board, departmentId) {
    const columns = board.rooms
        .filter((room) => !departmentId || room.department_id === departmentId)
        .map((room) => ({
            key: `room-${room.id}`,
            day: 0,
            name: room.name,
            roomId: room.id,
            departmentId: room.department_id,
            readiness: room.readiness,
        }));
    const isRemote = (one) => !one.room_id && one.telemedicine;
    const hasRemote =
        board.shifts.some(isRemote) || board.visits.some((visit) => !visit.room_id);
    if (hasRemote && !departmentId) {
        columns.push({ key: "room-0", day: 0, name: "", roomId: false });
    }
    return columns;
}

function getSpecialistColumns(board, departmentId) {
    const rooms = new Set(
        board.rooms
            .filter((room) => room.department_id === departmentId)
            .map((room) => room.id),
    );
    const present = [...board.shifts, ...board.visits].filter(
        (one) => !departmentId || rooms.has(one.room_id),
    );
    const ids = new Set(present.map((one) => one.specialist_id));
    return [...ids]
        .map((id) => ({
            key: `specialist-${id}`,
            day: 0,
            name: board.specialists[id] || "",
            specialistId: id,
        }))
        .sort(byName);
}

function getDayColumns(board) {
    return board.days.map((date, day) => ({
        key: `day-${day}`,
        day,
        date,
        name: date,
        specialistId: board.specialistId,
    }));
}

/** Whether `one` (shift, visit, busy time…) stands in `column`. */
export function belongsTo(one, column) {
    if (column.specialistId) {
        return one.specialist_id === column.specialistId;
    }
    return (one.room_id || false) === column.roomId;
}

function fill(column, board) {
    const here = (list) =>
        list
            .filter((one) => belongsTo(one, column))
            .flatMap((one) =>
                one.pieces
                    .filter((piece) => piece[0] === column.day)
                    .map(([, from, to]) => ({ ...one, from, to })),
            );
    column.shifts = here(board.shifts);
    column.closures = column.roomId ? here(board.closures) : [];
    column.absences = column.specialistId ? here(board.absences) : [];
    const taken = [
        ...here(board.visits).map((visit) => ({
            ...visit,
            key: `visit-${visit.id}`,
            patient: board.patients[visit.patient_id],
            service: board.services[visit.service_id],
            specialist: board.specialists[visit.specialist_id],
        })),
        ...here(board.busy)
            .filter((busy) => busy.room_id || busy.specialist_id)
            .map((busy) => ({ ...busy, key: `busy-${busy.id}`, isBusy: true })),
    ];
    column.signature = JSON.stringify([column, taken]);
    column.visits = setLanes(gather(taken));
}

/** `columns`, with the very objects of `before` where nothing has changed in them. */
export function keepSame(columns, before) {
    const known = new Map(before.map((column) => [column.signature, column]));
    return columns.map((column) => known.get(column.signature) || column);
}

/** One card for all visits of a group session: {...first, members}. */
function gather(items) {
    const sessions = new Map();
    return items.filter((item) => {
        if (item.isBusy || !item.session_id) {
            return true;
        }
        const first = sessions.get(item.session_id);
        if (first) {
            first.members.push(item);
            return false;
        }
        sessions.set(item.session_id, item);
        Object.assign(item, { key: `session-${item.session_id}`, members: [item] });
        return true;
    });
}

/** Give what overlaps (overbooking) lanes beside each other: {lane, lanes}. */
export function setLanes(items) {
    items.sort((a, b) => a.from - b.from || b.to - a.to);
    let cluster = [];
    let ends = [];
    const close = () => {
        for (const item of cluster) {
            item.lanes = ends.length;
        }
        cluster = [];
        ends = [];
    };
    for (const item of items) {
        if (cluster.length && item.from >= Math.max(...ends)) {
            close();
        }
        const free = ends.findIndex((end) => end <= item.from);
        item.lane = free < 0 ? ends.length : free;
        ends[item.lane] = item.to;
        cluster.push(item);
    }
    close();
    return items;
}

/** `minute` on the grid of `step`. */
export function snap(minute, step) {
    return Math.round(minute / step) * step;
}

/** Who receives in `column` at `minute`: the shift, or undefined. */
export function findShift(column, minute) {
    return column.shifts.find((shift) => shift.from <= minute && minute < shift.to);
}

/**
 * Whether a visit of `minutes` may stand at `minute` of `column`, as far as the screen
 * knows; the server has the last word.
 *
 * @param {Object} column
 * @param {number} minute
 * @param {number} minutes
 * @param {number} [visitId] the visit that is moved: its own time counts as free
 */
export function isFree(column, minute, minutes, visitId) {
    const until = minute + minutes;
    const blocks = [...column.visits, ...column.closures, ...column.absences];
    return (
        column.shifts.some((shift) => shift.from <= minute && until <= shift.to) &&
        !blocks.some((one) => one.id !== visitId && one.from < until && minute < one.to)
    );
}

/** 'HH:MM' of minutes after midnight. */
export function toClock(minute) {
    const pad = (number) => String(number).padStart(2, "0");
    return `${pad(Math.floor(minute / HOUR))}:${pad(minute % HOUR)}`;
}

/** The board with changed visits put in and those that have left taken out. */
export function mergeVisits(board, ids, changes) {
    const changed = new Set(ids);
    const rows = new Set(changes.busy.map((one) => one.id));
    const visits = [
        ...board.visits.filter((one) => !changed.has(one.id)),
        ...changes.visits,
    ];
    // A session with visits is drawn by them.
    const sessions = new Set(visits.map((one) => one.session_id).filter(Boolean));
    const busy = [
        ...board.busy.filter((one) => !changed.has(one.visit_id) && !rows.has(one.id)),
        ...changes.busy,
    ].filter((one) => one.visit_id || !sessions.has(one.session_id));
    // The version stays: other visits have not been read again.
    const merged = { ...board, visits, busy };
    for (const names of ["patients", "services", "specialists"]) {
        merged[names] = { ...board[names], ...changes[names] };
    }
    return merged;
}
