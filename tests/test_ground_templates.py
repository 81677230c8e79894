"""Templates of the client use nothing that OWL does not know."""

import re

import pytest
from clinic_cli.layout import modules, suite_modules
from lxml import etree

# OWL looks every word up in the component but its own few (Math, Date, Object, ...).
UNKNOWN = re.compile(
    r"(?<![\w.$])(Number|String|Boolean|JSON|Map|Set|Intl|parseInt|parseFloat|isNaN"
    r"|isFinite|encodeURIComponent|setTimeout|document|luxon|browser|_t)\s*[(.]"
)
TEXT = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")


def get_templates(name):
    return sorted(modules()[name].path.glob("static/src/**/*.xml"))


def find_unknown(path):
    """(line, expression) of each attribute that calls what a template cannot."""
    for element in etree.parse(path).iter(etree.Element):
        for name, value in element.attrib.items():
            is_expression = name.startswith("t-") or element.tag[:1].isupper()
            if is_expression and UNKNOWN.search(TEXT.sub("''", value)):
                yield element.sourceline, value


@pytest.mark.parametrize("name", suite_modules())
def test_expressions_name_only_what_the_component_has(name):
    found = {
        str(path): unknown
        for path in get_templates(name)
        if (unknown := list(find_unknown(path)))
    }
    assert not found


def test_a_number_made_in_a_template_is_found(tmp_path):
    template = tmp_path / "one.xml"
    template.write_text(
        """<t><select t-on-change="(ev) => this.choose(Number(ev.target.value))"/>
        <One label="'Number (one)'" value="this.Number(1) + Math.max(2)"/></t>"""
    )
    assert [line for line, _value in find_unknown(template)] == [1]
