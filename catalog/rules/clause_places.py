"""Where the code applies a clause and which tests name it, read from the source: nothing of it is typed by hand."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["finding", "step", "parameter", "item", "cited", "described"]

_KEY = r"(?:(?:T18|P18|S19|N20|D|REF)/[a-z0-9_]+(?:\.[a-z0-9]+)*(?:\(\d+\))?|REF)"
_WHOLE = re.compile(_KEY)
_IN_TEXT = re.compile(rf"(?<![\w/]){_KEY}(?![\w/])")
_DEFAULT = re.compile(r"\bdefault (\d+)\b")  # how docstrings call the platform's own rules: default 4 is D/4
# A test may carry its key in its name: test_s19_4_1_2_…, test_e_t18_5_4_9_…, test_s19_annex_note2_…, test_default_8_…
_IN_NAME = re.compile(
    r"^test_(?:[a-g]_)?(?:(?P<document>s19|t18|p18|n20|ref)(?P<place>(?:_annex\d?)?(?:_note\d|(?:_\d+){0,3}))"
    r"|(?:default|d)_(?P<default>\d+|once|stale|state|upload|accounts|four_eyes|two_people))(?:_|$)"
)
# Rooms that show a rule to people; what refuses, computes or moves something lies elsewhere.
_SHOWING = {"pages", "forms", "filters", "tables", "urls", "documents", "templatetags", "portals", "management", "api"}
# These name keys as examples or as words, and read the numbers of an edition only to keep, check or write them.
_TERMS = "catalog.rules.terms"
_SILENT = (
    "platform_site.kit.clause_names", _TERMS, "catalog.rules.parameter_words", "catalog.rules.parameter_checks",
    "catalog.rules.parameter_kinds", __name__,
)  # fmt: skip
# How a key is written and found is tried there, not what it rules; only the platform's own rules (D) are.
_EXAMPLES = ("tests/kit/", "tests/rules/test_clauses.py")
_NO_BUSINESS = ("platform_site.kit", "platform_site.management")


@dataclass(frozen=True, slots=True)
class Place:
    """One spot in the code. kind: it refuses with a finding, draws a step of a procedure, reads a number or an item of
    the edition, cites the key otherwise, or names it in its description. words: for people, "" where there are none."""

    kind: Kind
    module: str
    name: str
    line: int
    words: str = ""

    @property
    def dotted(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module

    @property
    def applies(self) -> bool:
        """It does something about the rule, rather than showing it."""
        return not _SHOWING & set(self.module.split("."))


@dataclass(frozen=True)
class Uses:
    """direct: by clause key. parameters: by parameter key, for the clause that sets it. items: wherever an item's own
    clause is cited."""

    direct: dict[str, list[Place]] = field(default_factory=dict)
    parameters: dict[str, list[Place]] = field(default_factory=dict)
    items: list[Place] = field(default_factory=list)

    def of(self, key: str, *, parameters: tuple[str, ...] = (), is_item: bool = False) -> list[Place]:
        """All places of a clause that sets these parameters; every place once, the applying ones first."""
        found = [*self.direct.get(key, ()), *(self.items if is_item else ())]
        found += [place for name in parameters for place in self.parameters.get(name, ())]
        return sorted(dict.fromkeys(found), key=lambda place: (not place.applies, place.module, place.line))


def uses_in(sources: Mapping[str, str], parameter_names: frozenset[str]) -> Uses:
    """Read modules (dotted name to source text). Raises SyntaxError for what is no Python."""
    uses = Uses()
    read_by = {name: (name,) for name in parameter_names} | _methods(sources.get(_TERMS, ""), parameter_names)
    for module, text in sources.items():
        if module in _SILENT:
            continue
        for kind, name, place in _Reader(module, read_by).read(ast.parse(text)):
            if kind == "item":
                uses.items.append(place)
            else:
                (uses.parameters if kind == "parameter" else uses.direct).setdefault(name, []).append(place)
    return uses


def named_by_tests(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Clause key to tests ("tests/rules/test_a.py::test_x") that name it: in their name, docstring, cases or asserts.
    What stands outside of functions counts for the file."""
    named: dict[str, list[str]] = {}
    for file, text in sources.items():
        for node in ast.parse(text).body:
            test = isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not test:
                continue
            name = f"{file}::{node.name}" if isinstance(node, ast.FunctionDef) else file
            keys = {key for key in _named(node) if key.startswith("D/") or not file.startswith(_EXAMPLES)}
            for key in sorted(keys):
                if name not in named.setdefault(key, []):
                    named[key].append(name)
    return named


def _named(node: ast.stmt) -> set[str]:
    texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    found = {key for text in texts for key in _keys_in(text)}
    spelled = _IN_NAME.match(node.name) if isinstance(node, ast.FunctionDef) else None
    if spelled and spelled["default"]:
        found.add(f"D/{spelled['default']}")
    elif spelled and spelled["place"]:
        found.add(f"{spelled['document'].upper()}/{'.'.join(spelled['place'].strip('_').split('_'))}")
    return found


def _keys_in(text: str) -> list[str]:
    """A key that is put together from pieces ("S19/annex." and a number) is none."""
    whole = [key for key in _IN_TEXT.findall(text) if not key.endswith("annex")]
    return whole + [f"D/{number}" for number in _DEFAULT.findall(text)]


