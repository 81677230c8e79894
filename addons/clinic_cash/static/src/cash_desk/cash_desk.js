import { RecordSelect } from "@clinic_base/record_select/record_select";
import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { formatCurrency, getCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { parseMonetary } from "@web/views/fields/parsers";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { reckon, suggestCash } from "./till";

const { DateTime } = luxon;
const MODEL = "clinic.cash.sale";
const DESK_KEY = "clinic_cash.cash_desk";
const GROUPS = [
    { key: "older", icon: "fa-exclamation-circle", label: _t("Older debts") },
    { key: "today", icon: "fa-calendar-check-o", label: _t("Today") },
    { key: "near", icon: "fa-calendar-o", label: _t("Yesterday and coming days") },
];
const PATIENT = ".o_clinic_cash_patient";
const WAYS = registry.category("clinic_cash_ways");
const SUMS = ["prepayment", "card", "cash"];

function fold(text) {
    return (text || "").toLowerCase().replaceAll("ё", "е");
}

/** A till: whom to ask for money today, one patient's bill, the payment. */
export class CashDesk extends Component {
    static template = "clinic_cash.CashDesk";
    static components = { RecordSelect, RecordSelector };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({
            desks: [],
            deskId: Number(browser.localStorage.getItem(DESK_KEY)) || false,
            visits: [],
            text: "",
            bill: null,
            done: null,
            paying: false,
            contact: "",
            ...this.getEmptySums(),
        });
        this.root = useRef("root");
        onWillStart(() => this.start());
        onMounted(() => this.focus(this.state.bill ? ".o_clinic_cash_pay" : PATIENT));
    }

    getEmptySums() {
        return { prepayment: "", card: "", cash: "" };
    }

    async start() {
        const {
            patient_id: patientId,
            visit_id: visitId,
            desk_id: deskId,
        } = this.props.action.params || {};
        await this.loadStart(deskId || this.state.deskId);
        if (patientId && this.desk) {
            await this.openBill(patientId, { visitId });
        }
    }

    async loadStart(deskId) {
        const { desks, desk_id, visits } = await this.orm.call(MODEL, "get_start", [
            deskId || false,
        ]);
        Object.assign(this.state, { desks, deskId: desk_id, visits });
    }

    async chooseDesk(id) {
        browser.localStorage.setItem(DESK_KEY, id);
        await this.loadStart(id);
        if (this.state.bill) {
            await this.openBill(this.state.bill.patient.id);
        }
    }

    get deskChoices() {
        return this.state.desks.map(({ id, branch, name }) => ({
            id,
            name: `${branch}: ${name}`,
        }));
    }

    get desk() {
        return this.state.desks.find(({ id }) => id === this.state.deskId);
    }

    money(sum) {
        return formatCurrency(sum, this.desk.currency_id);
    }

    day(text) {
        return DateTime.fromISO(text).toLocaleString({
            weekday: "short",
            day: "numeric",
            month: "short",
        });
    }

    // Today's visits

    /** Words of the name in any order, or digits of the card. */
    get shown() {
        const words = fold(this.state.text).split(/\s+/).filter(Boolean);
        return this.state.visits.filter((visit) =>
            words.every((word) =>
                fold(`${visit.patient} ${visit.card}`).includes(word),
            ),
        );
    }

    // The bill

    async openBill(patientId, { visitId = false, payerId = false } = {}) {
        if (!patientId) {
            return this.leave();
        }
        const bill = await this.orm.call(MODEL, "get_bill", [
            this.state.deskId,
            patientId,
            payerId,
        ]);
        const ofVisit = visitId && bill.lines.filter((one) => one.visit_id === visitId);
        if (ofVisit?.length) {
            bill.lines.forEach((line) => (line.ticked = ofVisit.includes(line)));
        }
        this.renewKey();
        Object.assign(this.state, {
            bill,
            done: null,
            text: "",
            contact: bill.contact,
            ...this.getEmptySums(),
        });
    }

    /** The same bill again; what is ticked and typed stays. */
    async refreshBill() {
        const { patient, payer_id: payerId, lines, requests } = this.state.bill;
        const isTicked = (rows, row) =>
            rows.some(
                (one) => one.id === row.id && one.kind === row.kind && one.ticked,
            );
        const bill = await this.orm.call(MODEL, "get_bill", [
            this.state.deskId,
            patient.id,
            payerId,
        ]);
        bill.lines.forEach((row) => (row.ticked = isTicked(lines, row)));
        bill.requests.forEach((row) => (row.ticked = isTicked(requests, row)));
        this.state.bill = bill;
    }

    async leave() {
        Object.assign(this.state, { bill: null, done: null, ...this.getEmptySums() });
        await this.loadStart(this.state.deskId);
        this.focus(PATIENT);
    }

    focus(place) {
        this.root.el?.querySelector(`${place} input`)?.focus();
    }

    get groups() {
        return GROUPS.map((group) => ({
            ...group,
            lines: this.state.bill.lines.filter((line) => line.group === group.key),
        })).filter(({ lines }) => lines.length);
    }

    toggle(row) {
        row.ticked = !row.ticked;
    }

    toggleAll(lines) {
        const ticked = !lines.every((line) => line.ticked);
        lines.forEach((line) => (line.ticked = ticked));
    }

    describe(line) {
        const first = line.services[0];
        return {
            title: first ? line.services.map(({ name }) => name).join(", ") : line.name,
            when: [this.day(line.date), line.time, line.specialist, line.patient]
                .filter(Boolean)
                .join(" · "),
            services: line.services.map((service) => ({
                ...service,
                isLower: service.list_amount > service.amount,
            })),
            ofTotal: line.amount < line.total && _t("of %s", this.money(line.total)),
        };
    }

    describeRequest(row) {
        const until = row.due_to && _t("until %s", this.day(row.due_to));
        return [row.specialist, until].filter(Boolean).join(" · ");
    }

    get creditText() {
        return _t("From the account (there is %s)", this.money(this.state.bill.credit));
    }

    // Sums

    parse(name) {
        const text = this.state[name].trim();
        if (!text) {
            return 0;
        }
        try {
            return parseMonetary(text);
        } catch {
            return NaN;
        }
    }

    isWrong(name) {
        const sum = this.parse(name);
        return !(sum >= 0);
    }

    get sums() {
        const [prepayment, card, cash] = SUMS.map((name) => this.parse(name) || 0);
        const { lines, requests, credit } = this.state.bill;
        const [, digits] = getCurrency(this.desk.currency_id)?.digits || [69, 2];
        return reckon({ lines, requests, credit, prepayment, card, cash, digits });
    }

    get suggestions() {
        return suggestCash(this.sums.rest);
    }

    onSum(name, ev) {
        this.state[name] = ev.target.value;
    }

    setCash(sum) {
        this.state.cash = this.formatPlain(sum);
    }

    setCard() {
        this.state.card = this.formatPlain(this.sums.due);
        this.state.cash = "";
    }

    /** A sum as it is typed: no symbol. */
    formatPlain(sum) {
        return formatCurrency(sum, this.desk.currency_id, {
            noSymbol: true,
            trailingZeros: false,
        });
    }

    /** Why the money cannot be taken yet; empty when it can. */
    get obstacle() {
        const { owed, advance, missing, cardAbove } = this.sums;
        if (!this.desk.shift) {
            return _t("Open the shift first.");
        }
        if (SUMS.some((name) => this.isWrong(name))) {
            return _t("Write a sum in digits, not below zero.");
        }
        if (!owed && !advance) {
            return _t("Tick what is paid, or enter a sum for the account.");
        }
        if (cardAbove) {
            return _t("More on the card than is due: a terminal gives no change.");
        }
        if (missing) {
            return _t("%s more is needed.", this.money(missing));
        }
        return "";
    }

    renewKey() {
        this.key = browser.crypto?.randomUUID?.() || `${Date.now()}-${Math.random()}`;
    }

    /** What is ticked and typed, as the server takes it. */
    prepareSale() {
        const { bill, deskId, contact } = this.state;
        const { due, advance } = this.sums;
        const pick = (kind) =>
            bill.lines
                .filter((one) => one.ticked && one.kind === kind)
                .map((one) => one.id);
        return {
            key: this.key,
            desk_id: deskId,
            patient_id: bill.patient.id,
            payer_id: bill.payer_id,
            charge_ids: pick("charge"),
            invoice_ids: pick("invoice"),
            prepayment: advance,
            expected: due,
            cash: this.parse("cash"),
            card: this.parse("card"),
            contact,
        };
    }

    async pay() {
        if (this.obstacle || this.state.paying) {
            return;
        }
        this.state.paying = true;
        try {
            await this.finish(await this.orm.call(MODEL, "pay", [this.prepareSale()]));
        } catch (error) {
            // Nothing is booked and nothing typed is lost; the list is read anew.
            await this.refreshBill();
            throw error;
        } finally {
            this.state.paying = false;
        }
    }

    async finish(done) {
        this.state.done = { ...done, patient: this.state.bill.patient.name };
        await this.loadStart(this.state.deskId);
    }

    // Other ways to pay

    get ways() {
        return WAYS.getEntries()
            .map(([key, way]) => ({ ...way, key }))
            .filter((way) => way.isOffered(this.desk));
    }

    payBy(way) {
        this.dialog.add(
            way.Dialog,
            {
                sale: this.prepareSale(),
                money: (sum) => this.money(sum),
                onPaid: (done) => this.finish(done),
            },
            { onClose: () => this.state.done || this.refreshBill() },
        );
    }

    async printSlip() {
        const action = await this.orm.call("clinic.receipt", "action_print_slip", [
            this.state.done.receipt_ids,
        ]);
        await this.action.doAction(action);
    }

    // Other work at the desk

    async work(method) {
        const action = await this.orm.call("clinic.cash.desk", method, [
            [this.state.deskId],
        ]);
        await this.action.doAction(action, {
            onClose: () => this.loadStart(this.state.deskId),
        });
    }

    openShift() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "clinic.cash.shift",
            res_id: this.desk.shift.id,
            views: [[false, "form"]],
        });
    }

    async giveBack(payment) {
        const action = await this.orm.call("account.payment", "action_ask_refund", [
            [payment.id],
        ]);
        await this.action.doAction(action, {
            onClose: async () => {
                await this.loadStart(this.state.deskId);
                await this.refreshBill();
            },
        });
    }

    openAccount() {
        return this.action.doActionButton({
            type: "object",
            name: "action_open_account",
            resModel: "clinic.patient",
            resId: this.state.bill.patient.id,
        });
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey) && this.state.bill) {
            ev.preventDefault();
            if (!this.state.done) {
                this.pay();
            }
        }
    }
}

registry.category("actions").add("clinic_cash.cash_desk", CashDesk);
