const DIRECTIONS = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
};
// Going down a column, a neighbour to the side is farther than it looks.
const ASIDE = 3;

function getCentre(element) {
    const box = element.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
}

/**
 * Moves the focus with the arrow keys among the elements of `selector`, to the nearest
 * one in that direction.
 *
 * @param {KeyboardEvent} ev a key pressed on one of the elements
 * @param {string} selector
 */
export function moveFocus(ev, selector) {
    const direction = DIRECTIONS[ev.key];
    const from = ev.target.closest(selector);
    if (!direction || !from) {
        return;
    }
    ev.preventDefault();
    const [x, y] = getCentre(from);
    let best = null;
    for (const element of ev.currentTarget.querySelectorAll(selector)) {
        const [toX, toY] = getCentre(element);
        const along = (toX - x) * direction[0] + (toY - y) * direction[1];
        const aside =
            Math.abs((toX - x) * direction[1]) + Math.abs((toY - y) * direction[0]);
        const distance = along + ASIDE * aside;
        if (along > 1 && (!best || distance < best.distance)) {
            best = { element, distance };
        }
    }
    best?.element.focus();
}
