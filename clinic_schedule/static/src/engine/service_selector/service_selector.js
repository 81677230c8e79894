import { RecordSelect } from "@clinic_base/record_select/record_select";
import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { pick } from "@web/core/utils/objects";
import { useDebounced } from "@web/core/utils/timing";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { moveFocus } from "@clinic_schedule/engine/core/arrow_keys";
import {
    formatNearDay,
    toBranchTime,
    toServerMoment,
} from "@clinic_schedule/engine/core/branch_time";
import { PatientField } from "@clinic_schedule/engine/patient_field/patient_field";
import { TripPanel } from "./trip_panel";

const { DateTime } = luxon;

const PAGE = 15;
const MOST_IN_TRIP = 4;
const SLOT = [
    ...["start", "stop", "specialist_id", "branch_id", "room_id", "service_id"],
    ...["session_id", "places_left"],
];
const TYPING_PAUSE = 250;
// So few services are shown with all their specialists.
const FEW_SERVICES = 3;

/** The server's services in the order of time, with the words that the page shows. */
export function describeServices(services, zones) {
    return services.map((service) => {
        const specialists = service.specialists.map((specialist) => ({
            ...specialist,
            cells: getCells(specialist.times, zones),
        }));
        const times = specialists.flatMap((specialist) => specialist.times);
        return { ...service, specialists, cells: getCells(times, zones) };
    });
}

/** {branch id: the nearest of `times` there}, the nearest of all marked. */
export function getCells(times, zones) {
    const cells = {};
    const sorted = [...times].sort((a, b) => a.start.localeCompare(b.start));
    for (const time of sorted) {
        const start = toBranchTime(time.start, zones[time.branch_id]);
        cells[time.branch_id] ??= {
            ...time,
            day: formatNearDay(start),
            hour: start.toFormat("HH:mm"),
            isFirst: time.start === sorted[0].start,
        };
    }
    return cells;
}

/** What can be done where, by whom, when and for how much, while a caller speaks. */
export class ServiceSelector extends Component {
    static template = "clinic_schedule.ServiceSelector";
    static components = { PatientField, RecordSelect, TripPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.asking = 0;
        this.zones = {};
        this.state = useState({
            ...this.getEmptyWish(),
            branches: [],
            services: [],
            total: 0,
            opened: {},
            basket: [],
            loading: true,
        });
        useAutofocus({ refName: "search" });
        this.searchSoon = useDebounced(() => this.search(), TYPING_PAUSE);
        onWillStart(() => this.start());
    }

    getEmptyWish() {
        return {
            text: "",
            branchIds: [],
            specialtyId: 0,
            sourceId: 0,
            telemedicine: false,
            date: DateTime.now().toISODate(),
            patientId: this.props.action?.context?.default_patient_id || false,
        };
    }

    async start() {
        const [branches, specialties, sources] = await Promise.all([
            this.orm.searchRead("clinic.branch", [], ["name"]),
            this.orm.searchRead("clinic.specialty", [], ["name"]),
            this.orm.searchRead("clinic.payment.source", [], ["name"]),
            this.search(),
        ]);
        Object.assign(this, { allBranches: branches, specialties, sources });
    }

    // Wishes

    get wish() {
        const {
            text,
            branchIds,
            specialtyId,
            sourceId,
            telemedicine,
            date,
            patientId,
        } = this.state;
        const wish = {
            text,
            telemedicine,
            date_from: toServerMoment(date),
            limit: PAGE,
        };
        const optional = {
            branch_ids: branchIds.length && [...branchIds],
            specialty_ids: specialtyId && [specialtyId],
            payment_source_id: sourceId,
            patient_id: patientId,
        };
        for (const [key, value] of Object.entries(optional)) {
            if (value) {
                wish[key] = value;
            }
        }
        return wish;
    }

    get isNarrowed() {
        const { text, branchIds, specialtyId, sourceId, telemedicine, patientId } =
            this.state;
        return Boolean(
            text ||
            branchIds.length ||
            specialtyId ||
            sourceId ||
            telemedicine ||
            patientId,
        );
    }

    update(field, value) {
        this.state[field] = value;
        return this.search();
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        this.searchSoon();
    }

    toggleBranch(id) {
        const { branchIds } = this.state;
        const others = branchIds.filter((one) => one !== id);
        return this.update(
            "branchIds",
            others.length < branchIds.length ? others : [...branchIds, id],
        );
    }

    reset() {
        Object.assign(this.state, this.getEmptyWish(), { patientId: false });
        return this.search();
    }

    // Answers

    async search() {
        const asked = ++this.asking;
        this.state.loading = true;
        try {
            const answer = await this.ask(0);
            if (asked === this.asking) {
                this.show(answer, []);
            }
        } finally {
            if (asked === this.asking) {
                this.state.loading = false;
            }
        }
    }

    async showMore() {
        const asked = ++this.asking;
        const { services } = this.state;
        const answer = await this.ask(services.length);
        if (asked === this.asking) {
            this.show(answer, services);
        }
    }

    ask(offset) {
        return this.orm.call("clinic.appointment", "find_services", [
            { ...this.wish, offset },
        ]);
    }

    show({ total, branches, services }, before) {
        this.zones = Object.fromEntries(branches.map(({ id, tz }) => [id, tz]));
        const all = [...before, ...describeServices(services, this.zones)];
        Object.assign(this.state, { total, branches, services: all });
    }

    /** Only branches where something can be had: columns are scarce. */
    get columns() {
        return this.state.branches.filter(({ id }) =>
            this.state.services.some(({ cells }) => cells[id]),
        );
    }

    /** Services by specialty, in the order of the server. */
    get sections() {
        const sections = [];
        for (const service of this.state.services) {
            if (sections.at(-1)?.name !== service.specialty) {
                sections.push({ name: service.specialty, services: [] });
            }
            sections.at(-1).services.push(service);
        }
        return sections;
    }

    isOpened({ id, specialists }) {
        const few = this.state.services.length <= FEW_SERVICES;
        return this.state.opened[id] ?? (few || specialists.length === 1);
    }

    toggle(service) {
        this.state.opened[service.id] = !this.isOpened(service);
    }

    onKeydown(ev) {
        if (ev.key === "ArrowDown" && ev.target.matches(".o_clinic_search")) {
            ev.preventDefault();
            this.root.el.querySelector(".o_clinic_time")?.focus();
            return;
        }
        moveFocus(ev, ".o_clinic_time");
    }

    // Booking

    /** To the new visit with all that is known; the time is held there. */
    book(service, time) {
        const { patientId, sourceId, telemedicine, date } = this.state;
        const slot = pick(time, ...SLOT);
        return this.action.doAction("clinic_schedule.clinic_new_visit_action", {
            additionalContext: {
                default_patient_id: patientId,
                default_service_id: service.id,
                default_specialist_id: slot.specialist_id,
                default_branch_id: slot.branch_id,
                default_payment_source_id: sourceId,
                default_telemedicine: telemedicine,
                default_date: date,
                slot,
            },
        });
    }

    isInBasket({ id }) {
        return this.state.basket.some((service) => service.id === id);
    }

    get isBasketFull() {
        return this.state.basket.length >= MOST_IN_TRIP;
    }

    toggleBasket(service) {
        const { basket } = this.state;
        this.state.basket = this.isInBasket(service)
            ? basket.filter(({ id }) => id !== service.id)
            : [...basket, { id: service.id, name: service.name }];
    }
}

registry.category("actions").add("clinic_schedule.service_selector", ServiceSelector);
