"""The phone's page in a headless Chromium, against a fake exchange that speaks the line's contract."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.console.axe import no_violations
from tests.console.calling import answered, call, until
from tests.console.fake_exchange import CALL, Exchange


def test_dialling_rings_and_is_answered(phone: Page, exchange: Exchange) -> None:
    phone.get_by_role("checkbox").uncheck()
    phone.get_by_role("button", name="Call").click()
    expect(phone.get_by_role("status")).to_have_text("Ringing…")
    answered(phone, exchange)
    assert exchange.received[0] == {"type": "dial", "from": "+919826401715", "to": "14545", "frames": 0}


def test_captions_of_both_sides_come_in_order_and_what_is_filled(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    exchange.turns(("bot", "नमस्ते, कौन सी सेवा?"), node="service")
    expect(phone.locator(".turn .said")).to_have_text(["नमस्ते, कौन सी सेवा?"])
    expect(phone.locator(".item.asked dt")).to_have_text("Service")
    filled = [{"item": "service", "label": "सेवा", "value": "आय प्रमाण पत्र"}]
    turns = ("bot", "नमस्ते, कौन सी सेवा?"), ("caller", "आय प्रमाण पत्र"), ("bot", "किस शहर में?")
    exchange.turns(*turns, node="city", filled=filled)
    expect(phone.locator(".turn .said")).to_have_text([text for _, text in turns])
    expect(phone.locator(".turn.caller")).to_have_text("Youआय प्रमाण पत्र")
    expect(phone.locator('[data-item="service"] dd')).to_have_text("आय प्रमाण पत्र")
    expect(phone.locator(".item.asked dt")).to_have_text("City")


def _noted(page: Page, item: str) -> str:
    return page.locator(f'[data-item="{item}"] dd').inner_text()


def test_what_is_noted_is_shown_as_people_read_it_in_the_page_s_language(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    told = {"date": "2026-11-23", "daypart": "morning", "mobile": "9826401715", "note": "✓"}
    exchange.turns(("bot", "When?"), filled=[{"item": k, "label": k, "value": v} for k, v in told.items()])
    expect(phone.locator('[data-item="time"] dd')).to_have_text("morning")
    assert re.fullmatch("Monday,? 23 November", _noted(phone, "date"))
    assert _noted(phone, "mobile") == "98264 01715"
    assert _noted(phone, "note") == "noted"
    told |= {"slot": "24.11.2026 16:00"}
    exchange.turns(("bot", "When?"), filled=[{"item": k, "label": k, "value": v} for k, v in told.items()])
    expect(phone.locator('[data-item="time"] dd')).to_have_text(re.compile("4:00.pm", re.I))
    assert re.fullmatch("Tuesday,? 24 November", _noted(phone, "date"))
    phone.get_by_role("link", name="हिन्दी").click()
    assert re.fullmatch("मंगलवार,? 24 नवंबर", _noted(phone, "date"))


def test_the_booking_stays_in_sight_when_the_conversation_forgets_it(phone: Page, exchange: Exchange) -> None:
    def filled(**told: str) -> list[dict[str, str]]:
        return [{"item": k, "label": k, "value": v} for k, v in told.items()]

    call(phone, exchange)
    exchange.turns(("bot", "Right?"), filled=filled(service="Income certificate", city="Raipur"))
    expect(phone.locator('[data-item="city"] dd')).to_have_text("Raipur")
    exchange.turns(("bot", "Booked."), filled=filled(city="Raipur", number="48210739"))
    expect(phone.locator('[data-item="number"] dd')).to_have_text("4821 0739")
    assert _noted(phone, "service") == "Income certificate"
    exchange.turns(("bot", "Next?"), filled=filled(city="Raipur", number="48210739", service="PAN card"))
    expect(phone.locator('[data-item="service"] dd')).to_have_text("PAN card")


def test_silence_is_no_caption_and_keys_and_notes_are_named(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    exchange.turns(("bot", "Hello"), ("caller", ""), ("caller", "1"), ("caller", "8.2 s"))
    assert exchange.snapshot is not None
    for turn, kind in zip(exchange.snapshot["turns"], ("say", "silent", "keyed", "recorded"), strict=True):
        turn["kind"] = kind
    expect(phone.locator(".turn .said")).to_have_text(["Hello", "key 1", "recorded 8.2 s"])


def test_markup_in_a_caption_is_only_text(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    evil = "<img src=x onerror=\"document.title='broken'\"><b>bold</b>"
    filled = [{"item": "<i>", "label": "<u>label</u>", "value": evil}]
    exchange.turns(("caller", evil), filled=filled)
    exchange.tell({"type": "sms", "text": evil})
    expect(phone.locator(".turn .said")).to_have_text([evil, evil])
    expect(phone.locator(".item dd").first).to_have_text(evil)
    assert phone.locator(".turn img, .turn b, .item img, .item u").count() == 0
    assert "broken" not in phone.title()


def test_keys_are_sent_by_button_and_by_keyboard(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    for key in "1*0":
        phone.locator(f'[data-key="{key}"]').click()
    phone.keyboard.type("29#")
    until(phone, lambda: exchange.keys() == "1*029#")
    expect(phone.locator("#pressed")).to_have_text("1*029#")


def test_typed_words_are_sent_and_their_digits_are_no_keys(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    field = phone.get_by_label("Type instead of speaking")
    field.fill("कल सुबह 9 बजे")
    field.press("Enter")
    until(phone, lambda: "text" in exchange.types())
    field.type("492001")
    phone.get_by_role("button", name="Send").click()
    field.press("Enter")  # empty: nothing is sent
    until(phone, lambda: exchange.types().count("text") == 2)
    assert [m["text"] for m in exchange.received if m["type"] == "text"] == ["कल सुबह 9 बजे", "492001"]
    assert exchange.keys() == ""


def test_words_can_be_sent_by_touch_where_a_telephone_s_keyboard_leaves_little_room(
    phone: Page, exchange: Exchange
) -> None:
    phone.set_viewport_size({"width": 390, "height": 430})
    call(phone, exchange)
    field = phone.get_by_label("Type instead of speaking")
    field.fill("Raipur")
    expect(phone.locator("#keypad")).to_be_hidden()
    phone.get_by_role("button", name="Send").click()
    until(phone, lambda: "text" in exchange.types())
    expect(field).to_be_focused()
    phone.locator("#captions").click()
    expect(phone.locator("#keypad")).to_be_visible()


def test_a_call_needs_nothing_but_the_keyboard(phone: Page, exchange: Exchange) -> None:
    def tab_to(selector: str) -> None:
        for _ in range(30):
            if phone.evaluate("s => document.activeElement.matches(s)", selector):
                assert phone.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
                return
            phone.keyboard.press("Tab")
        pytest.fail(f"{selector} cannot be reached")

    tab_to("#use-microphone")
    phone.keyboard.press("Space")
    phone.keyboard.press("Enter")
    answered(phone, exchange)
    phone.keyboard.press("Enter")  # pressed twice by mistake: the call goes on
    phone.keyboard.type("14")
    tab_to("#words-typed")
    phone.keyboard.type("1 more", delay=5)
    phone.keyboard.press("Enter")
    until(phone, lambda: "text" in exchange.types())
    assert exchange.keys() == "14"
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("status")).to_have_text("Call ended")
    until(phone, lambda: "hangup" in exchange.types())
    phone.keyboard.press("Enter")  # focus is on "Call again"
    until(phone, lambda: exchange.types().count("dial") == 2)


def test_before_a_call_the_keys_write_the_number(phone: Page, exchange: Exchange) -> None:
    phone.keyboard.type("1800")
    phone.keyboard.press("Backspace")
    expect(phone.locator("#number")).to_have_value("180")
    phone.get_by_role("button", name="Call").click()
    expect(phone.get_by_role("alert")).to_contain_text("Dial 14545")
    assert exchange.lines == 0


@pytest.mark.parametrize("number", ["12345", "+0123456789", "+91<b>", "९८२६४०१७१५"])
def test_a_bad_caller_number_is_explained_and_nothing_is_dialled(phone: Page, exchange: Exchange, number: str) -> None:
    phone.get_by_label("Your mobile number").fill(number)
    phone.get_by_role("button", name="Call").click()
    expect(phone.get_by_role("alert")).to_contain_text("+919826401715")
    expect(phone.get_by_label("Your mobile number")).to_have_attribute("aria-invalid", "true")
    assert exchange.lines == 0


def test_a_withheld_number_may_call(phone: Page, exchange: Exchange) -> None:
    phone.get_by_label("Your mobile number").fill("")
    call(phone, exchange)
    assert exchange.received[0]["from"] == ""


def test_the_other_side_speaking_is_shown_and_then_listening(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    exchange.tell(*[bytes([0x90, 0x10] * 400)] * 10)
    expect(phone.get_by_role("status")).to_have_text("Mitan is speaking")
    expect(phone.get_by_role("status")).to_have_text("Waiting for your answer")
    exchange.tell(*[bytes([0x90, 0x10] * 400)] * 600, {"type": "clear"})
    expect(phone.get_by_role("status")).to_have_text("Waiting for your answer")


def test_what_the_line_sends_wrongly_is_survived(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    exchange.tell({"type": "nonsense"}, {}, {"type": "state", "state": "dancing"}, b"", b"\xff", {"type": "state"})
    exchange.tell({"type": "sms", "text": "still here"}, *[b"\x90" * 800] * 20)
    expect(phone.locator(".turn.sms .said")).to_have_text("still here")
    expect(phone.get_by_role("status")).to_have_text("Mitan is speaking")
    expect(phone.get_by_role("status")).to_have_text("Waiting for your answer")


def test_an_agent_on_the_line_is_shown(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    exchange.tell({"type": "state", "state": "agent", "call": CALL, "conversation": "c1", "reason": ""})
    expect(phone.get_by_role("status")).to_have_text("Connecting to an agent")


def test_the_other_side_can_end_the_call_and_the_last_words_still_come(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    exchange.tell({"type": "state", "state": "ended", "call": CALL, "conversation": "c1", "reason": "finished"})
    expect(phone.get_by_role("status")).to_have_text("Call ended")
    expect(phone.get_by_role("alert")).to_be_hidden()
    exchange.turns(("bot", "Goodbye."), ended=True)
    expect(phone.locator(".turn .said")).to_have_text(["Goodbye."])


def test_a_lost_socket_is_told_and_one_can_call_again(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    exchange.tell(None)
    expect(phone.get_by_role("alert")).to_contain_text("The line was lost. Call again")
    phone.get_by_role("button", name="Call again").click()
    until(phone, lambda: exchange.lines == 2)
    expect(phone.get_by_role("alert")).to_be_hidden()


def test_an_exchange_without_a_line_is_told(phone: Page, exchange: Exchange) -> None:
    exchange.refuse = True
    phone.get_by_role("checkbox").uncheck()
    phone.get_by_role("button", name="Call").click()
    expect(phone.get_by_role("alert")).to_contain_text("No telephone line could be had")


def test_captions_that_fail_are_told_and_come_back(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    exchange.failing = True
    expect(phone.get_by_role("alert")).to_contain_text("The words are not arriving")
    exchange.failing = False
    exchange.turns(("bot", "Here again."))
    expect(phone.locator(".turn .said")).to_have_text(["Here again."])
    expect(phone.get_by_role("alert")).to_be_hidden()


def test_a_second_call_starts_with_an_empty_page(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    exchange.turns(("bot", "first call"), filled=[{"item": "pin", "label": "PIN", "value": "492001"}])
    expect(phone.locator(".turn")).to_have_count(1)
    phone.keyboard.press("Escape")
    exchange.snapshot = None
    phone.get_by_role("button", name="Call again").click()
    expect(phone.locator(".turn")).to_have_count(0)
    expect(phone.locator('[data-item="pin"] dd')).to_have_text("–")


def test_leaving_the_page_hangs_up(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    phone.goto("about:blank")
    for _ in range(100):
        if "gone" in exchange.types():
            return
        phone.wait_for_timeout(50)
    pytest.fail("the line stayed open")


def test_the_language_changes_in_the_middle_of_a_call_without_losing_it(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    phone.get_by_role("link", name="हिन्दी").click()
    expect(phone.get_by_role("button", name="कॉल काटें")).to_be_visible()
    expect(phone.locator("html")).to_have_attribute("lang", "hi")
    expect(phone.get_by_placeholder("यहाँ लिखें…")).to_be_visible()
    expect(phone.get_by_role("status")).to_have_text("कॉल जुड़ गई")
    assert "lang=hi" in phone.url
    assert "gone" not in exchange.types()


def test_devanagari_is_set_in_the_bundled_font(page: Page, exchange: Exchange) -> None:
    page.goto(f"{exchange.url}/phone")
    page.evaluate("document.fonts.ready.then(() => 0)")
    assert page.evaluate(
        """[...document.fonts].filter(f => f.status === "loaded" && f.unicodeRange.includes("U+900")).length"""
    )
    assert page.evaluate("""document.fonts.check('1em "Noto Sans Devanagari"', "मितान क्षत्रिय")""")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": "#dial-word"})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert [(f["familyName"].startswith("Noto Sans Devanagari"), f["isCustomFont"]) for f in fonts] == [(True, True)]


def test_nothing_is_loaded_from_outside(page: Page, exchange: Exchange) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.goto(f"{exchange.url}/phone")
    page.get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="कॉल करें").click()
    until(page, lambda: "dial" in exchange.types())
    assert asked
    assert all(re.match(rf"{exchange.url}/|data:", url) for url in asked)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (900, 700), (390, 844), (320, 568)])
def test_nothing_is_cut_off_or_hidden_at_any_size(phone: Page, exchange: Exchange, width: int, height: int) -> None:
    phone.set_viewport_size({"width": width, "height": height})
    call(phone, exchange)
    exchange.turns(*[("bot", "A question that is longer than a line of a telephone.")] * 1, ("caller", "x" * 300))
    expect(phone.locator(".turn")).to_have_count(2)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for control in ("#hang-up", '[data-key="5"]', "#words-typed", "#captions"):
        phone.locator(control).scroll_into_view_if_needed()
        expect(phone.locator(control)).to_be_in_viewport()
    for key in phone.locator("[data-key]").all():
        box = key.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44


def test_screen_readers_get_names_states_and_live_captions(phone: Page, exchange: Exchange) -> None:
    call(phone, exchange)
    exchange.turns(("bot", "नमस्ते"), ("bot", "Hello"))
    expect(phone.get_by_role("log")).to_have_attribute("aria-live", "polite")
    expect(phone.locator('.said[lang="hi"]')).to_have_text("नमस्ते")
    expect(phone.locator('.said[lang="en"]')).to_have_text("Hello")
    assert (
        phone.evaluate("""[...document.querySelectorAll("button, input, a")].filter(
        e => e.checkVisibility() && !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).length""")
        == 0
    )
    expect(phone.get_by_role("group", name="Keypad")).to_be_visible()


@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_page_breaks_no_rule_of_wcag_before_and_in_a_call(page: Page, exchange: Exchange, language: str) -> None:
    page.goto(f"{exchange.url}/phone?lang={language}")
    no_violations(page)
    page.locator("#use-microphone").uncheck()
    page.locator("#dial").click()
    answered(page, exchange)
    exchange.turns(("bot", "नमस्ते"), ("caller", "रायपुर"))
    expect(page.locator(".turn")).to_have_count(2)
    for width, height in ((1280, 800), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        no_violations(page)
