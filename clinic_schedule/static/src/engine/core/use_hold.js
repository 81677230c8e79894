import { onWillDestroy, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

import { useInterval } from "./use_interval";

const { DateTime, Duration } = luxon;
const SECOND = 1000;

/**
 * Keeps one time, or all the times of a trip, while the patient decides, so that nobody
 * takes them meanwhile. They are given back when others are taken or the component goes.
 *
 * @param {Function} onExpired called when the hold has run out
 * @param {string} method of clinic.appointment: `hold`, or `hold_trip`
 * @returns {{state: Object, take: Function, release: Function, settle: Function}}
 *     state: {id, ids, left (text "9:59"), price ({amount, reason} or null)}; id and
 *     price are those of the first
 */
export function useHold(onExpired, method = "hold") {
    const orm = useService("orm");
    const state = useState({
        id: false,
        ids: [],
        expires: null,
        left: "",
        price: null,
    });
    let asking = 0;

    const giveBack = (ids) => orm.silent.call("clinic.appointment", "release", [ids]);

    /** The hold has become a visit: there is nothing to give back. */
    function settle() {
        Object.assign(state, { id: false, ids: [], expires: null, left: "" });
    }

    async function release() {
        asking++;
        const ids = [...state.ids];
        settle();
        state.price = null;
        if (ids.length) {
            await giveBack(ids);
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

    /** Hold the time of `wish` (see the method of clinic.appointment); the former goes. */
    async function take(wish) {
        await release();
        const asked = asking;
        const held = await orm.call("clinic.appointment", method, [wish]);
        const ids = [held].flat();
        if (asked !== asking) {
            await giveBack(ids);
            return;
        }
        const [id] = ids;
        Object.assign(state, { id, ids });
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
