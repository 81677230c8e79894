import { Reception } from "@clinic_schedule/desk/day/reception";
import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, mountWithCleanup } from "@web/../tests/web_test_helpers";

import { BRANCH, makeDay, makeVisit, mockBus, mockDay } from "./day_test_helpers";

describe.current.tags("desktop");
defineMailModels();

// Longer than changes are gathered and pages without the focus wait.
const GATHERED = 1000;
const NAMES = ".o_clinic_day_name";

const makeVisits = () => [
    makeVisit(1, "06:00", "booked"),
    makeVisit(2, "06:30", "arrived", { arrived_at: "2026-03-02 06:05:00" }),
    makeVisit(3, "07:00", "done"),
];

async function openReception(visits = makeVisits(), more = {}) {
    const day = makeDay(visits, more);
    const change = mockBus();
    const heard = mockDay("get_reception", day);
    await mountWithCleanup(Reception, { props: { action: {}, actionId: 1 } });
    return { day, change, ...heard };
}

const filterBy = (key) => contains(`[data-filter=${key}]`).click();
const count = (key) => queryAllTexts(`[data-filter=${key}] b`).join();

test("whoever is finished is left out until all of the day is asked for", async () => {
    await openReception();
    expect(queryAllTexts(NAMES)).toEqual(["Anna Lvova", "Пётр Орлов"]);
    await filterBy("all");
    expect(queryAllTexts(NAMES)).toEqual(["Anna Lvova", "Пётр Орлов", "Olga Petrova"]);
});

test("each filter says how many there are", async () => {
    await openReception();
    expect(["open", "late", "hall", "all"].map(count)).toEqual(["2", "1", "1", "3"]);
    await filterBy("late");
    expect(queryAllTexts(NAMES)).toEqual(["Anna Lvova"]);
});

test("time is that of the branch, and minutes go by the server's clock", async () => {
    await openReception();
    expect(queryAllTexts(".o_clinic_day_time")).toEqual(["09:00", "09:30"]);
    expect("[data-visit='1'] .text-danger").toHaveText("late by 20 min");
    expect("[data-visit='2'] .o_clinic_day_waits").toHaveText("waits 15 min");
    expect(".o_clinic_hall_minutes").toHaveText("15 min");
});

test("a name is found without regard to case and ё, a phone by its end", async () => {
    await openReception();
    for (const text of ["петр", "0002", "ОРЛОВ П"]) {
        await contains(".o_clinic_search").edit(text, { confirm: false });
        expect(queryAllTexts(NAMES)).toEqual(["Пётр Орлов"]);
    }
    await contains(".o_clinic_search").edit("olga", { confirm: false });
    // Whoever is looked for is found though the visit is over.
    expect(queryAllTexts(NAMES)).toEqual(["Olga Petrova"]);
});

test("Enter receives whoever is alone in the list, and nobody of several", async () => {
    const { acted } = await openReception([
        makeVisit(1, "06:00", "booked"),
        makeVisit(3, "07:00", "booked"),
    ]);
    await contains(".o_clinic_search").edit("p", { confirm: false });
    await contains(".o_clinic_search").edit("", { confirm: false });
    await press("Enter");
    expect(acted).toEqual([]);
    await contains(".o_clinic_search").edit("lvova", { confirm: false });
    await press("Enter");
    await advanceTime(GATHERED);
    expect(acted).toEqual([["action_arrive", 1]]);
    expect("[data-visit='1'] .o_clinic_arrive").toHaveCount(0);
});

test("what was done is read again, that visit alone", async () => {
    const { acted, asked } = await openReception();
    await contains("[data-visit='1'] .o_clinic_arrive").click();
    await advanceTime(GATHERED);
    expect(acted).toEqual([["action_arrive", 1]]);
    expect(asked.at(-1).ids).toEqual([1]);
    expect(count("hall")).toBe("2");
});

test("an arrival is taken back, but only by who may", async () => {
    const { acted, change, day } = await openReception();
    await contains("[data-visit='2'] .o_clinic_undo").click();
    await advanceTime(GATHERED);
    expect(acted).toEqual([["action_reverse", 2]]);
    Object.assign(day, { may_reverse: false });
    day.visits[1].state = "arrived";
    change({ branch_id: BRANCH, days: [], visit_ids: [], version: 2 });
    await advanceTime(GATHERED);
    expect("[data-visit='2']").toHaveCount(1);
    expect(".o_clinic_undo").toHaveCount(0);
});

test("what others do appears by itself, and who has left goes", async () => {
    const { day, change, asked } = await openReception();
    day.visits[0].state = "in_progress";
    day.visits.splice(1, 1);
    change({
        branch_id: BRANCH,
        days: ["2026-03-02"],
        visit_ids: [1, 2],
        version: 2,
    });
    await advanceTime(GATHERED);
    expect(asked.at(-1).ids).toEqual([1, 2]);
    expect(queryAllTexts(NAMES)).toEqual(["Anna Lvova"]);
    expect("[data-visit='1'] .o_clinic_arrive").toHaveCount(0);
});

test("another branch is read as soon as it is chosen", async () => {
    const branches = [
        { id: BRANCH, name: "North" },
        { id: 8, name: "South" },
    ];
    const { asked } = await openReception(makeVisits(), { branches });
    await contains("select[aria-label='Branch']").select("8");
    expect(asked.at(-1).branch_id).toBe(8);
});

test("changes of another branch, another day or the past are not read", async () => {
    const { change, asked } = await openReception();
    const before = asked.length;
    const message = { branch_id: BRANCH, days: [], visit_ids: [1], version: 2 };
    change({ ...message, branch_id: 99 });
    change({ ...message, days: ["2026-03-03"] });
    change({ ...message, version: 0 });
    await advanceTime(GATHERED);
    expect(asked).toHaveLength(before);
});

test("answers of patients that wait are shown to whoever may read them", async () => {
    const { day } = await openReception([], { replies: 2, mayReadReplies: true });
    expect(".o_clinic_replies").toHaveText("Replies to read: 2");
    day.replies = 0;
    await advanceTime(60_000);
    expect(".o_clinic_replies").toHaveCount(0);
});

test("answers of patients are no business of anybody else", async () => {
    await openReception([], { replies: 2, mayReadReplies: false });
    expect(".o_clinic_replies").toHaveCount(0);
});
