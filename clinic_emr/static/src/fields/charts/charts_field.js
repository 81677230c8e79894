import { Component } from "@odoo/owl";
import { formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const WIDTH = 420;
const HEIGHT = 150;
const LEFT = 42;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 24;
const TICKS = 3;

/** Lines over time, one chart per kind of value, the reference range as a band. */
export class ChartsField extends Component {
    static template = "clinic_emr.ChartsField";
    static props = { ...standardFieldProps };

    setup() {
        this.size = { width: WIDTH, height: HEIGHT, left: LEFT, right: WIDTH - RIGHT };
    }

    get charts() {
        return (this.props.record.data[this.props.name] || []).map(layOut);
    }
}

/** Everything that the drawing needs, in pixels of the view box. */
export function layOut(chart) {
    const points = chart.series.flatMap((series) => series.points);
    const times = points.map((point) => DateTime.fromISO(point.date).toMillis());
    const [first, last] = [Math.min(...times), Math.max(...times)];
    const bounds = chart.series.flatMap(({ low, high }) => [low, high]);
    const values = [...points.map((point) => point.value), ...bounds].filter(
        (value) => value !== null && value !== undefined,
    );
    const [lowest, highest] = stretch(Math.min(...values), Math.max(...values));
    const x = (time) =>
        last === first
            ? (LEFT + WIDTH - RIGHT) / 2
            : LEFT + ((time - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
    const y = (value) =>
        TOP + ((highest - value) / (highest - lowest)) * (HEIGHT - TOP - BOTTOM);
    const names = chart.series.map((series) => series.name);
    return {
        ...chart,
        name: names.length > 1 ? names.join(" / ") : chart.name,
        ticks: ticksOf(lowest, highest, chart.digits).map((tick) => ({
            ...tick,
            y: y(tick.value),
        })),
        first: dayOf(first),
        last: first === last ? "" : dayOf(last),
        series: chart.series.map((series) => drawSeries(series, x, y, lowest, highest)),
    };
}

function drawSeries(series, x, y, lowest, highest) {
    const dots = series.points.map((point) => ({
        ...point,
        x: x(DateTime.fromISO(point.date).toMillis()),
        y: y(point.value),
        title: `${series.name}: ${point.text}, ${dayOf(DateTime.fromISO(point.date))}`,
    }));
    const hasRange = series.low !== null || series.high !== null;
    const top = y(series.high ?? highest);
    return {
        ...series,
        dots,
        line: dots.map((dot) => `${dot.x},${dot.y}`).join(" "),
        band: hasRange && { y: top, height: y(series.low ?? lowest) - top },
        last: series.points.at(-1),
    };
}

/** A little air above and below. */
function stretch(lowest, highest) {
    const air = (highest - lowest || Math.abs(highest) || 1) * 0.1;
    return [lowest - air, highest + air];
}

function ticksOf(lowest, highest, digits) {
    return Array.from({ length: TICKS }, (_, step) => {
        const value = lowest + ((step + 0.5) * (highest - lowest)) / TICKS;
        return { value, label: value.toFixed(digits) };
    });
}

function dayOf(moment) {
    const day = typeof moment === "number" ? DateTime.fromMillis(moment) : moment;
    return formatDate(day);
}

registry.category("fields").add("clinic_charts", {
    component: ChartsField,
    supportedTypes: ["json"],
});
