import { describe, expect, test } from "@odoo/hoot";

import {
    countByDepartment,
    findShift,
    getColumns,
    getHours,
    isFree,
    keepSame,
    mergeVisits,
    setLanes,
    snap,
    toClock,
} from "@clinic_schedule/desk/board/board_layout";

describe.current.tags("headless");

const NINE = 9 * 60;
const TEN = 10 * 60;
const NOON = 12 * 60;

const makeVisit = (id, from, to, more = {}) => ({
    id,
    specialist_id: 1,
    room_id: 11,
    pieces: [[0, from, to]],
    state: "booked",
    marks: [],
    ...more,
});

const makeBoard = (more = {}) => ({
    version: 1,
    days: ["2026-03-02"],
    rooms: [
        { id: 11, name: "Room 1", department_id: 5, readiness: "ready" },
        { id: 12, name: "Room 2", department_id: 6, readiness: "ready" },
    ],
    specialists: { 1: "Boris", 2: "Anna" },
    patients: {},
    services: {},
    shifts: [
        { id: 1, specialist_id: 1, room_id: 11, pieces: [[0, NINE, NOON]] },
        { id: 2, specialist_id: 2, room_id: 12, pieces: [[0, NINE, NOON]] },
    ],
    visits: [makeVisit(7, TEN, TEN + 30)],
    busy: [],
    closures: [],
    absences: [],
    ...more,
});

const options = { mode: "rooms", departmentId: false, onlyWorking: false };

test("rooms become columns with the visits and shifts in them", () => {
    const columns = getColumns(makeBoard(), options);
    expect(columns.map((column) => column.name)).toEqual(["Room 1", "Room 2"]);
    expect(columns[0].visits.map((visit) => visit.id)).toEqual([7]);
    expect(columns[1].visits).toEqual([]);
    expect(columns[1].shifts.map((shift) => shift.id)).toEqual([2]);
});

test("specialists are ordered by name and stand in one column each", () => {
    const columns = getColumns(makeBoard(), { ...options, mode: "specialists" });
    expect(columns.map((column) => column.name)).toEqual(["Anna", "Boris"]);
});

test("a week has a column for every day", () => {
    const board = makeBoard({
        days: ["2026-03-02", "2026-03-03"],
        specialistId: 1,
        visits: [makeVisit(7, TEN, TEN + 30, { pieces: [[1, TEN, TEN + 30]] })],
    });
    const columns = getColumns(board, { ...options, mode: "week" });
    expect(columns.map((column) => column.visits.length)).toEqual([0, 1]);
});

test("a department and only rooms with work can be asked for", () => {
    const board = makeBoard({ shifts: [] });
    expect(getColumns(board, { ...options, departmentId: 6 })).toHaveLength(1);
    expect(getColumns(board, { ...options, onlyWorking: true })).toHaveLength(1);
});

test("remote visits get a column of their own", () => {
    const remote = makeVisit(8, NINE, TEN, { room_id: false });
    const columns = getColumns(makeBoard({ visits: [remote] }), options);
    expect(columns.at(-1).roomId).toBe(false);
    expect(columns.at(-1).visits.map((visit) => visit.id)).toEqual([8]);
});

test("overlapping visits stand beside each other, later ones alone again", () => {
    const items = setLanes([
        { from: 0, to: 30 },
        { from: 15, to: 45 },
        { from: 45, to: 60 },
    ]);
    expect(items.map((item) => [item.lane, item.lanes])).toEqual([
        [0, 2],
        [1, 2],
        [0, 1],
    ]);
});

test("time is free inside a shift and outside of visits, closures and absences", () => {
    const closure = { id: 1, room_id: 11, reason: "", pieces: [[0, NINE, NINE + 15]] };
    const [column] = getColumns(makeBoard({ closures: [closure] }), options);
    expect(isFree(column, NINE, 15)).toBe(false);
    expect(isFree(column, NINE + 15, 45)).toBe(true);
    expect(isFree(column, NINE + 16, 45)).toBe(false);
    expect(isFree(column, TEN, 30, 7)).toBe(true);
    expect(isFree(column, NOON - 15, 30)).toBe(false);
});

