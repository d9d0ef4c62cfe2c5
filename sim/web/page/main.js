// The page: what is chosen, what runs, what is shown. It computes nothing; it asks the server and draws.
import { html, render, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { Clock } from "./clock.js";
import { Compare, Numbers } from "./compare.js";
import { Levers, Slider, WhenBox } from "./form.js";
import * as net from "./net.js";
import { Repeat } from "./repeat.js";
import { calm, Stage, watched } from "./stage.js";
import { Outline, useOutline } from "./outline.js";
import { both, day, inBoth, lang, made, number, setLang, setTexts, t } from "./text.js";

const clock = new Clock();
const TABS = ["watch", "compare", "repeat", "results"];
const FRAME = ["county", "start", "days", "warm_up_days"];
const SHARED = [...FRAME, "operators", "parameters"];
const WINDOWS = ["settled", "transition"];
const WAIT = 80;

// What a link brings; `cut` where it is none that can be read, such as one that a message has cut short.
function fromLink() {
  if (location.hash.length < 2) return {};
  try {
    const given = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    return ["a", "b"].every((side) => given[side] === undefined || isDraft(given[side])) ? given : { cut: true };
  } catch {
    return { cut: true };
  }
}

const isObject = (value) => Boolean(value) && typeof value === "object" && !Array.isArray(value);
const isDraft = (one) => isObject(one) && typeof one.name === "string" && FRAME.every((key) => key in one) && Array.isArray(one.levers || []) && (one.levers || []).every(isObject);

export function link(state) {
  const kept = { lang: lang(), a: state.a, b: state.b, n: state.n, w: state.w, t: Math.round(clock.t) };
  return `#${encodeURIComponent(JSON.stringify(kept))}`;
}

const copy = (value) => JSON.parse(JSON.stringify(value));

function App({ start }) {
  const given = useMemo(fromLink, []);
  const shipped = (name) => copy(start.scenarios.find((one) => one.name === name).draft);
  const [said, say] = useState(lang());
  const [drafts, setDrafts] = useState(() => ({ a: given.a || { ...shipped(start.base), days: 30 }, b: given.b || { ...shipped("joint-and-subsidy"), days: 30 } }));
  const [past, setPast] = useState([]);
  const [n, setN] = useState(Number.isInteger(given.n) ? given.n : 10);
  const [w, setW] = useState(WINDOWS.includes(given.w) ? given.w : WINDOWS[0]);
  const part = useRef(Math.max(0, Math.floor(clock.t / 86400 / start.limits.part_days)));
  const [auto, setAuto] = useState(true);
  const [tab, setTab] = useState("watch");
  const [checked, setChecked] = useState(null);
  const [faults, setFaults] = useState([]);
  const [sides, setSides] = useState([null, null]);
  const [job, setJob] = useState(null);
  const [study, setStudy] = useState(null);
  const [trouble, setTrouble] = useState(given.cut ? t("bad_link") : "");
  const current = useRef({ id: null, stop: () => {}, asked: 0 });
  const ran = useRef({ on: false, moved: false });
  const outlined = useOutline(drafts.b.county);
  const many = n < 1 || n > start.limits.replications;

  const language = (next) => {
    setLang(next);
    say(next);
  };
  const put = (next, remember = true) => {
    if (remember) setPast([...past.slice(-99), drafts]);
    setDrafts(next);
  };
  const undo = () => {
    if (!past.length) return;
    setDrafts(past[past.length - 1]);
    setPast(past.slice(0, -1));
  };
  useEffect(() => {
    const key = (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && !["INPUT", "TEXTAREA"].includes(event.target.tagName)) undo();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  });

  useEffect(() => {
    history.replaceState(null, "", link({ ...drafts, n, w }));
    // An earlier draft's answer may come after a later one's.
    let last = true;
    const moved = performance.now();
    const timer = setTimeout(async () => {
      const heard = (found, wrong) => { if (last) { setChecked(found); setFaults(wrong); } };
      // The run first: the words of what it changes can wait for it.
      if (auto && !many && ran.current.on && ran.current.of !== wish()) await run(moved);
      if (last) net.post("/api/check", { draft: drafts.b }).then((found) => heard(found, []), (error) => heard(null, error.faults || []));
    }, WAIT);
    return () => { last = false; clearTimeout(timer); };
  }, [drafts, n, w]);
  useEffect(() => history.replaceState(null, "", link({ ...drafts, n, w })), [said]);

  const load = async (run, more = {}) => {
    const [scene, data] = await Promise.all([net.get("/api/scene", { run }), net.columns(run, part.current)]);
    return { run, scene, data, ...more };
  };
  // Another part of a run that is longer than what is drawn at a time, on both maps.
  const turn = async (next) => {
    part.current = next;
    const loaded = await Promise.all(sides.map((side) => side && net.columns(side.run, next).then((data) => ({ ...side, data })))).catch(() => null);
    if (loaded && part.current === next) setSides((now) => now.map((side, i) => (side && loaded[i] && side.run === loaded[i].run ? loaded[i] : side)));
  };
  const show = (index, side) => {
    setSides((old) => old.map((before, i) => (i === index ? side : before && before.scene.places.key[0] === side.scene.places.key[0] ? before : null)));
    if (!clock.playing && !ran.current.moved && !calm()) clock.play(true);
    ran.current.moved = true;
  };

  // On a phone the maps lie below the form.
  const toMaps = () => {
    const maps = document.querySelector(".picture");
    if (innerWidth <= 900 && maps) maps.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  };
  const wish = () => JSON.stringify([drafts, n, w]);
  // What has no name yet is cancelled as soon as it has one; another page may still want what has. Returns the number of what comes next.
  const leave = () => {
    const id = current.current.id;
    if (id) net.post(`/api/jobs/${id}/cancel`, {}).catch(() => {});
    current.current.stop();
    current.current.id = null;
    return (current.current.asked += 1);
  };
  const stop = () => {
    leave();
    setJob((old) => ({ ...old, state: "cancelled" }));
  };
  async function run(moved = performance.now()) {
    ran.current.on = true;
    ran.current.of = wish();
    // Maps of another county beside the name of this one would be taken for its own.
    if (ran.current.county !== drafts.b.county) setSides([null, null]);
    ran.current.county = drafts.b.county;
    const asked = leave();
    setTrouble("");
    setJob({ state: "starting" });
    try {
      const { job: id } = await net.post("/api/jobs", { drafts: [drafts.a, drafts.b], replications: n, window: w });
      if (asked !== current.current.asked) {
        net.post(`/api/jobs/${id}/cancel`, {}).catch(() => {});
        return;
      }
      current.current.id = id;
      setJob({ id, state: "running" });
      const hear = (event) => asked === current.current.asked && heard(event, moved);
      current.current.stop = net.listen(id, hear, () => asked === current.current.asked && setTrouble(t("lost")));
    } catch (error) {
      if (asked !== current.current.asked) return;
      setJob(null);
      if (error.faults && error.faults.length) setFaults(error.faults);
      else setTrouble(t(unheard(error) || "no_answer"));
    }
  }
  const latest = useRef([0, 0]);
  async function heard(event, moved) {
    if (event.type === "picture") {
      const turn = (latest.current[event.side] += 1), { asked } = current.current;
      const side = await load(event.run, { short: event.short ? event : null }).catch(() => null);
      if (side && turn === latest.current[event.side] && asked === current.current.asked) {
        show(event.side, side);
        requestAnimationFrame(() => { document.body.dataset[`picture${event.side}${event.short ? "First" : "Whole"}`] = Math.round(performance.now() - moved); });
      }
    } else if (event.type === "numbers") setJob((old) => ({ ...old, rows: event.rows, n: event.n, of: event.of, days: event.days }));
    else if (event.type === "begun") setJob((old) => ({ ...old, reused: event.reused, total: event.total }));
    else if (event.type === "progress") setJob((old) => ({ ...old, ...event }));
    else {
      if (event.type === "failed") event.faults.length ? setFaults(event.faults) : setTrouble(t("failed"));
      if (event.type === "study") open(event.study, false, ran.current.of);
      current.current.id = null;
      setJob((old) => ({ ...old, state: event.type, share: event.type === "study" ? 1 : old.share }));
    }
  }
  // What is opened takes the place of what runs: numbers of one below the maps of the other would be taken for theirs.
  async function open(id, pictures = true, wanted = null) {
    const asked = pictures ? leave() : null, late = () => pictures && asked !== current.current.asked;
    if (pictures) setJob(null);
    try {
      const told = await net.get("/api/comparison", { study: id });
      if (late()) return;
      setStudy({ id, told, wish: pictures ? null : wanted });
      if (pictures) {
        const first = Object.keys(told.titles).filter((name) => name === told.baseline || name === Object.keys(told.titles).find((other) => other !== told.baseline));
        const loaded = await Promise.all(first.map((name) => load(`${id}/${told.runs[name][0].folder}`)));
        if (late()) return;
        setSides(loaded);
        ran.current.county = told.drafts ? told.drafts[1].county : "";
        if (told.drafts) {
          const [a, b] = told.drafts;
          ran.current.of = JSON.stringify([{ a, b }, told.seeds.length, told.window]);
          setW(told.window);
          setN(told.seeds.length);
          setStudy({ id, told, wish: ran.current.of });
          put({ a, b });
        }
      }
    } catch (error) {
      if (!late()) setTrouble(t(unheard(error) || "no_study"));
    }
  }
  const openRun = async (id) => {
    const asked = leave();
    setJob(null);
    try {
      const side = await load(id);
      if (asked !== current.current.asked) return;
      setStudy(null);
      setSides([side, null]);
      ran.current.county = "";
      setTab("watch");
    } catch (error) {
      if (asked === current.current.asked) setTrouble(t(unheard(error) || "no_study"));
    }
  };

  const choose = (side, name) => {
    // What is made for a county, a season and produce brings them along, for both sides: what differs are the measures.
    const own = shipped(name), base = shipped(start.base), moves = own.county !== base.county || own.start !== base.start || own.days > base.days;
    const of = moves ? own : drafts[side], shared = Object.fromEntries(SHARED.filter((key) => key in of).map((key) => [key, of[key]]));
    const placed = (draft) => ({ ...Object.fromEntries(Object.entries(draft).filter(([key]) => !SHARED.includes(key))), ...shared });
    const next = placed(own), other = side === "a" ? "b" : "a";
    if (next.name === drafts[other].name) Object.assign(next, named(next, "-2", inBoth("second")));
    put({ [side]: next, [other]: placed(drafts[other]) });
    // A measure that ends is nothing where dates do not count.
    if ((next.levers || []).some((lever) => lever.until)) setW("transition");
  };
  // Whether what finished is not what is chosen now.
  const stale = Boolean(study && study.wish && study.wish !== wish());
  const opened = study && !stale ? study.told.totals.filter((row) => row.alternative === study.told.totals[0].alternative) : [];
  const behind = Boolean(sides.some(Boolean) && ran.current.of && ran.current.of !== wish() && !(auto && ran.current.on));
  const both_ = (changes) => put({ a: { ...drafts.a, ...changes }, b: { ...drafts.b, ...changes } });
  const edit = (next) => put({ ...drafts, b: next.name.endsWith("-changed") ? next : { ...next, ...named(next, "-changed", inBoth("changed")) } });
  // A file that is loaded brings its county, its days and produce along for the left side: another county is not compared with it.
  const bring = (b) => {
    const a = { ...drafts.a, ...Object.fromEntries(FRAME.map((key) => [key, b[key]])) };
    put({ a: farms(a) === farms(b) ? a : withFarms(a, farms(b)), b });
  };
  const farms = (draft) => Boolean(((draft.parameters || {}).produce || {}).active);
  const withFarms = (draft, active) => ({ ...draft, parameters: { ...draft.parameters, produce: { ...(draft.parameters || {}).produce, active } } });
  const uneven = ["operators", "parameters"].some((key) => JSON.stringify(drafts.a[key]) !== JSON.stringify(drafts.b[key]));
  // A place that is clicked can be named in the condition of each measure that knows places.
  const marks = (key) => (drafts.b.levers || []).flatMap((lever, row) => {
    const kind = start.form.levers.find((one) => one.kind === lever.kind);
    const county = sides.find(Boolean).scene.places.key[0];
    if (!kind || !kind.filters.includes("places") || drafts.b.county.split("_")[0] !== county) return [];
    const named = (lever.where || {}).places || [], here = named.includes(key), left = here ? named.filter((one) => one !== key) : [...named, key];
    const flip = () => {
      const where = { ...lever.where, places: left };
      if (!left.length) delete where.places;
      edit({ ...drafts.b, levers: drafts.b.levers.map((old, i) => (i === row ? { ...old, where } : old)) });
    };
    return [{ title: kind, here, flip }];
  });
  const places = sides.find(Boolean) ? townships(sides.find(Boolean).scene) : null;
  useEffect(() => {
    document.title = t("title");
  });
  const names = start.scenarios.map((one) => [one.name, one.title]);
  const select = (side) => {
    const draft = drafts[side], name = draft.name.replace(/(-changed|-2)+$/, ""), loaded = names.every(([one]) => one !== name);
    return html`<select aria-label=${t(side === "a" ? "choose_left" : "choose_right")} value=${name} onChange=${(e) => choose(side, e.target.value)}>
      ${loaded && html`<option value=${name} disabled>${draft.title ? both(draft.title) : name}</option>`}${names.map(([one, title]) => html`<option value=${one}>${both(title)}</option>`)}</select>`;
  };
  const working = Boolean(job) && ["running", "starting"].includes(job.state);
  const numbers = job && job.rows
    ? html`<${Numbers} rows=${job.rows} n=${job.n} of=${job.of} days=${job.days} />`
    : opened.length ? html`<${Numbers} rows=${opened} n=${study.told.seeds.length} of=${study.told.seeds.length} days=${study.told.days} />`
    : null;
  return html`
    <a class="skip" href="#main" onClick=${(e) => { e.preventDefault(); document.getElementById("main").focus(); }}>${t("skip")}</a>
    <header class="top">
      <h1>${t("title")}</h1>
      <label>${t("county")} <select data-county value=${drafts.b.county} onChange=${(e) => both_({ county: e.target.value })}>${start.counties.map((c) => html`<option value=${c.folder}>${both(c)}</option>`)}</select></label>
      <nav aria-label=${t("views")}><ul role="tablist">${TABS.map((name) => html`<li role="presentation"><button role="tab" id=${`tab-${name}`} aria-selected=${tab === name} onClick=${() => setTab(name)}>${t(`tab_${name}`)}</button></li>`)}</ul></nav>
      <button class="lang" lang=${said === "zh" ? "en" : "zh"} onClick=${() => language(said === "zh" ? "en" : "zh")}>${said === "zh" ? "English" : "中文"}</button>
    </header>
    <main id="main" tabindex="-1">
      ${trouble && html`<p class="trouble" role="alert">${trouble} <button onClick=${() => setTrouble("")}>${t("close")}</button></p>`}
      <div class="watch" hidden=${tab !== "watch"}>
        <form class="levers" aria-label=${t("levers")} onSubmit=${(e) => e.preventDefault()}>
          <fieldset class="run"><legend>${t("run_title")}</legend>
            <label class="field"><span>${t("left")}</span>${select("a")}</label>
            <label class="field"><span>${t("right")}</span>${select("b")}</label>
            <${Slider} field=${{ key: "days", type: "integer", name: words("days"), about: words("days_about"), least: 1, most: start.limits.days, reach: 90 }} value=${drafts.b.days} set=${(days) => both_({ days })} />
            <label class="field"><span>${t("start_day")}</span><${WhenBox} kind="date" value=${drafts.b.start} set=${(text) => both_({ start: text })} /><small>${t("start_about")}</small></label>
            <${Slider} field=${{ key: "replications", type: "integer", name: words("replications"), about: words("replications_about"), least: 1, most: start.limits.replications, reach: 20 }} value=${n} set=${setN} />
            ${many && html`<p class="wrong" role="alert">${t("out_of_range", { name: t("replications"), low: 1, high: start.limits.replications })}</p>`}
            <label class="field"><span>${t("window")}</span><select data-window aria-label=${t("window")} value=${w} onChange=${(e) => setW(e.target.value)}>${WINDOWS.map((one) => html`<option value=${one}>${t(`window_${one}`)}</option>`)}</select><small>${t(`window_${w}_about`)}</small></label>
            <label class="field check"><input type="checkbox" data-produce checked=${farms(drafts.b)} onChange=${(e) => put({ a: withFarms(drafts.a, e.target.checked), b: withFarms(drafts.b, e.target.checked) })} /><span>${t("produce_on")}</span><small>${t("produce_on_about")}</small></label>
            ${uneven && html`<p class="stale" role="note">${t("uneven")}</p>`}
            ${w === "settled" && [drafts.a, drafts.b].some((draft) => (draft.levers || []).some((lever) => lever.from || lever.until)) && html`<p class="stale" role="note">${t("window_dates")}</p>`}
            <div class="buttons">
              <button type="button" class="go" data-run disabled=${faults.length > 0 || many} onClick=${() => { run(); toMaps(); }}>${t("run")}</button>
              <button type="button" onClick=${stop} disabled=${!job || !["running", "starting"].includes(job.state)} data-cancel>${t("cancel")}</button>
              <button type="button" onClick=${undo} disabled=${!past.length} data-undo>${t("undo")}</button>
            </div>
            <label class="check"><input type="checkbox" checked=${auto} onChange=${(e) => setAuto(e.target.checked)} />${t("auto")}</label>
            <${Progress} job=${job} />
          </fieldset>
          ${faults.length > 0 && html`<div class="faults" role="alert"><h2>${t("faults")}</h2><ul>${faults.map((f) => html`<li><pre>${f[lang()]}</pre></li>`)}</ul></div>`}
          <h2>${t("levers_right")}</h2>
          <${Levers} draft=${drafts.b} form=${start.form} change=${edit} places=${places} />
          ${checked && html`<details class="explain"><summary>${t("what_changed")}</summary>${checked.explain[lang()].map((part) => html`<h3>${coded(part.heading)}</h3><ul>${part.lines.map((line) => html`<li>${coded(line)}</li>`)}</ul>`)}</details>`}
        </form>
        <div class="picture">
          ${behind && html`<p class="stale" role="note">${t("stale_maps")}</p>`}
          <${Stage} sides=${sides} clock=${clock} turn=${turn} numbers=${Boolean(numbers)} empty=${html`<${Outline} found=${outlined} busy=${working} />`} credit=${outlined && outlined.credit} ask=${(side, place, day) => net.get("/api/history", { run: sides[side].run, place, day })} marks=${marks} />
          ${numbers || html`<p class="hint">${t(working ? "hint_working" : "hint")}</p>`}
        </div>
      </div>
      ${tab === "compare" && (study ? html`<${Compare} told=${study.told} study=${study.id} stale=${stale} />` : html`<p class="hint">${t("no_comparison")}</p>`)}
      ${tab === "repeat" && html`<${Repeat} drafts=${drafts} checked=${checked} study=${study} stale=${stale} n=${n} limit=${start.limits.file} put=${bring} link=${() => location.origin + location.pathname + link({ ...drafts, n, w })} setTab=${setTab} />`}
      ${tab === "results" && html`<${Results} open=${async (id) => { await open(id); setTab("compare"); }} openRun=${openRun} />`}
    </main>`;
}

// Why a server has not answered: it is not there, or it is another than the one that sent this page.
const unheard = (error) => ({ 0: "gone", 403: "renewed" })[error.status];

const words = (key) => ({ zh: t(key), en: t(key) });

// Keys and names of the scenario file, inside a sentence, are shown as what they are.
const coded = (text) => text.split(/([A-Za-z_][\w./-]*)/).map((part, i) => (i % 2 && lang() === "zh" ? html`<code translate=${false}>${part}</code>` : part));

function named(draft, suffix, words) {
  const title = draft.title || { zh: draft.name, en: draft.name };
  return { name: `${draft.name}${suffix}`.slice(0, 80), title: { zh: title.zh + words.zh, en: title.en + words.en } };
}

function townships(scene) {
  const { places } = scene;
  return places.key.map((key, i) => [key, { zh: places.zh[i], en: places.en[i] }, places.tier[i]]).filter((entry) => entry[2] === "township");
}

function Progress({ job }) {
  if (!job) return null;
  const share = job.state === "study" ? 1 : job.share || 0;
  const left = job.state === "running" && job.seconds_left ? t("time_left", { n: number(Math.max(1, job.seconds_left)) }) : "";
  const words = { done: job.done || 0, total: job.total || 0 };
  return html`<div class="progress" data-state=${job.state}>
    <progress max="1" value=${share} aria-label=${t("progress")}></progress>
    <p role="status">${t(`job_${job.state}`, words)}${left}${job.reused ? t("reused", { n: job.reused }) : ""}</p></div>`;
}

function Results({ open, openRun }) {
  const [found, find] = useState(null), [busy, wait] = useState(false), [wrong, tell] = useState("");
  useEffect(() => {
    net.get("/api/results").then(find, (error) => tell(unheard(error) || "no_list"));
  }, []);
  if (wrong) return html`<p class="hint" role="alert">${t(wrong)}</p>`;
  if (!found) return html`<p class="hint">${t("loading")}</p>`;
  if (!found.length) return html`<p class="hint">${t("no_results")}</p>`;
  return html`<section class="results" aria-label=${t("tab_results")}><h2>${t("results_title")}</h2>${busy ? html`<p role="status">${t("loading")}</p>` : ""}<ul>
    ${found.map((one) => (one.kind === "study"
      ? html`<li><button onClick=${() => { wait(true); open(one.id).then(() => wait(false)); }}>${one.scenarios.map(both).join(t("against"))}</button> ${t("one_study", { county: both(one.county), start: day(one.start, 0, true), days: number(one.days), n: number(one.replications), window: t(`window_${one.window}`), made: made(one.made) })} <code translate=${false}>${one.id}</code></li>`
      : html`<li><button onClick=${() => openRun(one.id)}>${t("one_run", { seed: one.seed, days: one.days })}</button> <code translate=${false}>${one.id}</code></li>`))}
  </ul></section>`;
}

async function begin() {
  const start = await net.get("/api/start");
  setTexts(start.text);
  const given = fromLink(), own = (navigator.language || "zh").startsWith("zh") ? "zh" : "en";
  setLang(["zh", "en"].includes(given.lang) ? given.lang : own);
  if (Number.isFinite(given.t)) clock.t = given.t;
  window.guantong = watched(clock);
  render(html`<${App} start=${start} />`, document.getElementById("app"));
}

begin().catch(() => {
  document.getElementById("app").textContent = "Guantong 贯通: 服务器没有回答 / the server does not answer";
});
