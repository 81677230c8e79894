import { Component, onWillStart, onWillUnmount, status, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

const MODEL = "clinic.cash.sale";
const ASK_EVERY = 3000;

/** A code that the payer's phone reads; the dialog sees by itself that it is paid. */
export class PayByCode extends Component {
    static template = "clinic_cash.PayByCode";
    static components = { Dialog };
    static props = { sale: Object, money: Function, onPaid: Function, close: Function };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ code: null, state: "waiting" });
        onWillStart(async () => {
            this.state.code = await this.orm.call(MODEL, "ask_by_code", [
                this.props.sale,
            ]);
            this.askLater();
        });
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    askLater() {
        this.timer = browser.setTimeout(() => this.ask(), ASK_EVERY);
    }

    async ask() {
        const found = await this.readState();
        if (status(this) === "destroyed") {
            return;
        }
        if (found?.state === "paid") {
            const { amount, receipt_ids } = found;
            this.props.onPaid({ online: amount, change: 0, receipt_ids });
            return this.props.close();
        }
        this.state.state = found?.state || this.state.state;
        if (this.state.state !== "over") {
            this.askLater();
        }
    }

    /** None while the server cannot be reached: it is asked again. */
    async readState() {
        try {
            return await this.orm.silent.call(MODEL, "get_code_state", [
                this.state.code.link_id,
            ]);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    }

    get hint() {
        return {
            waiting: _t("The payer points the phone's camera here and pays."),
            paying: _t("The bank is asked. Take no other payment for this."),
            over: _t("The code has ended. Close this and show another one."),
        }[this.state.state];
    }
}

registry.category("clinic_cash_ways").add("code", {
    icon: "fa-qrcode",
    label: _t("By QR code: phone, SBP"),
    isOffered: (desk) => desk.has_code,
    Dialog: PayByCode,
});
