import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { toClock } from "./board_layout";
import { describeMarks } from "./marks";

export const STATES = {
    hold: { icon: "fa-hourglass-half", label: _t("Held") },
    booked: { icon: "fa-calendar-check-o", label: _t("Booked") },
    confirmed: { icon: "fa-check", label: _t("Confirmed") },
    arrived: { icon: "fa-sign-in", label: _t("Arrived") },
    in_progress: { icon: "fa-play", label: _t("In progress") },
    done: { icon: "fa-flag-checkered", label: _t("Done") },
    busy: { icon: "fa-lock", label: _t("Taken") },
    meeting: { icon: "fa-comments-o", label: _t("Meeting") },
    session: { icon: "fa-users", label: _t("Group, nobody yet") },
};

/**
 * A room, a specialist or a day of the board with all that stands in it. It is drawn
 * again only when its own column has become another object.
 */
export class BoardColumn extends Component {
    static template = "clinic_schedule.BoardColumn";
    static props = {
        column: Object,
        index: Number,
        first: Number,
        scale: Number,
        isByRoom: Boolean,
        onClickFree: Function,
        onPointerDownVisit: Function,
    };

    getSpanStyle(one) {
        const { first, scale } = this.props;
        const top = (one.from - first) * scale;
        return `top: ${top}px; height: ${(one.to - one.from) * scale}px`;
    }

    getVisitStyle(visit) {
        const width = 100 / visit.lanes;
        return `${this.getSpanStyle(visit)}; left: ${visit.lane * width}%; width: ${width}%`;
    }

    getKind(item) {
        if (!item.isBusy) {
            return item.state;
        }
        return ["meeting", "session"].includes(item.kind) ? item.kind : "busy";
    }

    getState(item) {
        return STATES[this.getKind(item)];
    }

    getMarks(visit) {
        return describeMarks(visit.marks);
    }

    getTitle(item) {
        if (item.members) {
            return _t("Group: %s", item.members.length);
        }
        if (item.isBusy) {
            return this.getState(item).label;
        }
        return item.patient || this.getState(item).label;
    }

    getSubtitle(item) {
        const who = this.props.isByRoom ? item.specialist : "";
        return [toClock(item.from), item.service, who].filter(Boolean).join(" · ");
    }

    /** The whole visit in words, for screen readers and as a tooltip. */
    getDescription(item) {
        return [
            this.getTitle(item),
            item.isBusy ? toClock(item.from) : this.getSubtitle(item),
            this.getState(item).label,
            ...this.getMarks(item).map((mark) => mark.label),
        ]
            .filter(Boolean)
            .join(", ");
    }
}
