"""Write the state diagrams of docs/states/ from the transitions in the code; `--check` only compares."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_site.kit.fsm import Stateful, edges, initial_state, stateful_models


def diagram(model: type[Stateful]) -> str:
    """Mermaid diagram and table of one model, Markdown."""
    meta: Any = model._meta  # every concrete subclass has a state
    field = meta.get_field("state")
    names = dict(field.choices)
    lines = [f"# {model._meta.verbose_name} `{model._meta.label}`", "", "```mermaid", "stateDiagram-v2"]
    lines.append(f"    [*] --> {initial_state(model)}")
    lines += [f"    {edge.source} --> {edge.target}: {edge.name}" for edge in edges(model)]
    lines += ["```", "", "| from | to | transition | who | clause |", "|---|---|---|---|---|"]
    lines += [
        f"| {names.get(edge.source)} `{edge.source}` | {names.get(edge.target)} `{edge.target}` "
        f"| `{edge.name}` | {edge.actor} | {edge.clause} |"
        for edge in edges(model)
    ]
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Writes docs/states/*.md"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs" / "states"
        folder.mkdir(parents=True, exist_ok=True)
        stale = []
        for model in stateful_models():
            path = folder / f"{model._meta.label_lower}.md"
            if not path.exists() or path.read_text() != diagram(model):
                stale.append(path.name)
                if not check:
                    path.write_text(diagram(model))
        if check and stale:
            raise CommandError(f"stale diagrams: {', '.join(stale)}; run manage.py draw_states")
        self.stdout.write(f"{len(stale)} written" if not check else "current")
