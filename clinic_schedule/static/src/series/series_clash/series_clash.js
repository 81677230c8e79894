import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

import { formatLongDay, toBranchTime } from "@clinic_schedule/engine/core/branch_time";

const { DateTime } = luxon;

/** What the server is told about dates: {skip, instead}, see `book_series`. */
export function toExceptions(chosen) {
    const entries = Object.entries(chosen);
    return {
        skip: entries.filter(([, start]) => !start).map(([date]) => date),
        instead: Object.fromEntries(entries.filter(([, start]) => start)),
    };
}

/** Every date of a series that cannot be had: another time for it, or none. */
export class SeriesClashDialog extends Component {
    static template = "clinic_schedule.SeriesClashDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        message: String,
        clashes: Array,
        tz: String,
        confirm: Function,
    };

    setup() {
        this.state = useState({ chosen: {}, isBusy: false });
    }

    get rows() {
        const reasons = {
            taken: _t("Somebody else has this time, or the patient has another visit."),
            not_working: _t("The specialist does not work then."),
        };
        return this.props.clashes.map(({ date, reason, alternatives }) => ({
            date,
            day: formatLongDay(DateTime.fromISO(date)),
            reason: reasons[reason],
            alternatives: alternatives.map((start) => ({
                start,
                text: this.describe(start),
            })),
        }));
    }

    describe(start) {
        return toBranchTime(start, this.props.tz).toLocaleString({
            weekday: "short",
            day: "numeric",
            month: "short",
            hour: "2-digit",
            minute: "2-digit",
        });
    }

    get isReady() {
        const { chosen, isBusy } = this.state;
        return !isBusy && this.props.clashes.every(({ date }) => date in chosen);
    }

    isChosen(date, start) {
        return date in this.state.chosen && this.state.chosen[date] === start;
    }

    /** `start` false: no visit on this date. */
    choose(date, start) {
        this.state.chosen[date] = start;
    }

    leaveAllOut() {
        for (const { date } of this.props.clashes) {
            this.choose(date, false);
        }
    }

    async confirm() {
        this.state.isBusy = true;
        try {
            await this.props.confirm({ ...this.state.chosen });
            this.props.close();
        } finally {
            this.state.isBusy = false;
        }
    }
}

/**
 * Books or moves a series, and asks about dates that clash until none is left.
 *
 * @param {Object} dialog the dialog service
 * @param {string} tz zone of the branch
 * @param {Function} attempt calls the server with {skip, instead}
 * @param {Function} done gets what the server has answered
 * @param {Object} [chosen] {date: start or false} that is settled already
 */
export async function bookAroundClashes(dialog, tz, attempt, done, chosen = {}) {
    let answer = null;
    try {
        answer = await attempt(toExceptions(chosen));
    } catch (error) {
        const clashes = error.data?.context?.clashes;
        if (!clashes) {
            throw error;
        }
        dialog.add(SeriesClashDialog, {
            message: error.data.message,
            clashes,
            tz,
            confirm: (more) =>
                bookAroundClashes(dialog, tz, attempt, done, { ...chosen, ...more }),
        });
        return;
    }
    await done(answer);
}
