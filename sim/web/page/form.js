// The form of a policy, built from what the scenario's schema declares. It edits a draft and hands back a new one, never the old one.
import { html, useState } from "../vendor/preact.js";
import { both, lang, number, t } from "./text.js";

const PROGRAMME = { budget: { central: 600000, county: 200000 }, per: "year" };

export function leverId(lever) {
  return lever.id || lever.kind;
}

function freshId(kind, levers) {
  const taken = new Set(levers.map(leverId));
  let n = 2;
  while (taken.has(n === 2 ? kind : `${kind}-${n - 1}`)) n++;
  return n === 2 ? kind : `${kind}-${n - 1}`;
}

export function Levers({ draft, form, change, places }) {
  const levers = draft.levers || [];
  const put = (row, lever) => change({ ...draft, levers: levers.map((old, i) => (i === row ? lever : old)) });
  const remove = (row) => {
    const left = levers.filter((_, i) => i !== row);
    const spent = new Set(left.map((lever) => lever.programme).filter(Boolean));
    const programmes = Object.fromEntries(Object.entries(draft.programmes || {}).filter(([name]) => spent.has(name)));
    const next = { ...draft, levers: left, programmes };
    if (!Object.keys(programmes).length) delete next.programmes;
    change(next);
  };
  const add = (kind) => {
    const said = form.levers.find((one) => one.kind === kind), id = freshId(kind, levers);
    const lever = { id, kind };
    const next = { ...draft };
    if (kind === "joint_distribution") lever.pool = { sorting: ["sites", "staff", "management"], transport: ["vehicles", "staff", "operations"] };
    if (said.fields.some((field) => field.key === "programme")) {
      const names = Object.keys(draft.programmes || {});
      lever.programme = names[0] || "village-network";
      if (!names.length) next.programmes = { "village-network": PROGRAMME };
    }
    change({ ...next, levers: [...levers, lever] });
  };
  return html`
    ${levers.map((lever, row) => html`<${Lever} key=${leverId(lever)} lever=${lever} form=${form} places=${places} programmes=${Object.keys(draft.programmes || {})} put=${(next) => put(row, next)} remove=${() => remove(row)} />`)}
    ${Object.entries(draft.programmes || {}).map(([name, programme]) => html`<${Programme} key=${name} name=${name} programme=${programme} form=${form} put=${(next) => change({ ...draft, programmes: { ...draft.programmes, [name]: next } })} />`)}
    <label class="add">${t("add_lever")}
      <select value="" onChange=${(e) => { const kind = e.target.value; e.target.value = ""; if (kind) add(kind); }}>
        <option value="">${t("choose")}</option>
        ${form.levers.map((said) => html`<option value=${said.kind}>${both(said)}</option>`)}
      </select>
    </label>`;
}

const PLAIN = ["from", "until", "phase_in_days", "where"];

function Lever({ lever, form, places, programmes, put, remove }) {
  const said = form.levers.find((one) => one.kind === lever.kind);
  if (!said) return null;
  const set = (key, value) => {
    const next = { ...lever };
    if (value === undefined) delete next[key]; else next[key] = value;
    put(next);
  };
  const first = said.fields.filter((field) => !PLAIN.includes(field.key) && !late(field));
  const rest = said.fields.filter((field) => PLAIN.includes(field.key) || late(field));
  const one = (field) => html`<${Field} key=${field.key} field=${field} value=${lever[field.key]} set=${(value) => set(field.key, value)} form=${form} places=${places} programmes=${programmes} filters=${said.filters} />`;
  return html`
    <fieldset class="lever">
      <legend>${both(said)}</legend>
      ${first.map(one)}
      <details><summary>${t("more")}</summary>${rest.map(one)}</details>
      <button type="button" class="remove" onClick=${remove} aria-label=${t("remove_lever", { title: both(said) })}>${t("remove")}</button>
    </fieldset>`;
}

// What few people change stands behind "more".
const late = (field) => ["notice_days", "switching_cost", "horizon_months", "threshold", "core_tolerance", "check_core", "life_years", "running_year", "doors", "door_l", "locker_first", "opens", "closes", "members"].includes(field.key);

function range(field) {
  const low = field.least ?? field.above, high = field.most ?? field.below;
  if (low === undefined && high === undefined) return "";
  return t("range", { low: low === undefined ? "" : number(low, 4), high: high === undefined ? "" : number(high, 4) });
}

function source(field) {
  if (!field.source) return "";
  return field.source.startsWith("assumption") ? t("assumption") : t("evidence");
}

export function Help({ field }) {
  const unit = field.unit_text ? field.unit_text[lang()] : "";
  const plausible = field.low === undefined ? "" : t("plausible", { low: number(field.low, 4), high: number(field.high, 4) });
  const parts = [range(field), unit, plausible, source(field)].filter(Boolean).join(t("semicolon"));
  const about = both(field.about);
  return parts || about ? html`<small>${about}${about && parts && lang() === "en" ? " " : ""}${parts}</small>` : null;
}

