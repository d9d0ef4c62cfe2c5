// Drawings as SVG, every colour and size in attributes, so that a saved picture needs no style sheet.
import { html } from "../vendor/preact.js";
import { both, lang, number, t } from "./text.js";

export const BETTER = "#1f5fa8", WORSE = "#b9480e", UNCLEAR = "#5b6770", INK = "#1f2933";
const COLOURS = { yes: BETTER, no: WORSE, unclear: UNCLEAR, neutral: INK };
const FONT = "Guantong, Noto Sans SC, sans-serif", LINE = "#d9dee3";
const PAIR = ["#9aa5ae", "#1f5fa8"];

const text = (x, y, said, more = {}) => html`<text x=${x} y=${y} font-family=${FONT} font-size="13" fill=${INK} ...${more}>${said}</text>`;

function mark(x, y, better) {
  const colour = COLOURS[better];
  if (better === "yes") return html`<path d="M${x - 6} ${y + 5}L${x} ${y - 6}L${x + 6} ${y + 5}Z" fill=${colour} />`;
  if (better === "no") return html`<path d="M${x - 6} ${y - 5}L${x} ${y + 6}L${x + 6} ${y - 5}Z" fill=${colour} />`;
  if (better === "unclear") return html`<circle cx=${x} cy=${y} r="5" fill="#ffffff" stroke=${colour} stroke-width="2" />`;
  return html`<rect x=${x - 5} y=${y - 5} width="10" height="10" fill=${colour} />`;
}

// Whether the window is as narrow as a phone: drawings are then drawn narrower, so that their letters stay large enough.
export const slim = () => window.innerWidth < 620;

// A round number not below one.
function round(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 5, 10].map((m) => m * power).find((v) => v >= value * 0.999);
}

// Changes in per cent of the baseline on one axis, with the values themselves beside them.
export function Forest({ rows, said }) {
  const share = (row, x) => (x === null || !row.baseline ? null : (100 * x) / Math.abs(row.baseline));
  const own = rows.filter((row) => row.mean !== null);
  const ends = own.flatMap((row) => [row.mean, row.low, row.high].map((x) => share(row, x))).filter((x) => x !== null && Math.abs(x) <= 300);
  const most = round(Math.max(5, ...ends.map(Math.abs))), reach = most * 1.05;
  const narrow = slim(), wide = narrow ? 360 : 860, left = narrow ? 12 : 190, right = narrow ? 12 : 250, high = narrow ? 52 : 30;
  const x = (p) => left + ((Math.min(Math.max(p, -reach), reach) + reach) / (2 * reach)) * (wide - left - right);
  return html`
    <svg viewBox="0 0 ${wide} ${own.length * high + 46}" role="img" aria-label=${said}>
      ${[-most, -most / 2, most / 2, most].map((p) => html`<line x1=${x(p)} x2=${x(p)} y1="6" y2=${own.length * high + 12} stroke=${LINE} />`)}
      <line x1=${x(0)} x2=${x(0)} y1="6" y2=${own.length * high + 12} stroke="#5b6770" />
      ${[-most, -most / 2, most / 2, most].map((p) => text(x(p), own.length * high + 32, `${p > 0 ? "+" : "−"}${number(Math.abs(p), 2)}%`, { "text-anchor": "middle", fill: UNCLEAR }))}
      ${text(x(0), own.length * high + 32, "0", { "text-anchor": "middle", fill: UNCLEAR })}
      ${own.map((row, i) => {
        const y = (narrow ? 42 : 22) + i * high, words = row.text[lang()], p = share(row, row.mean), low = share(row, row.low), top = share(row, row.high);
        const none = row.mean ? t("from_nothing") : "±0";
        return html`<g>
          ${narrow ? text(8, y - 19, words.title) : text(8, y + 5, words.title)}
          ${p === null && text(x(0) + 8, y + 4, none, { "font-size": 11, fill: UNCLEAR })}
          <line x1=${left} x2=${wide - right} y1=${y + 15} y2=${y + 15} stroke=${LINE} />
          ${p !== null && low !== null && html`<line x1=${x(low)} x2=${x(top)} y1=${y} y2=${y} stroke=${COLOURS[row.better]} stroke-width="3" />`}
          ${p !== null && mark(x(p), y, row.better)}
          ${narrow ? text(wide - 8, y - 19, words.change, { "font-size": 12, "text-anchor": "end" }) : text(wide - right + 14, y + 5, `${words.change}  ${words.interval}`, { "font-size": 12 })}
        </g>`;
      })}
    </svg>`;
}

