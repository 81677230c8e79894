"""The board in a browser: book, move, stretch and cancel, by mouse and by keyboard.

The tests run in order on one demonstration clinic, as its registrars, and keep
screenshots under ``.local/screenshots``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from demo_clinic import SHOTS, shoot
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.journey

PATIENT = "Данилов"
ROOM = "Кабинет 202"


@pytest.fixture(scope="module")
def day() -> str:
    """The Tuesday of the week after: a working day with free hours in both rooms,
    for the visits of the coming days reach the next Tuesday on some afternoons."""
    today = datetime.now().date()
    return str(today + timedelta(days=(1 - today.weekday()) % 7 + 7))


@pytest.fixture
def open_board(sign_in, day):
    """``open_board()`` gives a registrar's page with the board of the day."""

    def open_page() -> Page:
        page = sign_in("registrar")
        page.goto("/odoo/board")
        expect(page.locator(".o_clinic_board_grid")).to_be_visible()
        field = page.locator(".o_clinic_board_day input")
        field.fill(day)
        field.dispatch_event("change")
        expect(page.locator(".fa-spin")).to_have_count(0)
        return page

    return open_page


@pytest.fixture
def board(open_board) -> Page:
    return open_board()


def visit(page: Page, name: str = PATIENT) -> Locator:
    return page.locator(".o_clinic_visit", has_text=name)


def column(page: Page, title: str = ROOM) -> Locator:
    heads = page.locator(".o_clinic_board_head strong").all_inner_texts()
    return page.locator(".o_clinic_board_column").nth(heads.index(title))


def pixels_of_hour(page: Page) -> float:
    grid = page.locator(".o_clinic_board_grid")
    return float(
        grid.evaluate(
            "el => parseFloat(getComputedStyle(el).getPropertyValue('--hour'))"
        )
    )


def click_at(page: Page, hour: float) -> None:
    """Click the free time of the room at ``hour`` (branch time)."""
    place = column(page)
    offset = (hour - 8) * pixels_of_hour(page) + 2
    place.click(position={"x": 60, "y": offset}, force=True)


def test_a_click_on_free_time_books_it(board):
    click_at(board, 11)
    dialog = board.locator(".modal")
    dialog.locator(".o_clinic_patient input").fill(PATIENT)
    board.locator(".o-autocomplete--dropdown-item", has_text=PATIENT).first.click()
    expect(dialog.locator(".badge")).to_contain_text("Бронь ещё")
    expect(dialog.locator(".o_clinic_quote")).to_contain_text("руб")
    shoot(board, "board-1-booking")
    dialog.locator(".o_clinic_book").click()
    expect(visit(board)).to_contain_text("11:00")
    shoot(board, "board-2-booked")


def test_a_drag_moves_the_visit_and_one_click_takes_it_back(board):
    card = visit(board)
    box = card.bounding_box()
    hour = pixels_of_hour(board)
    board.mouse.move(box["x"] + 60, box["y"] + 5)
    board.mouse.down()
    board.mouse.move(box["x"] + 60, box["y"] + 5 + hour, steps=6)
    expect(board.locator(".o_clinic_board_ghost_ok")).to_contain_text("12:00")
    shoot(board, "board-3-drag")
    board.mouse.up()
    expect(visit(board)).to_contain_text("12:00")
    board.get_by_role("button", name="Вернуть").click()
    expect(visit(board)).to_contain_text("11:00")
    expect(board.locator(".modal")).to_have_count(0)


def test_the_lower_edge_stretches_the_visit(board):
    box = visit(board).bounding_box()
    board.mouse.move(box["x"] + 60, box["y"] + box["height"] - 2)
    board.mouse.down()
    grown = pixels_of_hour(board) / 4
    board.mouse.move(box["x"] + 60, box["y"] + box["height"] + grown, steps=4)
    board.mouse.up()
    expect(board.get_by_role("button", name="Вернуть")).to_be_visible()
    assert visit(board).bounding_box()["height"] > box["height"] + grown / 2


