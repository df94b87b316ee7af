"""Invented tables, and what must hold of every figure: nothing overlaps, leaves the canvas, or is too pale to read."""

from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.transforms import Bbox

from kit import tables
from kit.show.style import Scope, contrast, theme_groups, theme_labels

AGENCIES = (
    "青溪县卫生健康局",
    "青溪县交通运输局",
    "青溪县柳塘镇文化旅游体育与广播电视综合服务中心",
    "县发改委",
    "青溪县自然资源和规划局",
    "县教育局",
    "青溪县市场监督管理局",
)
SECTORS = ("health", "transport", "culture", "development", "land", "education", "market")
TERMS = [
    "项目", "服务", "安全", "建设", "企业", "群众", "培训", "乡村振兴", "高质量发展", "营商环境",
    "安全生产", "科技创新", "文化", "旅游", "公路", "医共体", "党建", "主题教育", "政务服务",
    "污染防治", "耕地保护", "不动产登记", "招商引资", "数字化", "就业", "志愿服务", "信访",
    "消防", "双随机、一公开", "预算",
]  # fmt: skip
THEMES = list(theme_labels("zh"))


def name(number: int) -> str:
    return AGENCIES[(number - 1) % 7] if number <= 7 else f"青溪县第{number}服务中心"


def scope(reports: int, lang: str = "zh", *, two_years: bool = False) -> Scope:
    later = Scope(lang, "青溪县汇编2024.txt", reports, reports, masks=7, period=(2024, 2024)) if two_years else None
    return Scope(
        lang,
        "青溪县汇编.txt",
        reports_counted=reports,
        reports_read=reports + 1,
        copies=1,
        masks=53,
        period=(2023, 2023),
        plan_period=(2024, 2024),
        sectors={number: SECTORS[number % 7 - 1] for number in range(1, reports + 1)},
        later=later,
    )


SCOPE, ENGLISH = (Scope(lang, "青溪县汇编.txt", 12, 12) for lang in ("zh", "en"))  # of no known year


