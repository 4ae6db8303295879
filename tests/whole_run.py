"""How a whole run (`pytest --whole`, which `make test` is) differs from one of a few tests.

What is skipped fails, so that nothing is left out in silence; only what lies beside the repository may be missing. And
what keeps real time (`realtime`) is run again, once, when it fails: nobody promises how fast a machine is.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

BESIDE = "../shared"  # a skip whose reason names it is allowed: these files are not part of the project
REST_S = 3  # before a test is repeated: what held the machine up may be over then
# Modules of servers, telephones and processes in real time: whatever test file uses one is marked.
REAL = frozenset(
    {
        "ivr.application",
        "bench.crowd",
        "tests.booking.desk.crowd",
        "tests.console.fake_exchange",
        "tests.ivr.carriers.house",
        "tests.ivr.desk.office",
        "tests.ivr.whole",
    }
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="a skipped test is a failed one: nothing may be left out")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "realtime: depends on how fast this machine is; run last, repeated once")
    config.addinivalue_line("markers", "alone: of these, what needs the whole machine")


@pytest.hookimpl(tryfirst=True)  # before -m chooses by mark
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests last: playwright leaves its event loop running, in which no other test could run its own."""
    for item in items:
        if _keeps_real_time(item):
            item.add_marker("realtime")
        if config.getoption("--whole") and item.get_closest_marker("realtime"):
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=REST_S))
    items.sort(key=_in_browser)


def _in_browser(item: pytest.Item) -> bool:
    return "playwright" in getattr(item, "fixturenames", ())


def _keeps_real_time(item: pytest.Item) -> bool:
    used = vars(getattr(item, "module", None) or object).values()
    return _in_browser(item) or any(getattr(one, "__module__", "") in REAL for one in used)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _whole(item.config, report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _whole(collector.config, report)
    return report


def _whole(config: pytest.Config, report: pytest.TestReport | pytest.CollectReport) -> None:
    """What is skipped fails in a whole run, with the reason of the skip."""
    if not config.getoption("--whole") or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if BESIDE not in reason:
        report.outcome, report.longrepr = "failed", f"{report.nodeid} may not be left out of a whole run. {reason}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A test that passed only when it was repeated is shown with what failed first: its cause is to be mended."""
    failed = {report.nodeid for report in terminalreporter.stats.get("failed", ())}
    for report in terminalreporter.stats.get("rerun", ()):
        if report.nodeid not in failed:
            title = f"PASSED ONLY WHEN REPEATED, TO BE MENDED: {report.nodeid}"
            terminalreporter.section(title, sep="!", red=True, bold=True)
            terminalreporter.write_line(report.longreprtext)
