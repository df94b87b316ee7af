"""How an author chooses and signs: `briefing.toml` read, refused, and followed by slides, Word and figures."""

import datetime
import re
from dataclasses import replace

import pandas as pd
import pytest
import small
from docx import Document
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

import kit
from kit.errors import DataError
from kit.measure.analysis import analyse
from kit.read import read
from kit.read.reader import read_sources
from kit.read.source import Source
from kit.show import style
from kit.show.briefing import BRIEFING, Briefing, Choice, draft_choice, read_choice
from kit.show.document import export_document
from kit.show.figures import FIGURES, build
from kit.show.slides import export_slides

REPORTS = [
    (f"县{name}局", [("achievements", "一、", "工作总结。推进项目建设。安全生产检查20次。新建学校2所。"),
                    ("plan", "二、", "工作计划。继续推进项目建设。开展安全生产检查。培训教师。")])
    for name in ("教育", "科技", "水务", "林业")
]  # fmt: skip
STEMS = ("terms", "themes", "statuses")
OWN = "各单位都把安全生产摆在前面"


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "2023.txt"
    file.write_text("县教育局2023年工作总结及2024年工作计划\n一、2023年工作总结\n新建学校2所。\n", encoding="utf-8")
    return file


def write(folder, text):
    (folder / BRIEFING).write_text(text, encoding="utf-8")


def briefing(choice, lang="zh"):
    analysis = analyse(small.compilation(*REPORTS), lang=lang)
    figures = tuple(choice.sign(build(stem, analysis), analysis) for stem in choice.made(STEMS))
    return Briefing(analysis, figures, {figure.stem: NO_QUOTES for figure in figures}, choice)


NO_QUOTES = pd.DataFrame({name: [] for name in ("about", "text", "agency", "path", "report", "start")})


def titles(deck):
    return [slide.shapes.title.text for slide in deck.slides]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_of_the_draft_every_entry_is_a_comment_and_every_entry_is_there(source, tmp_path, lang):
    draft = draft_choice(lang)
    write(tmp_path, draft)
    assert read_choice(read(source)) == Choice()
    for name in ("template.pptx", "template.docx", "模板.pptx", "模板.docx", "标志.png", "logo.png"):
        (tmp_path / name).write_bytes(b"")
    entries = [
        line.removeprefix("# ")
        for line in draft.splitlines()
        if line.startswith(("# [", "# ")) and ("= " in line or line.startswith("# ["))
    ]
    write(tmp_path, "\n".join(entries))
    assert set(read_choice(read(source)).model_fields_set) == set(Choice.model_fields)
    named = re.findall(r"^#   (\w+)", draft, re.MULTILINE)
    assert named == [stem for stem, exhibit in FIGURES.items() if exhibit.in_bundle]


def test_the_file_of_one_compilation_goes_before_that_of_its_folder(source, tmp_path):
    write(tmp_path, 'title = "of the folder"')
    assert read(source).near_file(BRIEFING).name == BRIEFING
    source.with_name("2023.briefing.toml").write_text('title = "own"', encoding="utf-8")
    assert read_choice(read(source)).title == "own"


BAD = [
    ('heading = "x"', "expected one of title, subtitle, unit, date, .*, found heading = 'x'; mend that entry or delete it"),
    ("title = 3", ", title: expected a valid string, found 3; mend that entry or delete it"),
    ('date = "spring"', ", date: expected a valid date, found 'spring'"),
    ('findings = "terms"', ", findings: expected a valid list, found 'terms'"),
    ('findings = ["words"]', r", findings\.0: expected one of years, .*terms, cloud, .*statuses_continued.*, found 'words'"),
    ('left_out = ["agencies"]', r", left_out\.0: expected one of years, .*terms, .*, found 'agencies'"),
    ('titles = { words = "x" }', r", titles\.words: expected one of years, .*terms, .*, found 'words'"),
    (f'titles = {{ terms = "{"长" * 60}" }}', r", titles\.terms: expected a sentence of at most two lines of 28 characters, found '长+"),
    ('logo = "none.png"', r", logo: expected a file that is there and ends in \.png or \.jpg or \.jpeg, found 'none.png'"),
    ("logo = 3", r", logo: expected a file that is there and ends in \.png or \.jpg or \.jpeg, found 3"),
    ('template_docx = "2023.txt"', r", template_docx: expected a file that is there and ends in \.docx"),
    ('layouts = "x"', ", layouts: expected a valid dictionary"),
    ('layouts = { title = "x" }', r", layouts\.title: expected 'cover' or 'slide', found 'title'"),
    ('colours = { first = "blue" }', r", colours\.first: expected a colour as in \"#12436D\", found 'blue'"),
    ('colours = { first = "#F46A25" }', r", colours\.first: expected one with a contrast of 4\.5 or more with white \(WCAG 2\.2; this: 3\.\d\), found '#F46A25'"),
    ('colours = { second = "#FFCC00" }', r", colours\.second: expected one with a contrast of 3 or more"),
    ('colours = { third = "#000000" }', r", colours: expected one of first, second, found third = '#000000'"),
    ("title = ", "expected TOML in UTF-8, but"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "said"), BAD, ids=[entry[:32] for entry, _ in BAD])
