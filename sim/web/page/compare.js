// A finished study: every figure with its sentence, its data and its picture.
import { html, useEffect, useState } from "../vendor/preact.js";
import { Bars, Forest, Pairs, Sankey, slim, Villages } from "./charts.js";
import { Figure } from "./figure.js";
import { Credit } from "./stage.js";
import { both, day, lang, number, t } from "./text.js";

// What no replication changes has no mark; what has no interval yet is unclear, as in the report.
const markOf = (row) => (row.mean === 0 && !row.low && !row.high ? "neutral" : row.low === null ? "unclear" : row.better);
const HEAD = ["alternative", "metric", "unit", "group", "value_of_group", "window", "baseline", "value", "mean", "low", "high", "n", "same_sign_share", "better"];
const table = (rows) => [HEAD, ...rows.map((row) => HEAD.map((name) => row[name]))];

// Draws anew when the window becomes narrow or wide.
function useWidth() {
  const [narrow, set] = useState(slim());
  useEffect(() => {
    const see = () => set(slim());
    addEventListener("resize", see);
    return () => removeEventListener("resize", see);
  }, []);
  return narrow;
}

export function Compare({ told, study, stale = false, reports = true }) {
  useWidth();
  const others = Object.keys(told.titles).filter((name) => name !== told.baseline);
  const [chosen, choose] = useState("");
  const one = others.includes(chosen) ? chosen : others[0];
  const own = (rows) => rows.filter((row) => row.alternative === one);
  const names = [both(told.titles[told.baseline]), both(told.titles[one])];
  const words = { policy: names[1], base: names[0], n: told.seeds.length };
  const figure = (name, rows, drawing) => rows.length > 0 && html`<${Figure} name=${name} title=${t(`figure_${name}`)} said=${t(`figure_${name}_said`, words)} table=${table(rows)}>${drawing}<//>`;
  const moved = (name, rows, drawing) => rows.some((row) => row.mean !== null) && figure(name, rows, drawing);
  const totals = own(told.totals), by = (name) => own(told.figures[name]);
  return html`
    <section class="compare" aria-label=${t("tab_compare")}>
      <header>
        ${stale && html`<p class="stale" role="note">${t("stale_figures")}</p>`}
        <h2>${t("compare_title", words)}</h2>
        <p>${t("compare_about", { ...words, county: both(told.county), start: day(told.start, 0, true), days: number(told.days), warm: number(told.warm_up_days), window: t(`window_${told.window}`) })}</p>
        ${others.length > 1 && html`<label>${t("alternative")} <select value=${one} onChange=${(e) => choose(e.target.value)}>${others.map((name) => html`<option value=${name}>${both(told.titles[name])}</option>`)}</select></label>`}
        ${reports && html`<p class="take">${[["report", "html"], ["report", "xlsx"], ["report", "pdf"], ["workshop", "html"]].map(([name, kind]) => html`<a class="button" download href=${`/api/file?${new URLSearchParams({ study, name: `${name}.${lang()}.${kind}` })}`}>${t(`${name}_${kind}`)}</a>`)}
          <button onClick=${() => print()}>${t("print")}</button></p>`}
      </header>
      ${told.answers.map((answer) => html`<div class="answer"><h3>${both(answer.title)}</h3><ul>${answer.lines.map((line) => html`<li>${both(line)}</li>`)}</ul></div>`)}
      ${told.seeds.length < 2 && html`<p class="stale" role="note">${t("one_replication")}</p>`}
      ${moved("forest", totals, html`<${Forest} rows=${totals} said=${t("figure_forest_said", words)} />`)}
      <${Meanings} rows=${[...totals, ...own(told.produce).filter((row) => !totals.some((one) => one.metric === row.metric))]} />
      ${moved("produce", own(told.produce), html`<${Forest} rows=${own(told.produce)} said=${t("figure_produce_said", words)} />`)}
      <div class="two">
        ${moved("operators", by("operators"), html`<${Bars} rows=${by("operators")} said=${t("figure_operators_said", words)} />`)}
        ${figure("cost", by("cost"), html`<${Pairs} rows=${by("cost")} names=${names} said=${t("figure_cost_said", words)} />`)}
        ${moved("remoteness", by("remoteness"), html`<${Bars} rows=${by("remoteness")} said=${t("figure_remoteness_said", words)} />`)}
        ${moved("age", by("age"), html`<${Bars} rows=${by("age")} said=${t("figure_age_said", words)} />`)}
      </div>
      <div class="two">
        ${[told.baseline, one].map((name) => html`<${Flows} told=${told} name=${name} />`)}
      </div>
      <div class="two">
        ${[told.baseline, one].map((name) => html`<${Places} told=${told} name=${name} field="share_in_village" most=${1} label=${(v) => `${number(100 * v)}%`} />`)}
      </div>
      <div class="two">
        ${[told.baseline, one].map((name) => html`<${Places} told=${told} name=${name} field="delivery_hours" most=${longest(told)} label=${(v) => t("hours", { n: number(v) })} />`)}
      </div>
      <details><summary>${t("verdicts")}</summary><ul>${told.verdicts.map((v) => html`<li>${both(v)}</li>`)}</ul></details>
      ${told.caveats.length > 0 && html`<details open><summary>${t("caveats")}</summary><ul>${told.caveats.map((v) => html`<li>${both(v)}</li>`)}</ul></details>`}
      ${reports && html`<${Credit} of=${told.credit} />`}
    </section>`;
}

