import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { TextField, textField } from "@web/views/fields/text/text_field";

// A slash and a short name before the cursor, ended by the space just typed.
const TYPED = /(^|\s)\/([^\s/]+)\s$/;

/** Plain text with quick phrases: "/name " becomes the phrase, a button lists them. */
export class NarrativeField extends TextField {
    static template = "clinic_emr.NarrativeField";
    static components = { ...TextField.components, Dropdown, DropdownItem };

    get phrases() {
        const { list = [] } = this.env.clinicPhrases || {};
        return list.filter((one) => !one.field || one.field === this.props.name);
    }

    onTyped(ev) {
        const area = ev.target;
        if (!area.matches("textarea")) {
            return;
        }
        const end = area.selectionStart;
        const match = TYPED.exec(area.value.slice(0, end));
        const phrase = match && this.phrases.find((one) => one.name === match[2]);
        if (phrase) {
            const start = end - match[0].length + match[1].length;
            this.replace(start, end, `${phrase.text} `);
        }
    }

    /** Put a phrase where the cursor was; what stands there stays. */
    insert(phrase) {
        const area = this.textareaRef.el;
        const at = Math.min(
            this.selectionStart ?? area.value.length,
            area.value.length,
        );
        const gap = at && !/\s/.test(area.value.charAt(at - 1)) ? " " : "";
        area.focus();
        this.replace(at, at, `${gap}${phrase.text}`);
    }

    replace(start, end, text) {
        const area = this.textareaRef.el;
        area.setRangeText(text, start, end, "end");
        this.selectionStart = area.selectionStart;
        area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
}

registry.category("fields").add("clinic_narrative", {
    ...textField,
    component: NarrativeField,
});
