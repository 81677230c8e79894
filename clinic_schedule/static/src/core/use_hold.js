import { onWillDestroy, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

import { useInterval } from "./use_interval";

const { DateTime, Duration } = luxon;
const SECOND = 1000;

/**
 * Keeps one time while the patient decides, so that nobody takes it meanwhile. It is
 * given back when another is taken or the component goes.
 *
 * @param {Function} onExpired called when the hold has run out
 * @returns {{state: Object, take: Function, release: Function, settle: Function}}
 *     state: {id, left (text "9:59"), price ({amount, reason} or null)}
 */
export function useHold(onExpired) {
    const orm = useService("orm");
    const state = useState({ id: false, expires: null, left: "", price: null });
    let asking = 0;

    const giveBack = (id) => orm.silent.call("clinic.appointment", "release", [[id]]);

    /** The hold has become a visit: there is nothing to give back. */
    function settle() {
        Object.assign(state, { id: false, expires: null, left: "" });
    }

    async function release() {
        asking++;
        const { id } = state;
        settle();
        state.price = null;
        if (id) {
            await giveBack(id);
        }
    }

    function countDown() {
        if (!state.expires) {
            return;
        }
        const seconds = state.expires.diffNow("seconds").seconds;
        if (seconds <= 0) {
            settle();
            onExpired();
            return;
        }
        state.left = Duration.fromObject({ seconds }).toFormat("m:ss");
    }

    /** Hold the time of `wish` (see `hold` of clinic.appointment); the former goes. */
    async function take(wish) {
        await release();
        const asked = asking;
        const id = await orm.call("clinic.appointment", "hold", [wish]);
        if (asked !== asking) {
            await giveBack(id);
            return;
        }
        state.id = id;
        const [[hold], price] = await Promise.all([
            orm.read("clinic.appointment", [id], ["expires_at"]),
            orm.call("clinic.appointment", "get_quote", [[id]]),
        ]);
        if (asked === asking) {
            state.expires = DateTime.fromSQL(hold.expires_at, { zone: "utc" });
            state.price = price;
            countDown();
        }
    }

    useInterval(countDown, SECOND);
    onWillDestroy(release);
    return { state, take, release, settle };
}