function Field({ field, value, set, form, places, programmes, filters }) {
  const name = both(field.name);
  if (field.type === "matrix") return html`<${Matrix} field=${field} pool=${value || {}} set=${set} form=${form} />`;
  if (field.type === "where") return html`<${Where} field=${field} where=${value || {}} set=${set} form=${form} filters=${filters} places=${places} />`;
  if (field.key === "programme") return html`<label class="field"><span>${name}</span><select value=${value} onChange=${(e) => set(e.target.value)}>${programmes.map((p) => html`<option value=${p} translate=${false}>${p}</option>`)}</select><${Help} field=${field} /></label>`;
  if (field.type === "number" || field.type === "integer") return html`<${Slider} field=${field} value=${value} set=${set} />`;
  if (field.type === "boolean") return html`<label class="field check"><input type="checkbox" checked=${value ?? field.default} onChange=${(e) => set(e.target.checked)} /><span>${name}</span><${Help} field=${field} /></label>`;
  if (field.type === "choice") return html`<label class="field"><span>${name}</span><select value=${value ?? field.default} onChange=${(e) => set(e.target.value)}>${field.choices.map((c) => html`<option value=${c.key}>${both(c)}</option>`)}</select><${Help} field=${field} /></label>`;
  if (field.type === "choices") return html`<${Choices} field=${field} value=${value} set=${set} />`;
  if (field.type === "date") return html`<label class="field"><span>${name}</span><${WhenBox} kind="date" value=${value || ""} set=${(text) => set(text || undefined)} empty /><${Help} field=${field} /></label>`;
  if (field.type === "text" && field.unit === "clock") return html`<label class="field"><span>${name}</span><${WhenBox} kind="time" value=${value ?? field.default} set=${set} /><${Help} field=${field} /></label>`;
  if (field.type === "object") {
    const whole = { ...field.default, ...value };
    return html`<fieldset class="field"><legend>${name}</legend><${Help} field=${field} />${(field.fields || []).map((inner) => html`<${Slider} key=${inner.key} field=${{ ...inner, default: field.default[inner.key] }} value=${whole[inner.key]} set=${(next) => set({ ...value, [inner.key]: next })} />`)}</fieldset>`;
  }
  return null;
}

// A number as it is being typed; it counts when the field is left or Enter is pressed, whatever is drawn again meanwhile.
function NumberBox({ value, set, ...rest }) {
  const [typed, type] = useState(null);
  const leave = (event) => {
    type(null);
    set(event.target.value);
  };
  return html`<input type="number" ...${rest} value=${typed ?? value} onInput=${(e) => type(e.target.value)} onChange=${leave} />`;
}

// A date or a time of day in the page's own language: the browser's fields for them speak the browser's. What is none is marked and said, and changes nothing.
export function WhenBox({ kind, value, set, empty = false }) {
  const [typed, type] = useState(null);
  const wrong = typed !== null && !(IS[kind](typed.trim()) || (empty && typed.trim() === ""));
  const leave = () => {
    if (typed === null || wrong) return;
    type(null);
    if (typed.trim() !== value) set(typed.trim());
  };
  const form = t(`${kind}_form`);
  return html`<span class="when"><input type="text" data-when=${kind} maxlength="10" placeholder=${form} value=${typed ?? value} aria-invalid=${wrong} onInput=${(e) => type(e.target.value)} onChange=${leave} onBlur=${leave} />${wrong ? html`<small class="wrong" role="alert">${t(`${kind}_wrong`, { form })}</small>` : ""}</span>`;
}

const IS = {
  date: (text) => {
    const found = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(NaN);
    return !Number.isNaN(found.getTime()) && found.toISOString().startsWith(text);
  },
  time: (text) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text),
};

// A slider over what is worth trying (well beyond what is plausible, within what is possible), and the number itself.
export function Slider({ field, value, set }) {
  const least = field.least ?? field.above ?? 0, most = field.most ?? field.below ?? 100;
  const now = value ?? field.default ?? least;
  const low = Math.min(least, now), high = Math.max(Math.min(most, field.reach ?? 5 * Math.max(field.high ?? 0, field.default ?? 0, least + 1)), now);
  const step = field.type === "integer" ? 1 : nice((high - low) / 100);
  const put = (text) => {
    const next = Number(text);
    if (text !== "" && !Number.isNaN(next)) set(field.type === "integer" ? Math.round(next) : next);
  };
  const id = `f-${field.key}`;
  return html`
    <div class="field">
      <span id=${id}>${both(field.name)}</span>
      <input type="range" min=${low} max=${high} step=${step} value=${now} aria-label=${both(field.name)} data-field=${field.key} onInput=${(e) => put(e.target.value)} />
      <${NumberBox} min=${least} max=${most} step="any" value=${now} aria-label=${t("exactly", { name: both(field.name) })} set=${put} />
      <${Help} field=${field} />
    </div>`;
}

