"""All commands of `saan`, in the order in which a newcomer meets them."""

import typer

from saan.cli import cluster, governance, inbox, quarantine, station, up

app = typer.Typer(
    name="saan",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help=(
        "**สาน (Saan)** ระบบแลกเปลี่ยนเหตุการณ์ข้อมูลการศึกษา · the event exchange for Thai education records.\n\n"
        "Start with `saan demo`; `saan up` runs an empty exchange; `saan COMMAND --help` teaches each command. "
        "`--debug` anywhere shows the traceback of an error."
    ),
)
app.command("up")(up.up)
app.command("station")(station.station)
app.command("check")(governance.check)
app.command("plan")(governance.plan)
app.command("apply")(governance.apply)
app.command("inbox")(inbox.inbox)
app.add_typer(quarantine.app, name="quarantine")
app.command("topics")(cluster.topics)
app.command("lag")(cluster.lag)
