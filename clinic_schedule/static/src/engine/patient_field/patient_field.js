import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

const KINDS = { female: "mother", male: "father" };

/**
 * Finds or creates the patient; whoever calls for a child or a spouse is found first,
 * and the family is one click away.
 */
export class PatientField extends Component {
    static template = "clinic_schedule.PatientField";
    static components = { RecordSelector };
    static props = {
        patientId: { type: [Number, Boolean] },
        update: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.state = useState({ caller: null, family: [], consents: "" });
        onWillStart(() => this.load(this.props.patientId));
        onWillUpdateProps(({ patientId }) => {
            if (patientId !== this.props.patientId) {
                return this.load(patientId);
            }
        });
    }

    load(patientId) {
        return Promise.all([this.loadFamily(patientId), this.loadConsents(patientId)]);
    }

    /** What the patient has not agreed to: said here, for here one can still ask. */
    async loadConsents(patientId) {
        this.state.consents = "";
        if (patientId) {
            const [card] = await this.orm.read(
                "clinic.patient",
                [patientId],
                ["consent_note"],
            );
            this.state.consents = card.consent_note;
        }
    }

    /** The card that was looked for is the caller's; the family stays on the screen. */
    async loadFamily(patientId) {
        const { caller, family } = this.state;
        if (patientId && [caller, ...family].some((card) => card?.id === patientId)) {
            return;
        }
        Object.assign(this.state, { caller: null, family: [] });
        if (!patientId) {
            return;
        }
        const [[card], found] = await Promise.all([
            this.orm.read("clinic.patient", [patientId], ["name", "sex", "phone"]),
            this.orm.call("clinic.patient", "find_family", [[patientId]]),
        ]);
        Object.assign(this.state, { caller: card, family: found });
    }

    /** The caller among the family, to come back to. */
    get cards() {
        const { caller, family } = this.state;
        if (!caller) {
            return [];
        }
        const self = { ...caller, age: "", why: _t("caller"), may_book: true };
        return family.length ? [self, ...family] : [];
    }

    createPatient() {
        this.openForm(_t("New patient"), {});
    }

    /** A child's card with the caller as the parent who books, and the caller's phone. */
    createChild() {
        const { id, sex, phone } = this.state.caller;
        const relation = {
            related_id: id,
            kind: KINDS[sex] || "guardian",
            may_see: true,
            may_book: true,
        };
        const number = { number_e164: phone, owner: "relative", related_id: id };
        this.openForm(_t("New child"), {
            default_relation_ids: [[0, 0, relation]],
            default_phone_ids: phone ? [[0, 0, { ...number, primary: true }]] : [],
        });
    }

    /** To note a consent in; the visit that is being booked stays as it is. */
    openCard() {
        const { patientId } = this.props;
        this.dialog.add(FormViewDialog, {
            resModel: "clinic.patient",
            resId: patientId,
            title: _t("Patient"),
            onRecordSaved: () => this.loadConsents(patientId),
        });
    }

    openForm(title, context) {
        this.dialog.add(FormViewDialog, {
            resModel: "clinic.patient",
            title,
            context,
            onRecordSaved: (record) => this.props.update(record.resId),
        });
    }
}
