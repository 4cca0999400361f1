"""What became of the rows of a file: as JSON for machines, as tables for people."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich.table import Table

from saan.sources.refusal import Refusal
from saan.sources.row import Remark, Row, RowOutcome

LANGUAGES = ("th", "en")
_SHOWN_WORDS = {
    "th": {"row": "แถว", "outcome": "ผล", "rule": "กฎ", "column": "คอลัมน์", "said": "พบอะไร และแก้อย่างไร"},
    "en": {
        "row": "Row",
        "outcome": "Outcome",
        "rule": "Rule",
        "column": "Column",
        "said": "What was found, and the fix",
    },
}
_OUTCOME_WORDS = {
    "th": {RowOutcome.ACCEPT: "รับ", RowOutcome.WARN: "รับ (มีข้อสังเกต)", RowOutcome.REFUSE: "ไม่รับ"},
    "en": {RowOutcome.ACCEPT: "accepted", RowOutcome.WARN: "warned", RowOutcome.REFUSE: "refused"},
}
_COLOURS = {RowOutcome.ACCEPT: "green", RowOutcome.WARN: "yellow", RowOutcome.REFUSE: "red"}


class Report:
    """Collects rows as they pass. Of accepted rows only number and outcome are kept, so a large file stays small."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.refusal: Refusal | None = None
        self.outcomes: Counter[RowOutcome] = Counter()
        self.rules: Counter[str] = Counter()
        self._rows: list[tuple[int, RowOutcome, tuple[Remark, ...], str]] = []

    def add(self, row: Row) -> None:
        self.outcomes[row.outcome] += 1
        self.rules.update(row.rules)
        self._rows.append((row.number, row.outcome, row.findings, row.file))

    def watch(self, rows: Iterable[Row]) -> Iterable[Row]:
        """The same rows, reported as they pass."""
        for row in rows:
            self.add(row)
            yield row

    def as_json(self) -> dict[str, Any]:
        """``{"file", "summary", "rows": [{"row", "outcome", "rules"}]}`` with remarks; ``refused`` for a whole file."""
        shown: dict[str, Any] = {
            "file": self.file,
            "summary": self._summary(),
            "rows": [_row(*row) for row in self._rows],
        }
        if self.refusal:
            r = self.refusal
            shown["refused"] = {"code": r.code, "th": r.th, "en": r.en, "fix_th": r.fix_th, "fix_en": r.fix_en}
        return shown

    def as_tables(self, language: str = "th", limit: int = 50) -> list[Table]:
        """The counts, and ``limit`` remarks, those of refused rows first; ``language`` is one of ``LANGUAGES``."""
        return [self._counts(language), self._remarks(language, limit)]

    def _summary(self) -> dict[str, Any]:
        counts: dict[str, Any] = {outcome.value: self.outcomes[outcome] for outcome in RowOutcome}
        return {**counts, "rules": dict(self.rules)}

    def _counts(self, language: str) -> Table:
        table = Table(title=self.file)
        for outcome in RowOutcome:
            table.add_column(_OUTCOME_WORDS[language][outcome], style=_COLOURS[outcome], justify="right")
        table.add_row(*(f"{self.outcomes[outcome]:,}" for outcome in RowOutcome))
        return table

    def _remarks(self, language: str, limit: int) -> Table:
        words = _SHOWN_WORDS[language]
        # what was refused first: that is what somebody must mend, and a long list of warnings would hide it
        rows = sorted(self._rows, key=lambda row: row[1] is not RowOutcome.REFUSE)
        every = [(f"{file} {number}".strip(), outcome, one) for number, outcome, found, file in rows for one in found]
        left = len(every) - limit
        more = {"th": f"และอีก {left:,} รายการ", "en": f"and {left:,} more"}[language]
        table = Table(*(words[name] for name in words), caption=more if left > 0 else None)
        for place, outcome, remark in every[:limit]:
            said = f"{remark.th} — {remark.fix_th}" if language == "th" else f"{remark.en}. {remark.fix_en}."
            colour = _COLOURS[outcome]
            shown = f"[{colour}]{_OUTCOME_WORDS[language][outcome]}[/{colour}]"
            table.add_row(place, shown, remark.code, remark.column, said)
        return table


def _row(number: int, outcome: RowOutcome, remarks: tuple[Remark, ...], file: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"row": number, "outcome": outcome.value, "rules": _codes(remarks)}
    if file:
        shown = {"file": file, **shown}
    if remarks:
        shown["findings"] = [
            {"code": r.code, "column": r.column, "th": r.th, "en": r.en, "fix_th": r.fix_th, "fix_en": r.fix_en}
            for r in remarks
        ]
    return shown


def _codes(remarks: tuple[Remark, ...]) -> list[str]:
    return list(dict.fromkeys(remark.code for remark in remarks))
