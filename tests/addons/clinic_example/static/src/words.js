import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

registry
    .category("clinic_board_marks")
    .add(
        "assisted",
        { icon: "fa-user-plus", label: _t("With an assistant") },
        { sequence: 60 },
    );
registry
    .category("clinic_timeline_kinds")
    .add("tooth", { icon: "fa-smile-o", label: _t("Teeth") });