@dataclass(frozen=True, slots=True)
class _Here:
    """Where the reader stands: names of class and function, kind and words of the call around it."""

    name: str = ""
    title: str = ""
    kind: Kind = "cited"
    words: str = ""


class _Reader:
    """Walks one module; yields (kind of key, key, place). read_by: what is asked of the terms to numbers it reads."""

    def __init__(self, module: str, read_by: Mapping[str, tuple[str, ...]]) -> None:
        self.module, self.read_by = module, read_by
        self.constants: dict[str, str] = {}
        self.described = not module.startswith(_NO_BUSINESS)

    def read(self, tree: ast.Module) -> Iterator[tuple[str, str, Place]]:
        self.constants = _constants(tree)
        yield from self._walk(tree, _Here())

    def _walk(self, node: ast.AST, here: _Here) -> Iterator[tuple[str, str, Place]]:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            here = _entered(node, here)
            yield from self._described(node, here)
        elif isinstance(node, ast.Call):
            here = _called(node, here)
        yield from self._cited(node, here)
        for child in ast.iter_child_nodes(node):
            yield from self._walk(child, here)

    def _described(
        self, node: ast.Module | ast.ClassDef | ast.FunctionDef, here: _Here
    ) -> Iterator[tuple[str, str, Place]]:
        text = ast.get_docstring(node) if self.described else None
        for key in dict.fromkeys(_keys_in(text or "")):
            yield "direct", key, Place("described", self.module, here.name, getattr(node, "lineno", 1))

    def _cited(self, node: ast.AST, here: _Here) -> Iterator[tuple[str, str, Place]]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _WHOLE.fullmatch(node.value):
                yield "direct", node.value, self._place(here.kind, node, here)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in self.constants:
            yield "direct", self.constants[node.id], self._place(here.kind, node, here)
        elif isinstance(node, ast.Attribute):
            yield from self._read_of_edition(node, here)
        elif isinstance(node, ast.Call) and _last_name(node.func) == "clause":
            names = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            for name in sorted(set(self.read_by).intersection(map(str, names))):
                yield "parameter", name, self._place("parameter", node, here)

    def _read_of_edition(self, node: ast.Attribute, here: _Here) -> Iterator[tuple[str, str, Place]]:
        """terms.notice_days reads a number; item.clause cites whichever item it is."""
        owner = _last_name(node.value)
        if owner == "item" and node.attr == "clause":
            yield "item", "", self._place("item", node, here)
        elif owner == "terms":
            for name in self.read_by.get(node.attr, ()):
                yield "parameter", name, self._place("parameter", node, here)

    def _place(self, kind: Kind, node: ast.expr, here: _Here) -> Place:
        return Place(kind, self.module, here.name, node.lineno, here.words)


def _entered(node: ast.Module | ast.ClassDef | ast.FunctionDef, here: _Here) -> _Here:
    if isinstance(node, ast.Module):
        return here
    inner = replace(here, name=f"{here.name}.{node.name}".lstrip("."), kind="cited", words="")
    return replace(inner, title=_title_of(node)) if isinstance(node, ast.ClassDef) else inner


def _called(call: ast.Call, here: _Here) -> _Here:
    """A finding brings its title, a transition its actor; other calls leave things as they are."""
    texts = {word.arg: str(word.value.value or "") for word in call.keywords if isinstance(word.value, ast.Constant)}
    name = _last_name(call.func)
    if name.endswith("Finding"):
        return replace(here, kind="finding", words=texts.get("title", ""))
    if name == "transition":
        what = here.title or here.name.partition(".")[0]
        return replace(here, kind="step", words=f"{what}的一步，由{texts.get('actor', '平台')}办")
    return here


def _constants(tree: ast.Module) -> dict[str, str]:
    """Names of the module that stand for a key: FORM = "S19/5.3.6"."""
    names: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names |= {_last_name(target): str(node.value.value) for target in node.targets}
    return {name: value for name, value in names.items() if _WHOLE.fullmatch(value)}


def _methods(terms: str, parameter_names: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """rate_for reads rates and regions: methods of the terms to the numbers they read, through each other too."""
    functions = [node for node in ast.walk(ast.parse(terms)) if isinstance(node, ast.FunctionDef)]
    asked = {
        function.name: {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
        for function in functions
    }
    for names in (*asked.values(), *asked.values()):
        names |= {inner for name in names & set(asked) for inner in asked[name]}
    return {name: tuple(sorted(names & parameter_names)) for name, names in asked.items()}


def _title_of(model: ast.ClassDef) -> str:
    """verbose_name of a model, "" for other classes."""
    metas = [node for node in model.body if isinstance(node, ast.ClassDef) and node.name == "Meta"]
    for node in (part for meta in metas for part in meta.body if isinstance(part, ast.Assign)):
        if _last_name(node.targets[0]) == "verbose_name" and isinstance(node.value, ast.Constant):
            return str(node.value.value)
    return ""


def _last_name(node: ast.expr) -> str:
    """terms of self.terms, Finding of findings.Finding; "" where it has none."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
