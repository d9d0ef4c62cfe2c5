"""The PDF can be searched, says what the study says, has every character, and fits its pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib import rc_context

from sim.errors import ResultsError
from sim.figures import forest
from sim.figures.style import RC, new_figure
from sim.report.glance import glance
from sim.report.input import Answer, ReportInput
from sim.report.paper import BODY, BOTTOM, HIGH, SMALLEST, WIDTH, Paper
from sim.report.pdf import FEW, FIGURE_DEEP, write_pdf
from sim.report.picture import pictures
from sim.report.typeset import inches, lines, widths
from sim.text import LANGUAGES, Lang, Words, change, is_share, t

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext (poppler-utils) on this machine")
ANSWER = Answer(Words("共同分拣与班线的回答", "Pooled sorting answers"), (Words("第一句话。", "A first line."),))


def told(path: Path, *flags: str) -> str:
    """Return the text of a PDF."""
    return subprocess.run(["pdftotext", *flags, str(path), "-"], capture_output=True, check=True, encoding="utf-8").stdout


def plain(text: str) -> str:
    """Return a text without any space."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def papers(study: ReportInput, tmp_path_factory: pytest.TempPathFactory) -> dict[Lang, Path]:
    return write_pdf(replace(study, answers=(ANSWER,)), tmp_path_factory.mktemp("paper"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pdf_gives_every_difference_and_interval_of_the_outcomes_to_six_digits(
    papers: dict[Lang, Path], study: ReportInput, lang: Lang
) -> None:
    behind = told(papers[lang], "-layout").split(t("report.exactly", lang))[-1]
    numbers = [[float(n.replace("−", "-").replace(",", "")) for n in re.findall(r"(?<!\S)−?[\d,]+(?:\.\d+)?(?!\S)", line)] for line in behind.splitlines()]  # fmt: skip  # noqa: E501
    found = [row for row in numbers if len(row) >= 5]
    totals = study.differences[(study.differences["group"] == "") & study.differences["metric"].isin(study.outcomes)]
    assert len(totals) > 20
    for row in totals.to_dict("records"):
        by = 100.0 if is_share(study.catalogue[row["metric"]].unit) else 1.0
        held = [row[name] for name in ("baseline", "value", "mean", "low", "high", "parameter_low", "parameter_high")]
        want = [by * value for value in held if value is not None and value == value]
        assert [own for own in found if own[-len(want) :] == pytest.approx(want, rel=1e-5, abs=1e-12)], row


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pdf_says_each_change_with_its_interval_as_the_page_does(papers: dict[Lang, Path], study: ReportInput, lang: Lang) -> None:
    text = plain(told(papers[lang], "-raw"))
    totals = study.differences[(study.differences["group"] == "") & study.differences["metric"].isin(study.outcomes)]
    for row in totals.to_dict("records"):
        for said in change(row["mean"], row["low"], row["high"], study.catalogue[row["metric"]].unit, lang):
            assert plain(said) in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_page_asks_the_question_and_answers_it(papers: dict[Lang, Path], study: ReportInput, lang: Lang) -> None:
    first = plain(told(papers[lang], "-l", "1"))
    for words in (study.title, study.question, ANSWER.title, *ANSWER.lines):
        assert plain(words.text(lang)) in first


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_page_holds_the_table_at_a_glance_above_the_sentences(papers: dict[Lang, Path], study: ReportInput, lang: Lang) -> None:
    first, seen = plain(told(papers[lang], "-l", "1", "-layout")), glance(study, lang)
    cells = [cell for _, row in seen.alternatives for cell in row if cell is not None]
    assert len(cells) > 5
    for words in (*seen.baseline, *(cell.change for cell in cells)):
        assert plain(words) in first
    assert first.index(plain(t("report.glance_note", lang, days=study.stamp.days))[:12]) < first.index(plain(ANSWER.lines[0].text(lang)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_names_sections_and_assumptions_are_text_in_the_pdf(papers: dict[Lang, Path], study: ReportInput, lang: Lang) -> None:
    text = plain(told(papers[lang], "-raw"))
    wanted = [words.text(lang) for words in (*study.verdicts, *study.unknowns, *study.attribution, *study.titles.values())]
    wanted += [one.name.text(lang) for one in study.assumptions]
    wanted += [t(f"report.{key}", lang) for key in ("scenarios", "table", "forest", "cost", "map", "assumed", "repeat")]
    assert [one for one in wanted if plain(one) not in text] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_a4_and_says_its_number_and_how_many_there_are(papers: dict[Lang, Path], lang: Lang) -> None:
    facts = subprocess.run(["pdfinfo", str(papers[lang])], capture_output=True, check=True, encoding="utf-8").stdout
    assert "(A4)" in facts
    pages = told(papers[lang]).split("\f")[:-1]
    for number, page in enumerate(pages, 1):
        assert plain(t("report.page_of", lang, page=number, pages=len(pages))) in plain(page)


def test_fonts_are_embedded_as_outlines_that_keep_their_text(papers: dict[Lang, Path]) -> None:
    rows = subprocess.run(["pdffonts", str(papers["zh"])], capture_output=True, check=True, encoding="utf-8").stdout.splitlines()[2:]
    assert rows
    assert all("TrueType" in row and re.search(r"yes +yes +yes", row) for row in rows)
    assert any("NotoSansSC" in row for row in rows)


def test_a_character_that_no_font_has_is_an_error_and_leaves_no_file(tmp_path: Path) -> None:
    paper = Paper("zh", "字体")
    paper.text("𠮷字怎么办？")
    with pytest.raises(ResultsError, match=r"no font has a glyph for 𠮷 \(U\+20BB7\)"):
        paper.write(tmp_path / "report.zh.pdf")
    figure = new_figure(2.0, 1.0)
    figure.text(0.1, 0.5, "𠮷", family=RC["font.family"])
    drawn = Paper("zh", "字体")
    drawn.figure(figure, "")
    with pytest.raises(ResultsError, match="Glyph 134071"):
        drawn.write(tmp_path / "report.zh.pdf")
    assert list(tmp_path.iterdir()) == []


def test_the_same_text_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("a.pdf", "b.pdf"):
        paper = Paper("en", "Twice")
        paper.heading("Heading")
        paper.table(["a", "b"], [["x", "1"], ["y", "2"]], words=1)
        made.append(paper.write(tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_a_section_begins_below_few_lines_and_on_a_new_page_below_many() -> None:
    paper = Paper("en", "few lines")
    for text in ("one line", "many lines " * 800):
        paper.text(text)
        before = len(paper.pages)
        paper.turn(0.35)
        assert (len(paper.pages) > before) is (text != "one line")


def test_a_study_that_asks_nothing_has_no_heading_for_it(study: ReportInput, tmp_path: Path) -> None:
    asked, silent = (
        told(write_pdf(replace(study, question=words), tmp_path, ("en",))["en"], "-l", "1") for words in (study.question, Words("", ""))
    )
    assert t("report.question", "en") in asked
    assert t("report.question", "en") not in silent


def test_a_heading_never_stands_alone_at_the_foot_of_a_page(tmp_path: Path) -> None:
    for rows in range(20, 36):
        paper = Paper("en", "Feet")
        paper.table(["a"], [[f"row {row}"] for row in range(rows)])
        paper.heading("A heading")
        paper.table(["b"], [["what follows"], ["more"]])
        pages = told(paper.write(tmp_path / f"{rows}.pdf")).split("\f")
        assert [("A heading" in page) == ("what follows" in page) for page in pages] == [True] * len(pages)


def test_a_tables_head_stands_again_on_every_page(tmp_path: Path) -> None:
    paper = Paper("en", "Heads")
    paper.table(["Head of it"], [[f"row {row}"] for row in range(90)])
    pages = told(paper.write(tmp_path / "heads.pdf")).split("\f")[:-1]
    assert len(pages) > 2
    assert all("Head of it" in page for page in pages)


@pytest.mark.parametrize("text", ["县域共同配送与补贴，各花多少公共资金、换来什么？" * 6, "What do pooling and subsidies cost and bring? " * 9, "0123456789abcdef" * 20])  # fmt: skip  # noqa: E501
def test_lines_fit_their_width_and_lose_no_letter(text: str) -> None:
    broken = lines(text, 3.0, 10.0)
    assert max(inches(line, 10.0) for line in broken) <= 3.0
    assert plain("".join(broken)) == plain(text)


def test_columns_take_what_they_need_and_the_widest_give_way_first() -> None:
    narrow, wide, wider = widths([["a"], ["word " * 30], ["word " * 60]], 8.0, 6.0, 0.1)
    assert narrow == pytest.approx(inches("a", 8.0) + 0.1)
    assert wide == pytest.approx(wider)
    assert narrow + wide + wider == pytest.approx(6.0)
    assert sum(widths([["a"], ["b"]], 8.0, WIDTH, 0.1)) < 1.0


def test_the_sentence_of_a_figure_stands_on_its_page() -> None:
    paper = Paper("en", "a sentence above a figure")
    for _ in range(28):
        paper.text("a line")
    paper.lead("What the figure shows.")
    paper.figure(new_figure(8.0, 3.0), "The caption.")
    page = next(page for page in paper.pages if page.figures)
    assert "What the figure shows." in [line[2] for line in page.lines]
    assert len(paper.pages) == 2


def test_a_figure_stands_on_what_a_table_left_of_a_page_if_it_can_be_read_there() -> None:
    for rows, together in ((2, True), (16, False)):
        paper = Paper("en", "a figure below a few rows")
        paper.table(["a"], [[f"row {row}"] for row in range(rows)])
        paper.figure(new_figure(10.0, 6.0), "The caption.")
        assert (len(paper.pages) == 1) is together
        (placed,) = paper.pages[-1].figures
        assert SMALLEST <= placed.scale <= 1.0
        assert placed.top + 6.0 * placed.scale < HIGH - BOTTOM


def test_no_line_of_a_paragraph_stands_alone_at_the_foot_or_the_top_of_a_page() -> None:
    for above in range(22, 40):
        for words in (40, 90, 130, 250):
            paper = Paper("en", "Feet and tops")
            for _ in range(above):
                paper.text("a line", after=0.0)
            paper.text("own " * words, after=0.0)
            own = [sum("own" in line[2] for line in page.lines) for page in paper.pages]
            assert sum(own) == len(lines("own " * words, WIDTH, BODY)) > 1
            assert 1 not in own, (above, words)


def test_the_last_section_before_a_new_one_does_not_leave_half_a_page() -> None:
    paper = Paper("en", "two fifths")
    for _ in range(11):
        paper.text("a line")
    paper.turn(FEW)
    assert len(paper.pages) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_fifteen_outcomes_of_four_policies_take_two_pages_also_where_a_name_takes_two_lines(lang: Lang) -> None:
    names = [Words("冷链", "Cold chain"), Words("产地仓", "Origin warehouses"), Words("电商公共服务", "E-commerce services")]
    titles = dict(enumerate([*names, Words("冷链、产地仓与电商公共服务", "Cold chain, warehouses and services")]))
    assert forest.within({str(n): words for n, words in titles.items()}, lang, FIGURE_DEEP) * 2 >= 15


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_of_many_panels_go_on_on_a_further_page_and_are_not_shrunk(study: ReportInput, lang: Lang) -> None:
    many = replace(study, outcomes=(*study.outcomes, *study.outcomes, *study.outcomes))
    drawn = list(pictures(many, lang, page=FIGURE_DEEP))
    for key in ("forest", "delivery"):
        parts = [picture for picture in drawn if picture.key == key]
        (whole,) = [picture for picture in pictures(many, lang) if picture.key == key]
        assert all(part.figure.get_size_inches()[1] <= FIGURE_DEEP for part in parts)
        assert len(parts) > 1 or whole.figure.get_size_inches()[1] <= FIGURE_DEEP
        heads = [axes.get_title(loc="left") for part in parts for axes in part.figure.axes]
        assert [head for head in heads if head] == [axes.get_title(loc="left") for axes in whole.figure.axes if axes.get_title(loc="left")]
        assert [part.numbers for part in parts][-1] == whole.numbers
    limits = {part.figure.axes[-1].get_xlim() for part in drawn if part.key == "delivery"}
    assert len(limits) == 1


def test_a_figure_deeper_than_a_page_keeps_its_top(tmp_path: Path) -> None:
    figure, rows = new_figure(8.0, 12.0), 40
    axes = figure.subplots()
    for row in range(rows):
        axes.plot([0.2, 0.8], [row, row], marker="o")
    paper = Paper("en", "a deep figure")
    paper.figure(figure, "")
    with rc_context({"pdf.compression": 0}):
        drawn = paper.write(tmp_path / "deep.pdf").read_bytes()
    level = re.findall(rb"([\d.]+) ([\d.]+) m\n([\d.]+) \2 l\n", drawn)
    assert len(re.findall(rb"/M\d+ Do", drawn)) >= 2 * rows
    assert len({high for _, high, _ in level}) >= rows


def test_no_line_ends_with_a_bracket_that_opens_or_begins_with_a_mark_that_closes() -> None:
    text = "企业的进村服务 549 → 0 项（−549）；村站 7 → 0 个（−7.00）。净收益：县域 +59.8 万元 [+59.7, +59.9]；“直投到村率”上升。" * 4
    for tenths in range(12, 80):
        for line in lines(text, tenths / 10, 10.0):
            assert line[-1] not in "（“"
            assert line[0] not in "，。：；）”"
