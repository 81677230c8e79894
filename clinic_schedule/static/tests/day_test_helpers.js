import { mockService, onRpc } from "@web/../tests/web_test_helpers";

export const BRANCH = 3;

/** 09:20 and a half minute in Moscow, so that full minutes do not depend on luck. */
export const NOW = "2026-03-02 06:20:30";

export const makeVisit = (id, start, state, more = {}) => ({
    id,
    patient_id: id,
    specialist_id: 1,
    service_id: 5,
    room_id: 11,
    start: `2026-03-02 ${start}:00`,
    pieces: [[0, 9 * 60, 9 * 60 + 30]],
    state,
    marks: [],
    arrived_at: false,
    called_at: false,
    ...more,
});

export const makeDay = (visits, more = {}) => ({
    version: 1,
    now: NOW,
    tz: "Europe/Moscow",
    day: "2026-03-02",
    branch_id: BRANCH,
    specialist_id: 1,
    may_reverse: true,
    visits,
    patients: {
        1: { name: "Anna Lvova", card: "K-1", phone: "+79160000001" },
        2: { name: "Пётр Орлов", card: "K-2", phone: "+79160000002" },
        3: { name: "Olga Petrova", card: "K-3", phone: "+79160000003" },
    },
    services: { 5: "Consultation" },
    specialists: { 1: "Boris Petrov" },
    rooms: [{ id: 11, name: "Room 1", readiness: "ready" }],
    shifts: [{ id: 1, pieces: [[0, 9 * 60, 12 * 60]] }],
    absences: [],
    places: [{ id: BRANCH, name: "North" }],
    buttons: [],
    ...more,
});

/**
 * A server that tells the visits of `day`, and moves one when a method asks for it.
 *
 * @param {string} method that reads the day
 * @param {Object} day as of `makeDay`; a test changes its visits
 * @returns {{asked: Object[], acted: Array[]}} criteria and calls, as they came
 */
export function mockDay(method, day) {
    const heard = { asked: [], acted: [] };
    onRpc("clinic.appointment", method, ({ args: [criteria] }) => {
        heard.asked.push(criteria);
        const { ids } = criteria;
        const visits = day.visits.filter(({ id }) => !ids || ids.includes(id));
        return { ...day, visits: visits.map((visit) => ({ ...visit })) };
    });
    for (const [action, state] of [
        ["action_arrive", "arrived"],
        ["action_start", "in_progress"],
        ["action_no_show", "no_show"],
        ["action_reverse", "booked"],
    ]) {
        onRpc("clinic.appointment", action, ({ args: [[id]] }) => {
            heard.acted.push([action, id]);
            const visit = day.visits.find((one) => one.id === id);
            Object.assign(visit, { state, arrived_at: state === "arrived" && NOW });
            return true;
        });
    }
    onRpc("clinic.message.reply", "has_access", () => day.mayReadReplies || false);
    onRpc("clinic.message.reply", "search_count", () => day.replies || 0);
    const branches = day.branches || [{ id: BRANCH, name: "North" }];
    onRpc("clinic.branch", "search_read", () => branches);
    return heard;
}

/** The bus: returns what tells the page that something has changed. */
export function mockBus() {
    const heard = {};
    mockService("bus_service", {
        addChannel() {},
        deleteChannel() {},
        subscribe(kind, callback) {
            heard[kind] = callback;
        },
        unsubscribe() {},
    });
    return (message) => heard["clinic_schedule.board_changed"](message);
}