function nice(step) {
  const power = 10 ** Math.floor(Math.log10(step || 1));
  return [1, 2, 5, 10].map((m) => m * power).find((s) => s >= step) || step;
}

function Choices({ field, value, set }) {
  const now = new Set(value ?? field.default ?? []);
  const flip = (key) => {
    const next = field.choices.map((c) => c.key).filter((k) => (k === key ? !now.has(k) : now.has(k)));
    set(next.length || !field.optional ? next : undefined);
  };
  return html`<fieldset class="field choices"><legend>${both(field.name)}</legend>${field.choices.map((c) => html`<label><input type="checkbox" checked=${now.has(c.key)} onChange=${() => flip(c.key)} />${both(c)}</label>`)}<${Help} field=${field} /></fieldset>`;
}

export function Matrix({ field, pool, set, form }) {
  const { activities, resources, refused } = form.matrix;
  const why = (a, r) => refused.find((cell) => cell.activity === a && cell.resource === r);
  const flip = (a, r) => {
    const own = new Set(pool[a] || []);
    if (own.has(r)) own.delete(r); else own.add(r);
    const next = {};
    for (const { key } of activities) {
      const cells = key === a ? resources.map((x) => x.key).filter((k) => own.has(k)) : pool[key];
      if (cells && cells.length) next[key] = cells;
    }
    set(next);
  };
  const [told, tell] = useState(null);
  return html`
    <div class="field matrix">
      <table>
        <caption>${t("matrix")}</caption>
        <thead><tr><td></td>${resources.map((r) => html`<th scope="col">${both(r)}</th>`)}</tr></thead>
        <tbody>${activities.map((a) => html`<tr><th scope="row">${both(a)}</th>${resources.map((r) => {
          const no = why(a.key, r.key), on = (pool[a.key] || []).includes(r.key);
          const name = t("cell", { activity: both(a), resource: both(r) });
          return html`<td><button type="button" data-cell=${`${a.key}.${r.key}`} aria-pressed=${no ? undefined : on} aria-disabled=${no ? "true" : undefined} aria-label=${no ? `${name}${t("colon")}${both(no)}` : name} title=${no ? both(no) : name}
            onClick=${() => (no ? tell(no) : (tell(null), flip(a.key, r.key)))}>${no ? "–" : on ? "✓" : ""}</button></td>`;
        })}</tr>`)}</tbody>
      </table>
      <${Help} field=${field} />
      <p class="why" role="status">${told ? both(told) : ""}</p>
    </div>`;
}

function Where({ field: own, where, set, form, filters, places }) {
  const put = (key, value) => {
    const next = { ...where };
    if (value === undefined || (Array.isArray(value) && !value.length)) delete next[key]; else next[key] = value;
    set(Object.keys(next).length ? next : undefined);
  };
  const fields = form.where.filter((field) => filters.includes(field.key));
  if (!fields.length) return null;
  return html`
    <fieldset class="field where"><legend>${t("where")}</legend><${Help} field=${own} />
      ${fields.map((field) => {
        const value = where[field.key];
        if (field.type === "choices") return html`<${Choices} key=${field.key} field=${{ ...field, optional: true, default: [] }} value=${value === undefined ? undefined : [].concat(value)} set=${(next) => put(field.key, next)} />`;
        if (field.key === "places" && places) return html`<label class="field"><span>${both(field.name)}</span><select multiple size="4" onChange=${(e) => put("places", [...e.target.selectedOptions].map((o) => o.value))}>${places.map(([key, name]) => html`<option value=${key} selected=${(value || []).includes(key)}>${both(name)}</option>`)}${(value || []).filter((key) => !places.some((entry) => entry[0] === key)).map((key) => html`<option value=${key} selected translate=${false}>${key}</option>`)}</select><${Help} field=${field} /></label>`;
        if (field.type === "pair") {
          const [low, high] = value || ["", ""];
          const pair = (a, b) => put(field.key, a === "" && b === "" ? undefined : [Number(a) || 0, b === "" ? 1e9 : Number(b)]);
          return html`<div class="field pair"><span>${both(field.name)}</span><${NumberBox} min="0" value=${low} aria-label=${t("lowest")} set=${(text) => pair(text, high)} /><${NumberBox} min="0" value=${high} aria-label=${t("highest")} set=${(text) => pair(low, text)} /><${Help} field=${field} /></div>`;
        }
        return null;
      })}
    </fieldset>`;
}

function Programme({ name, programme, form, put }) {
  const budget = programme.budget || {};
  return html`
    <fieldset class="lever programme"><legend>${t("programme")} <span translate=${false}>${name}</span></legend>
      ${form.budget.map((field) => html`<label class="field"><span>${both(field.name)}${t("yuan")}</span><${NumberBox} min="0" step="10000" value=${budget[field.key] || 0}
        set=${(text) => put({ ...programme, budget: { ...budget, [field.key]: Number(text) || 0 } })} /><${Help} field=${field} /></label>`)}
    </fieldset>`;
}
