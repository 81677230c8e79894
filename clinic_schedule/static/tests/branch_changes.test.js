import { BranchChanges } from "@clinic_schedule/engine/core/branch_changes";
import { describe, expect, test } from "@odoo/hoot";
import { advanceTime } from "@odoo/hoot-mock";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

describe.current.tags("desktop");

// Longer than changes are gathered and pages without the focus wait.
const GATHERED = 1000;

function openPage(failures = []) {
    const read = [];
    const bus = {
        subscribe: (kind, onMessage) => (bus.send = onMessage),
        unsubscribe() {},
        addChannel() {},
        deleteChannel() {},
    };
    const changes = new BranchChanges(bus, {
        accepts: () => true,
        read: async (...args) => {
            read.push(args);
            if (failures.length) {
                throw failures.shift();
            }
        },
    });
    changes.start();
    return { bus, changes, read };
}

test("a burst is read at once, with the greatest number announced", async () => {
    const { bus, read } = openPage();
    bus.send({ visit_ids: [3], version: 12 });
    bus.send({ visit_ids: [4], version: 15 });
    bus.send({ visit_ids: [3], version: 14 });
    await advanceTime(GATHERED);
    expect(read).toEqual([[[3, 4], 15]]);
    bus.send({ visit_ids: [5], version: 11 });
    await advanceTime(GATHERED);
    expect(read[1]).toEqual([[5], 11]);
});

test("an own change is read anew, whatever others have announced", async () => {
    const { bus, changes, read } = openPage();
    bus.send({ visit_ids: [3], version: 12 });
    await changes.flush([7]);
    expect(read).toEqual([[[3, 7], null]]);
    await advanceTime(GATHERED);
    expect(read).toHaveLength(1);
});

test("what concerns more than visits has all of the page read", async () => {
    const { bus, read } = openPage();
    bus.send({ visit_ids: [], version: 12 });
    await advanceTime(GATHERED);
    expect(read).toEqual([[null, 12]]);
});

test("what the connection lost is read again, with what has changed since", async () => {
    expect.errors(1);
    const { bus, read } = openPage([new ConnectionLostError("/web")]);
    bus.send({ visit_ids: [3], version: 12 });
    await advanceTime(GATHERED);
    expect(read).toEqual([[[3], 12]]);
    bus.send({ visit_ids: [4], version: 15 });
    await advanceTime(2000 + GATHERED);
    expect(read[1]).toEqual([[3, 4], 15]);
    expect.verifyErrors([/couldn.t be established/]);
});

test("what the server refused is not asked for again", async () => {
    expect.errors(1);
    const { bus, read } = openPage([new RPCError("No longer for you")]);
    bus.send({ visit_ids: [3], version: 12 });
    await advanceTime(2000 + GATHERED);
    expect(read).toHaveLength(1);
    expect.verifyErrors([/No longer for you/]);
});
