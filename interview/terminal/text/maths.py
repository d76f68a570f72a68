"""The maths: `$…$` as Unicode where that is exact, and verbatim where it is not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

UP_FROM = "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ⊤′∗"
UP_TO = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡᵀ′*"
UP = dict(zip(UP_FROM, UP_TO, strict=True))
DOWN = dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
SYMBOLS: Mapping[str, str] = {
    "cdot": " · ", "times": " × ", "div": " ÷ ", "pm": " ± ", "le": " ≤ ", "leq": " ≤ ", "ge": " ≥ ", "geq": " ≥ ",
    "ne": " ≠ ", "neq": " ≠ ", "approx": " ≈ ", "sim": " ∼ ", "propto": " ∝ ", "equiv": " ≡ ", "in": " ∈ ",
    "to": " → ", "rightarrow": " → ", "leftarrow": " ← ", "mapsto": " ↦ ", "Rightarrow": " ⇒ ", "odot": " ⊙ ",
    "circ": "∘", "mid": " | ", "ll": " ≪ ", "gg": " ≫ ", "infty": "∞", "partial": "∂", "nabla": "∇", "top": "⊤",
    "sum": "∑", "prod": "∏", "int": "∫", "ldots": "…", "dots": "…", "cdots": "⋯", "prime": "′", "ell": "ℓ",
    "forall": "∀", "exists": "∃", "ast": "∗", "langle": "⟨", "rangle": "⟩", "lVert": "‖", "rVert": "‖", "|": "‖",
    "lvert": "|", "rvert": "|", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "colon": ":",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "{": "{", "}": "}", "%": "%", "_": "_", "&": "&", "#": "#", "$": "$",
    ",": " ", ";": " ", ":": " ", "!": "", " ": " ", "quad": "  ", "qquad": "   ", "left": "", "right": "",
    "bigl": "", "bigr": "", "big": "", "Big": "", "Bigl": "", "Bigr": "", "displaystyle": "",
}  # fmt: skip
NAMES = frozenset((
    "log", "ln", "exp", "max", "min", "sin", "cos", "tan", "tanh", "arg", "det", "dim", "gcd", "sup", "inf", "lim",
    "Pr", "sgn", "diag", "tr", "argmax", "argmin",
))  # fmt: skip
PLAIN_STYLES = frozenset((
    "mathrm", "text", "operatorname", "mathbf", "boldsymbol", "bm", "mathit", "textbf", "textit", "mathsf", "mathtt",
    "texttt",
))  # fmt: skip
DOUBLE = {"E": "𝔼", "R": "ℝ", "P": "ℙ", "N": "ℕ", "Z": "ℤ", "C": "ℂ", "Q": "ℚ", "1": "𝟙"}
SCRIPT = {"N": "𝒩", "L": "ℒ", "U": "𝒰", "D": "𝒟", "O": "𝒪", "B": "ℬ", "X": "𝒳", "Y": "𝒴", "H": "ℋ", "F": "ℱ"}
ACCENTS = {
    "hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307",
    "widehat": "\u0302", "widetilde": "\u0303", "overline": "\u0304",
}  # fmt: skip
TOKEN = re.compile(r"\\([A-Za-z]+|.)|([{}^_])|(\s+)|(.)", re.DOTALL)
FRACTIONS = frozenset(("frac", "tfrac", "dfrac"))
BIG = frozenset(("sum", "prod", "int"))
MARKS = "".join({*UP.values(), *DOWN.values()} - set("*")) + "\u0302\u0303\u0304\u0307"  # scripts and accents
LONE_DIFFERENCE = re.compile(rf"(?:^|(?<=[(\[{{⟨]))[\w{MARKS}]+−[\w{MARKS}]+(?:$|(?=[)\]}}⟩]))")
BINARY = {"+": " + ", "-": "−", "=": " = ", "<": " < ", ">": " > ", "*": "∗", "'": "′", "~": " ", "&": " "}


class InexactError(ValueError):
    """This formula has no exact Unicode form here."""


@cache
def show(formula: str) -> str:
    r"""`show(r"\frac{p}{1-p}") == "p/(1−p)"`; a formula beyond us comes back as it was written."""
    try:
        shown = unicode(formula)
    except (InexactError, IndexError, RecursionError):
        return " ".join(formula.split())
    return shown


def unicode(formula: str) -> str:
    tokens = [match.group(0) for match in TOKEN.finditer(formula) if not match.group(3)]
    shown, rest = sequence(tokens, 0)
    if rest != len(tokens):
        raise InexactError
    return spread(tidy(shown))


def spread(shown: str) -> str:
    """Room around a minus between terms, as a plus has it; what is no more than `1−p` or `(1−p)` stays together."""
    held = LONE_DIFFERENCE.sub(lambda found: found[0].replace("−", "\0"), shown)
    return re.sub(r"(?<=[^\s(\[{⟨·/])−", " − ", held).replace("\0", "−")


def tidy(shown: str) -> str:
    """One space around an operator, none inside a bracket or before a comma; a leading minus keeps to its number."""
    shown = re.sub(r"(?<=[\w)\]²³ⁿ′ᵀ}|∞])\s*−\s*(?=\S)", "−", shown)
    shown = re.sub(r",(?=\S)", ", ", shown)
    shown = re.sub(r"\s+", " ", shown)
    return re.sub(r"([(\[{⟨]) | (?=[)\]}⟩,])", r"\1", shown).strip()


def sequence(tokens: list[str], at: int) -> tuple[str, int]:
    """Everything up to a closing brace or the end."""
    shown, apart = "", ""  # `apart`: what must stand between the last piece and the next factor
    while at < len(tokens) and tokens[at] != "}":
        head = tokens[at]
        if head in "^_":
            inner, at = atom(tokens, at + 1)
            shown += script(tidy(inner), raised=head == "^")
            continue
        piece, at = atom(tokens, at)
        name = head[1:]
        if is_factor(piece):
            fraction = name in FRACTIONS and re.search(r"[^\s(\[{=<>|,+−·×/∑∏∫]$", shown)
            worded = name in NAMES and shown[-1:].isalnum()
            shown += apart if apart != " " or not piece.startswith("(") else ""
            shown += " · " if fraction and not apart else " " if worded and not apart else ""
        shown += piece
        apart = "  " if name in BIG else " " if name in NAMES else " · " if name in FRACTIONS else ""
    return shown, at


def is_factor(piece: str) -> bool:
    """Does it multiply what stands before it? Operators, spaces and closing brackets do not."""
    return bool(re.match(r"[\w(\[√∑∏∫‖∂∇∞𝔸-𝟿]", piece))


def script(inner: str, *, raised: bool) -> str:
    table = UP if raised else DOWN
    compact = inner.replace(" ", "")
    if compact and all(each in table for each in compact):
        return "".join(table[each] for each in compact)
    return ("^" if raised else "_") + (inner if re.fullmatch(r"\w|\d+", inner) else f"({inner})")


def atom(tokens: list[str], at: int) -> tuple[str, int]:
    head = tokens[at]
    if head == "{":
        inner, at = sequence(tokens, at + 1)
        if tokens[at] != "}":
            raise InexactError
        return inner, at + 1
    if not head.startswith("\\"):
        return BINARY.get(head, head), at + 1
    return command(head[1:], tokens, at + 1)


def command(name: str, tokens: list[str], at: int) -> tuple[str, int]:
    if name in SYMBOLS:
        if name in ("left", "right") and tokens[at] == ".":
            return "", at + 1
        return SYMBOLS[name], at
    if name in NAMES:
        return name, at
    if name in FRACTIONS:
        above, at = atom(tokens, at)
        below, at = atom(tokens, at)
        return f"{grouped(above)}/{grouped(below)}", at
    if name == "sqrt" and tokens[at] != "[":
        inner, at = atom(tokens, at)
        inner = tidy(inner)
        return (f"√{inner}" if re.fullmatch(rf"\d+|\w[{MARKS}]*", inner) else f"√({inner})"), at
    if name == "binom":
        above, at = atom(tokens, at)
        below, at = atom(tokens, at)
        return f"C({tidy(above)}, {tidy(below)})", at
    inner, at = atom(tokens, at)
    return styled(name, inner), at


def styled(name: str, inner: str) -> str:
    if name in PLAIN_STYLES:
        return inner
    if name in ("mathbb", "mathcal", "mathscr"):
        table = DOUBLE if name == "mathbb" else SCRIPT
        if inner in table:
            return table[inner]
    if name in ACCENTS and len(inner) == 1:
        return unicodedata.normalize("NFC", inner + ACCENTS[name])
    raise InexactError


def grouped(inner: str) -> str:
    """In parentheses when it is more than one factor: `a/(b c)` is not `a/b c`."""
    inner = tidy(inner)
    closed = re.fullmatch(rf"[\w.∞∂∇{MARKS}]+|[√\w]*\([^()]*\)[{MARKS}]*|√\w[{MARKS}]*", inner)
    return inner if closed else f"({inner})"
