/** Scores as the server computes them (tools/structured.py), to be seen at once. */

export function isEmpty(value) {
    return value === undefined || value === null || value === false || value === "";
}

/** Points of one answer; null where it has none. */
export function pointsOf(field, value) {
    if (isEmpty(value)) {
        return null;
    }
    if (field.kind === "scale") {
        return value;
    }
    const option = (field.options || []).find((one) => one.key === value);
    return option ? option.points : null;
}

/** Sum over the choices and scales of a section; no band while answers are missing. */
export function scoreOf(section, score, answers) {
    const asked = section.fields.filter((f) => ["choice", "scale"].includes(f.kind));
    const given = asked
        .map((field) => pointsOf(field, answers[field.key]))
        .filter((points) => points !== null);
    const points = given.reduce((sum, one) => sum + one, 0);
    const isComplete = given.length === asked.length && asked.length > 0;
    const band =
        isComplete && score.bands.find((b) => b.low <= points && points <= b.high);
    return { points, answered: given.length, asked: asked.length, band: band || null };
}
