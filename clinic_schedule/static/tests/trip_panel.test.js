import { TripPanel } from "@clinic_schedule/engine/service_selector/trip_panel";
import { describe, destroy, expect, test } from "@odoo/hoot";
import { waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    makeServerError,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const CARD = ".o_clinic_trip_card";
const BOOK = ".o_clinic_trip_footer .btn-primary";

const makeLeg = (service_id, hour) => ({
    ...{ service_id, specialist_id: service_id, branch_id: 3, room_id: 11 },
    start: `2026-03-02 ${hour}:00:00`,
    stop: `2026-03-02 ${hour}:30:00`,
});
const makeTrip = (first, second) => ({
    start: first.start,
    stop: second.stop,
    waiting: 30,
    legs: [first, second],
});

const PROPS = {
    services: [
        { id: 1, name: "Consultation" },
        { id: 2, name: "Test" },
    ],
    wish: { date_from: "2026-03-01 21:00:00", telemedicine: false },
    patientId: 7,
    branches: [{ id: 3, name: "North", tz: "Europe/Moscow" }],
    remove: () => {},
    clear: () => {},
};

/** A server where the n-th trip is held as [10 n + 1, 10 n + 2]. */
function mockTrips({ hold } = {}) {
    let held = 0;
    onRpc("clinic.appointment", "find_slots", () => [
        makeTrip(makeLeg(1, "06"), makeLeg(2, "07")),
        makeTrip(makeLeg(1, "08"), makeLeg(2, "09")),
    ]);
    onRpc("clinic.specialist", "read", ({ args: [ids] }) =>
        ids.map((id) => ({ id, name: `Dr ${id}` })),
    );
    onRpc("clinic.appointment", "hold_trip", ({ args: [wish] }) => {
        const starts = wish.legs.map(({ start }) => start.slice(11, 13)).join();
        expect.step(`hold ${starts} for ${wish.patient_id}`);
        hold?.();
        held++;
        return [10 * held + 1, 10 * held + 2];
    });
    onRpc("clinic.appointment", "release", ({ args: [ids] }) => {
        expect.step(`release ${ids}`);
        return true;
    });
    onRpc("clinic.appointment", "read", ({ args: [[id]] }) => [
        { id, expires_at: "2099-01-01 00:00:00" },
    ]);
    onRpc("clinic.appointment", "get_quote", () => false);
    onRpc("clinic.appointment", "book_trip", ({ args: [wish] }) => {
        expect.step(`book ${wish.hold_ids || "nothing held"}`);
        return [1, 2];
    });
}

const openPanel = () => mountWithCleanup(TripPanel, { props: PROPS });
const choose = async (number) => {
    await contains(`${CARD}:eq(${number})`).click();
    await animationFrame();
};

test("all times of the chosen trip are held, those of the former given back", async () => {
    mockTrips();
    const panel = await openPanel();
    await choose(0);
    expect.verifySteps(["hold 06,07 for 7"]);
    await waitFor(".text-bg-success");
    await choose(0);
    expect.verifySteps([]);
    await choose(1);
    expect.verifySteps(["release 11,12", "hold 08,09 for 7"]);
    destroy(panel);
    await animationFrame();
    expect.verifySteps(["release 21,22"]);
});

test("nothing stays held when the panel is closed", async () => {
    mockTrips();
    const panel = await openPanel();
    await choose(0);
    destroy(panel);
    await animationFrame();
    expect.verifySteps(["hold 06,07 for 7", "release 11,12"]);
});

test("another pace gives the times back before it searches", async () => {
    mockTrips();
    await openPanel();
    await choose(0);
    await contains("button:contains(The same day)").click();
    await animationFrame();
    expect.verifySteps(["hold 06,07 for 7", "release 11,12"]);
    expect(BOOK).not.toBeEnabled();
});

test("the held times become the visits and are given back no more", async () => {
    mockTrips();
    const panel = await openPanel();
    await choose(0);
    await contains(BOOK).click();
    await animationFrame();
    expect(".o_clinic_sentence").toHaveCount(1);
    destroy(panel);
    await animationFrame();
    expect.verifySteps(["hold 06,07 for 7", "book 11,12"]);
});

test("when one time is taken, it is said which, and nothing is held", async () => {
    mockTrips({
        hold: () => {
            throw makeServerError({
                context: { slots: [] },
                description: "Test, Dr 2: taken",
            });
        },
    });
    await openPanel();
    await choose(0);
    expect(".alert-warning").toHaveText("Test, Dr 2: taken");
    expect(BOOK).not.toBeEnabled();
    expect.verifySteps(["hold 06,07 for 7"]);
});

test("with too many holds the trip can be booked all the same", async () => {
    mockTrips({
        hold: () => {
            throw makeServerError({
                description: "Two holds already",
                errorName: "odoo.addons.clinic_schedule.exceptions.BookingLimitError",
            });
        },
    });
    await openPanel();
    await choose(0);
    expect(".alert-warning").toHaveText("Two holds already");
    await contains(BOOK).click();
    await animationFrame();
    expect.verifySteps(["hold 06,07 for 7", "book nothing held"]);
});
