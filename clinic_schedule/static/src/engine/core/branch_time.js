const { DateTime } = luxon;

const DAY = { weekday: "short", day: "numeric", month: "short" };

/** The date and time of a UTC text of the server, in the zone of a branch. */
export function toBranchTime(text, tz) {
    return DateTime.fromSQL(text, { zone: "utc" }).setZone(tz);
}

/** "Monday, March 2" of a DateTime, as the user's language writes it. */
export function formatLongDay(day) {
    return day.toLocaleString({ weekday: "long", day: "numeric", month: "long" });
}

/** "Mon, Mar 2" of a DateTime. */
export function formatDay(day) {
    return day.toLocaleString(DAY);
}

/** "today", "tomorrow", or the short day: what one says on the telephone. */
export function formatNearDay(day) {
    const days = day
        .startOf("day")
        .diff(DateTime.now().setZone(day.zone).startOf("day"), "days").days;
    return days < 2 ? day.toRelativeCalendar({ unit: "days" }) : formatDay(day);
}

/** The first moment of a day "2026-03-02" of the user's calendar, as the server reads it. */
export function toServerMoment(date) {
    return DateTime.fromISO(date)
        .startOf("day")
        .toUTC()
        .toFormat("yyyy-MM-dd HH:mm:ss");
}
