import { FormController } from "@web/views/form/form_controller";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { ListController } from "@web/views/list/list_controller";
import { patch } from "@web/core/utils/patch";

/**
 * Records that keep a reason are archived through a dialog that asks for it; others as
 * Odoo does it. A function, since each patched class needs an object of its own.
 */
const archiveWithReason = () => ({
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        if ("archive_reason" in this.props.fields) {
            items.archive.callback = () => this.askWhyArchived();
        }
        return items;
    },
    async askWhyArchived() {
        const { root, action } = this.model;
        const ids = root.resId ? [root.resId] : await root.getResIds(true);
        await action.doAction("clinic_base.clinic_archive_wizard_action", {
            additionalContext: {
                default_res_model: this.props.resModel,
                default_res_ids: ids,
            },
            onClose: () => root.load(),
        });
    },
});

patch(FormController.prototype, archiveWithReason());
patch(ListController.prototype, archiveWithReason());
patch(KanbanController.prototype, archiveWithReason());
