import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { BoardController } from "./board_controller";

/** View type of the day by rooms and specialists, to the minute. */
export const boardView = {
    type: "clinic_board",
    display_name: _t("Board"),
    icon: "fa fa-columns",
    multiRecord: true,
    searchMenuTypes: [],
    Controller: BoardController,
};

registry.category("views").add("clinic_board", boardView);
