"""The protocol between a shell and the completion: Typer's own, for bash, zsh, fish and PowerShell.

What differs from Typer: nobody waits for Rich to be loaded, which Typer does for each sentence in case it has markup;
`--to=P` is completed as `--to P` is; signs that mean something to zsh may stand in a sentence; and zsh completes at the
first Tab, at which it reads the script, while with Typer's nothing happens before the second.
"""

import os
import re
from typing import TYPE_CHECKING, Final

from typer import completion
from typer._click.shell_completion import CompletionItem, ShellComplete, add_completion_class
from typer._completion_classes import BashComplete, FishComplete, PowerShellComplete, ZshComplete
from typer._completion_shared import COMPLETION_SCRIPT_ZSH, Shells, _completion_scripts

if TYPE_CHECKING:
    from typer._click import Command


_AT_ONCE: Final = """
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  %(complete_func)s "$@"
fi
"""


def prepare_scripts() -> None:
    """Let the script that is shown or installed for zsh complete at once where zsh reads it at the first Tab."""
    _completion_scripts[Shells.zsh.value] = COMPLETION_SCRIPT_ZSH + _AT_ONCE


def typed() -> list[str]:
    """The words of the command line that is completed, without the name of the program."""
    return (os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")).split()[1:]


def answer(command: "Command") -> int:
    """Write what the shell asks for to standard output. The exit status tells fish whether that is anything."""
    for shell, of_shell in _SHELLS.items():
        add_completion_class(of_shell, shell.value)
    try:
        return completion.shell_complete(command, {}, "cxc", "_CXC_COMPLETE", os.environ.get("_CXC_COMPLETE", ""))
    except SystemExit as answered:
        return int(answered.code or 0)


class _Joined(ShellComplete):
    """Completes --option=value, whether the shell takes it for one word or, as bash, for three."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """The words for what is incomplete."""
        option, equals, _ = incomplete.partition("=")
        before = [word for place, word in enumerate(args) if word != "=" or not args[place - 1].startswith("--")]
        items = super().get_completions(before, incomplete)
        if equals and option:
            for item in items:
                item.value = f"{option}={item.value}"
        return items


class Bash(_Joined, BashComplete):
    """Words alone: bash shows no meaning beside them."""


class Zsh(_Joined, ZshComplete):
    """Words with their meaning, in a command that zsh evaluates."""

    def format_completion(self, item: CompletionItem) -> str:
        """A word and its meaning, quoted."""
        quoted = [f'"{re.sub(_QUOTED, _quote, text)}"' for text in (item.value, item.help) if text]
        return ":".join(quoted)


_QUOTED: Final = r"""[\\"$`:']"""


def _quote(sign: re.Match[str]) -> str:
    """A sign inside double quotes that are inside single ones."""
    return {"'": r"'\''", ":": r"\\:"}.get(sign[0], f"\\{sign[0]}")


class Fish(_Joined, FishComplete):
    """Words with their meaning behind a tabulator."""

    def format_completion(self, item: CompletionItem) -> str:
        """A word and its meaning."""
        return f"{item.value}\t{item.help}" if item.help else str(item.value)


class PowerShell(_Joined, PowerShellComplete):
    """Words with their meaning behind three colons; PowerShell wants one in any case."""

    def format_completion(self, item: CompletionItem) -> str:
        """A word and its meaning."""
        return f"{item.value}:::{item.help or ' '}"


_SHELLS: Final[dict[Shells, type[ShellComplete]]] = {
    Shells.bash: Bash,
    Shells.zsh: Zsh,
    Shells.fish: Fish,
    Shells.powershell: PowerShell,
    Shells.pwsh: PowerShell,
}
