// Two maps side by side on one clock: the controls below them, what a click tells beside them.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { CountyMap, sharedView } from "./map.js";
import { both, day, group, hour, lang, number, place, t } from "./text.js";
import { Track } from "./track.js";

export const SPEEDS = [300, 900, 1800, 3600, 10800];
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

// `sides` are [{scene, data, short} or null], `short` what is said of a picture that is not the whole run; `ask` answers (side, place, day) with a place's history; `marks` says of a place
// which measures are kept to named places, this one among them or not: [{title, here, flip}]; `turn` asks for another part of a long run; `empty` is what a map shows before anything has run, `credit` whom that names, `numbers` whether numbers stand below.
export const maps = [null, null];

// The first map on which the vehicle that is followed is under way.
const leader = () => maps.findIndex((map) => map && map.moment && map.moment.vehicles.some((one) => one.vehicle === map.followed));

// What the maps show, read-only: for tests and for the curious.
export function watched(clock) {
  const vehicle = (map, one) => [map.track.vehicles[one.vehicle][0], one.lon, one.lat, one.aboard];
  return {
    positions: (side, at) => maps[side].track.at(at).map((one) => vehicle(maps[side], one)),
    drawn: (side) => maps[side].moment.vehicles.map((one) => [...vehicle(maps[side], one), ...maps[side].pixel(maps[side].plane.to(one.lon, one.lat))]),
    moments: () => maps.filter(Boolean).map((map) => map.moment.t),
    place: (side, row) => maps[side].pixel(maps[side].points[row]),
    clock: () => ({ t: clock.t, playing: clock.playing }),
    named: (side) => maps[side].target.querySelector(".ol-layer canvas").toDataURL(),
    set: (at) => clock.set(at),
  };
}

export function Stage({ sides, clock, ask, marks = () => [], empty = null, credit = null, turn = null, numbers = false }) {
  const shown = sides.filter(Boolean);
  const county = shown.length ? shown[0].scene.places.key[0] : "";
  const view = useMemo(() => (shown.length ? sharedView(shown[0].scene) : null), [county]);
  const tracks = sides.map((side) => useMemo(() => side && new Track(side.data, side.scene), [side && side.data]));
  const [picked, pick] = useState(null);
  const [followed, follow] = useState("");

  useEffect(() => {
    if (!shown.length) return;
    const spans = shown.map((side) => span(side));
    clock.span(Math.max(...spans.map((one) => one[0])), Math.min(...spans.map((one) => one[1])));
  }, sides.map((side) => side && side.data));

  useEffect(() => {
    for (const map of maps) if (map) map.followed = map.track.vehicles.findIndex(([key]) => key === followed);
    clock.tell();
  }, [followed, ...sides.map((side) => side && side.data)]);

  const about = shown.length ? shown[0].data.about : null, long = Boolean(about && about.parts > 1);
  const vehicles = useMemo(() => [...new Set(tracks.filter(Boolean).flatMap((track) => track.vehicles.map(([key]) => key)))].sort(), tracks);
  const onPick = (side, near) => {
    const { scene } = sides[side], track = tracks[side];
    if (near.vehicle >= 0) follow(track.vehicles[near.vehicle][0]);
    else if (near.place >= 0) pick({ side, place: near.place, key: scene.places.key[near.place], day: Math.floor(clock.t / 86400) });
  };
  return html`
    <section class="stage" aria-label=${t("stage")}>
      <div class="maps" style=${{ "--maps": sides.length }}>
        ${sides.map((side, i) => html`<${Pane} key=${i} side=${side} track=${tracks[i]} view=${view} clock=${clock} index=${i} onPick=${onPick} empty=${empty} />`)}
      </div>
      ${shown.length > 0 && html`
        <${Controls} clock=${clock} start=${shown[0].scene.start} year=${long} view=${view}>
          <label class="follow">${t("follow")}
            <select value=${followed} onChange=${(e) => follow(e.target.value)}>
              <option value="">${t("nobody")}</option>
              ${vehicles.map((key) => html`<option value=${key}>${vehicleName(key, shown[0].scene)}</option>`)}
            </select>
          </label>
        <//>
        ${long && html`<p class="part" role="note">${turn ? html`<label>${t("part")} <select data-part value=${about.part} onChange=${(e) => turn(Number(e.target.value))}>
          ${Array.from({ length: about.parts }, (_, i) => html`<option value=${i}>${t("part_from", { day: day(shown[0].scene.start, i * about.part_days * 86400, true) })}</option>`)}</select></label> ` : ""}${t(turn ? "part_about" : "part_first", { days: number(about.part_days), whole: number(shown[0].scene.days) })}</p>`}
      `}
      <div class="key">
        ${shown.length > 0 && html`<${Legend} scene=${shown[0].scene} hourly=${shown.every((side) => side.data.about.hourly)} numbers=${numbers} />`}
        <${Credit} of=${sides.map((side) => (side ? side.scene.credit : credit))} />
      </div>
      ${picked && sides[picked.side] && html`<${History} picked=${picked} side=${sides[picked.side]} ask=${ask} marks=${marks(picked.key)} close=${() => pick(null)} />`}
    </section>`;
}

