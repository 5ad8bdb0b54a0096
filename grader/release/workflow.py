"""The workflow that comes with a bundle: a student's repository on GitHub checks itself at each push."""

from __future__ import annotations

from typing import Final

PATH: Final = ".github/workflows/check.yml"

TEXT: Final = """\
# Runs the public checks of every exercise you have begun, and writes a summary of this run.
name: check
on:
  push:
  workflow_dispatch:
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
          cache: pip
          cache-dependency-path: pyproject.toml
      # torch is large: set the repository variable PIP_INDEX_URL to an index of CPU builds to install it faster.
      - run: python -m pip install --quiet --editable .
        env:
          PIP_INDEX_URL: ${{ vars.PIP_INDEX_URL }}
      - run: python -m grader.lms.actions
"""
