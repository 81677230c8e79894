import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const TITLES = {
    booked: _t("New visit"),
    moved: _t("Visit moved"),
    cancelled: _t("Visit cancelled"),
    arrived: _t("Your patient has arrived"),
};
const TYPES = { cancelled: "warning", arrived: "success" };
// A standing hour is booked for half a year at once.
const MOST_NAMED = 3;

/** Says on the screen of a specialist what others have done with the own visits. */
export const visitNotices = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, { action, bus_service: bus, notification, orm }) {
        function describe({ day, time, patient, room }) {
            return [`${day}, ${time}`, patient, room].filter(Boolean).join(" · ");
        }

        async function show({ kind, visit_ids: ids }) {
            const visits = await orm.silent.call("clinic.appointment", "get_notices", [
                ids,
            ]);
            // Given to a colleague: no longer one's own to see.
            const lines = visits.slice(0, MOST_NAMED).map(describe);
            const others = ids.length - lines.length;
            if (others && lines.length) {
                lines.push(_t("and %s more", others));
            }
            const close = notification.add(lines.join("\n"), {
                title: TITLES[kind],
                type: TYPES[kind] || "info",
                className: "o_clinic_visit_notice",
                sticky: kind === "arrived",
                buttons: [
                    {
                        name: _t("My day"),
                        icon: "fa-user-md",
                        onClick: () => {
                            close();
                            action.doAction("clinic_schedule.clinic_my_day_action", {
                                clearBreadcrumbs: true,
                            });
                        },
                    },
                ],
            });
        }

        bus.subscribe("clinic_schedule.visits_changed", show);
        bus.start();
    },
};

registry.category("services").add("clinic_schedule.visit_notices", visitNotices);