function longest(told) {
  const all = Object.values(told.villages).flatMap((service) => service.delivery_hours.filter((v) => v !== null));
  return Math.max(24, 24 * Math.ceil(Math.max(0, ...all) / 24));
}

function yuan(fen) {
  const value = fen / 100;
  if (lang() === "zh") return value >= 10000 ? `${number(value / 10000, 1)} 万元` : `${number(value)} 元`;
  return value >= 1000 ? `${number(value / 1000)}k yuan` : `${number(value)} yuan`;
}

function Flows({ told, name }) {
  const flows = told.flows[name], words = { scenario: both(told.titles[name]), seed: told.seeds[0] };
  const rows = [["scenario", "payer", "payee", "amount_fen"], ...flows.map((flow) => [name, flow.payer, flow.payee, flow.fen])];
  return html`<${Figure} name=${`flows-${name}`} title=${t("figure_flows", words)} said=${t("figure_flows_said", words)} table=${rows}><${Sankey} flows=${flows} said=${t("figure_flows_said", words)} unit=${yuan} /><//>`;
}

function Places({ told, name, field, most, label }) {
  const service = told.villages[name], words = { scenario: both(told.titles[name]) };
  if (service[field].every((value) => value === null)) return null;
  const rows = [["scenario", "village", field], ...service.village.map((key, i) => [name, key, service[field][i]])];
  return html`<${Figure} name=${`${field}-${name}`} title=${t(`figure_${field}`, words)} said=${t(`figure_${field}_said`, words)} table=${rows}><${Villages} places=${told.places} service=${service} field=${field} most=${most} label=${label} said=${t(`figure_${field}_said`, words)} /><//>`;
}

// What each outcome means, in a sentence.
function Meanings({ rows }) {
  const told = rows.map((row) => row.text[lang()]).filter((words) => words.meaning);
  return told.length > 0 && html`<details class="meanings"><summary>${t("meanings")}</summary><dl>${told.map((words) => html`<dt>${words.title}</dt><dd>${words.meaning}</dd>`)}</dl></details>`;
}

export function Numbers({ rows, n, of, days }) {
  return html`
    <table class="numbers" aria-label=${t("numbers")}>
      <caption>${t("numbers_said", { n, of, days: number(days) })}${n < 5 ? t("interval_later") : ""}<small>${t("numbers_marks")}</small></caption>
      <thead><tr><th scope="col">${t("outcome")}</th><th scope="col">${t("left")}</th><th scope="col">${t("right")}</th><th scope="col">${t("difference")}</th><th scope="col">${t("interval")}</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr data-metric=${row.metric} data-better=${row.better} data-mean=${row.mean} data-baseline=${row.baseline} data-value=${row.value}>
        <th scope="row">${row.text[lang()].title}</th><td>${row.text[lang()].baseline}</td><td>${row.text[lang()].value}</td>
        <td class=${row.better}>${row.mean === null ? "–" : `${{ yes: "▲ ", no: "▼ ", unclear: "○ ", neutral: "" }[markOf(row)]}${row.text[lang()].change}`}</td><td>${row.low === null ? "–" : row.text[lang()].interval}</td></tr>`)}</tbody>
    </table>
    <${Meanings} rows=${rows} />`;
}