// Whom the data that are shown are of, once where several are of the same; what is long waits to be opened.
const LONG = 400;
export function Credit({ of }) {
  const said = [...new Set(of.filter(Boolean).map(both))].join(" ");
  if (said.length > LONG) return html`<details class="credit"><summary>${t("credit")}</summary><p translate=${false}>${said}</p></details>`;
  return said && html`<p class="credit" translate=${false}>${said}</p>`;
}

// The first and the last second of what is shown of a run.
function span({ scene, data: { about } }) {
  const { part, parts, part_days } = about, first = part ? part * part_days : -scene.warm_up_days;
  return [first * 86400, (part < parts - 1 ? (part + 1) * part_days : scene.days) * 86400 - 1];
}

// A vehicle's key is its kind, its operator, its home and its number.
export function vehicleName(key, scene) {
  const [kind, operator, home, n] = key.split(":");
  const row = scene.places.key.indexOf(home), who = scene.operators[operator];
  const words = { kind: t(["van", "trunk_truck"].includes(kind) ? kind : "truck"), who: who ? both(who) : operator, home: row >= 0 ? place(scene.places, row) : home, n: Number(n) + 1 };
  return t("vehicle", words);
}

function Pane({ side, track, view, clock, index, onPick, empty }) {
  const target = useRef(null), status = useRef(null);
  const said = lang();
  useEffect(() => {
    if (!side || !track || !view) return undefined;
    const map = new CountyMap(target.current, view, side.scene, track, { click: (near) => onPick(index, near), leads: () => leader() === index });
    maps[index] = map;
    const show = (now) => {
      map.show(now);
      write(status.current, moving(map.moment));
    };
    const stop = clock.watch(show);
    show(clock.t);
    return () => {
      stop();
      map.end();
      maps[index] = null;
    };
  }, [track, view]);
  useEffect(() => {
    const map = maps[index];
    if (map) {
      map.language();
      status.current.textContent = moving(map.moment);
    }
  }, [said]);
  const title = side ? both(side.scene.title) : t(index ? "right" : "left");
  return html`
    <figure class="pane">
      <figcaption><b>${title}</b>${side ? html`<span>${place(side.scene.places, 0)}</span>` : ""}</figcaption>
      <div class="map" ref=${target} tabindex="0" role="application" aria-label=${t("map", { title })}>${!side && empty}${side && side.short ? html`<p class="short" role="note">${shortened(side.short)}</p>` : ""}</div>
      <p class="status" ref=${status}></p>
    </figure>`;
}

