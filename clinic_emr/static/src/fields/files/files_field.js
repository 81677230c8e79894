import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// As the server has it.
const LIMIT_MB = 20;

/** Documents and pictures of a protocol: picked, dropped, shown, taken off. */
export class FilesField extends Component {
    static template = "clinic_emr.FilesField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.input = useRef("input");
        this.state = useState({ isBusy: false, isOver: false });
    }

    get files() {
        return this.props.record.data[this.props.name].records.map(
            ({ resId, data }) => ({
                id: resId,
                url: `/clinic/encounter/file/${resId}`,
                isImage: ["jpeg", "png"].includes(data.kind),
                ...data,
            }),
        );
    }

    onDrop(ev) {
        this.state.isOver = false;
        if (!this.props.readonly) {
            this.upload(ev.dataTransfer.files);
        }
    }

    async onPick() {
        await this.upload(this.input.el.files);
        this.input.el.value = "";
    }

    async upload(files) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        this.state.isBusy = true;
        try {
            for (const file of files) {
                await this.send(file);
            }
            await record.load();
        } finally {
            this.state.isBusy = false;
        }
    }

    async send(file) {
        if (file.size > LIMIT_MB * 1024 ** 2) {
            this.refuse(
                _t("The file is larger than %s MB and was not sent.", LIMIT_MB),
            );
            return;
        }
        const form = new FormData();
        form.append("file", file);
        form.append("csrf_token", odoo.csrf_token);
        const url = `/clinic/encounter/${this.props.record.resId}/file`;
        const response = await fetch(url, { method: "POST", body: form });
        const { error } = response.ok
            ? await response.json()
            : { error: _t("The file was not taken.") };
        if (error) {
            this.refuse(error);
        }
    }

    refuse(message) {
        this.notification.add(message, { type: "danger", sticky: true });
    }

    async remove(file) {
        const { record } = this.props;
        if (await record.save()) {
            await this.orm.call("clinic.encounter.file", "action_remove", [[file.id]]);
            await record.load();
        }
    }
}

registry.category("fields").add("clinic_files", {
    component: FilesField,
    supportedTypes: ["one2many"],
    useSubView: true,
    relatedFields: [
        { name: "title", type: "text" },
        { name: "kind", type: "selection", selection: [] },
        { name: "size", type: "integer" },
    ],
});