// Differences of one metric by group, with intervals.
export function Bars({ rows, said }) {
  const own = rows.filter((row) => row.mean !== null);
  const reach = Math.max(1e-12, ...own.flatMap((row) => [row.mean, row.low, row.high].filter((v) => v !== null).map(Math.abs)));
  const narrow = slim(), wide = narrow ? 400 : 640, left = narrow ? 130 : 150, right = narrow ? 128 : 190, high = 28, x = (v) => left + ((v + reach) / (2 * reach)) * (wide - left - right);
  return html`
    <svg viewBox="0 0 ${wide} ${own.length * high + 16}" role="img" aria-label=${said}>
      ${own.map((row, i) => {
        const y = 10 + i * high, colour = COLOURS[row.better === "neutral" ? (row.mean >= 0 ? "yes" : "no") : row.better], words = row.text[lang()];
        return html`<g>
          ${text(8, y + 14, both(row.name), narrow ? { "font-size": 11 } : {})}
          <rect x=${Math.min(x(0), x(row.mean))} y=${y + 2} width=${Math.abs(x(row.mean) - x(0))} height="15" fill=${colour} opacity="0.85" />
          ${row.low !== null && html`<line x1=${x(row.low)} x2=${x(row.high)} y1=${y + 9.5} y2=${y + 9.5} stroke=${INK} stroke-width="2" />`}
          ${text(wide - right + 10, y + 14, words.change, { "font-size": narrow ? 11 : 12 })}
        </g>`;
      })}
      <line x1=${x(0)} x2=${x(0)} y1="4" y2=${own.length * high + 10} stroke="#5b6770" />
    </svg>`;
}

// Two values side by side for each group: before and after.
export function Pairs({ rows, said, names }) {
  const own = rows.filter((row) => row.value !== null || row.baseline !== null);
  const most = Math.max(1e-12, ...own.flatMap((row) => [row.baseline || 0, row.value || 0]));
  const narrow = slim(), wide = narrow ? 400 : 640, left = narrow ? 126 : 150, right = narrow ? 108 : 130, high = 40, width = (v) => (Math.max(v || 0, 0) / most) * (wide - left - right);
  return html`
    <svg viewBox="0 0 ${wide} ${own.length * high + (narrow ? 58 : 40)}" role="img" aria-label=${said}>
      ${names.map((name, i) => html`<g><rect x=${8 + (narrow ? 0 : i * 310)} y=${6 + (narrow ? i * 18 : 0)} width="14" height="14" fill=${PAIR[i]} />${text(28 + (narrow ? 0 : i * 310), 18 + (narrow ? i * 18 : 0), name, { "font-size": 12 })}</g>`)}
      ${own.map((row, i) => {
        const y = (narrow ? 52 : 34) + i * high, words = row.text[lang()];
        return html`<g>
          ${text(8, y + 20, both(row.name), narrow ? { "font-size": 11 } : {})}
          ${["baseline", "value"].map((key, k) => html`<g><rect x=${left} y=${y + 2 + k * 16} width=${width(row[key])} height="14" fill=${PAIR[k]} />${text(left + width(row[key]) + 6, y + 13 + k * 16, words[key], { "font-size": 11 })}</g>`)}
        </g>`;
      })}
    </svg>`;
}

// About how wide a text is, in widths of a Chinese letter.
const length = (said) => [...said].reduce((sum, letter) => sum + (letter > "\u2e80" ? 1 : 0.56), 0);

