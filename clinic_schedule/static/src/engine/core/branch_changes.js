import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";

// Changes come in bursts: what comes within that time (ms) is read at once.
const GATHER = 50;
// A hundred pages hear of a change in the same moment. More than a few of them at once
// would not get through to the server, and try again only after a second.
const SPREAD = 250;
// Nobody looks at a page without the focus this very moment: such pages take longer, so
// that those which somebody works with are answered first.
const SPREAD_UNFOCUSED = 750;
const RETRY = 2000;
// Rather all of a day than so many visits one by one.
const MOST_IDS = 60;

const KIND = "clinic_schedule.board_changed";

/**
 * Hears what changes in a branch, and has it read: at once by the page that somebody
 * works with, a little later by one without the focus, and by one that is not to be
 * seen once it is shown again. Never more than one reading at a time; one that the
 * connection lost is tried again.
 */
export class BranchChanges {
    /**
     * @param {Object} bus the service of the bus
     * @param {Object} page {accepts: (message) => boolean,
     *     read: (ids or null for all, greatest version that was announced, or null)}
     */
    constructor(bus, { accepts, read }) {
        Object.assign(this, { bus, accepts, read });
        this.ids = new Set();
        this.isAll = false;
        this.announced = null;
        this.onMessage = this.onMessage.bind(this);
        this.onVisibility = () => this.plan();
    }

    start() {
        this.bus.subscribe(KIND, this.onMessage);
        document.addEventListener("visibilitychange", this.onVisibility);
    }

    stop() {
        this.bus.unsubscribe(KIND, this.onMessage);
        document.removeEventListener("visibilitychange", this.onVisibility);
        browser.clearTimeout(this.timer);
        this.isStopped = true;
        this.listen(null);
    }

    /** Hear of this branch, and of no other any more. */
    listen(branchId) {
        const channel = branchId && `clinic_board_${branchId}`;
        if (channel === this.channel) {
            return;
        }
        if (this.channel) {
            this.bus.deleteChannel(this.channel);
        }
        this.channel = channel;
        if (channel) {
            this.bus.addChannel(channel);
        }
    }

    onMessage(message) {
        if (!this.accepts(message)) {
            return;
        }
        message.visit_ids.forEach((id) => this.ids.add(id));
        this.isAll ||= !message.visit_ids.length || this.ids.size > MOST_IDS;
        this.announced = Math.max(this.announced, message.version);
        this.plan();
    }

    plan(wait = 0) {
        const isIdle = !this.isAll && !this.ids.size;
        if (isIdle || this.timer || this.isReading || this.isStopped) {
            return;
        }
        if (!document.hidden) {
            const spread = document.hasFocus() ? SPREAD : SPREAD_UNFOCUSED;
            const delay = wait + GATHER + Math.random() * spread;
            this.timer = browser.setTimeout(() => this.flush(), delay);
        }
    }

    /** Read what is pending, with `ids` of the own doing, which nobody has announced. */
    async flush(ids = []) {
        browser.clearTimeout(this.timer);
        this.timer = null;
        ids.forEach((id) => this.ids.add(id));
        const pending = this.isAll ? null : [...this.ids];
        const announced = ids.length ? null : this.announced;
        this.isAll = false;
        this.announced = null;
        this.ids.clear();
        this.isReading = true;
        let isLost = false;
        try {
            await this.read(pending, announced);
        } catch (error) {
            isLost = error instanceof ConnectionLostError;
            if (isLost) {
                pending?.forEach((id) => this.ids.add(id));
                this.isAll ||= !pending;
            }
            throw error;
        } finally {
            this.isReading = false;
            this.plan(isLost ? RETRY : 0);
        }
    }
}
