import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PAGE = 30;
// Milliseconds without a key before a search starts.
const PAUSE = 400;

/** Door: icon and words of each kind of row that `get_timeline` answers. */
const kinds = registry.category("clinic_timeline_kinds");
kinds
    .add("visit", { icon: "fa-calendar-check-o", label: _t("Visits") })
    .add("protocol", { icon: "fa-file-text-o", label: _t("Protocols") })
    .add("diagnosis", { icon: "fa-stethoscope", label: _t("Diagnoses") })
    .add("prescription", { icon: "fa-medkit", label: _t("Prescriptions") })
    .add("referral", { icon: "fa-share", label: _t("Referrals") })
    .add("order", { icon: "fa-flask", label: _t("Orders") })
    .add("plan", { icon: "fa-map-o", label: _t("Treatment plans") })
    .add("observation", { icon: "fa-heartbeat", label: _t("Measurements") })
    .add("file", { icon: "fa-paperclip", label: _t("Files") });

/** All that is known of a patient, newest first: by kind, by period, by words. */
export class Timeline extends Component {
    static template = "clinic_emr.Timeline";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.kinds = Object.fromEntries(kinds.getEntries());
        this.state = useState({
            chosen: [],
            from: "",
            to: "",
            search: "",
            rows: [],
            hasMore: false,
            isBusy: false,
        });
        this.searchLater = useDebounced(() => this.load(), PAUSE);
        onWillStart(() => this.load());
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.props.record.resId) {
                return this.load(next.record.resId);
            }
        });
    }

    /** Rows by day, in the order they came in. */
    get days() {
        const days = [];
        for (const row of this.state.rows) {
            const moment = deserializeDateTime(row.date.replace("T", " ").slice(0, 19));
            const label = formatDate(moment);
            if (days.at(-1)?.label !== label) {
                days.push({ label, rows: [] });
            }
            days.at(-1).rows.push({ ...row, time: moment.toFormat("HH:mm") });
        }
        return days;
    }

    async load(resId = this.props.record.resId) {
        await this.fetch(resId, 0);
    }

    async more() {
        await this.fetch(this.props.record.resId, this.state.rows.length);
    }

    async fetch(resId, offset) {
        const { chosen, from, to, search } = this.state;
        const asked = (this.asked = {});
        this.state.isBusy = true;
        const page = await this.orm.call(
            "clinic.medical.card",
            "get_timeline",
            [resId],
            {
                kinds: chosen,
                date_from: from || null,
                date_to: to || null,
                search,
                offset,
                limit: PAGE,
            },
        );
        // A later question has been asked meanwhile: this answer is of no use.
        if (asked !== this.asked) {
            return;
        }
        this.state.rows = offset ? [...this.state.rows, ...page.rows] : page.rows;
        this.state.hasMore = page.more;
        this.state.isBusy = false;
    }

    toggle(kind) {
        const { chosen } = this.state;
        this.state.chosen = chosen.includes(kind)
            ? chosen.filter((one) => one !== kind)
            : [...chosen, kind];
        return this.load();
    }

    async open(row) {
        if (row.url) {
            window.open(row.url, "_blank", "noopener");
        } else if (row.res_id) {
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: row.model,
                res_id: row.res_id,
                views: [[false, "form"]],
            });
        }
    }
}

registry.category("view_widgets").add("clinic_timeline", { component: Timeline });
