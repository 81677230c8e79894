import { PatientField } from "@clinic_schedule/engine/patient_field/patient_field";
import { describe, expect, test } from "@odoo/hoot";
import { Component, useState, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Patient extends models.Model {
    _name = "clinic.patient";
    name = fields.Char();
    sex = fields.Char();
    phone = fields.Char();
    consent_note = fields.Char();

    _records = [
        { id: 1, name: "Ann Able", consent_note: "No consent yet: Treatment." },
        { id: 2, name: "Bob Best", consent_note: "" },
    ];
    find_family([id]) {
        const other = { age: "9 years", why: "son", may_book: true };
        return id === 1 ? [{ ...other, id: 2, name: "Bob Best" }] : [];
    }
}
defineMailModels();
defineModels([Patient]);

class Parent extends Component {
    static components = { PatientField };
    static props = ["*"];
    static template = xml`
        <PatientField patientId="state.id" update="(id) => this.state.id = id"/>`;
    setup() {
        this.state = useState({ id: 1 });
    }
}

test("what a patient has not agreed to is said where one books, each of the family's", async () => {
    onRpc("has_group", () => true);
    await mountWithCleanup(Parent);
    expect(".o_clinic_consents").toHaveText(/No consent yet: Treatment\./);
    await contains(".o_clinic_family button:contains(Bob)").click();
    expect(".o_clinic_consents").toHaveCount(0);
    await contains(".o_clinic_family button:contains(Ann)").click();
    expect(".o_clinic_consents").toHaveCount(1);
});
