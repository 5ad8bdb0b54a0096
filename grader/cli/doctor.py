"""``grader doctor``."""

from __future__ import annotations

import click


@click.command("doctor")
def command() -> int:
    """Try everything a hostile submission would, at each sandbox level, and say what this host refuses."""
    from grader.core.digest import engine_digest
    from grader.sandbox.levels import LEVELS, PROMISES, probe

    click.echo(engine_digest())
    best = None
    for level in LEVELS:
        proof = probe(level)
        click.echo(f"\n{level}: " + ("enforced" if proof.holds else "not available on this host"))
        if proof.problem:
            click.echo(f"  ✗ {proof.problem}")
            continue
        for name, promise in PROMISES.items():
            refusal = proof.refusals.get(name, "")
            click.echo(f"  ✓ {promise}  ({refusal})" if refusal else f"  ✗ NOT ENFORCED: {promise}")
        for name, holds in proof.mechanisms.items():
            click.echo(f"  {'✓' if holds else '–'} {name}  (says the kernel of the worker)")
        if proof.holds and best is None:
            best = level
    click.echo()
    if best is None:
        click.echo("`grader grade` will refuse here; `--sandbox none` grades code that you trust, and no other.")
        return 2
    click.echo(f"`grader grade` will use: {best}")
    return 0
