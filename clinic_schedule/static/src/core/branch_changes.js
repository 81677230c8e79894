import { browser } from "@web/core/browser/browser";

// Changes come in bursts: what comes within that time (ms) is read at once.
const GATHER = 100;
// Nobody looks at a page without the focus this very moment: such pages spread their
// reading, so that those which somebody works with are answered first.
const SPREAD = 500;
// Rather all of a day than so many visits one by one.
const MOST_IDS = 60;

const KIND = "clinic_schedule.board_changed";

/**
 * Hears what changes in a branch, and has it read: at once by the page that somebody
 * works with, a little later by one without the focus, and by one that is not to be
 * seen once it is shown again. Never more than one reading at a time.
 */
export class BranchChanges {
    /**
     * @param {Object} bus the service of the bus
     * @param {Object} page {accepts: (message) => boolean, read: (ids or null for all)}
     */
    constructor(bus, { accepts, read }) {
        Object.assign(this, { bus, accepts, read });
        this.ids = new Set();
        this.isAll = false;
        this.onMessage = this.onMessage.bind(this);
        this.plan = this.plan.bind(this);
    }

    start() {
        this.bus.subscribe(KIND, this.onMessage);
        document.addEventListener("visibilitychange", this.plan);
    }

    stop() {
        this.bus.unsubscribe(KIND, this.onMessage);
        document.removeEventListener("visibilitychange", this.plan);
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
        this.plan();
    }

    plan() {
        const isIdle = !this.isAll && !this.ids.size;
        if (isIdle || this.timer || this.isReading || this.isStopped) {
            return;
        }
        if (!document.hidden) {
            const spread = document.hasFocus() ? 0 : Math.random() * SPREAD;
            this.timer = browser.setTimeout(() => this.flush(), GATHER + spread);
        }
    }

    /** Read what is pending, with `ids` of the own doing. */
    async flush(ids = []) {
        browser.clearTimeout(this.timer);
        this.timer = null;
        ids.forEach((id) => this.ids.add(id));
        const pending = this.isAll ? null : [...this.ids];
        this.isAll = false;
        this.ids.clear();
        this.isReading = true;
        try {
            await this.read(pending);
        } finally {
            this.isReading = false;
            this.plan();
        }
    }
}
