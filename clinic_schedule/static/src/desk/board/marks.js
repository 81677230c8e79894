import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * Door: what a visit can be marked with on board, reception and day, {icon, label} by
 * the word that `_get_board_marks` of the visit answers; the legend keeps their order.
 */
const marks = registry.category("clinic_board_marks");

marks
    .add("unpaid", { icon: "fa-money", label: _t("Not paid") }, { sequence: 10 })
    .add("first", { icon: "fa-star-o", label: _t("First visit") }, { sequence: 20 })
    .add("video", { icon: "fa-video-camera", label: _t("By video") }, { sequence: 30 })
    .add("series", { icon: "fa-repeat", label: _t("Standing hour") }, { sequence: 40 })
    .add(
        "overbooked",
        { icon: "fa-exclamation-triangle", label: _t("Overbooked") },
        { sequence: 50 },
    );

/** All marks there are, by their words. */
export function getMarks() {
    return Object.fromEntries(marks.getEntries());
}

/** Icons and labels of `words`; one that nobody explains any more is left out. */
export function describeMarks(words = []) {
    return words
        .filter((mark) => marks.contains(mark))
        .map((mark) => ({ mark, ...marks.get(mark) }));
}