test("who receives at a minute is found, at the end of a shift nobody", () => {
    const [column] = getColumns(makeBoard(), options);
    expect(findShift(column, NINE).id).toBe(1);
    expect(findShift(column, NOON)).toBe(undefined);
});

test("the hours grow with what is on the board", () => {
    expect(getHours(makeBoard())).toEqual({ first: 480, last: 1200 });
    const late = makeVisit(9, 1205, 1265);
    expect(getHours(makeBoard({ visits: [late] }))).toEqual({ first: 480, last: 1320 });
});

test("changed visits replace the old ones, those that left go", () => {
    const board = makeBoard({
        visits: [makeVisit(7, NINE, TEN), makeVisit(8, TEN, NOON)],
    });
    const merged = mergeVisits(board, [7, 8], {
        version: 2,
        visits: [makeVisit(7, TEN, NOON)],
        busy: [{ id: 99, visit_id: 8, pieces: [] }],
        patients: { 4: "New" },
        services: {},
        specialists: {},
    });
    expect(merged.visits.map((visit) => [visit.id, visit.pieces[0][1]])).toEqual([
        [7, TEN],
    ]);
    expect(merged.busy.map((one) => one.id)).toEqual([99]);
    expect(merged.patients).toEqual({ 4: "New" });
    expect(merged.version).toBe(1);
});

test("the visits of a group session are one card, which an empty session becomes", () => {
    const session = { id: 50, room_id: 11, session_id: 4, kind: "session" };
    const empty = makeBoard({
        visits: [],
        busy: [{ ...session, visit_id: false, pieces: [[0, NINE, TEN]] }],
    });
    expect(getColumns(empty, options)[0].visits.map((one) => one.key)).toEqual([
        "busy-50",
    ]);
    const booked = mergeVisits(empty, [7, 8], {
        version: 2,
        visits: [7, 8].map((id) => makeVisit(id, NINE, TEN, { session_id: 4 })),
        busy: [],
        patients: {},
        services: {},
        specialists: {},
    });
    const [column] = getColumns(booked, options);
    expect(column.visits.map((one) => one.key)).toEqual(["session-4"]);
    expect(column.visits[0].members).toHaveLength(2);
});

test("minutes snap to the grid and read as a clock does", () => {
    expect(snap(608, 15)).toBe(615);
    expect(toClock(545)).toBe("09:05");
});

test("a column is another object only when something in it has changed", () => {
    const board = makeBoard({ patients: { 3: "Zorin" }, visits: [] });
    board.visits = [makeVisit(7, TEN, TEN + 30, { patient_id: 3 })];
    const before = getColumns(board, options);
    const isKept = (changed) =>
        keepSame(getColumns(changed, options), before).map(
            (column, index) => column === before[index],
        );
    expect(isKept(makeBoard({ ...board }))).toEqual([true, true]);
    const moved = makeVisit(7, TEN, TEN + 60, { patient_id: 3 });
    expect(isKept({ ...board, visits: [moved] })).toEqual([false, true]);
    expect(isKept({ ...board, patients: { 3: "Zorina" } })).toEqual([false, true]);
    const rooms = board.rooms.map((room) => ({ ...room, readiness: "cleaning" }));
    expect(isKept({ ...board, rooms })).toEqual([false, false]);
});

test("visits are counted by department; one without a room is in none", () => {
    const board = makeBoard({
        visits: [
            makeVisit(7, TEN, TEN + 30),
            makeVisit(8, NINE, TEN),
            makeVisit(9, NINE, TEN, { room_id: 12 }),
            makeVisit(10, NINE, TEN, { room_id: false }),
        ],
    });
    expect(countByDepartment(board)).toEqual({ 5: 2, 6: 1 });
});
