import { DomainSelector } from "@web/core/domain_selector/domain_selector";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { TreeEditor } from "@web/core/tree_editor/tree_editor";
import { DomainField, domainField } from "@web/views/fields/domain/domain_field";

// Signs that only who writes programs reads as words.
const WORDS = {
    "=": _t("is"),
    "!=": _t("is not"),
    "<": _t("is less than"),
    "<=": _t("is at most"),
    ">": _t("is more than"),
    ">=": _t("is at least"),
    in: _t("is one of"),
    "not in": _t("is none of"),
};
const ANSWERS = { true: _t("yes"), false: _t("no") };

/** Conditions of a rule in words. */
class RuleTree extends TreeEditor {
    async prepareInfo(props) {
        await super.prepareInfo(props);
        const describe = this.getConditionDescription;
        if (props.readonly && describe) {
            this.getConditionDescription = (node) => this.say(node, describe(node));
        }
    }

    say(node, description) {
        const { operatorDescription, valueDescription } = description;
        if (!valueDescription) {
            return description;
        }
        const isAnswer = typeof node.value === "boolean";
        return {
            ...description,
            operatorDescription: isAnswer
                ? ":"
                : (!node.negate && WORDS[node.operator]) || operatorDescription,
            valueDescription: isAnswer
                ? { ...valueDescription, values: [ANSWERS[node.value]] }
                : valueDescription,
        };
    }
}
RuleTree.components = { ...TreeEditor.components, TreeEditor: RuleTree };

class RuleSelector extends DomainSelector {
    static components = { ...DomainSelector.components, TreeEditor: RuleTree };
}

class RuleCondition extends DomainField {
    static components = { ...DomainField.components, DomainSelector: RuleSelector };
}

registry.category("fields").add("clinic_rule_condition", {
    ...domainField,
    component: RuleCondition,
});