def test_what_is_wrong_is_said_with_file_entry_and_what_to_do(source, tmp_path, entry, said):
    write(tmp_path, entry)
    with pytest.raises(DataError, match=said) as error:
        read_choice(read(source))
    assert str(tmp_path / BRIEFING) in str(error.value)


def test_figures_are_told_in_the_authors_order_and_left_out():
    made = briefing(Choice(findings=("statuses", "terms"), left_out=("themes",)))
    assert [figure.stem for figure in made.figures] == ["terms", "statuses"]
    assert [figure.stem for figure in made.drawn] == ["statuses", "terms"]


def test_a_finding_is_chosen_by_its_code():
    analysis = analyse(kit.sample(2023), lang="en")
    claims = analysis.table("findings").drop_duplicates("code").set_index("code")["claim_en"]
    codes = [code for code in ("terms_lead", "statuses_continued", "themes_all") if code in claims.index]
    assert codes
    choice = Choice(findings=tuple(codes))
    for code in codes:
        stem = code.partition("_")[0]
        assert choice.sign(build(stem, analysis), analysis).titles[0] == claims[code]
    assert choice.told(["terms", "themes", "statuses"]) == [code.partition("_")[0] for code in codes]


def test_an_own_title_is_marked_and_the_computed_one_stays_in_the_notes(tmp_path):
    made = briefing(Choice(titles={"statuses": OWN}))
    figure = next(figure for figure in made.figures if figure.stem == "statuses")
    assert (figure.title, figure.note[-8:]) == (OWN, "标题由编者拟定。")
    deck = Presentation(export_slides(made, tmp_path / "a.pptx"))
    slide = next(slide for slide in deck.slides if slide.shapes.title.text == OWN)
    assert f"测算所得：{figure.computed}" in slide.notes_slide.notes_text_frame.text
    assert any("标题由编者拟定。" in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    text = "".join(p.text for p in Document(export_document(made, tmp_path / "a.docx")).paragraphs)
    assert f"“{OWN}”一句由编者拟定，测算所得为“{figure.computed}”。" in text


@pytest.mark.parametrize(("lang", "date"), [("zh", "2024年2月1日"), ("en", "1 February 2024")])
def test_word_is_signed_with_unit_and_date(tmp_path, lang, date):
    choice = Choice(
        title="分析", subtitle="两年", unit="综合科", signature="县政府办公室", date=datetime.date(2024, 2, 1)
    )
    said = [
        (p.style.name, p.text)
        for p in Document(export_document(briefing(choice, lang), tmp_path / "a.docx")).paragraphs
    ]
    assert said[:3] == [("Title", "分析"), ("Subtitle", "两年"), ("Byline", f"综合科  {date}")]
    assert said[-2:] == [("Signature", "县政府办公室"), ("Signature", date)]
    deck = Presentation(export_slides(briefing(choice, lang), tmp_path / "a.pptx"))
    cover = [shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame]
    assert cover[0] == "分析"
    assert any(f"两年\n综合科  {date}" in text for text in cover)


PLAN = """{place}省政府工作报告
一、2023年工作回顾
地区生产总值增长5.2%。城镇新增就业21万人。
二、2024年工作安排
地区生产总值增长5%左右，城镇新增就业20万人。继续推进项目建设。
"""


def test_of_governments_in_one_year_no_target_is_told_as_missed(tmp_path):
    """What became of the targets is known a year later."""
    sources = [Source("txt", "utf-8", PLAN.format(place=name), file=f"{name}.txt") for name in ("青岚", "白河", "云溪")]
    analysis = analyse(read_sources(sources, name="省"))
    figures = (build("headlines", analysis),)
    made = Briefing(analysis, figures, {"headlines": NO_QUOTES})
    said = [p.text for p in Document(export_document(made, tmp_path / "a.docx")).paragraphs]
    assert f"（一）{figures[0].title}。" in said


@pytest.mark.parametrize(
    ("lang", "title"),
    [("zh", "岚溪县、澄浦县：工作总结与工作计划分析"), ("en", "岚溪县 and 澄浦县: reviews and plans analysed")],
)
def test_of_several_places_the_places_are_named_and_not_their_files(tmp_path, lang, title):
    made = Briefing(analyse([kit.sample(2023), kit.sample(2023, "chengpu")], lang=lang), (), {})
    assert made.opening[0] == title
    said = [p.text for p in Document(export_document(made, tmp_path / "a.docx")).paragraphs]
    assert said[0] == title
    assert title.partition("：" if lang == "zh" else ":")[0] in said[1]
    assert "2023-chengpu" not in said[1]


@pytest.mark.parametrize(("lang", "called"), [("zh", "甲县等4地"), ("en", "4 places (甲县 first)")])
def test_of_many_places_the_first_is_named(lang, called):
    reports = small.compilation(*((f"{name}县教育局", [("plan", "", "种花。")]) for name in "甲乙丙丁"))
    named = replace(reports, reports=reports.reports.assign(place=pd.Series([f"{one}县" for one in "甲乙丙丁"])))
    analysis = replace(analyse(named, lang=lang), relation="places")
    assert Briefing(analysis, (), {}).places == called


@pytest.fixture
def template(tmp_path):
    """Slides of an author: 16:9 on a smaller page, two layouts of their own names, a slide that is not wanted."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(10), Inches(5.625)
    deck.slide_layouts[0].name, deck.slide_layouts[5].name = "封面", "正文"
    title = deck.slide_layouts[5].placeholders[0]
    title.left, title.top, title.width, title.height = Inches(0.5), Inches(0.3), Inches(9), Inches(0.8)
    deck.slides.add_slide(deck.slide_layouts[1])
    deck.save(tmp_path / "own.pptx")
    Image.new("RGB", (30, 10), "red").save(tmp_path / "logo.png")
    return tmp_path / "own.pptx"


def test_slides_take_the_authors_layouts_logo_and_colours(template, tmp_path):
    looks = {"colours": {"first": "#8B1A1A", "second": "#2E7D6B"}, "layouts": {"cover": "封面", "slide": "正文"}}
    choice = Choice(template_pptx=template, logo=tmp_path / "logo.png", titles={"statuses": OWN}, **looks)
    deck = Presentation(export_slides(briefing(choice), tmp_path / "a.pptx"))
    assert [slide.slide_layout.name for slide in deck.slides] == ["封面", *["正文"] * (len(deck.slides) - 1)]
    assert round(deck.slide_width / deck.slide_height, 2) == 1.78
    assert [shape.shape_type.name for shape in deck.slides[0].shapes if not shape.is_placeholder][-1] == "PICTURE"
    charts = [shape.chart.part.blob for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert any(b"8B1A1A" in chart or b"2E7D6B" in chart for chart in charts)
    assert not any(b"12436D" in chart or b"F46A25" in chart for chart in charts)


def test_a_template_without_the_layout_says_which_it_has(template, tmp_path):
    choice = Choice(template_pptx=template, layouts={"cover": "封面", "slide": "报告"})
    with pytest.raises(
        DataError,
        match=r"own\.pptx: layouts\.slide: expected a layout with a title that is called 报告, found 封面, .*正文.*; name one of these in briefing\.toml",
    ):
        export_slides(briefing(choice), tmp_path / "a.pptx")
    choice = Choice(template_pptx=template, layouts={"cover": "封面", "slide": "Blank"})
    with pytest.raises(DataError, match=r"layouts\.slide: expected a layout with a title"):
        export_slides(briefing(choice), tmp_path / "a.pptx")


def test_a_template_of_another_shape_is_refused(tmp_path):
    Presentation().save(tmp_path / "old.pptx")
    with pytest.raises(DataError, match=r"expected slides of 16:9, found 1\.33:1; change their size in PowerPoint"):
        export_slides(briefing(Choice(template_pptx=tmp_path / "old.pptx")), tmp_path / "a.pptx")


def test_word_takes_the_authors_styles_and_none_of_its_text(tmp_path):
    own = Document()
    own.add_paragraph("样张")
    own.styles["Heading 1"].font.name = "Arial"
    own.save(tmp_path / "own.docx")
    document = Document(export_document(briefing(Choice(template_docx=tmp_path / "own.docx")), tmp_path / "a.docx"))
    assert "样张" not in [p.text for p in document.paragraphs]
    assert document.styles["Heading 1"].font.name == "Arial"
    assert document.styles["Byline"].base_style.name == "Normal"


def test_figures_take_the_authors_colours_and_their_text_stays_readable():
    analysis = analyse(small.compilation(*REPORTS))
    figure = Choice(colours={"first": "#8B1A1A"}).sign(build("themes", analysis), analysis)
    grounds = {cell.ground for row in figure.plot.cells for cell in row}
    assert figure.focus == "#8B1A1A"
    assert not grounds & set(style.STEPS)
    assert all(style.contrast(style.on(ground), ground) >= 4.5 for ground in grounds)
    assert style.for_text("#2E7D6B") == "#2E7D6B"
    assert style.contrast(style.for_text("#E0A030"), style.WHITE) >= 4.5
    assert style.for_text(style.SECOND) == style.SECOND_TEXT