def test_a_visit_cannot_be_dropped_where_nobody_receives(board):
    box = visit(board).bounding_box()
    below = (17.5 - 11) * pixels_of_hour(board)
    board.mouse.move(box["x"] + 60, box["y"] + 5)
    board.mouse.down()
    board.mouse.move(box["x"] + 60, box["y"] + 5 + below, steps=6)
    expect(board.locator(".o_clinic_board_ghost_no")).to_be_visible()
    board.mouse.up()
    expect(board.locator(".o_notification")).to_be_visible()
    expect(visit(board)).to_contain_text("11:00")


def test_what_another_registrar_books_appears_without_reload(open_board, board):
    other = open_board()
    click_at(other, 14)
    dialog = other.locator(".modal")
    dialog.locator(".o_clinic_patient input").fill("Жукова")
    other.locator(".o-autocomplete--dropdown-item", has_text="Жукова").first.click()
    expect(dialog.locator(".badge")).to_be_visible()
    # Already the hold is seen by everybody.
    expect(board.locator(".o_clinic_visit_hold")).to_be_visible()
    dialog.locator(".o_clinic_book").click()
    expect(visit(board, "Жукова")).to_be_visible()


def test_the_keyboard_moves_a_visit(board):
    grid = board.locator(".o_clinic_board_grid")
    grid.focus()
    board.keyboard.press("s")
    expect(board.locator(".btn.active", has_text="Специалисты")).to_be_visible()
    board.keyboard.press("r")
    expect(board.locator(".btn.active", has_text="Кабинеты")).to_be_visible()
    board.keyboard.press("ArrowRight")
    cursor = board.locator(".o_clinic_board_cursor")
    while cursor.inner_text() < "11:00":
        board.keyboard.press("ArrowDown")
    board.keyboard.press("m")
    ghost = board.locator(".o_clinic_board_ghost")
    expect(ghost).to_contain_text("11:00")
    for _step in range(6):
        board.keyboard.press("ArrowDown")
    expect(ghost).to_contain_text("12:30")
    board.keyboard.press("Enter")
    expect(visit(board)).to_contain_text("12:30")


def test_a_visit_is_cancelled_with_a_reason(board):
    visit(board).click()
    popover = board.locator(".o_clinic_visit_popover")
    expect(popover).to_contain_text("+7")
    shoot(board, "board-4-visit")
    popover.get_by_role("button", name="Отменить").click()
    dialog = board.locator(".modal")
    dialog.locator("select").select_option(index=1)
    dialog.get_by_role("button", name="Отменить запись").click()
    expect(visit(board)).to_have_count(0)


def test_the_week_of_a_specialist_and_the_legend(board, clinic, day):
    booked = [("patient_id", "ilike", "Жукова"), ("start", ">=", f"{day} 00:00:00")]
    [seen] = clinic.call(
        *("registrar", "clinic.appointment", "search_read", booked),
        ["specialist_id"],
        order="start",
        limit=1,
    )
    board.locator(".o_clinic_board_grid").press("w")
    expect(board.locator(".o_clinic_board_head")).to_have_count(7)
    whose = board.get_by_label("Специалист", exact=True)
    whose.select_option(label=seen["specialist_id"][1])
    expect(visit(board, "Жукова")).to_be_visible()
    board.get_by_title("Цвета и клавиши").click()
    expect(board.locator(".o_clinic_board_legend")).to_contain_text("Подтверждено")
    shoot(board, "board-5-week")
    cards = board.locator(".o_clinic_visit")
    before = cards.all_inner_texts()
    shown = whose.input_value()
    values = whose.locator("option").evaluate_all("list => list.map((o) => o.value)")
    whose.select_option(next(value for value in values if value != shown))
    expect(cards).not_to_have_text(before)
    expect(board.locator(".o_clinic_board_head")).to_have_count(7)


def test_the_day_is_printed(clinic, day):
    [branch] = clinic.call("registrar", "clinic.branch", "search", [])
    answer = clinic.session("registrar").get(
        f"{clinic.server.url}/report/pdf/clinic_schedule.report_day_sheet",
        params={"options": f'{{"branch_id": {branch}, "day": "{day}"}}'},
        timeout=60,
    )
    assert answer.headers["Content-Type"] == "application/pdf"
    (SHOTS / "board-day-sheet.pdf").write_bytes(answer.content)
