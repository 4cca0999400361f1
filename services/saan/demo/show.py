"""The demo's outcome as tables for people, in Thai and English."""

from collections.abc import Iterator

from rich.table import Table

from saan.demo.result import Result

_SHOWN = 10


def tables(result: Result) -> Iterator[Table]:
    """What everybody was owed and got, what was refused by rule, and, if there are any, the differences."""
    yield _accounts(result)
    yield _refusals(result)
    if not result.balanced:
        yield _differences(result)


def headline(result: Result) -> str:
    """One sentence in both languages."""
    if result.balanced:
        return (
            f"ดุลพอดี: ส่ง {result.published:,} รับไว้ {result.accepted:,} ไม่รับ {result.rejected:,} "
            f"ทุกหน่วยงานได้รับครบตามสิทธิ ไม่ขาดไม่เกิน · balanced: {result.published:,} published, "
            f"{result.accepted:,} accepted, {result.rejected:,} refused; everybody got exactly what it is owed"
        )
    return (
        f"ดุลไม่พอดี: {sum(not a.balanced for a in result.accounts)} กล่องรับผิดจากสิทธิ "
        f"{len(result.surprises)} รายการไม่เป็นไปตามคาด · NOT balanced: "
        f"{sum(not a.balanced for a in result.accounts)} inbox(es) differ, {len(result.surprises)} surprise(s)"
    )


def _accounts(result: Result) -> Table:
    table = Table(title="ควรได้รับ เทียบกับ ได้รับจริง · owed and delivered")
    table.add_column("ผู้เข้าร่วม · participant", overflow="fold")
    for title in ("ควรได้ · owed", "ได้จริง · got", "ขาด · missing", "เกิน · surplus"):
        table.add_column(title, justify="right")
    for account in result.accounts:
        numbers = (account.owed, account.got, len(account.missing), len(account.surplus))
        style = None if account.balanced else "bold red"
        table.add_row(account.participant, *(f"{number:,}" for number in numbers), style=style)
    table.add_section()
    sums = (sum(a.owed for a in result.accounts), sum(a.got for a in result.accounts))
    gaps = (sum(len(a.missing) for a in result.accounts), sum(len(a.surplus) for a in result.accounts))
    table.add_row("รวม · total", *(f"{number:,}" for number in (*sums, *gaps)), style="bold")
    return table


def _refusals(result: Result) -> Table:
    table = Table(title="ไม่รับ แยกตามกฎ · refused, by rule")
    table.add_column("กฎ · rule")
    table.add_column("แถวในทะเบียน · roster rows", justify="right")
    table.add_column("เหตุการณ์ · events", justify="right")
    for rule in sorted(result.rows_by_rule.keys() | result.rejected_by_rule.keys(), key=_rule_order):
        table.add_row(rule, f"{result.rows_by_rule[rule]:,}", f"{result.rejected_by_rule[rule]:,}")
    table.add_section()
    table.add_row("รวม · total", f"{result.rows_refused:,}", f"{result.rejected:,}", style="bold")
    return table


def _differences(result: Result) -> Table:
    table = Table(title="ความต่าง · differences")
    for title in ("ที่ · where", "เหตุการณ์ · event", "คาดไว้ · planted", "พบ · found"):
        table.add_column(title)
    for surprise in result.surprises[:_SHOWN]:
        table.add_row(surprise.where, " ".join(surprise.publication), surprise.planted, surprise.found)
    gaps = [("ควรได้ · owed", "ไม่มี · missing", a.participant, key) for a in result.accounts for key in a.missing]
    gaps += [("ไม่ควรได้ · not owed", "มี · delivered", a.participant, key) for a in result.accounts for key in a.surplus]
    for planted, found, participant, key in gaps[:_SHOWN]:
        table.add_row(f"inbox {participant}", " ".join(key), planted, found)
    hidden = max(0, len(result.surprises) - _SHOWN) + max(0, len(gaps) - _SHOWN)
    if hidden:
        table.add_row("…", f"และอีก {hidden:,} รายการ ดูด้วย --json · and {hidden:,} more: see --json", "", "")
    return table


def _rule_order(rule: str) -> tuple[str, int, str]:
    """V2 before V10: letters first, then the number."""
    letters = rule.rstrip("0123456789")
    number = rule[len(letters) :]
    return letters, int(number) if number else 0, rule