// What is shown of a run, and why it is not the whole: the machine's pace, and a warm-up that is not the scenario's own.
function shortened({ days, whole, parcels, warm_up, whole_warm_up }) {
  const more = warm_up < whole_warm_up ? t("short_warm_up", { warm: number(warm_up), own: number(whole_warm_up) }) : "";
  return t("short", { days: number(days), whole: number(whole), parcels: number(parcels) }) + more;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function moving(moment) {
  const aboard = moment.vehicles.reduce((sum, one) => sum + one.aboard, 0);
  return t("status", { vehicles: number(moment.vehicles.length), aboard: number(aboard), waiting: number(moment.waits.sum || 0) });
}

function Controls({ clock, start, year, view, children }) {
  const words = useRef(null), bar = useRef(null);
  const [playing, setPlaying] = useState(clock.playing);
  const [speed, setSpeed] = useState(clock.speed);
  useEffect(() => {
    const show = (now) => {
      const said = `${day(start, now, year)} ${hour(now)}`;
      if (words.current.textContent !== said) bar.current.setAttribute("aria-valuetext", said);
      write(words.current, said);
      for (const [name, value] of [["min", clock.least], ["max", clock.most]]) if (Number(bar.current[name]) !== value) bar.current[name] = value;
      bar.current.value = now;
      setPlaying(clock.playing);
    };
    show(clock.t);
    return clock.watch(show);
  }, [start, year, lang()]);
  const step = (by) => clock.set(clock.t + by);
  return html`
    <div class="controls" role="group" aria-label=${t("controls")}>
      <button class="play" onClick=${() => clock.play(!clock.playing)}>${playing ? t("pause") : t("play")}</button>
      <button onClick=${() => step(-3600)} aria-label=${t("back_hour")}>${"−1"}</button>
      <button onClick=${() => step(3600)} aria-label=${t("on_hour")}>${"+1"}</button>
      <output class="clock" ref=${words} data-clock></output>
      <input class="scrub" type="range" step="60" ref=${bar} aria-label=${t("scrub")} onInput=${(e) => clock.set(Number(e.target.value))} />
      <label>${t("speed")}
        <select value=${speed} onChange=${(e) => setSpeed((clock.speed = Number(e.target.value)))}>
          ${SPEEDS.map((s) => html`<option value=${s}>${t("per_second", { minutes: number(s / 60) })}</option>`)}
        </select>
      </label>
      ${children}
      <button onClick=${() => view.adjustZoom(0.5)} aria-label=${t("zoom_in")}>+</button>
      <button onClick=${() => view.adjustZoom(-0.5)} aria-label=${t("zoom_out")}>−</button>
      <button onClick=${() => view.home(maps.find(Boolean).size)}>${t("whole_county")}</button>
    </div>`;
}

// On a low screen the legend makes room when there are numbers to be seen, unless it was opened or closed by hand.
const LOW = 900;
function Legend({ scene, hourly, numbers }) {
  const [chosen, choose] = useState(null);
  const open = chosen === null ? !(numbers && window.innerHeight < LOW) : chosen;
  return html`
    <details class="legend" open=${open}>
      <summary onClick=${(e) => { e.preventDefault(); choose(!open); }}>${t("legend")}</summary>
      <ul>
        ${Object.values(scene.operators).map((one) => html`<li><i class="swatch" style=${{ background: one.colour }}></i>${both(one)}</li>`)}
        <li><i class="mark truck"></i>${t("truck")}</li>
        <li><i class="mark van"></i>${t("van")}</li>
        <li><i class="mark load"></i>${t("legend_load")}</li>
        <li><i class="mark wait"></i>${t(hourly ? "legend_wait_hour" : "legend_wait_midnight")}</li>
        <li><i class="mark full"></i>${t("legend_full")}</li>
        <li><i class="mark station"></i>${t("legend_station")}</li>
        <li><i class="mark plain"></i>${t("legend_plain")}</li>
        <li><i class="mark known"></i>${t("legend_known")}</li>
        <li><i class="mark closed">×</i>${t("legend_closed")}</li>
      </ul>
      <p>${t("legend_roads")}</p>
    </details>`;
}

function History({ picked, side, ask, marks, close }) {
  const [told, tell] = useState(null);
  const box = useRef(null);
  useEffect(() => {
    tell(null);
    let here = true;
    ask(picked.side, picked.key, picked.day).then((found) => here && tell(found));
    return () => (here = false);
  }, [picked.side, picked.key, picked.day]);
  // Before it is painted: whoever sees it can close it, also from the map.
  useLayoutEffect(() => {
    box.current.focus();
    const key = (e) => e.key === "Escape" && close();
    window.addEventListener("keydown", key);
    return () => window.removeEventListener("keydown", key);
  }, [picked.side, picked.key, picked.day]);
  const { scene } = side, { places } = scene;
  const who = (key) => (scene.operators[key] ? both(scene.operators[key]) : key);
  const most = told ? Math.max(1, ...told.stock.map((entry) => entry[1])) : 1;
  return html`
    <aside class="history" tabindex="-1" ref=${box} aria-label=${t("history", { place: place(places, picked.place) })}>
      <header><h3>${place(places, picked.place)}</h3><button onClick=${close}>${t("close")}</button></header>
      <p>${group("tier", places.tier[picked.place])}${t("comma")}${t("people", { n: number(places.population[picked.place]) })}${places.synthetic[picked.place] ? t("comma") + t("synthetic") : ""}</p>
      ${marks.map((one) => html`<label class="check"><input type="checkbox" checked=${one.here} onChange=${one.flip} />${t("acts_here", { title: both(one.title) })}</label>`)}
      ${!told ? html`<p>${t("loading")}</p>` : html`
        ${told.services.length > 0 && html`<h4>${t("served_by")}</h4><ul>${told.services.map((s) => html`<li>${who(s.operator)}${t("colon")}${group("service_mode", s.mode)}${s.days ? t("days_week", { n: s.days }) : ""}</li>`)}</ul>`}
        <h4>${t("stock")}</h4>
        ${told.stock.length ? html`<svg class="bars" viewBox="0 0 ${told.stock.length * 4} 40" preserveAspectRatio="none" role="img" aria-label=${t("stock_said", { most: number(most) })}>
          ${told.stock.map(([, n], i) => html`<rect x=${i * 4} width="3" y=${40 - (40 * n) / most} height=${(40 * n) / most} />`)}</svg><p>${t("stock_said", { most: number(most) })}</p>` : html`<p>${t("nothing")}</p>`}
        <h4>${t("stops_on", { day: day(scene.start, picked.day * 86400) })}</h4>
        ${told.stops.length ? html`<table><thead><tr><th>${t("arrives")}</th><th>${t("who")}</th><th>${t("unloaded")}</th><th>${t("loaded")}</th></tr></thead>
          <tbody>${told.stops.map((s) => html`<tr><td>${hour(s.arrive_s)}</td><td>${who(s.operator)}</td><td>${number(s.unloaded)}</td><td>${number(s.loaded)}</td></tr>`)}</tbody></table>` : html`<p>${t("nothing")}</p>`}`}
    </aside>`;
}

export { calm };
