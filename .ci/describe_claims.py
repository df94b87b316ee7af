"""List every sentence that a title can say, and what is said of the sample.

`python .ci/describe_claims.py` writes `docs/claims.md`; a test holds it to what the kit says.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kit
from kit.data import knowledge
from kit.measure.findings import weigh_findings

CLAIMS = Path(__file__).parents[1] / "docs" / "claims.md"


def describe_claims(analyses: Mapping[str, Any]) -> str:
    """Return every sentence that a title can say, by its rule, and what became of it in some analyses, as Markdown."""
    known, plain = knowledge("findings.toml"), knowledge("labels.toml")["figures"]
    lines = ["# What titles can say", "", known["head"].strip(), "", "## Rules", "",
             "| rule | figure | interest | in Chinese | in English |", "|---|---|---|---|---|"]  # fmt: skip
    ordered = sorted(known["rules"].items(), key=lambda rule: -rule[1]["interest"])
    lines += [f"| `{code}` | {r['stem']} | {r['interest']} | {r['zh']} | {r['en']} |" for code, r in ordered]
    lines += [
        "",
        "Without a finding a figure's title describes:",
        "",
        "| figure | in Chinese | in English |",
        "|---|---|---|",
    ]
    lines += [
        f"| {stem} | {said['plain']['zh']} | {said['plain']['en']} |" for stem, said in plain.items() if "plain" in said
    ]
    for name, analysis in analyses.items():
        lines += ["", f"## {name}", "", "| rule | claim | n | of | sentences | evidence | held back by |",
                  "|---|---|---|---|---|---|---|"]  # fmt: skip
        for row in weigh_findings(analysis).itertuples():
            evidence = "; ".join(filter(None, (row.evidence_earlier, row.evidence)))
            claim = f"{row.claim}<br>{row.claim_en}"
            lines.append(f"| `{row.code}` | {claim} | {row.n} | {row.of} | {row.support} | {evidence} | {row.fault} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    one = kit.analyse(kit.sample(2023))
    two = kit.analyse([kit.sample(2023), kit.sample(2024)])
    said = describe_claims({"The sample of 2023": one, "The sample of 2024, with the year before": two})
    CLAIMS.write_text(said, encoding="utf-8", newline="\n")
