import { roundDecimals } from "@web/core/utils/numbers";

/** What the page asks for and gives back; the server decides. All in the currency. */
export function reckon({ lines, requests, credit, prepayment, card, cash, digits }) {
    const round = (sum) => roundDecimals(sum, digits);
    const ticked = lines.filter((line) => line.ticked);
    const sum = (rows) => rows.reduce((total, row) => total + row.amount, 0);
    const charges = sum(ticked.filter((line) => line.kind === "charge"));
    const owed = round(sum(ticked));
    // What is invoiced has been matched with free money already.
    const fromAccount = round(Math.min(credit, charges));
    const advance = round(prepayment + sum(requests.filter((row) => row.ticked)));
    const due = round(owed - fromAccount + advance);
    const rest = round(due - card);
    return {
        owed,
        fromAccount,
        advance,
        due,
        rest,
        change: Math.max(round(cash - rest), 0),
        missing: Math.max(round(rest - cash), 0),
        cardAbove: card > due,
    };
}

/** Sums that are likely to be handed over for `rest`: exact, then the next notes. */
export function suggestCash(rest) {
    if (rest <= 0) {
        return [];
    }
    const rounded = [100, 500, 1000, 5000].map((note) => Math.ceil(rest / note) * note);
    return [...new Set([rest, ...rounded])].sort((a, b) => a - b).slice(0, 4);
}
