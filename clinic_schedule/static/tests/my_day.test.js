import { getTimeline, MyDay } from "@clinic_schedule/desk/day/my_day";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";

import { makeDay, makeVisit, mockBus, mockDay } from "./day_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const NINE = 9 * 60;
const TEN = 10 * 60;
const NOON = 12 * 60;
const GATHERED = 1000;

async function openMyDay(visits, specialists = []) {
    mockBus();
    const heard = mockDay("get_specialist_day", makeDay(visits));
    onRpc("res.users", "has_group", () => Boolean(specialists.length));
    onRpc("clinic.specialist", "search_read", () => specialists);
    await mountWithCleanup(MyDay, { props: { action: {}, actionId: 1 } });
    return heard;
}

const steps = (id) => queryAllTexts(`.o_clinic_my_row[data-visit='${id}'] [data-step]`);

test("free time and breaks stand between the visits", () => {
    const visit = makeVisit(1, "06:30", "booked", { pieces: [[0, NINE + 30, TEN]] });
    const shifts = [
        { pieces: [[0, NINE, NOON]] },
        { pieces: [[0, NOON + 60, NOON + 120]] },
    ];
    const rows = getTimeline({ visits: [visit], shifts });
    expect(rows.map(({ kind, from, to }) => [kind || "visit", from, to])).toEqual([
        ["free", NINE, NINE + 30],
        ["visit", NINE + 30, TEN],
        ["free", TEN, NOON],
        ["break", NOON, NOON + 60],
        ["free", NOON + 60, NOON + 120],
    ]);
});

test("the time of who did not come is free", () => {
    const visit = makeVisit(1, "06:00", "no_show", { pieces: [[0, NINE, TEN]] });
    const rows = getTimeline({
        visits: [visit],
        shifts: [{ pieces: [[0, NINE, TEN]] }],
    });
    expect(rows.map(({ kind }) => kind)).toInclude("free");
});

test("the desk looks at the day of whom it chooses", async () => {
    const { asked } = await openMyDay(
        [],
        [
            { id: 1, name: "Boris Petrov" },
            { id: 2, name: "Anna Orlova" },
        ],
    );
    await contains(".o_clinic_whose").select("2");
    expect(asked.at(-1).specialist_id).toBe(2);
});

test("whoever is here goes before whoever is expected earlier", async () => {
    await openMyDay([
        makeVisit(1, "07:00", "booked"),
        makeVisit(3, "07:30", "arrived", { arrived_at: "2026-03-02 06:10:00" }),
    ]);
    expect(".o_clinic_my_next").toHaveText(/Olga Petrova/);
    expect(".o_clinic_my_next").toHaveText(/waits 10 min/);
});

test("only what can follow is offered, and it is done", async () => {
    const { acted } = await openMyDay([
        makeVisit(1, "07:00", "booked"),
        makeVisit(3, "07:30", "arrived", { arrived_at: "2026-03-02 06:10:00" }),
    ]);
    expect(steps(1)).toEqual(["Arrived"]);
    expect(steps(3)).toEqual(["Call in", "Begin"]);
    await contains(".o_clinic_my_row[data-visit='3'] [data-step=action_start]").click();
    await advanceTime(GATHERED);
    expect(acted).toEqual([["action_start", 3]]);
    expect(steps(3)).toEqual(["Finish"]);
    expect(".o_clinic_my_present").toHaveText(/Olga Petrova/);
});

test("somebody who is late may be noted as not come, somebody else not yet", async () => {
    await openMyDay([makeVisit(1, "06:00", "booked"), makeVisit(3, "07:30", "booked")]);
    expect(steps(1)).toEqual(["Arrived", "Did not come"]);
    expect(steps(3)).toEqual(["Arrived"]);
});
