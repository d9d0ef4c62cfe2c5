// The page in one file: pictures and comparison out of the file itself, no server.
import { html, render, useEffect, useState } from "../vendor/preact.js";
import { Clock } from "./clock.js";
import { unpack } from "./columns.js";
import { Compare } from "./compare.js";
import { calm, Stage, watched } from "./stage.js";
import { both, lang, setLang, setTexts, t } from "./text.js";

const clock = new Clock();

async function inflated(id) {
  const text = atob(document.getElementById(id).textContent.trim());
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

// A place's history as far as the columns tell it.
function history({ data: { columns: c, about }, scene }, place, day) {
  const row = scene.places.key.indexOf(place), stops = [], stock = [];
  for (let trip = 0; trip < c.trip_id.length; trip++) {
    for (let knot = c.trip_first[trip]; knot < c.trip_first[trip + 1]; knot++) {
      if (c.knot_stop[knot] && c.knot_place[knot] === row && Math.floor(c.knot_time[knot] / 86400) === day) {
        stops.push({ arrive_s: c.knot_time[knot], operator: about.vehicles[c.trip_vehicle[trip]][1], unloaded: c.knot_unloaded[knot], loaded: c.knot_loaded[knot] });
      }
    }
  }
  for (let step = 0; step < c.wait_time.length; step++) {
    if (c.wait_time[step] % 86400) continue;
    for (let at = c.wait_first[step], end = at + c.wait_rows[step]; at < end; at++) if (c.wait_place[at] === row) stock.push([c.wait_time[step], c.wait_parcels[at]]);
  }
  stops.sort((a, b) => a.arrive_s - b.arrive_s);
  return Promise.resolve({ stops, stock, services: [] });
}

function Player({ sides, told }) {
  const [said, say] = useState(lang());
  const language = (next) => {
    setLang(next);
    say(next);
  };
  useEffect(() => {
    document.title = sides.map((side) => both(side.scene.title)).join(t("against"));
  });
  return html`
    <header class="top"><h1>${t("title")}</h1><button class="lang" lang=${said === "zh" ? "en" : "zh"} onClick=${() => language(said === "zh" ? "en" : "zh")}>${said === "zh" ? "English" : "中文"}</button></header>
    <main class="player"><${Stage} sides=${sides} clock=${clock} ask=${(side, place, day) => history(sides[side], place, day)} />
      ${told && html`<${Compare} told=${told} study="" reports=${false} />`}</main>`;
}

export async function begin() {
  const kept = JSON.parse(document.getElementById("kept").textContent);
  setTexts(kept.text);
  setLang(kept.lang);
  window.guantong = watched(clock);
  const sides = await Promise.all(kept.scenes.map(async (scene, i) => ({ scene, data: unpack(await inflated(`run${i}`)) })));
  // The letters are in the file, but not ready at once: names drawn before would stay boxes.
  await Promise.all(["13px Guantong", "600 13px Guantong"].map((font) => document.fonts.load(font, "县A")));
  render(html`<${Player} sides=${sides} told=${kept.told} />`, document.getElementById("app"));
  if (!calm()) clock.play(true);
}