def terms(rows: int = 30) -> pd.DataFrame:
    n = [max(400 // (place + 2), 1) for place in range(rows)]
    return pd.DataFrame(
        {"term": TERMS[:rows], "kind": "word", "n": n, "per_10k_chars": np.array(n) / 5, "n_reports": 3,
         "share_of_reports": 0.25, "dispersion_dp": 0.5}
    )  # fmt: skip


def theme_totals(reports: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(1, reports + 1):
        for place, theme in enumerate(THEMES):
            hits = 0 if place == 22 else int(rng.poisson(3) + 40 * (place == number % 22) + (place == 0))
            rows.append({"report": number, "agency": name(number), "theme": theme, "role": "all", "n_hits": hits,
                         "n_sentences": min(hits, 90), "of_sentences": 100, "of_chars": 4000,
                         "share_of_sentences": min(hits, 90) / 100, "per_10k_chars": hits / 0.4})  # fmt: skip
    return pd.DataFrame(rows)


def coverage(reports: int, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    states = {(True, True): "both", (False, True): "plan only", (True, False): "review only", (False, False): "neither"}
    rows = []
    for number in range(1, reports + 1):
        for theme in THEMES:
            review, plan = int(rng.poisson(1.5)), int(rng.poisson(1.2))
            rows.append({"report": number, "agency": name(number), "theme": theme,
                         "state": states[review > 0, plan > 0], "review_sentences": review, "plan_sentences": plan,
                         "review_share": review / 60, "plan_share": plan / 40,
                         "shift_points": 100 * (plan / 40 - review / 60)})  # fmt: skip
    return pd.DataFrame(rows, columns=list(tables.COVERAGE))


def attention(seed: int = 3) -> pd.DataFrame:
    """Sums of all agencies, which nothing draws, and what is drawn: means, and how many of twelve go which way."""
    rng = np.random.default_rng(seed)
    review = rng.gamma(2, 0.03, len(THEMES))
    plan = np.clip(review + rng.normal(0, 0.04, len(THEMES)), 0, 1)
    up = rng.integers(2, 6, len(THEMES)) + 4 * (plan > review)
    return pd.DataFrame(
        {"theme": THEMES, "review_share": 0.5, "plan_share": 0.1, "shift_points": -40.0,
         "mean_review_share": review, "mean_plan_share": plan, "mean_shift_points": 100 * (plan - review),
         "n_up": up, "n_down": 11 - up, "n_unchanged": 1}
    )  # fmt: skip


def keyness(rows: int = 30) -> pd.DataFrame:
    z = [(-1) ** place * (9 - place / 4) for place in range(rows)]
    return pd.DataFrame(
        {"term": TERMS[:rows], "n": 9, "n_reference": 9, "n_reports": 3, "n_reports_reference": 3, "z": z}
    )


def statuses(reports: int, names: tuple[str, ...] = ("continued", "unclear", "to check", "new")) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    return pd.DataFrame(
        {"report": number, "agency": name(number), "status": status, "n_items": int(rng.poisson(mean))}
        for number in range(1, reports + 1)
        for status, mean in zip(names, (8, 1, 2, 4), strict=True)
    )


def targets(rows: int = 8) -> pd.DataFrame:
    pairs = [
        ("新改建农村公路", "公里", 12, 5.4, False), ("新建口袋公园", "个", 10, 11, False),
        ("规上企业入库", "家", 5, 16, False), ("家庭医生签约服务重点人群覆盖率", "%", 85, 91, False),
        ("细颗粒物年均浓度", "微克/立方米", 35, 33, False), ("技术合同登记额", "亿元", 6, None, False),
        ("固定资产投资增长", "%", 8, 6.5, True), ("战新企业申报", "家", 8, 5, True),
    ][:rows]  # fmt: skip
    table = pd.DataFrame(pairs, columns=["indicator", "unit", "target", "actual", "forecast"]).astype(
        {"target": float, "actual": float, "forecast": bool}
    )
    table["lower_is_better"] = table["unit"] == "微克/立方米"
    is_ratio = table["unit"] == "%"
    table["completion"] = (table["actual"] / table["target"]).mask(is_ratio)
    table["gap_points"] = (table["actual"] - table["target"]).where(is_ratio)
    table["met"] = np.where(
        table["lower_is_better"], table["actual"] <= table["target"], table["actual"] >= table["target"]
    )
    table["start"], table["actual_start"] = range(rows), range(100, 100 + rows)
    return table.assign(report=[1 + row % 3 for row in range(rows)], agency=[name(1 + row % 3) for row in range(rows)])


def pairs(rows: int = 80) -> pd.DataFrame:
    both = list(combinations(TERMS, 2))[: rows * 3 : 3]
    return pd.DataFrame(
        {"term_a": a, "term_b": b, "n_sentences": 3 + place % 9, "n_a": 10 + len(a) * 9, "n_b": 10 + len(b) * 9,
         "g2": 200.0 - place, "log_ratio": 1.0}
        for place, (a, b) in enumerate(both)
    )  # fmt: skip


def drawn(figure: Figure) -> list[Text]:
    """Every text of a figure that is seen."""
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def texts(figure: Figure, role: str) -> list[str]:
    """The texts of one role: title, subtitle, note, source, key, name, value, head, sum …"""
    return [text.get_text() for text in figure.findobj(Text) if text.get_gid() == role]


def ink(text: Text) -> Bbox:
    """The box of a text in pixels; that of its ink alone for the words of a cloud, which stand closer than lines do."""
    if text.get_gid() != "word":
        return text.get_window_extent()
    x, y = text.get_transform().transform(text.get_position())
    path = TextPath((0, 0), text.get_text(), prop=text.get_fontproperties()).get_extents()
    return Bbox(path.get_points() * text.get_figure().dpi / 72 + (x, y))


def overlaps(figure: Figure, slack: float = 0.75) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes overlap by more than ``slack`` points both ways."""
    pixel = figure.dpi / 72
    boxes = [(text.get_text(), ink(text)) for text in drawn(figure)]
    found = []
    for (one, a), (other, b) in combinations(boxes, 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        tall = min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > slack * pixel and tall > slack * pixel:
            found.append((one, other))
    return found


def outside(figure: Figure) -> list[str]:
    """Texts that leave the canvas."""
    page = figure.bbox
    boxes = [(text.get_text(), text.get_window_extent()) for text in drawn(figure)]
    return [text for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > page.x1 or box.y1 > page.y1]


def pale(figure: Figure) -> list[tuple[str, str]]:
    """Texts on the page whose contrast with white is below 4.5; those inside marks are tested with their marks."""
    inside = {"value", "key"}
    return [(text.get_text(), to_hex(text.get_color())) for text in drawn(figure)
            if text.get_gid() not in inside and contrast(to_hex(text.get_color()), "#FFFFFF") < 4.5]  # fmt: skip


def groups() -> list[str]:
    """The group of each theme, in the order of the columns."""
    return [theme_groups("zh")[theme] for theme in THEMES]


def shares(years, themes=("health", "safety", "culture"), gap=()):
    rows = []
    for number, year in enumerate(years, 1):
        for at, theme in enumerate(themes):
            n = None if (year, theme) in gap else 5 + at + 2 * number * (1 if at % 2 else -1) + 20
            rows.append({"year": year, "in": number, "theme": theme, "n_sentences": n, "of_sentences": 100,
                         "n_reports": 1, "of_reports": 1,
                         "share_of_sentences": None if n is None else n / 100})  # fmt: skip
    return tables.make(rows, tables.THEME_YEARS)


def word_changes(rows):
    made = [{"term": term, "kind": "word", "n": n, "n_reference": m, "per_10k_chars": n / 2.0,
             "per_10k_chars_reference": m / 2.0, "n_reports": reports, "n_reports_reference": 2, "log_odds": z / 2,
             "z": z, "g2": z * z, "log_ratio": z} for term, n, m, z, reports in rows]  # fmt: skip
    return tables.make(made, tables.WORD_CHANGES)


CHAIN = [  # chain, step, in, kind, verdict of the number
    (1, 1, 1, "promised", ""), (1, 2, 2, "reported", "missed"), (1, 3, 2, "promised", ""),
    (1, 4, 3, "not mentioned", ""), (1, 5, 3, "promised", ""),
    (2, 1, 1, "promised", ""), (2, 2, 2, "to check", ""), (2, 3, 2, "promised", ""), (2, 4, 3, "partly", ""),
    (3, 1, 1, "promised", ""), (3, 2, 2, "reported", "met"),
]  # fmt: skip


def chains(rows=CHAIN):
    made = [{"chain": chain, "step": step, "year": 2022 + number, "kind": kind, "agency": "县园林局", "in": number,
             "report": 1, "item": 1, "start": None if kind == "not mentioned" else 0,
             "end": None if kind == "not mentioned" else 9, "number_verdict": verdict, "matter": f"种树{chain}"}
            for chain, step, number, kind, verdict in rows]  # fmt: skip
    return tables.make(made, tables.CHAINS)


SERIES = [
    ("甲市", "gdp", 2020, 6.0, 6.5, "%", "met"),
    ("甲市", "gdp", 2021, 6.5, 6.1, "%", "missed"),
    ("甲市", "gdp", 2023, 5.0, None, "%", ""),
    ("甲市", "jobs", 2020, 8.0, 8.4, "万人", "met"),
    ("甲市", "jobs", 2021, 80_000.0, 82_000.0, "人", "met"),
    ("甲市", "jobs", 2022, None, 9.0, "万人", ""),
    ("甲市", "种树", 2021, 800.0, 820.0, "株", "met"),
]


def series(rows=()):
    made = [{"agency": agency, "headline": name, "year": year, "bound": "exact" if target is not None else "",
             "target": target, "target_to": None, "actual": actual, "unit": unit, "target_in": year - 2019, "target_start": 0,
             "target_end": 1, "actual_in": 2, "actual_start": 0, "actual_end": 1, "forecast": False,
             "number_verdict": verdict} for agency, name, year, target, actual, unit, verdict in rows]  # fmt: skip
    return tables.make(made, tables.SERIES)


def priorities(rows):
    made = [{"year": 2020 + number, "in": number, "report": 1, "agency": "甲市", "theme": theme, "place": place,
             "of_tasks": 8, "start": 0, "end": 9} for number, theme, place in rows]  # fmt: skip
    return tables.make(made, tables.PRIORITIES)


def place_themes(places):
    made = [{"sector": "", "theme": theme, "place": place, "n_sentences": n, "of_sentences": 100, "n_reports": min(n, 1),
             "of_reports": 1 + at, "share_of_sentences": n / 100, "alone": theme == "sports" and at == 0}
            for at, place in enumerate(places)
            for theme, n in (("health", 9 + at), ("sports", 0 if at else 4), ("safety", 7 - at % 4))]  # fmt: skip
    return tables.make(made, tables.PLACE_THEMES)


def place_years() -> pd.DataFrame:
    made = [{"place": place, "year": year, "theme": theme, "n_sentences": n, "of_sentences": 200, "n_reports": min(n, 3),
             "of_reports": 3, "share_of_sentences": n / 200}
            for at, place in enumerate(("甲县", "乙县"))
            for year in (2023, 2024)
            for row, theme in enumerate(THEMES)
            for n in [(row * 5 + at * 3) % 19 + (20 if (year, theme) == (2024, "safety") else 0)]]  # fmt: skip
    return tables.make(made, tables.PLACE_YEARS)
