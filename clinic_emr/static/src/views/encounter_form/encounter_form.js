import { onWillStart, useState, useSubEnv } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

const { DateTime } = luxon;
// Milliseconds without a key before a draft is saved; and before a failure is retried.
const PAUSE = 1500;
const RETRY = 15000;

class EncounterRecord extends RelationalModel.Record {
    async _update(...args) {
        const result = await super._update(...args);
        this.model.bus.trigger("CLINIC_CHANGED");
        return result;
    }

    /** Every saving says which state it was typed on, so that stale text is known. */
    _getChanges(...args) {
        const changes = super._getChanges(...args);
        if (this.resId && "revision" in this.data && Object.keys(changes).length) {
            changes.revision = this.data.revision;
        }
        return changes;
    }
}

class EncounterModel extends RelationalModel {
    static Record = EncounterRecord;
}

/** Saves the draft while it is being written, and says when. */
export class EncounterController extends FormController {
    static template = "clinic_emr.EncounterFormView";

    setup() {
        super.setup();
        this.notification = useService("notification");
        this.autosave = useState({ savedAt: "", problem: "" });
        const phrases = useState({ list: [] });
        useSubEnv({ clinicPhrases: phrases });
        onWillStart(async () => {
            phrases.list = await this.orm.call("clinic.phrase", "get_offered", []);
        });
        this.saveLater = useDebounced(() => this.saveDraft(), PAUSE);
        this.retryLater = useDebounced(() => this.saveDraft(), RETRY);
        useBus(this.model.bus, "CLINIC_CHANGED", () => this.saveLater());
        useBus(this.model.bus, "FIELD_IS_DIRTY", ({ detail }) => {
            if (detail) {
                this.saveLater();
            }
        });
    }

    /** What is signed stays where it is found: the menu offers no archive for it. */
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        const { isAvailable } = items.archive;
        items.archive.isAvailable = () =>
            this.model.root.data.state === "draft" && isAvailable();
        return items;
    }

    get savedText() {
        return _t("Saved at %s", this.autosave.savedAt);
    }

    async saveDraft() {
        const { root } = this.model;
        // A diagnosis whose code is still looked for would be thrown away.
        if (root.data.state !== "draft" || root.data.diagnosis_ids.editedRecord) {
            return;
        }
        if (!(await root.isDirty()) || !root._checkValidity({ silent: true })) {
            return;
        }
        try {
            await root.save({
                onError: (error) => {
                    this.autosave.problem = error.data?.message || "";
                    return false;
                },
            });
        } catch {
            this.autosave.problem = _t("No connection. What you wrote is kept here.");
            this.retryLater();
        }
    }

    async onWillSaveRecord(record, changes) {
        this.leftovers = record.data.leftover_ids.count;
        return super.onWillSaveRecord(record, changes);
    }

    async onRecordSaved(record, changes) {
        await super.onRecordSaved(record, changes);
        this.autosave.savedAt = DateTime.now().toFormat("HH:mm");
        this.autosave.problem = "";
        if (record.data.leftover_ids.count > this.leftovers) {
            this.notification.add(
                _t("Somebody else wrote here meanwhile. Your text is kept at the top."),
                { type: "warning", sticky: true },
            );
        }
    }
}

registry.category("views").add("clinic_encounter_form", {
    ...formView,
    Controller: EncounterController,
    Model: EncounterModel,
});
