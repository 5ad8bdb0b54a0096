"""``grader doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import options

if TYPE_CHECKING:
    from grader.sandbox.group_proof import GroupProof
    from grader.sandbox.levels import Proof


@click.command("doctor")
@options.format_
def command(format_: str) -> int:
    """Try everything a hostile submission would, at each sandbox level, and say what this host refuses."""
    from grader.core.digest import engine_digest
    from grader.sandbox.group_proof import GroupProof, prove_groups
    from grader.sandbox.levels import LEVELS, probe

    text = format_ == "text"
    if text:
        click.echo(engine_digest())
    proofs = []
    for level in LEVELS:
        proofs.append(probe(level))
        if text:
            _tell(proofs[-1])
    best = next((proof.level for proof in proofs if proof.holds), None)
    groups = GroupProof(problem="no level of the sandbox holds here") if best is None else prove_groups(best)
    if not text:
        levels = [
            {"level": proof.level, "holds": proof.holds, "problem": proof.problem, "not_enforced": proof.broken}
            | {"refusals": proof.refusals, "mechanisms": proof.mechanisms}
            for proof in proofs
        ]
        options.print_json({"engine": engine_digest(), "uses": best, "levels": levels, "cgroups": groups})
        return 2 if best is None else 0
    click.echo(_groups_told(groups))
    if best is None:
        click.echo("\n`grader grade` will refuse here; `--sandbox none` grades code that you trust, and no other.")
    else:
        click.echo(f"\n`grader grade` will use: {best}")
    return 2 if best is None else 0


def _groups_told(groups: GroupProof) -> str:
    if groups.problem:
        return f"\ncgroups: not used, limits are each process's own and what is watched  ({groups.problem})"
    return f"\ncgroups: memory and threads beyond a worker's own limits were stopped  (in {groups.group})"


def _tell(proof: Proof) -> None:
    from grader.sandbox.levels import PROMISES

    click.echo(f"\n{proof.level}: " + ("enforced" if proof.holds else "not available on this host"))
    if proof.problem:
        click.echo(f"  ✗ {proof.problem}")
        return
    for name, promise in PROMISES.items():
        refusal = proof.refusals.get(name, "")
        click.echo(f"  ✓ {promise}  ({refusal})" if refusal else f"  ✗ NOT ENFORCED: {promise}")
    for name, holds in proof.mechanisms.items():
        click.echo(f"  {'✓' if holds else '–'} {name}  (says the kernel of the worker)")
