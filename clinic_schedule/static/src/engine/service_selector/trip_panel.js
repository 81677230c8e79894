import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatList } from "@web/core/l10n/utils";
import { useService } from "@web/core/utils/hooks";

import {
    formatDay,
    formatLongDay,
    toBranchTime,
} from "@clinic_schedule/engine/core/branch_time";
import { useHold } from "@clinic_schedule/engine/core/use_hold";

const TRIPS = 6;
const ONE_AFTER_ANOTHER = 60;
const SAME_DAY = 720;

/** Several services in one trip: found, held and booked together. */
export class TripPanel extends Component {
    static template = "clinic_schedule.TripPanel";
    static props = {
        services: Array,
        wish: Object,
        patientId: { type: [Number, Boolean] },
        branches: Array,
        remove: Function,
        clear: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.held = useHold(() => this.hold(), "hold_trip");
        this.holding = Promise.resolve();
        this.search = 0;
        this.names = {};
        this.state = useState({
            maxWait: ONE_AFTER_ANOTHER,
            trips: null,
            chosen: null,
            booked: null,
            why: "",
            loading: false,
            isBusy: false,
        });
        onWillStart(() => this.find(this.props));
        onWillUpdateProps((props) => {
            if (this.getQuestion(props) !== this.getQuestion(this.props)) {
                this.find(props);
            }
        });
    }

    get paces() {
        return [
            [ONE_AFTER_ANOTHER, _t("One after another")],
            [SAME_DAY, _t("The same day")],
        ];
    }

    // Search

    /** What trips are searched with; of the page's wish, what speaks of trips too. */
    getCriteria({ services, wish }) {
        const criteria = {
            services: services.map(({ id }) => id),
            date_from: wish.date_from,
            telemedicine: wish.telemedicine,
            max_wait: this.state.maxWait,
            limit: TRIPS,
        };
        for (const key of ["branch_ids", "patient_id", "payment_source_id"]) {
            if (wish[key]) {
                criteria[key] = wish[key];
            }
        }
        return criteria;
    }

    getQuestion(props) {
        return JSON.stringify(this.getCriteria(props));
    }

    setPace(maxWait) {
        this.state.maxWait = maxWait;
        return this.find(this.props);
    }

    async find(props) {
        const search = ++this.search;
        Object.assign(this.state, { chosen: null, booked: null, trips: null, why: "" });
        if (props.services.length < 2) {
            await this.held.release();
            return;
        }
        this.state.loading = true;
        try {
            // The times held so far are among those to be found.
            await this.held.release();
            const trips = await this.orm.call("clinic.appointment", "find_slots", [
                this.getCriteria(props),
            ]);
            await this.loadNames(trips);
            if (search === this.search) {
                this.state.trips = trips.map((trip) => this.describe(trip, props));
            }
        } finally {
            if (search === this.search) {
                this.state.loading = false;
            }
        }
    }

    async loadNames(trips) {
        const ids = new Set(
            trips.flatMap(({ legs }) => legs.map((leg) => leg.specialist_id)),
        );
        const unknown = [...ids].filter((id) => !(id in this.names));
        if (unknown.length) {
            const read = await this.orm.read("clinic.specialist", unknown, ["name"]);
            for (const { id, name } of read) {
                this.names[id] = name;
            }
        }
    }

    describe(trip, { branches, services }) {
        const branch = branches.find(({ id }) => id === trip.legs[0].branch_id);
        const start = toBranchTime(trip.start, branch.tz);
        const legs = trip.legs.map((leg) => ({
            ...leg,
            time: toBranchTime(leg.start, branch.tz).toFormat("HH:mm"),
            until: toBranchTime(leg.stop, branch.tz).toFormat("HH:mm"),
            service: services.find(({ id }) => id === leg.service_id).name,
            specialist: this.names[leg.specialist_id],
        }));
        return {
            key: legs.map((leg) => `${leg.start}|${leg.specialist_id}`).join(),
            day: formatDay(start),
            longDay: formatLongDay(start),
            branch: branch.name,
            waiting: trip.waiting,
            legs,
        };
    }

    isChosen({ key }) {
        return this.state.chosen?.key === key;
    }

    waitingText({ waiting }) {
        return waiting ? _t("%s min of waiting", waiting) : _t("No waiting");
    }

    // Holding

    async choose(trip) {
        if (this.isChosen(trip)) {
            return;
        }
        Object.assign(this.state, { chosen: trip, why: "" });
        await this.hold();
    }

    /** Nobody else gets any of the chosen times meanwhile. */
    hold() {
        this.holding = this.takeHold();
        return this.holding;
    }

    async takeHold() {
        try {
            await this.held.take(this.wish);
        } catch (error) {
            if (!error.exceptionName?.endsWith(".BookingLimitError")) {
                await this.tellWhy(error);
                return;
            }
            // Too many holds already: the trip can still be booked at once.
            this.state.why = error.data.message;
        }
    }

    get heldFor() {
        return _t("Held for %s", this.held.state.left);
    }

    // Booking

    get canBook() {
        return Boolean(this.props.patientId && this.state.chosen && !this.state.isBusy);
    }

    get wish() {
        const { payment_source_id, telemedicine } = this.props.wish;
        return {
            ...(this.props.patientId && { patient_id: this.props.patientId }),
            ...(payment_source_id && { payment_source_id }),
            ...(telemedicine && { telemedicine }),
            legs: this.state.chosen.legs.map(
                ({ service_id, specialist_id, branch_id, start }) => ({
                    ...{ service_id, specialist_id, branch_id, start },
                }),
            ),
        };
    }

    async book() {
        await this.holding;
        if (!this.canBook) {
            return;
        }
        const { chosen } = this.state;
        const { ids } = this.held.state;
        this.state.isBusy = true;
        try {
            await this.orm.call("clinic.appointment", "book_trip", [
                { ...this.wish, ...(ids.length && { hold_ids: [...ids] }) },
            ]);
            this.held.settle();
            this.state.booked = chosen;
        } catch (error) {
            await this.tellWhy(error);
        } finally {
            this.state.isBusy = false;
        }
    }

    /** Somebody was faster: nothing is held or booked, and the next trips are offered. */
    async tellWhy(error) {
        if (!error.data?.context?.slots) {
            throw error;
        }
        await this.find(this.props);
        this.state.why = error.data.message;
    }

    /** What the registrar says to the patient, in words. */
    get sentence() {
        const { longDay, branch, legs } = this.state.booked;
        const visits = legs.map(({ time, service, specialist }) =>
            _t("at %(time)s %(service)s, %(specialist)s", {
                time,
                service,
                specialist,
            }),
        );
        return _t("You are booked for %(day)s, %(branch)s: %(visits)s.", {
            day: longDay,
            branch,
            visits: formatList(visits),
        });
    }
}
