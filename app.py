"""Builds the application and is its command line: `python app.py --help`. No logic: see `ivr/commands/`."""

from __future__ import annotations

import importlib
from typing import Any

import click

COMMANDS = {
    "account": "Make, list, reset, lock and unlock accounts of people who sign in.",
    "areas": "Import and list the areas of cities.",
    "backup": "Write the whole store to a file.",
    "bookings": "Show bookings (with --json as JSON).",
    "call": "Make a test call through the built-in exchange.",
    "check": "Check prompts, phrases and flows.",
    "executives": "Import and list executives, note absences, write day sheets.",
    "exchange": "Run the built-in exchange in a process of its own.",
    "flow": "Show the flow; --graph draws it.",
    "hear": "Recognise what is said in a WAV file.",
    "jobs": "Show the jobs, or run one now.",
    "notices": "Show notices, or those that failed.",
    "prompts": "Publish prompts and phrases, list editions, go back to one.",
    "prepare": "Migrate and seed the store, prepare spoken prompts, get the models.",
    "restore": "Put a backup into the store.",
    "say": "Speak a text into a WAV file.",
    "serve": "Serve calls and pages.",
    "staffing": "Agents needed in each hour.",
    "simulate": "Simulate a season in a store of its own and check it.",
    "token": "Make, list and revoke tokens of the API.",
    "understand": "Understand JSON lines from standard input.",
}


class Lazy(click.Group):
    """Loads a command's module only when it is called, so that `understand` does not wait for Vosk."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command `cmd_name`, from `ivr/commands/<name>.py`."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"ivr.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


def pages(flask: Any, application: Any) -> None:
    """Add the console's pages to the server's routes."""
    from console.pages import mount

    mount(flask, application)


@click.group(cls=Lazy)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Mitan: the voice that answers 14545."""
    ctx.obj = pages


if __name__ == "__main__":
    main()
