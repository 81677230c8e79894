/** The queue in the hall: asks for it again and again, and says when it is old. */
(function () {
    const EVERY = 3000;
    const PATIENCE = 10000;
    // After so long without an answer the list is not to be believed any more.
    const OLD = 15000;
    // Styles and rooms of a screen that is on for weeks change too.
    const RELOAD = 6 * 60 * 60 * 1000;

    const started = Date.now();
    let heardAt = Date.now();
    let shown = "";
    let tag = "";

    const byId = (id) => document.getElementById(id);

    function showTime() {
        const { tz } = document.body.dataset;
        const format = { timeZone: tz, hour: "2-digit", minute: "2-digit" };
        const lang = document.documentElement.lang;
        const toClock = (moment) =>
            new Date(moment).toLocaleTimeString(lang === "en" ? "en-GB" : lang, format);
        byId("clock").textContent = toClock(Date.now());
        byId("as_of").textContent = toClock(heardAt);
        const isOld = Date.now() - heardAt > OLD;
        byId("offline").hidden = !isOld;
        document.body.classList.toggle("old", isOld);
    }

    function show(html) {
        if (html !== shown) {
            shown = html;
            byId("queue").innerHTML = html;
        }
    }

    async function refresh() {
        try {
            // No cache keeps the queue, so what is shown is named here.
            const response = await fetch(document.body.dataset.queue, {
                cache: "no-store",
                headers: tag ? { "If-None-Match": tag } : {},
                credentials: "omit",
                signal: AbortSignal.timeout(PATIENCE),
            });
            byId("closed").hidden = response.status !== 404;
            if (response.status === 404) {
                tag = "";
                show("");
            } else if (response.ok) {
                show(await response.text());
                tag = response.headers.get("ETag") || "";
            }
            if (response.ok || [304, 404].includes(response.status)) {
                heardAt = Date.now();
            }
            if (response.ok && Date.now() - started > RELOAD) {
                location.reload();
            }
        } catch {
            // No network: the clock above says how old the list is.
        }
        showTime();
        setTimeout(refresh, EVERY);
    }

    document.addEventListener("DOMContentLoaded", () => {
        showTime();
        setInterval(showTime, 1000);
        refresh();
    });
})();
