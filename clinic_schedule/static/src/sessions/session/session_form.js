import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

import {
    SeriesClashDialog,
    toExceptions,
} from "@clinic_schedule/series/series_clash/series_clash";

/** Planning every week: dates that cannot be had are asked about, not only refused. */
export class SessionFormController extends formView.Controller {
    async onSaveError(error, options, leaving) {
        const clashes = error.data?.context?.clashes;
        if (!clashes) {
            return super.onSaveError(error, options, leaving);
        }
        await this.askAboutClashes(error.data.message, clashes);
        return false;
    }

    async askAboutClashes(message, clashes) {
        const { data } = this.model.root;
        const [{ tz }] = await this.orm.read(
            "clinic.branch",
            [data.branch_id.id],
            ["tz"],
        );
        const confirm = (chosen) => this.saveAround(toExceptions(chosen));
        this.dialogService.add(SeriesClashDialog, { message, clashes, tz, confirm });
    }

    async saveAround({ skip, instead }) {
        const known = this.model.root.data.repeat_exceptions || {
            skip: [],
            instead: {},
        };
        await this.model.root.update({
            repeat_exceptions: {
                skip: [...known.skip, ...skip],
                instead: { ...known.instead, ...instead },
            },
        });
        await this.save();
    }
}

registry.category("views").add("clinic_session_form", {
    ...formView,
    Controller: SessionFormController,
});