// Who pays whom: payers on the left, payees on the right, the width of a band is the money.
export function Sankey({ flows, said, unit }) {
  const sum = (key) => flows.reduce((all, flow) => all.set(flow[key], (all.get(flow[key]) || 0) + flow.fen), new Map());
  const total = flows.reduce((all, flow) => all + flow.fen, 0) || 1;
  const names = new Map(flows.flatMap((flow) => [[flow.payer, flow.names[0]], [flow.payee, flow.names[1]]]));
  const narrow = slim(), wide = narrow ? 440 : 640, gap = narrow ? 12 : 8, tall = 420, size = narrow ? 9.5 : 11;
  const label = (name, fen) => `${both(names.get(name))} ${unit(fen)}`;
  const room = (key) => Math.min(wide * 0.42, 16 + Math.max(60, ...[...sum(key)].map(([name, fen]) => length(label(name, fen)) * size)));
  const left = room("payer"), right = wide - room("payee");
  const column = (key) => {
    const sums = [...sum(key)].sort((a, b) => b[1] - a[1]), free = tall - gap * (sums.length - 1);
    let y = 6;
    return new Map(sums.map(([name, fen]) => {
      const entry = { y, h: (fen / total) * free, at: 0, fen };
      y += entry.h + gap;
      return [name, entry];
    }));
  };
  const from = column("payer"), to = column("payee"), order = [...from.keys()];
  const colour = (name) => ["#28536b", "#7ea8be", "#c2948a", "#8f8560", "#6a7b53", "#94739b", "#b8862f", "#48494b", "#5f8a5a", "#8c564b"][order.indexOf(name) % 10];
  const bands = flows.slice().sort((a, b) => order.indexOf(a.payer) - order.indexOf(b.payer) || to.get(a.payee).y - to.get(b.payee).y).map((flow) => {
    const a = from.get(flow.payer), b = to.get(flow.payee), ha = (flow.fen / a.fen) * a.h, hb = (flow.fen / b.fen) * b.h;
    const ya = a.y + a.at, yb = b.y + b.at, middle = (left + right) / 2;
    a.at += ha;
    b.at += hb;
    return html`<path fill=${colour(flow.payer)} fill-opacity="0.45" d="M${left} ${ya}C${middle} ${ya} ${middle} ${yb} ${right} ${yb}V${yb + hb}C${middle} ${yb + hb} ${middle} ${ya + ha} ${left} ${ya + ha}Z"><title>${`${both(names.get(flow.payer))} → ${both(names.get(flow.payee))}: ${unit(flow.fen)}`}</title></path>`;
  });
  let lowest = -20, deep = tall;
  const ends = (nodes, x, anchor, at) => {
    lowest = -20;
    return [...nodes].map(([name, node]) => {
      const y = Math.max(node.y + node.h / 2 + 4, lowest + 14);
      lowest = y;
      deep = Math.max(deep, y);
      return html`<g><rect x=${x - 4} y=${node.y} width="8" height=${Math.max(node.h, 1)} fill=${at ? INK : colour(name)} />${text(x + (at ? 10 : -10), y, label(name, node.fen), { "text-anchor": anchor, "font-size": size })}</g>`;
    });
  };
  const both_ends = [ends(from, left, "end", 0), ends(to, right, "start", 1)];
  return html`<svg viewBox="0 0 ${wide} ${deep + 30}" role="img" aria-label=${said}>${bands}${both_ends}</svg>`;
}

const STEPS = ["#eef3f8", "#c6d9ea", "#8fb7d9", "#4f8bc0", "#1f5fa8", "#0d3b73"];

// Villages at their places in steps of one colour.
export function Villages({ places, service, field, most, said, label, legend }) {
  const lon = places.lon, lat = places.lat, box = [Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)];
  const k = Math.cos((((box[1] + box[3]) / 2) * Math.PI) / 180), size = 400;
  const scale = Math.min(size / ((box[2] - box[0]) * k || 1), size / (box[3] - box[1] || 1));
  const x = (v) => 14 + (v - box[0]) * k * scale, y = (v) => 14 + (box[3] - v) * scale;
  const wide = 28 + (box[2] - box[0]) * k * scale, tall = 28 + (box[3] - box[1]) * scale, row = new Map(service.village.map((key, i) => [key, i]));
  const step = (v) => STEPS[Math.min(STEPS.length - 1, Math.floor((v / most) * STEPS.length))];
  return html`
    <svg viewBox="0 0 ${Math.max(wide, 330)} ${tall + 54}" role="img" aria-label=${said}>
      ${places.key.map((key, i) => {
        const v = row.has(key) ? service[field][row.get(key)] : null;
        if (places.tier[i] !== "village") return null;
        const name = `${places[lang()][i]}: ${v === null || v === undefined ? "–" : label(v)}`;
        return v === null || v === undefined
          ? html`<circle cx=${x(lon[i])} cy=${y(lat[i])} r="3" fill="none" stroke="#9aa5ae"><title>${name}</title></circle>`
          : html`<circle cx=${x(lon[i])} cy=${y(lat[i])} r="4" fill=${step(v)} stroke="#48606f" stroke-width="0.6"><title>${name}</title></circle>`;
      })}
      ${places.key.map((key, i) => places.tier[i] === "county" && html`<rect x=${x(lon[i]) - 5} y=${y(lat[i]) - 5} width="10" height="10" fill=${INK} />`)}
      ${STEPS.map((colour, i) => html`<rect x=${14 + i * 34} y=${tall + 6} width="34" height="12" fill=${colour} stroke="#48606f" stroke-width="0.4" />`)}
      ${text(14, tall + 36, label(0), { "font-size": 11 })}${text(14 + 6 * 34, tall + 36, `${label(most)}${legend || ""}`, { "font-size": 11, "text-anchor": "end" })}
    </svg>`;
}

export { t };
