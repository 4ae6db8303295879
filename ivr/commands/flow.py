"""`python app.py flow`: the helpline's flow as a list or as a graph."""

from __future__ import annotations

import click

from dialogs.flow import load
from dialogs.graph import dot


@click.command(help="Show the flow: a line a node, or with --graph the whole as Graphviz DOT (dot -Tsvg draws it).")
@click.option("--graph", is_flag=True, help="Print Graphviz DOT.")
def command(graph: bool) -> None:
    """Print the flow."""
    flow = load()
    if graph:
        click.echo(dot(flow))
        return
    for node in flow.nodes.values():
        leads = ", ".join(dict.fromkeys(node.targets()))
        click.echo(f"{node.id:20} {node.kind:7} {node.expect or node.op or node.end:10} -> {leads}")
