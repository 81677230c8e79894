import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("clinic_schedule_new_visit", {
    steps: () => [
        {
            content: "What the patient comes for",
            trigger: ".o_clinic_service input",
            run: "edit Tour consultation",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour consultation)",
            run: "click",
        },
        {
            content: "Who comes",
            trigger: ".o_clinic_patient input",
            run: "edit Tourist",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tourist)",
            run: "click",
        },
        {
            content: "One of the best times",
            trigger: ".o_clinic_slot:first",
            run: "click",
        },
        {
            trigger: ".o_clinic_footer .btn-primary:enabled",
            run: "click",
        },
        {
            content: "The sentence to say to the patient",
            trigger: ".o_clinic_sentence",
        },
    ],
});
