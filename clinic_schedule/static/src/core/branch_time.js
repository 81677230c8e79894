const { DateTime } = luxon;

/** The date and time of a UTC text of the server, in the zone of a branch. */
export function toBranchTime(text, tz) {
    return DateTime.fromSQL(text, { zone: "utc" }).setZone(tz);
}

/** "Monday, March 2" of a DateTime, as the user's language writes it. */
export function formatLongDay(day) {
    return day.toLocaleString({ weekday: "long", day: "numeric", month: "long" });
}
